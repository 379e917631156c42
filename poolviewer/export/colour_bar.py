"""Which numbers the shades of a map stand for."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from poolviewer.core.annotation import MapName
from poolviewer.core.display import ColourMapName
from poolviewer.core.geometry import Rect
from poolviewer.core.laboratory.experiment import ExtraMap
from poolviewer.core.numbers import MINUS, format_number
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.export.elements import SMALL_PX, Canvas, Paragraph, baseline_in, line_height
from poolviewer.export.request import FigureRequest
from poolviewer.export.words import unit_words

BAR_HEIGHT = 10.0
HIDDEN = "?"
SHADES = np.arange(256, dtype=np.uint8)[np.newaxis]
BAR = Rect(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class Range:
    """What shades stand for.

    Parameters
    ----------
    low, high
        The numbers at both ends.
    unit
        What they are numbers of.
    """

    low: str
    high: str
    unit: str
    colours: ColourMapName = "grey"


def range_of(request: FigureRequest, map_name: MapName) -> Range:
    """Return what the shades of one of the three maps stand for."""
    unit = unit_words(request, map_name)
    if map_name is MapName.INPUT:
        low, high = request.activations.network.input.value_range
        return Range(_short(low), _short(high), unit)
    colours = request.display.colour_map
    if request.conceals_levels(map_name):
        return Range(HIDDEN, HIDDEN, unit, colours)
    feature, pooled = request.levels
    low, high = (feature if map_name is MapName.FEATURE else pooled).tolist()
    return Range(format_number(low), format_number(high), unit, colours)


def range_of_extra(request: FigureRequest, extra: ExtraMap) -> Range:
    """Return what the shades of a map of the laboratory stand for."""
    unit = extra.title[:1].lower() + extra.title[1:]
    if request.is_concealed:
        return Range(HIDDEN, HIDDEN, unit, extra.colours)
    low, high = map(format_number, extra.levels)
    return Range(low, high, unit, extra.colours)


@dataclass(frozen=True, slots=True)
class ColourBar:
    """The shades from low to high, the numbers at both ends, and what they are of.

    It is as wide as the map. Numbers that have no room at its ends are written as a sentence.

    Parameters
    ----------
    map_width
        Of the map above it, in units.
    """

    range: Range
    map_width: float

    def height(self, width: float) -> float:
        height = BAR_HEIGHT + self._ends_height(width)
        is_between = self._has_room(self._length(width))
        return height if is_between else height + self._unit.height(width)

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        length = self._length(width)
        bar = QRectF(origin.x(), origin.y(), length, BAR_HEIGHT)
        mapping = DeviceMapping.filling(BAR, bar.adjusted(1, 1, -1, -1), ratio=canvas.ratio)
        canvas.fill(bar, canvas.theme.border)
        ScreenImage.of_shades(SHADES, self.range.colours).draw(canvas.painter, BAR, mapping)
        below = bar.bottomLeft()
        if self._is_crowded(length):
            self._ends.draw(canvas, below, width)
        else:
            _write_aligned(canvas, self.range.low, below, 0.0)
            _write_aligned(canvas, self.range.high, below + QPointF(length, 0), 1.0)
        if self._has_room(length):
            _write_aligned(canvas, self.range.unit, below + QPointF(length / 2, 0), 0.5)
        else:
            self._unit.draw(canvas, below + QPointF(0, self._ends_height(width)), width)

    def _ends_height(self, width: float) -> float:
        is_crowded = self._is_crowded(self._length(width))
        return self._ends.height(width) if is_crowded else line_height(SMALL_PX)

    def _is_crowded(self, length: float) -> bool:
        """Whether the numbers cannot stand at both ends."""
        return _width(self.range.low) + SPACING + _width(self.range.high) > length

    @property
    def _ends(self) -> Paragraph:
        """The numbers in one sentence, where they cannot stand at the ends."""
        return Paragraph(f"{self.range.low} to {self.range.high}", SMALL_PX, "muted")

    @property
    def _unit(self) -> Paragraph:
        """What the numbers are of, where that stands below them."""
        return Paragraph(self.range.unit, SMALL_PX, "muted")

    def _length(self, width: float) -> float:
        return min(self.map_width, width)

    def _has_room(self, length: float) -> bool:
        """Whether what the numbers are of can stand between them."""
        ends = 2 * max(_width(self.range.low), _width(self.range.high))
        return ends + _width(self.range.unit) + 2 * SPACING <= length


def _short(number: float) -> str:
    """Write an end of the input's range: whole numbers as such."""
    return f"{number:g}".replace("-", MINUS) if number == round(number) else format_number(number)


def _write_aligned(canvas: Canvas, text: str, place: QPointF, share: float) -> None:
    """Write a small text whose left end (0), middle (0.5), or right end (1) is at a place."""
    baseline = baseline_in(place.y(), line_height(SMALL_PX), SMALL_PX)
    left = place.x() - share * _width(text)
    canvas.write(text, QPointF(left, baseline), SMALL_PX, "muted")


def _width(text: str) -> float:
    return QFontMetricsF(text_font(SMALL_PX)).horizontalAdvance(text)
