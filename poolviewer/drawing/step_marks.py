"""What the steps of a chain read, outlined over the maps, and numbered as in the list."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from poolviewer.core.chain_scene import StepMark
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.palette import HALO, STEP_COLOURS, contrast

THIN, STRONG, REACH = 1.0, 2.0, 4.0
TAG = 15.0
TAG_PX = 11
BLACK, WHITE = "#000000", "#FFFFFF"


def step_colour(number: int) -> str:
    """Return the colour of a step of the chain, counted from 1."""
    return STEP_COLOURS[(number - 1) % len(STEP_COLOURS)]


def draw_step_marks(painter: QPainter, marks: Iterable[StepMark], mapping: DeviceMapping) -> None:
    """Outline what steps of a chain read; the strong one is told by its line and its number."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for mark in marks:
        rect = mapping.snapped(mark.rect)
        _draw_line(painter, rect, mark)
        if mark.is_strong:
            draw_number(painter, _tag_of(rect), mark.number)
    painter.restore()


def draw_number(painter: QPainter, rect: QRectF, number: int) -> None:
    """Draw the sign of a step: its number on its colour."""
    colour = step_colour(number)
    painter.fillRect(rect, QColor(colour))
    ink = max(BLACK, WHITE, key=lambda ink: contrast(ink, colour))
    painter.setPen(QColor(ink))
    painter.setFont(text_font(TAG_PX))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(number))


def step_mark_bounds(rect: QRectF) -> QRectF:
    """Return a rectangle of the device that holds a mark around another."""
    return rect.adjusted(-REACH, -REACH - TAG, max(REACH, TAG + 1 - rect.width()), REACH)


def _draw_line(painter: QPainter, rect: QRectF, mark: StepMark) -> None:
    """Draw a line around a rectangle, dotted for a step that is folded."""
    width = STRONG if mark.is_strong else THIN
    colour, halo = QColor(step_colour(mark.number)), QColor(HALO)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(halo, width + 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
    outer = rect.adjusted(-width / 2, -width / 2, width / 2, width / 2)
    painter.drawRect(outer)
    style = Qt.PenStyle.SolidLine if mark.is_strong else Qt.PenStyle.DotLine
    painter.setPen(QPen(colour, width, style, Qt.PenCapStyle.FlatCap))
    painter.drawRect(outer)


def _tag_of(rect: QRectF) -> QRectF:
    return QRectF(rect.left(), rect.top() - TAG - STRONG, TAG, TAG)
