"""The taps of one step of a chain as small tables; a click or an arrow key follows another."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from poolviewer.core.step_detail import TapGrid
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.theme import SMALL_PX

LINE, TITLE = 14, 20
WIDEST_CELL, WIDTH = 92, 280
SMALLEST_PX = 6
MARK, PADDING = 2, 5
TYPICAL = "= \N{MINUS SIGN}0.01234"
ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class TapsTable(QWidget):
    """Paints tables of values, weights and products, and marks the tap that is followed."""

    tap_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grids: tuple[TapGrid, ...] = ()
        self._colour = QColor()
        self._font = text_font(SMALL_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Taps of the unfolded layer"))
        self.setAccessibleDescription(
            self.tr("Click a value, or use the arrow keys, to follow that pixel instead")
        )

    @property
    def grids(self) -> tuple[TapGrid, ...]:
        """What is shown."""
        return self._grids

    def show_grids(self, grids: tuple[TapGrid, ...], colour: str) -> None:
        """Show tables, with the followed tap marked in the colour of its step."""
        before = self._shapes()
        self._grids, self._colour = grids, QColor(colour)
        self.setVisible(bool(grids))
        if self._shapes() != before:
            self.setFixedHeight(self._height())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, self._height())

    def tap_at(self, point: QPointF) -> int | None:
        """Return the tap under a point, or None beside all."""
        for number, grid in enumerate(self._grids):
            for row, line in enumerate(grid.taps):
                for col, tap in enumerate(line):
                    if self.cell(number, row, col).contains(point):
                        return tap
        return None

    def cell(self, number: int, row: int, col: int) -> QRectF:
        """Return where a tap of one of the tables stands."""
        grid = self._grids[number]
        width = float(min((self.width() - 4) // grid.shape[1], WIDEST_CELL))
        height = LINE * len(grid.cells[0][0]) + 4
        top = self._top(number) + (TITLE if grid.title else 0)
        return QRectF(2 + col * width, top + row * height, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, grid in enumerate(self._grids):
            painter.setPen(self.palette().windowText().color())
            painter.setFont(self._font)
            title = QRectF(2, self._top(number), self.width() - 4, TITLE)
            painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, grid.title)
            self._paint_cells(painter, number, grid)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        tap = self.tap_at(event.position())
        if tap is not None and event.button() == Qt.MouseButton.LeftButton:
            self.tap_chosen.emit(tap)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Follow the neighbour of the tap that is followed."""
        step = ARROWS.get(Qt.Key(event.key()))
        tap = self._neighbour(*step) if step else None
        if step is None:
            super().keyPressEvent(event)
        elif tap is not None:
            self.tap_chosen.emit(tap)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            is_tap = self.tap_at(QPointF(event.pos())) is not None
            QToolTip.showText(event.globalPos(), self.accessibleDescription() if is_tap else "")
            return True
        return super().event(event)

    def _neighbour(self, rows: int, cols: int) -> int | None:
        for grid in self._grids:
            if grid.followed is not None:
                row, col = grid.followed[0] + rows, grid.followed[1] + cols
                height, width = grid.shape
                return grid.taps[row][col] if 0 <= row < height and 0 <= col < width else None
        return None

    def _paint_cells(self, painter: QPainter, number: int, grid: TapGrid) -> None:
        font = self._font_for(grid, self.cell(number, 0, 0).width() - 2 * PADDING)
        muted = self.palette().placeholderText().color()
        for row, line in enumerate(grid.cells):
            for col, texts in enumerate(line):
                cell = self.cell(number, row, col)
                painter.setPen(QPen(self.palette().mid().color(), 1))
                painter.drawRect(cell)
                is_outside = (row, col) in grid.outside
                painter.setPen(muted if is_outside else self.palette().windowText().color())
                self._paint_texts(painter, cell, texts, font)
        if grid.followed is not None:
            inside = self.cell(number, *grid.followed).adjusted(MARK, MARK, -MARK, -MARK)
            painter.setPen(QPen(self._colour, 2 * MARK, Qt.PenStyle.SolidLine))
            painter.drawRect(inside)

    def _font_for(self, grid: TapGrid, room: float) -> QFont:
        """Return one font in which every number of a table fits its cell."""
        longest = max((t for line in grid.cells for texts in line for t in texts), key=len)
        metrics = QFontMetricsF(self._font)
        needed = metrics.horizontalAdvance(max(longest, TYPICAL, key=len))
        if needed <= room:
            return self._font
        return text_font(max(int(SMALL_PX * room / needed), SMALLEST_PX))

    def _paint_texts(
        self, painter: QPainter, cell: QRectF, texts: tuple[str, ...], font: QFont
    ) -> None:
        painter.setFont(font)
        for line, text in enumerate(texts):
            top = cell.top() + 2 + line * LINE
            place = QRectF(cell.left(), top, cell.width() - PADDING, LINE)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, flags, text)

    def _top(self, number: int) -> float:
        return float(sum(_height_of(grid) for grid in self._grids[:number]))

    def _height(self) -> int:
        return sum(_height_of(grid) for grid in self._grids)

    def _shapes(self) -> list[int]:
        return [_height_of(grid) for grid in self._grids]


def _height_of(grid: TapGrid) -> int:
    title = TITLE if grid.title else 0
    return title + grid.shape[0] * (LINE * len(grid.cells[0][0]) + 4) + SPACING // 2
