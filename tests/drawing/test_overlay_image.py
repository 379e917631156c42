"""Colours and signs over a map, and what their legend says."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.laboratory.experiment import Overlay
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.marks import SIGNS, mark_colours
from poolviewer.drawing.overlay_image import OVERLAY_COLOURS, OverlayImage, overlay_table
from poolviewer.drawing.overlay_legend import draw_entry, entry_places, overlay_entries

from .painting import is_colour, painted

WORLD = Rect(0, 0, 2, 3)
CODES = np.array([[0, 1, 2], [3, 0, 0]], np.uint8)
MARKS = np.array([[0, 1, 0], [0, 0, 6]], np.uint8)


def mapping_of(tile, *, is_mirrored=False):
    target = QRectF(0, 0, 3 * tile, 2 * tile)
    return DeviceMapping.filling(WORLD, target, is_mirrored=is_mirrored)


def drawn(overlay, tile, **options):
    """Return an overlay on grey, its pixels so many device pixels wide."""
    mapping = mapping_of(tile, **options)
    image = OverlayImage(overlay)
    return painted(lambda p: image.draw(p, WORLD, mapping), 3 * tile, 2 * tile)


def over_grey(argb, ground=128):
    colour = QColor.fromRgba(argb)
    alpha = colour.alphaF()
    rgb = (colour.red(), colour.green(), colour.blue())
    return np.array([c * alpha + ground * (1 - alpha) for c in rgb])


@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("colours", ["veil", "offsets", "viridis", "diverging"])
def test_every_pixel_has_the_colour_of_its_code(colours, is_mirrored):
    pixels = drawn(Overlay(CODES, colours), 4, is_mirrored=is_mirrored)[2::4, 2::4]
    pixels = pixels[:, ::-1] if is_mirrored else pixels
    for place in np.ndindex(2, 3):
        expected = over_grey(overlay_table(colours)[CODES[place]])
        np.testing.assert_allclose(pixels[place], expected, atol=2)


def test_the_ends_of_a_scale_are_told_apart_and_its_middle_is_clear():
    table = overlay_table("diverging")
    assert QColor.fromRgba(table[128]).alpha() == 0
    for colours in ("viridis", "diverging"):
        low, high = (over_grey(overlay_table(colours)[code]) for code in (1, 255))
        assert np.abs(low - high).max() > 50


def test_the_positions_have_colours_of_their_own():
    assert len(set(OVERLAY_COLOURS["offsets"])) == 9


@pytest.mark.parametrize("ground", [0, 255])
def test_the_colours_that_are_seen_are_known(ground):
    """Numbers on the pixels are written so that they stand out on these."""
    overlay = OverlayImage(Overlay(CODES, "offsets"))
    rgb = np.full((2, 3, 3), ground, np.uint8)
    for place in np.ndindex(2, 3):
        box = PixelBox.of_pixel(*place)
        expected = over_grey(overlay_table("offsets")[CODES[place]], ground)
        np.testing.assert_allclose(overlay.blended(rgb[box.slices], box)[0, 0], expected, atol=1)


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_marks_are_signs_where_there_is_room(is_mirrored):
    overlay = Overlay(np.zeros((2, 3), np.uint8), "veil", marks=MARKS)
    pixels = drawn(overlay, 40, is_mirrored=is_mirrored)
    pixels = pixels[:, ::-1] if is_mirrored else pixels
    for place in np.ndindex(2, 3):
        row, col = place
        tile = pixels[40 * row : 40 * row + 40, 40 * col : 40 * col + 40]
        assert (tile != 128).any() == (MARKS[place] > 0)
        if MARKS[place]:
            assert is_colour(tile, mark_colours()[MARKS[place] - 1]).any()
            # At the lower edge, where they leave room for a number.
            assert (tile[:20] == 128).all()


def test_marks_are_colours_where_there_is_none():
    overlay = Overlay(CODES, "offsets", marks=MARKS)
    pixels = drawn(overlay, 4)[2::4, 2::4]
    assert is_colour(pixels, mark_colours()[0])[0, 1]
    assert is_colour(pixels, mark_colours()[5])[1, 2]
    np.testing.assert_allclose(pixels[1, 0], over_grey(overlay_table("offsets")[3]), atol=2)


def test_only_dirty_marks_are_drawn():
    overlay = OverlayImage(Overlay(np.zeros((2, 3), np.uint8), "veil", marks=MARKS))
    dirty = QRectF(0, 0, 120, 30)
    pixels = painted(lambda p: overlay.draw(p, WORLD, mapping_of(40), dirty), 120, 80)
    assert (pixels[:40] != 128).any()
    assert (pixels[40:] == 128).all()


def test_signs_differ_in_shape_and_colour():
    colours, shapes = zip(*SIGNS, strict=True)
    assert len(set(colours)) == len(set(shapes)) == len(SIGNS)


def test_the_legend_says_each_meaning_once():
    first = Overlay(
        CODES, "offsets", ("left", "", "right"), marks=MARKS, mark_legend=("a", "", "b")
    )
    scale = Overlay(CODES, "viridis", ("margin",), (0, 1.5))
    entries = overlay_entries((first, first, scale), has_uncovered=True)
    assert [entry.word for entry in entries] == [
        "left",
        "right",
        "margin",
        "a",
        "b",
        "in no window",
    ]
    assert [entry.code for entry in entries[:2]] == [1, 3]
    assert entries[2].limits == ("0", "1.500")
    assert [entry.mark for entry in entries[3:5]] == [1, 3]
    assert overlay_entries(()) == ()


def test_the_legend_breaks_into_lines():
    entries = overlay_entries((Overlay(CODES, "offsets", ("left", "right", "centre")),))
    font = text_font(12)
    wide, low = entry_places(entries, font, 1000)
    narrow, high = entry_places(entries, font, 90)
    assert {place.top() for place in wide} == {0}
    assert len({place.top() for place in narrow}) == 3
    assert high == 3 * low
    assert all(place.left() == 0 for place in narrow)


def test_swatches_are_drawn_as_over_a_map():
    overlay = Overlay(CODES, "offsets", ("left",), marks=MARKS, mark_legend=("tie",))
    scale = Overlay(CODES, "viridis", ("margin",), (0, 1))
    font = text_font(12)
    for entry in overlay_entries((overlay, scale), has_uncovered=True):
        place = QRectF(QPointF(4, 4), QPointF(300, 24))
        pixels = painted(lambda p, e=entry, r=place: draw_entry(p, e, r, font, QColor("red")), 304)
        swatch, words = pixels[:, :22].astype(int), pixels[:, 24:].astype(int)
        assert (words[..., 0] - words[..., 1] > 80).any()
        assert entry.limits or (swatch != 128).any()
