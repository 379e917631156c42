"""Colour bars: as wide as their maps, with numbers that can be read."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from poolviewer.drawing.palette import THEMES
from poolviewer.export.colour_bar import BAR_HEIGHT, ColourBar, Range
from poolviewer.export.elements import Canvas
from tests.drawing.painting import pixels_of

LONG = Range("−0.0001234", "0.07189", "activation, this channel")
CELL, ROOM = 200, 120


def drawn(bar, width=CELL):
    """Draw a bar on white, and return its pixels."""
    image = QImage(CELL + 40, ROOM, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    bar.draw(Canvas(painter, THEMES["light"]), QPointF(0, 0), width)
    painter.end()
    return pixels_of(image)


def columns_of(pixels):
    """Return the columns in which something was drawn."""
    return [at for at, is_used in enumerate((pixels < 250).any(axis=(0, 2))) if is_used]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("map_width", [32, 60, 104, 160, 200])
def test_a_bar_is_as_wide_as_its_map(map_width):
    pixels = drawn(ColourBar(LONG, map_width))[: int(BAR_HEIGHT)]
    assert columns_of(pixels)[-1] == map_width - 1


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("width", [60, 104, 200])
@pytest.mark.parametrize("map_width", [32, 60, 104])
def test_words_stay_in_their_column_and_height(map_width, width):
    bar = ColourBar(LONG, map_width)
    pixels = drawn(bar, width)
    assert columns_of(pixels)[-1] < width
    assert (pixels[int(bar.height(width)) :] > 250).all()


@pytest.mark.usefixtures("qapp")
def test_numbers_that_cannot_stand_at_the_ends_are_a_sentence():
    narrow, wide = ColourBar(LONG, 60), ColourBar(LONG, 400)
    at_ends = ColourBar(Range("0", "1", LONG.unit), 60)
    assert narrow.height(CELL) == at_ends.height(CELL) > wide.height(400)
    assert len(columns_of(drawn(narrow)[int(BAR_HEIGHT) : 30])) > 60
