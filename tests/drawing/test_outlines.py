from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from poolviewer.core.annotation import Outline, Role
from poolviewer.core.geometry import Rect
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import (
    ROLE_STYLES,
    draw_mark,
    draw_outlines,
    draw_uncovered,
    hatch_lines,
    mark_bounds,
)
from poolviewer.drawing.palette import HALO, ROLE_COLOURS

from .painting import bounds, is_colour, painted

RATIOS = (1.0, 1.5, 2.0, 3.0)
RECT = Rect(2, 3, 6, 8)
AROUND = [role for role in Role if not ROLE_STYLES[role].is_inside]


def drawn(role, rect=RECT, *, ratio=1.0, ground="#808080", scale=10.0, width=1.0):
    mapping = DeviceMapping(0, 0, scale, scale, ratio)
    outlines = [Outline(rect, role)]
    return painted(
        lambda p: draw_outlines(p, outlines, mapping, width=width), ratio=ratio, ground=ground
    )


@pytest.mark.parametrize(("role", "ratio"), [*product(AROUND, RATIOS)])
def test_line_runs_around_its_pixels_and_leaves_them_free(role, ratio):
    pixels = drawn(role, ratio=ratio)
    top, left, bottom, right = (round(edge * 10 * ratio) for edge in (2, 3, 6, 8))
    halo = max(int(ratio + 0.5), 1)
    line = max(int(ROLE_STYLES[role].line * ratio + 0.5), 1)
    reach = halo + line
    found = bounds(is_colour(pixels, ROLE_COLOURS[role]))
    assert found == (top - reach, left - reach, bottom + reach, right + reach)
    assert (pixels[top:bottom, left:right] == 128).all()


@pytest.mark.parametrize("ratio", RATIOS)
def test_winner_stays_inside_its_pixel(ratio):
    pixels = drawn(Role.WINNER, ratio=ratio)
    top, left, bottom, right = (round(edge * 10 * ratio) for edge in (2, 3, 6, 8))
    touched = bounds((pixels != 128).any(axis=-1))
    assert touched == (top, left, bottom, right)
    middle = pixels[(top + bottom) // 2, (left + right) // 2]
    assert (middle == 128).all()


@pytest.mark.parametrize("ratio", RATIOS)
def test_winner_fills_its_top_left_corner_only(ratio):
    mask = is_colour(drawn(Role.WINNER, ratio=ratio), ROLE_COLOURS[Role.WINNER])
    top, left, bottom, right = bounds(mask)
    inset = int(4 * ratio + 0.5)
    assert mask[top + inset, left + inset]
    assert not mask[bottom - 1 - inset, right - 1 - inset]


@pytest.mark.parametrize(("role", "ratio"), [*product(Role, RATIOS)])
def test_only_three_colours_are_drawn(role, ratio):
    pixels = drawn(role, ratio=ratio)
    known = is_colour(pixels, ROLE_COLOURS[role]) | is_colour(pixels, HALO)
    assert (known | (pixels == 128).all(axis=-1)).all()


@pytest.mark.parametrize(("role", "ground"), [*product(Role, ["#FFFFFF", "#000000"])])
def test_outline_shows_on_white_and_on_black(role, ground):
    pixels = drawn(role, ground=ground)
    colour, halo = is_colour(pixels, ROLE_COLOURS[role]), is_colour(pixels, HALO)
    assert colour.sum() > 40
    assert halo.sum() > 40


def test_every_role_has_a_shape_of_its_own():
    """Told apart without colour: the masks of any two roles differ in many pixels."""
    masks = {role: is_colour(drawn(role), ROLE_COLOURS[role]) for role in Role}
    for first, second in combinations(Role, 2):
        assert (masks[first] ^ masks[second]).sum() > 60


def test_receptive_field_is_dashed_and_window_is_not():
    field = is_colour(drawn(Role.FIELD), ROLE_COLOURS[Role.FIELD])
    window = is_colour(drawn(Role.WINDOW), ROLE_COLOURS[Role.WINDOW])
    row = 18
    assert window[row, 28:82].all()
    assert np.abs(np.diff(field[row, 28:82].astype(int))).sum() > 3


def test_brackets_leave_the_middle_of_each_side_open():
    pinned = is_colour(drawn(Role.PINNED), ROLE_COLOURS[Role.PINNED])
    assert not pinned[:, 55].any()
    assert not pinned[40, :].any()
    assert pinned[16:19, 28:34].all()


@pytest.mark.parametrize(("role", "scale"), [*product(Role, [0.05, 0.5, 1.0, 3.0])])
def test_tiny_pixels_keep_a_visible_mark(role, scale):
    rect = Rect(30 / scale, 40 / scale, 30 / scale + 1, 40 / scale + 1)
    mask = is_colour(drawn(role, rect, scale=scale), ROLE_COLOURS[role])
    top, left, bottom, right = bounds(mask)
    assert min(bottom - top, right - left) >= 4
    assert abs((top + bottom) / 2 - 30 - scale / 2) <= 1.5
    assert abs((left + right) / 2 - 40 - scale / 2) <= 1.5


@pytest.mark.parametrize(("role", "zoom"), [*product(Role, [1.0, 2.0, 4.0])])
def test_lines_are_equally_wide_at_every_zoom(role, zoom):
    rect = Rect(2 / zoom, 2 / zoom, 7 / zoom, 9 / zoom)
    assert (drawn(role, rect, scale=10 * zoom) == drawn(role, Rect(2, 2, 7, 9))).all()


def test_width_makes_lines_wider():
    thin = is_colour(drawn(Role.WINDOW), ROLE_COLOURS[Role.WINDOW]).sum()
    thick = is_colour(drawn(Role.WINDOW, width=2), ROLE_COLOURS[Role.WINDOW]).sum()
    assert thick > 1.9 * thin


def test_painter_is_left_as_it_was():
    def draw(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        mapping = DeviceMapping(0, 0, 10, 10)
        draw_outlines(painter, [Outline(RECT, role) for role in Role], mapping)
        draw_uncovered(painter, [RECT], mapping)
        assert painter.testRenderHint(QPainter.RenderHint.Antialiasing)
        assert painter.pen() == pen

    painted(draw)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("ground", ["#FFFFFF", "#000000"])
def test_uncovered_is_dimmed_and_hatched_within_its_rows(ground, ratio):
    mapping = DeviceMapping(0, 0, 10, 10, ratio)
    pixels = painted(
        lambda p: draw_uncovered(p, [Rect(6, 1, 7, 9)], mapping), ratio=ratio, ground=ground
    )
    top, left, bottom, right = (round(edge * 10 * ratio) for edge in (6, 1, 7, 9))
    inside = pixels[top:bottom, left:right].astype(int)
    untouched = 255 if ground == "#FFFFFF" else 0
    assert (np.abs(inside - untouched) > 30).all()
    assert np.ptp(inside[..., 0]) > 30
    outside = pixels.astype(int)
    outside[top - 1 : bottom + 1, left - 1 : right + 1] = untouched
    assert (outside == untouched).all()


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.1, 60), st.floats(0.1, 60))
def test_hatch_lines_stay_within(left, top, width, height):
    rect = QRectF(left, top, width, height).adjusted(-1e-6, -1e-6, 1e-6, 1e-6)
    for line in hatch_lines(QRectF(left, top, width, height), 6):
        assert rect.contains(line.p1())
        assert rect.contains(line.p2())


COORDINATES = st.floats(-1e4, 1e4)


@settings(max_examples=60)
@given(
    st.sampled_from(Role),
    COORDINATES,
    COORDINATES,
    st.floats(0, 3000),
    st.floats(0, 3000),
    st.sampled_from(RATIOS),
)
def test_any_rectangle_can_be_drawn(role, top, left, height, width, ratio):
    rect = Rect(top, left, top + height, left + width)
    pixels = drawn(role, rect, ratio=ratio, scale=1.0)
    if rect.bottom < -10 or rect.right < -10 or top > 90 or left > 110:
        assert (pixels == 128).all()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("width", [1.0, 2.0])
@pytest.mark.parametrize("size", [1.0, 6.3, 30.0])
def test_bounds_hold_a_mark_tightly(role, ratio, width, size):
    rect = QRectF(40.2, 35.1, size, size)
    pixels = painted(lambda p: draw_mark(p, rect, role, ratio, width), 120, 100, ratio)
    top, left, bottom, right = bounds((pixels != 128).any(axis=2))
    found = QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)
    told = mark_bounds(rect, role, ratio, width)
    assert told.contains(found)
    slack = 4 / ratio + (2 * ROLE_STYLES[role].line * width if size < 10 else 0)
    assert told.width() - found.width() <= slack
    assert told.height() - found.height() <= slack
