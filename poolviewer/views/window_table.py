"""The values of one pool window as a small grid, with the winner marked as on the map."""

from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from poolviewer.core.annotation import Role
from poolviewer.core.geometry import PixelBox
from poolviewer.core.numbers import format_number
from poolviewer.core.trace import PooledTrace
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.outlines import draw_mark
from poolviewer.drawing.palette import ROLE_COLOURS, SPACING
from poolviewer.views.theme import TEXT_PX

MAX_SIDE = 5
NOTHING = PixelBox(0, 0, 0, 0)
WIDEST = "\N{MINUS SIGN}0.0001234"
TYPICAL = "\N{MINUS SIGN}0.1234"
PADDING = 4
ROW_HEIGHT = 4 * SPACING


class WindowTable(QWidget):
    """Paints up to 5×5 values of the traced window, around its winner if it has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace: PooledTrace | None = None
        self._part = NOTHING
        self._font = text_font(TEXT_PX + 2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def part(self) -> PixelBox:
        """The feature-map pixels whose values are shown."""
        return self._part

    @property
    def values(self) -> NDArray[np.floating]:
        """Their values."""
        if self._trace is None:
            return np.empty(self._part.shape)
        top = self._part.row_start - self._trace.window.row_start
        left = self._part.col_start - self._trace.window.col_start
        rows, cols = self._part.shape
        return self._trace.values[top : top + rows, left : left + cols]

    def show_trace(self, trace: PooledTrace | None) -> None:
        """Show a window, or nothing."""
        before = self._shape()
        self._trace = trace
        self._part = trace.part_of_window(MAX_SIDE) if trace else NOTHING
        self.setVisible(trace is not None)
        if self._shape() != before:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows, cols = self._shape()
        width = QFontMetricsF(self._font).horizontalAdvance(WIDEST) + 2 * SPACING
        return QSize(int(width * cols) + 4, ROW_HEIGHT * rows + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._trace is None:
            return
        painter = QPainter(self)
        rows, cols = self._shape()
        for row, col in np.ndindex(rows, cols):
            self._paint_value(painter, row, col)
        frame = self._cell(0, 0).united(self._cell(rows - 1, cols - 1))
        painter.setPen(QPen(QColor(ROLE_COLOURS[Role.WINDOW]), 2))
        painter.drawRect(frame)
        winner = self._winner_cell()
        if winner is not None:
            draw_mark(painter, self._cell(*winner), Role.WINNER, self.devicePixelRatioF())
        painter.end()

    def _shape(self) -> tuple[int, int]:
        return self._part.shape

    def _winner_cell(self) -> tuple[int, int] | None:
        """Return the winner's place in the table; the part that is shown holds it."""
        if self._trace is None or self._trace.winner is None:
            return None
        row, col = self._trace.winner
        return row - self._part.row_start, col - self._part.col_start

    def _cell(self, row: int, col: int) -> QRectF:
        widest = QFontMetricsF(self._font).horizontalAdvance(WIDEST) + 2 * SPACING
        width = int(min((self.width() - 4) / max(self._shape()[1], 1), widest))
        return QRectF(2 + col * width, 2 + row * ROW_HEIGHT, width, ROW_HEIGHT)

    def _paint_value(self, painter: QPainter, row: int, col: int) -> None:
        cell, value = self._cell(row, col), float(self.values[row, col])
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.drawRect(cell)
        role = self.palette().windowText() if not isnan(value) else self.palette().brightText()
        painter.setPen(role.color())
        text = format_number(value)
        inner = cell.adjusted(PADDING, 0, -PADDING, 0)
        painter.setFont(self._font_for(text, inner.width()))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, flags, text)

    def _font_for(self, text: str, room: float) -> QFont:
        """Return a font in which a number fits: half a number would be another number."""
        metrics = QFontMetricsF(self._font)
        needed = max(metrics.horizontalAdvance(text), metrics.horizontalAdvance(TYPICAL))
        if needed <= room:
            return self._font
        return text_font(max(int(self._font.pixelSize() * room / needed), 1))
