"""What the network receives is what the tutorial's three lines give it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import (
    GREY_PREPROCESSINGS,
    PREPROCESSINGS,
    InputSpec,
    with_preprocessing,
)
from poolviewer.core.messages import Frame, PreparedInput, SourceInfo
from poolviewer.sources.image import read_picture
from poolviewer.sources.opencv import cv2
from poolviewer.sources.prepare import prepare
from tests import media

PICTURES = hnp.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3)))
SPECS = st.builds(
    InputSpec,
    st.integers(1, 48),
    st.integers(1, 48),
    st.sampled_from(["bgr", "rgb", "grey"]),
    st.sampled_from(["0-255", "0-1", "-1-1"]),
    st.sampled_from(["stretch", "crop", "letterbox"]),
)


def prepared(picture: np.ndarray, spec: InputSpec) -> PreparedInput:
    picture = picture.copy()
    picture.flags.writeable = False
    return prepare(Frame(picture, SourceInfo("a", "picture")), spec)


def test_tutorial() -> None:
    picture = read_picture(media.SAMPLES / "chelsea.png")
    expected = cv2.resize(cv2.imread(str(media.SAMPLES / "chelsea.png")), (32, 32))
    result = prepared(picture, InputSpec())
    np.testing.assert_array_equal(result.pixels, expected)
    np.testing.assert_array_equal(result.values, expected.astype(np.float32))
    assert result.placement == Rect(0, 0, 32, 32)


def test_tutorial_in_grey() -> None:
    picture = read_picture(media.SAMPLES / "coffee.png")
    expected = cv2.cvtColor(cv2.resize(picture, (224, 224)), cv2.COLOR_BGR2GRAY)
    result = prepared(picture, InputSpec(224, 224, "grey"))
    np.testing.assert_array_equal(result.pixels[:, :, 0], expected)


@given(PICTURES, SPECS)
def test_arrays_are_what_they_promise(picture: np.ndarray, spec: InputSpec) -> None:
    result = prepared(picture, spec)
    for array, dtype in ((result.values, np.float32), (result.pixels, np.uint8)):
        assert (array.shape, array.dtype) == (spec.shape, dtype)
        assert array.flags.c_contiguous
        assert not array.flags.writeable


@given(PICTURES, SPECS)
def test_values_follow_their_pixels(picture: np.ndarray, spec: InputSpec) -> None:
    result = prepared(picture, spec)
    pixels = result.pixels.astype(np.float64)
    expected = {"0-255": pixels, "0-1": pixels / 255, "-1-1": pixels / 127.5 - 1}[spec.scaling]
    np.testing.assert_allclose(result.values, expected, rtol=0, atol=2e-7)


@given(PICTURES, SPECS)
def test_stretched_pixels_are_interpolated(picture: np.ndarray, spec: InputSpec) -> None:
    """Against the textbook's formula: centres at half pixels, edges repeated."""
    spec = InputSpec(spec.height, spec.width)
    rows = weights(picture.shape[0], spec.height)
    cols = weights(picture.shape[1], spec.width)
    expected = np.einsum("ir,rcx,jc->ijx", rows, picture.astype(np.float64), cols)
    np.testing.assert_allclose(prepared(picture, spec).pixels, expected, atol=1.1)


@given(PICTURES, SPECS)
def test_channels_are_ordered(picture: np.ndarray, spec: InputSpec) -> None:
    size = (spec.height, spec.width)
    bgr = prepared(picture, InputSpec(*size, "bgr", fit=spec.fit)).pixels
    rgb = prepared(picture, InputSpec(*size, "rgb", fit=spec.fit)).pixels
    grey = prepared(picture, InputSpec(*size, "grey", fit=spec.fit)).pixels
    np.testing.assert_array_equal(rgb, bgr[:, :, ::-1])
    luma = bgr @ np.array([0.114, 0.587, 0.299])
    np.testing.assert_allclose(grey[:, :, 0], luma, atol=0.6)


def test_crop_keeps_the_middle() -> None:
    picture = media.gradient(24, 40)
    result = prepared(picture, InputSpec(24, 24, fit="crop"))
    np.testing.assert_array_equal(result.pixels, picture[:, 8:32])
    assert result.placement == Rect(0, -8, 24, 32)


@pytest.mark.parametrize("order", ["bgr", "grey"])
def test_letterbox_has_black_bars(order: str) -> None:
    picture = np.full((24, 40, 3), 200, np.uint8)
    result = prepared(picture, InputSpec(40, 40, order, "-1-1", "letterbox"))
    assert (result.pixels[8:32] == 200).all()
    assert not result.pixels[:8].any()
    assert not result.pixels[32:].any()
    assert (result.values[:8] == -1).all()
    assert result.placement == Rect(8, 0, 32, 40)


def test_picture_of_the_right_size_is_untouched() -> None:
    picture = media.gradient(32, 32)
    result = prepared(picture, InputSpec())
    np.testing.assert_array_equal(result.pixels, picture)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1)])
@pytest.mark.parametrize("fit", ["stretch", "crop", "letterbox"])
def test_thin_pictures(shape: tuple[int, int], fit: str) -> None:
    result = prepared(np.full((*shape, 3), 7, np.uint8), InputSpec(fit=fit))
    assert result.values.shape == (32, 32, 3)
    assert result.pixels.max() == 7


NUMBERS = st.floats(-200, 200, width=32)
DIVISORS = st.floats(0.125, 64, width=32) | st.floats(-64, -0.125, width=32)


@given(
    PICTURES,
    SPECS,
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.lists(DIVISORS, min_size=3, max_size=3),
    st.sampled_from([0, 1, 3]),
    st.sampled_from([0, 1, 3]),
)
def test_mean_and_deviation(
    picture: np.ndarray,
    spec: InputSpec,
    mean: list[float],
    deviation: list[float],
    means: int,
    deviations: int,
) -> None:
    """One number for all channels, one for each, or none; they change no pixel that is shown."""
    count = len(spec.order_names)
    chosen = replace(
        spec,
        mean=tuple(mean[: min(means, count)]),
        deviation=tuple(deviation[: min(deviations, count)]),
    )
    plain, result = prepared(picture, spec), prepared(picture, chosen)
    taken, divided = mean if means == 3 else mean[:1] * 3, deviation
    if deviations < 3:
        divided = deviation[:1] * 3
    for channel in range(count):
        expected = plain.values[:, :, channel].astype(np.float64)
        expected = expected - (taken[channel] if means else 0)
        expected = expected / (divided[channel] if deviations else 1)
        np.testing.assert_allclose(result.values[:, :, channel], expected, rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(result.pixels, plain.pixels)


@given(PICTURES, SPECS, st.integers(1, 14))
def test_channels_are_repeated_in_turn(picture: np.ndarray, spec: InputSpec, channels: int) -> None:
    plain = prepared(picture, spec)
    result = prepared(picture, replace(spec, channels=channels))
    assert result.values.shape == (spec.height, spec.width, channels)
    assert result.values.flags.c_contiguous
    assert not result.values.flags.writeable
    own = plain.values.shape[2]
    for channel in range(channels):
        np.testing.assert_array_equal(
            result.values[:, :, channel], plain.values[:, :, channel % own]
        )
    np.testing.assert_array_equal(result.pixels, plain.pixels)


@pytest.mark.parametrize("name", PREPROCESSINGS | GREY_PREPROCESSINGS)
def test_values_lie_in_the_range_that_is_told(name: str) -> None:
    """Black and white reach its ends."""
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[1] = 255
    preset = (PREPROCESSINGS | GREY_PREPROCESSINGS)[name]
    base = InputSpec(2, 2, channels=1 if preset.channel_order == "grey" else None)
    spec = with_preprocessing(base, preset)
    values = prepared(picture, spec).values
    assert (values.min(), values.max()) == pytest.approx(spec.value_range, rel=1e-5)


def test_caffe_is_what_keras_makes_for_vgg() -> None:
    """The numbers of `keras.applications.vgg16.preprocess_input`, by hand."""
    picture = np.full((1, 1, 3), (10, 20, 30), np.uint8)
    preset = PREPROCESSINGS["ImageNet mean (caffe)"]
    values = prepared(picture, with_preprocessing(InputSpec(1, 1), preset)).values
    np.testing.assert_allclose(values[0, 0], [10 - 103.939, 20 - 116.779, 30 - 123.68], rtol=1e-6)


def weights(source: int, target: int) -> np.ndarray:
    """Return the (target, source) matrix of linear interpolation along one axis."""
    positions = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    lower = np.floor(positions).astype(int)
    matrix = np.zeros((target, source))
    np.add.at(matrix, (np.arange(target), lower), 1 - (positions - lower))
    upper = np.minimum(lower + 1, source - 1)
    np.add.at(matrix, (np.arange(target), upper), positions - lower)
    return matrix


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("numbers", [((1e308,), ()), ((), (5e-324,)), ((1e308,), (1e308,))])
def test_numbers_beyond_float32_are_no_warning(numbers):
    frame = Frame(media.gradient(4, 4), SourceInfo("a.png", "picture"), captured_s=0.0)
    values = prepare(frame, InputSpec(4, 4, mean=numbers[0], deviation=numbers[1])).values
    assert not np.isfinite(values).all()
