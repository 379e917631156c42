import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from poolviewer.core.geometry import Axis, MapGeometry, PixelBox
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.values import ValueGrid, draw_values, font_size_for, pixels_within

from .painting import painted

SEEN = QRectF(0, 0, 400, 320)


def grid_of(values, *, is_dark=False, labels=(), geometry=None):
    values = np.asarray(values, np.float32)
    geometry = geometry or MapGeometry.of_input(*values.shape[:2])
    return ValueGrid(values, np.full(values.shape[:2], is_dark), geometry, labels)


def written(grid, scale, seen=SEEN, ratio=1.0):
    mapping = DeviceMapping(0, 0, scale, scale, ratio)
    return painted(lambda p: draw_values(p, grid, mapping, seen), 400, 320, ratio) != 128


@pytest.mark.parametrize(
    ("scale", "is_readable"), [(10, False), (30, False), (60, True), (200, True)]
)
def test_numbers_appear_once_they_can_be_read(scale, is_readable):
    grid = grid_of(np.full((8, 8), 0.1234))
    mapping = DeviceMapping(0, 0, scale, scale)
    answers = []
    pixels = painted(lambda p: answers.append(draw_values(p, grid, mapping, SEEN)), 400, 320)
    assert answers == [is_readable]
    assert (pixels != 128).any() == is_readable


@pytest.mark.parametrize("value", [0.0, -0.01234, -123.4, np.nan, -np.inf, -1.234e-12, -9.876e20])
@pytest.mark.parametrize("scale", [58, 64, 100])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_every_number_stays_within_its_pixel(value, scale, ratio):
    values = np.zeros((3, 3))
    values[1, 1] = value
    grid = grid_of(values)
    blank = grid_of(np.zeros((3, 3)))
    with_number, without = (written(g, scale, ratio=ratio) for g in (grid, blank))
    changed = with_number != without
    side = int(scale * ratio)
    changed[side : 2 * side, side : 2 * side] = False
    assert not changed.any()
    assert with_number[side : 2 * side, side : 2 * side].any()


def test_a_number_stands_in_the_middle():
    rows, cols, _ = np.nonzero(written(grid_of([[8888.0]]), 100))
    assert (rows.min() + rows.max()) / 2 == pytest.approx(50, abs=1.5)
    assert (cols.min() + cols.max()) / 2 == pytest.approx(50, abs=2.5)


@pytest.mark.parametrize(("is_dark", "extreme"), [(True, 255), (False, 0)])
def test_numbers_are_white_on_dark_and_black_on_light(is_dark, extreme):
    grid = grid_of([[8.888]], is_dark=is_dark)
    mapping = DeviceMapping(0, 0, 100, 100)
    pixels = painted(lambda p: draw_values(p, grid, mapping, SEEN)).astype(int)
    changed = pixels[pixels != 128]
    assert abs(changed - extreme).min() < 40
    assert ((changed > 128) == is_dark).all()


def test_only_what_is_seen_is_written():
    grid = grid_of(np.full((4, 4), 1.5))
    mask = written(grid, 80, QRectF(80, 80, 80, 80))
    mask[80:160, 80:160] = False
    assert not mask.any()


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 3)])
@pytest.mark.parametrize("beside", [QRectF(-200, 0, 80, 80), QRectF(0, 900, 80, 80)])
def test_beside_the_map_nothing_is_written(shape, beside):
    labels = ("B", "G", "R")[: len(shape) // 3 * 3]
    assert not written(grid_of(np.ones(shape), labels=labels), 100, beside).any()


def test_three_channels_take_three_lines():
    values = np.array([[[1, 22, 123]]])
    one = written(grid_of(values[:, :, 0]), 120).any(axis=(1, 2))
    three = written(grid_of(values, labels=("B", "G", "R")), 120).any(axis=(1, 2))
    assert _runs(one) == 1
    assert _runs(three) == 3


def _runs(mask):
    return int((np.diff(mask.astype(int)) == 1).sum() + mask[0])


def test_mirrored_numbers_are_not_mirrored_but_moved():
    values = np.zeros((1, 2))
    values[0, 0] = 8.25
    mapping = DeviceMapping(200, 0, -100, 100)
    pixels = painted(lambda p: draw_values(p, grid_of(values), mapping, SEEN), 200, 100)
    unmirrored = DeviceMapping(0, 0, 100, 100)
    plain = painted(lambda p: draw_values(p, grid_of([[8.25]]), unmirrored, SEEN))
    assert (pixels[:80, 100:] == plain[:80]).all()


def test_size_depends_on_the_zoom_and_not_on_the_numbers():
    mapping = DeviceMapping(0, 0, 60, 60)
    sizes = {font_size_for(grid_of([[v]]), mapping) for v in (0.0, -1.234e-30, 1e9, 5.0)}
    assert len(sizes) == 1
    larger = font_size_for(grid_of([[1.0]]), DeviceMapping(0, 0, 300, 300), 40)
    assert larger == 40


def test_pixels_within_are_those_touched():
    geometry = MapGeometry(Axis(10, 1.0, 2.0), Axis(6, 0.5, 1.0))
    mapping = DeviceMapping(0, 0, 10, 10)
    assert pixels_within(geometry, mapping, QRectF(5, 25, 20, 30)) == PixelBox(1, 0, 3, 3)
    assert pixels_within(geometry, mapping, QRectF(-99, -99, 999, 999)) == PixelBox(0, 0, 10, 6)
    empty = pixels_within(geometry, mapping, QRectF(900, 900, 50, 50))
    assert empty.shape == (0, 0)


def test_digits_are_equally_wide():
    metrics = QFontMetricsF(text_font(13))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1
