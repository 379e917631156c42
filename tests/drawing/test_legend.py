import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from poolviewer.core.annotation import MapName, Outline, Role
from poolviewer.core.geometry import Rect
from poolviewer.drawing.fonts import elided, text_font, wrapped
from poolviewer.drawing.legend import (
    LegendEntry,
    draw_legend,
    draw_swatch,
    legend_entries,
    legend_rects,
)
from poolviewer.drawing.palette import ROLE_COLOURS

from .painting import is_colour, painted

ALL = [*map(LegendEntry, Role), LegendEntry(None)]


def test_entries_are_the_roles_in_use_in_one_order():
    rect = Rect(0, 0, 1, 1)
    outlines = {
        MapName.POOLED: (Outline(rect, Role.PINNED),),
        MapName.FEATURE: (Outline(rect, Role.WINNER), Outline(rect, Role.WINDOW)),
    }
    entries = legend_entries(outlines, has_uncovered=True)
    assert [entry.role for entry in entries] == [Role.WINDOW, Role.WINNER, Role.PINNED, None]
    assert legend_entries({}) == ()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_swatch_shows_the_colour_and_stays_within(role, ratio):
    pixels = painted(
        lambda p: draw_swatch(p, LegendEntry(role), QRectF(8, 8, 24, 24), ratio),
        ratio=ratio,
        ground="#FFFFFF",
    )
    assert is_colour(pixels, ROLE_COLOURS[role]).any()
    inside = slice(int(8 * ratio), int(32 * ratio))
    pixels[inside, inside] = 255
    assert (pixels == 255).all()


@pytest.mark.parametrize("width", [90, 200, 500, 2000])
def test_entries_do_not_overlap_and_wrap_at_the_width(width):
    rects = legend_rects(ALL, text_font(14), QPointF(16, 8), width)
    for number, rect in enumerate(rects):
        assert not any(rect.intersects(other) for other in rects[:number])
        assert rect.left() == 16 or rect.right() <= 16 + width


def test_legend_draws_every_word():
    font = text_font(14)
    rects = legend_rects(ALL, font, QPointF(8, 8), 2000)
    pixels = painted(
        lambda p: draw_legend(p, ALL, rects, font, colour="#000000"), 1400, 40, ground="#FFFFFF"
    )
    for rect in rects:
        word = pixels[8:32, int(rect.left()) + 32 : int(rect.right())]
        assert (word < 128).any()


@pytest.mark.parametrize("width", [30, 80, 200, 400])
def test_wrapped_lines_fit_and_lose_no_short_word(width):
    font = text_font(13)
    text = "a mean over nine values and_one_word_that_is_much_too_long_for_any_line of the map"
    lines = wrapped(text, font, width)
    metrics = QFontMetricsF(font)
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)
    assert len(" ".join(lines).split(" ")) == len(text.split(" "))


def test_elided_keeps_the_ending():
    text = elided("a_very_long_name_of_a_file.png", text_font(13), 120)
    assert "…" in text
    assert text.endswith(".png")
