"""One pool window, large: its pixels can be told apart, and clicked, from the back of a room."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from poolviewer.core.annotation import Role
from poolviewer.core.display import ColourMapName
from poolviewer.core.geometry import PixelBox
from poolviewer.core.numbers import format_number
from poolviewer.drawing.colour_maps import colour_values, dark_shades
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.outlines import draw_mark
from poolviewer.views.world_view import ARROWS

SIDE = 144
LARGEST_TILE = 64
MARGIN = 6
MOST_PIXELS = 9
FONT_PX = 14


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """What is shown of a window.

    Parameters
    ----------
    box
        Its pixels of the feature map.
    shades, values
        uint8 and numbers of the box's shape; the numbers are None where they must not be read.
    marks
        What to mark, as ``(row, col)`` of the feature map; later ones over earlier ones.
    """

    box: PixelBox
    shades: NDArray[np.uint8]
    colours: ColourMapName
    values: NDArray[np.floating] | None
    marks: tuple[tuple[tuple[int, int], Role], ...]
    is_mirrored: bool = False


class WindowTiles(QWidget):
    """Paints a window of up to nine rows and columns; it is hidden for larger ones."""

    # Row and column of the feature map.
    clicked = Signal(int, int)
    moved = Signal(int, int)
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: Tiles | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("The window that is asked"))
        self.setToolTip(self.tr("Click the pixel that wins; or choose it with the arrow keys"))
        self.hide()

    def show_tiles(self, tiles: Tiles | None) -> None:
        """Show a window, or nothing."""
        is_shown = tiles is not None and max(tiles.box.shape) <= MOST_PIXELS
        before = self.sizeHint()
        self._tiles = tiles if is_shown else None
        self.setVisible(is_shown)
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def place_of(self, row: int, col: int) -> QRectF:
        """Return where a pixel of the feature map is painted."""
        assert self._tiles is not None  # noqa: S101 - for the type checker
        box, side = self._tiles.box, self._side()
        across = col - box.col_start
        if self._tiles.is_mirrored:
            across = box.shape[1] - 1 - across
        down = row - box.row_start
        return QRectF(MARGIN + across * side, MARGIN + down * side, side, side)

    def sizeHint(self) -> QSize:
        rows, cols = self._tiles.box.shape if self._tiles else (0, 0)
        return QSize(cols * self._side() + 2 * MARGIN, rows * self._side() + 2 * MARGIN)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tiles is None:
            return
        painter, tiles = QPainter(self), self._tiles
        box, ratio = tiles.box, self.devicePixelRatioF()
        for row, col in np.ndindex(*box.shape):
            self._paint_tile(painter, tiles, row, col)
        first = self.place_of(box.row_start, box.col_start)
        whole = first.united(self.place_of(box.row_stop - 1, box.col_stop - 1))
        draw_mark(painter, whole, Role.WINDOW, ratio)
        for place, role in tiles.marks:
            draw_mark(painter, self.place_of(*place), role, ratio)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Report the pixel below the mouse."""
        if self._tiles is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        box = self._tiles.box
        for row in range(box.row_start, box.row_stop):
            for col in range(box.col_start, box.col_stop):
                if self.place_of(row, col).contains(event.position()):
                    self.clicked.emit(row, col)
                    return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, confirm with Enter."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            rows, cols = ARROWS[key]
            is_mirrored = self._tiles is not None and self._tiles.is_mirrored
            self.moved.emit(rows, -cols if is_mirrored else cols)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _side(self) -> int:
        longest = max(self._tiles.box.shape) if self._tiles else 1
        return min(SIDE // longest, LARGEST_TILE)

    def _paint_tile(self, painter: QPainter, tiles: Tiles, row: int, col: int) -> None:
        place = self.place_of(tiles.box.row_start + row, tiles.box.col_start + col)
        shade = int(tiles.shades[row, col])
        painter.fillRect(place, QColor(*colour_values(tiles.colours)[shade].tolist()))
        if tiles.values is None:
            return
        text = format_number(float(tiles.values[row, col]))
        painter.setFont(text_font(FONT_PX))
        room = (place.width() - 8) / painter.fontMetrics().horizontalAdvance(text)
        if room * FONT_PX < 7:
            return
        painter.setFont(text_font(max(int(FONT_PX * min(room, 1)), 1)))
        is_dark = bool(dark_shades(tiles.colours)[shade])
        painter.setPen(QColor(255, 255, 255) if is_dark else QColor(0, 0, 0))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
