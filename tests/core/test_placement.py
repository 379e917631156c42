"""How a picture of any size becomes the network's input."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import NetworkSpec
from poolviewer.core.placement import fit_plan, own_size, sized

sides = st.integers(1, 40) | st.integers(1, 6000)
pictures = st.tuples(sides, sides)
FITS = ["stretch", "crop", "letterbox"]


def spec_of(shape, fit):
    return InputSpec(*shape, fit=fit)


def assert_has_aspect(shape, aspect):
    """Check that the one side follows from the other within half a pixel, or is one pixel."""
    (rows, cols), (high, wide) = shape, aspect
    follows = abs(rows - cols * high / wide) <= 0.5 or abs(cols - rows * wide / high) <= 0.5
    assert follows or 1 in shape


def assert_centred(box, shape):
    for start, stop, size in (
        (box.row_start, box.row_stop, shape[0]),
        (box.col_start, box.col_stop, shape[1]),
    ):
        assert 0 <= start < stop <= size
        assert 0 <= (size - stop) - start <= 1
    assert box.shape[0] == shape[0] or box.shape[1] == shape[1]


@given(pictures, pictures)
def test_stretch_keeps_all_and_fills_all(picture, size):
    plan = fit_plan(picture, spec_of(size, "stretch"))
    assert plan.crop == PixelBox(0, 0, *picture)
    assert plan.target == PixelBox(0, 0, *size)
    assert plan.placement == Rect(0, 0, *size)


@given(pictures, pictures)
def test_crop_keeps_the_middle_of_the_inputs_aspect(picture, size):
    plan = fit_plan(picture, spec_of(size, "crop"))
    assert plan.target == PixelBox(0, 0, *size)
    assert_centred(plan.crop, picture)
    assert_has_aspect(plan.crop.shape, size)


@given(pictures, pictures)
def test_letterbox_puts_the_whole_picture_into_the_middle(picture, size):
    plan = fit_plan(picture, spec_of(size, "letterbox"))
    assert plan.crop == PixelBox(0, 0, *picture)
    assert_centred(plan.target, size)
    assert_has_aspect(plan.target.shape, picture)


@given(pictures, pictures, st.sampled_from(FITS))
def test_the_placement_puts_the_crop_onto_the_target(picture, size, fit):
    plan = fit_plan(picture, spec_of(size, fit))
    scale_y = plan.placement.height / picture[0]
    scale_x = plan.placement.width / picture[1]
    placed = (
        plan.placement.top + plan.crop.row_start * scale_y,
        plan.placement.left + plan.crop.col_start * scale_x,
        plan.placement.top + plan.crop.row_stop * scale_y,
        plan.placement.left + plan.crop.col_stop * scale_x,
    )
    target = plan.target
    assert placed == pytest.approx(
        (target.row_start, target.col_start, target.row_stop, target.col_stop), abs=1e-6
    )


@pytest.mark.parametrize(
    ("picture", "fit", "crop", "target"),
    [
        ((1, 1), "crop", (0, 0, 1, 1), (0, 0, 32, 32)),
        ((1, 1), "letterbox", (0, 0, 1, 1), (0, 0, 32, 32)),
        ((1, 5000), "crop", (0, 2499, 1, 2500), (0, 0, 32, 32)),
        ((5000, 1), "crop", (2499, 0, 2500, 1), (0, 0, 32, 32)),
        ((1, 5000), "letterbox", (0, 0, 1, 5000), (15, 0, 16, 32)),
        ((5000, 1), "letterbox", (0, 0, 5000, 1), (0, 15, 32, 16)),
        ((480, 640), "crop", (0, 80, 480, 560), (0, 0, 32, 32)),
        ((480, 640), "letterbox", (0, 0, 480, 640), (4, 0, 28, 32)),
    ],
)
def test_pictures_by_hand(picture, fit, crop, target):
    plan = fit_plan(picture, InputSpec(32, 32, fit=fit))
    assert (plan.crop, plan.target) == (PixelBox(*crop), PixelBox(*target))


def test_what_was_cropped_away_lies_outside_the_input():
    plan = fit_plan((480, 640), InputSpec(48, 48, fit="crop"))
    assert plan.placement == Rect(0, -8, 48, 56)


@given(pictures, st.integers(1, 10**8))
def test_own_size_bears_the_limit_and_keeps_the_aspect(picture, most):
    rows, cols = own_size(picture, most)
    assert 1 <= rows <= picture[0]
    assert 1 <= cols <= picture[1]
    assert rows * cols <= most
    if picture[0] * picture[1] <= most:
        assert (rows, cols) == picture
    elif 1 not in (rows, cols):
        scale = (most / (picture[0] * picture[1])) ** 0.5
        assert abs(rows - picture[0] * scale) <= 1
        assert abs(cols - picture[1] * scale) <= 1


@pytest.mark.parametrize(
    ("picture", "most", "size"),
    [
        ((480, 640), 0, (480, 640)),  # there is no limit
        ((480, 640), 480 * 640, (480, 640)),
        ((480, 640), 480 * 640 // 4, (240, 320)),
        ((1, 5000), 100, (1, 100)),
        ((5000, 1), 100, (100, 1)),
        ((3, 3), 1, (1, 1)),
    ],
)
def test_own_sizes_by_hand(picture, most, size):
    assert own_size(picture, most) == size


def test_only_a_model_whose_size_is_free_follows_the_picture():
    follows = ModelSpec("net", "d", "pool", InputSpec(is_own_size=True), most_pixels=50 * 40)
    assert sized(follows, (100, 80)) == replace(follows, input=InputSpec(50, 40, is_own_size=True))
    fixed = replace(follows, input=InputSpec())
    assert sized(fixed, (100, 80)) is fixed
    assert sized(NetworkSpec(), (100, 80)) == NetworkSpec()
