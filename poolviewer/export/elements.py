"""A figure's building blocks: each knows its height for a width, and draws itself there.

All lengths are logical pixels on a grid of four; the canvas knows how many device pixels each has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import Literal, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from poolviewer.core.annotation import MapName
from poolviewer.drawing.fonts import cut_off, elided, text_font, wrapped
from poolviewer.drawing.legend import LegendEntry, draw_legend, legend_rects
from poolviewer.drawing.mapping import DeviceMapping, snap
from poolviewer.drawing.overlay_legend import OverlayEntry, draw_entry, entry_places
from poolviewer.drawing.palette import SPACING, Theme
from poolviewer.drawing.values import SMALLEST_PX

Tone = Literal["text", "muted", "accent"]

NUMBER_PX = 28
TITLE_PX = 16
TEXT_PX = 14
SMALL_PX = 12
FINE_PX = 10  # of a caption that has little room; its lines stand closer, too
LEADING, FINE_LEADING = 1.35, 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Where a figure is drawn.

    Parameters
    ----------
    ratio
        Device pixels for each of the painter's logical pixels.
    photo_ratio
        How finely the whole picture is shown; 0 for as finely as all else.
    line_width
        Factor for the lines over the maps.
    smallest_px
        Of the numbers on pixels.
    places
        Filled while drawing: where each map was put.
    """

    painter: QPainter
    theme: Theme
    ratio: float = 1.0
    photo_ratio: float = 0.0
    line_width: float = 1.0
    smallest_px: int = SMALLEST_PX
    places: dict[MapName, DeviceMapping] = field(default_factory=dict)

    def fill(self, rect: QRectF, colour: str) -> None:
        """Fill a rectangle up to the nearest edges of the device's pixels."""
        self.painter.fillRect(snap(rect, self.ratio), QColor(colour))

    def write(
        self, text: str, baseline: QPointF, px: float, tone: Tone, *, is_bold: bool = False
    ) -> None:
        """Write one line that begins at a point of its baseline."""
        self.painter.setFont(text_font(px, is_bold=is_bold))
        self.painter.setPen(QColor(getattr(self.theme, tone)))
        self.painter.drawText(baseline, text)


class Element(Protocol):
    """Something with a height, once its width is known."""

    def height(self, width: float) -> float:
        """Return the height in logical pixels."""

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        """Draw with the top left corner at ``origin``."""


def line_height(px: float) -> float:
    """Return the distance of two lines of a text size, on the grid of four."""
    leading = LEADING if px > FINE_PX else FINE_LEADING
    return ceil(px * leading / 4) * 4


def baseline_in(top: float, height: float, px: float) -> float:
    """Return the baseline that puts capital letters in the middle of a height."""
    return top + (height + QFontMetricsF(text_font(px)).capHeight()) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, elided in its middle where it is too long."""

    text: str
    px: float = TEXT_PX
    tone: Tone = "text"
    is_bold: bool = False

    def height(self, _width: float) -> float:
        return line_height(self.px) if self.text else 0.0

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        text = elided(self.text, text_font(self.px, is_bold=self.is_bold), width)
        baseline = baseline_in(origin.y(), self.height(width), self.px)
        canvas.write(text, QPointF(origin.x(), baseline), self.px, self.tone, is_bold=self.is_bold)


@dataclass(frozen=True, slots=True)
class Title:
    """A name in bold and what is to be said about it."""

    name: str
    about: str
    px: float = TITLE_PX

    @property
    def width(self) -> float:
        """What it needs to be read in full."""
        return self._used + QFontMetricsF(text_font(self.px)).horizontalAdvance(self.about)

    @property
    def _used(self) -> float:
        """What the name takes, with the gap behind it."""
        font = text_font(self.px, is_bold=True)
        return QFontMetricsF(font).horizontalAdvance(self.name) + SPACING

    def height(self, _width: float) -> float:
        return line_height(self.px)

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        bold = Line(self.name, self.px, is_bold=True)
        bold.draw(canvas, origin, width)
        used = self._used
        if used < width:
            Line(self.about, self.px).draw(canvas, origin + QPointF(used, 0), width - used)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that is broken into lines.

    Parameters
    ----------
    most
        Of lines; what comes after them is left out, which three dots tell. 0 is no limit.
    """

    text: str
    px: float = TEXT_PX
    tone: Tone = "text"
    most: int = 0
    is_bold: bool = False

    def height(self, width: float) -> float:
        return len(self._lines(width)) * line_height(self.px)

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        step = line_height(self.px)
        for number, text in enumerate(self._lines(width)):
            baseline = baseline_in(origin.y() + number * step, step, self.px)
            place = QPointF(origin.x(), baseline)
            canvas.write(text, place, self.px, self.tone, is_bold=self.is_bold)

    def _lines(self, width: float) -> tuple[str, ...]:
        font = text_font(self.px, is_bold=self.is_bold)
        lines = _lines_of(self.text, self.px, width, font.key())
        if not self.most or len(lines) <= self.most:
            return lines
        rest = " ".join(lines[self.most - 1 :])
        return (*lines[: self.most - 1], cut_off(rest, font, width))


@lru_cache(maxsize=256)
def _lines_of(text: str, px: float, width: float, font: str) -> tuple[str, ...]:
    """Break a text into lines; asked several times for a figure, and for each of a recording."""
    if not text:
        return ()
    is_bold = font == text_font(px, is_bold=True).key()
    return tuple(wrapped(text, text_font(px, is_bold=is_bold), width))


@dataclass(frozen=True, slots=True)
class Rule:
    """A hairline across the width."""

    def height(self, _width: float) -> float:
        return 1.0

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        canvas.fill(QRectF(origin.x(), origin.y(), width, 1), canvas.theme.border)


@dataclass(frozen=True, slots=True)
class Legend:
    """What the marks mean."""

    entries: tuple[LegendEntry, ...]

    def height(self, width: float) -> float:
        rects = self._rects(QPointF(0, 0), width)
        return rects[-1].bottom() if rects else 0.0

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        rects = self._rects(origin, width)
        font, colour = text_font(TEXT_PX), canvas.theme.text
        draw_legend(canvas.painter, self.entries, rects, font, colour=colour, ratio=canvas.ratio)

    def _rects(self, origin: QPointF, width: float) -> list[QRectF]:
        return legend_rects(self.entries, text_font(TEXT_PX), origin, width)


@dataclass(frozen=True, slots=True)
class OverlayLegend:
    """What the colours and signs over the maps mean."""

    entries: tuple[OverlayEntry, ...]

    def height(self, width: float) -> float:
        return entry_places(self.entries, text_font(TEXT_PX), width)[1]

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        font, colour = text_font(TEXT_PX), QColor(canvas.theme.text)
        places, _ = entry_places(self.entries, font, width)
        for entry, place in zip(self.entries, places, strict=True):
            draw_entry(canvas.painter, entry, place.translated(origin), font, colour)


@dataclass(frozen=True, slots=True)
class Stack:
    """Elements under each other; the ones without height take no gap."""

    elements: Sequence[Element]
    gap: float = SPACING

    def height(self, width: float) -> float:
        heights = [h for h in (e.height(width) for e in self.elements) if h > 0]
        return sum(heights) + self.gap * max(len(heights) - 1, 0)

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        y = origin.y()
        for element in self.elements:
            height = element.height(width)
            if height > 0:
                element.draw(canvas, QPointF(origin.x(), y), width)
                y += height + self.gap


@dataclass(frozen=True, slots=True)
class Column:
    """An element of a row: where it begins and how wide it is."""

    left: float
    width: float
    element: Element


@dataclass(frozen=True, slots=True)
class Row:
    """Elements beside each other, aligned at their tops."""

    columns: Sequence[Column]

    def height(self, _width: float) -> float:
        return max((column.element.height(column.width) for column in self.columns), default=0.0)

    def draw(self, canvas: Canvas, origin: QPointF, _width: float) -> None:
        for column in self.columns:
            column.element.draw(canvas, origin + QPointF(column.left, 0), column.width)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What fills a fixed height: the last element stands at its lower end.

    Parameters
    ----------
    left_out
        What had no room, named for a person.
    """

    content: Element
    foot: Element
    length: float
    left_out: tuple[str, ...] = ()

    def height(self, _width: float) -> float:
        return self.length

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        self.content.draw(canvas, origin, width)
        below = self.length - self.foot.height(width)
        self.foot.draw(canvas, origin + QPointF(0, below), width)
