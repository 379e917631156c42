"""One page of channels as tiles in one picture; a click chooses one."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from poolviewer.core.numbers import format_number
from poolviewer.core.ordering import Ordering, TileOrder
from poolviewer.core.tiles import Page, Shape, tile_size
from poolviewer.drawing.mosaic import TileGrid, draw_mosaic, draw_tile_frame
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.screen_image import ScreenImage

NONE = -1
_SORT_VALUES: dict[TileOrder, str] = {
    "mean": "mean {}",
    "maximum": "maximum {}",
    "zeros": "{} % zeros",
}


class MosaicView(QWidget):
    """Paints one mosaic with gaps between its tiles and the chosen tile framed."""

    channel_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._page: Page | None = None
        self._shape: Shape = (1, 1)
        self._ordering: Ordering | None = None
        self._channel = 0
        self._cursor: QPointF | None = None
        # It fills itself, so that nothing below it is painted first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_mosaic(
        self, image: QImage, shape: Shape, page: Page, ordering: Ordering, channel: int
    ) -> None:
        """Show a page of tiles of maps of a shape, and frame a channel if it is on the page."""
        self._image, self._shape, self._page = ScreenImage(image).image, shape, page
        self._ordering, self._channel = ordering, channel
        self.update()

    def frame_channel(self, channel: int) -> None:
        """Frame another channel of the same mosaic."""
        before, self._channel = self._channel, channel
        for changed in {before, channel} if before != channel else ():
            self._update_tile(changed)

    def tile_rect(self, channel: int) -> QRectF:
        """Return where a channel's tile is painted; empty if it is on another page."""
        if self._page is None or self._ordering is None:
            return QRectF()
        place = self._ordering.place_of(channel)
        is_here = self._page.start <= place < self._page.stop
        return self._rect_of(self._page, place - self._page.start) if is_here else QRectF()

    def channel_at(self, position: QPointF) -> int:
        """Return the channel whose tile holds a point, or -1."""
        if self._page is None or self._ordering is None:
            return NONE
        height, width = self._tile_size(self._page)
        column, row = int(position.x() // width), int(position.y() // height)
        number = row * self._page.columns + column
        if not (0 <= column < self._page.columns and 0 <= number < self._page.count):
            return NONE
        return int(self._ordering.channels[self._page.start + number])

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * SPACING, 12 * SPACING)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_cursor(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._move_cursor(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        channel = self.channel_at(event.position())
        if channel >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.channel_selected.emit(channel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a neighbouring tile with the arrow keys, on the next page too."""
        columns = self._page.columns if self._page else 1
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        if Qt.Key(event.key()) in steps:
            self._select_neighbour(steps[Qt.Key(event.key())])
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Name the tile under the mouse in a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            channel = self.channel_at(QPointF(event.pos()))
            text = "" if channel == NONE else self._tip(channel)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._page is None:
            painter.fillRect(self.rect(), self.palette().window())
            painter.end()
            return
        grid, background = self._grid(self._page), self.palette().window().color()
        draw_mosaic(painter, self._image, grid, background, self.devicePixelRatioF())
        self._paint_rest(painter, grid.target)
        self._paint_frames(painter)
        painter.end()

    def _select_neighbour(self, step: int) -> None:
        """Choose the tile some places further on; from another page, the first that is seen."""
        page, ordering = self._page, self._ordering
        if page is None or ordering is None:
            return
        place = ordering.place_of(self._channel)
        place = place + step if page.start <= place < page.stop else page.start
        if 0 <= place < len(ordering.channels):
            self.channel_selected.emit(int(ordering.channels[place]))

    def _move_cursor(self, position: QPointF | None) -> None:
        before = self._hovered()
        self._cursor = position
        for changed in {before, self._hovered()} if before != self._hovered() else ():
            self._update_tile(changed)

    def _update_tile(self, channel: int) -> None:
        """Paint one tile again; none if the channel is not on the page."""
        if channel != NONE:
            self.update(self.tile_rect(channel).adjusted(-2, -2, 2, 2).toAlignedRect())

    def _hovered(self) -> int:
        """Return the channel under the mouse, which may stand still while pages are turned."""
        return self.channel_at(self._cursor) if self._cursor is not None else NONE

    def _tip(self, channel: int) -> str:
        text = self.tr("Channel {}").format(channel)
        if self._ordering is not None and self._ordering.by in _SORT_VALUES:
            factor = 100 if self._ordering.by == "zeros" else 1
            value = format_number(factor * float(self._ordering.values[channel]))
            text = f"{text}, {self.tr(_SORT_VALUES[self._ordering.by]).format(value)}"
        return self.tr("{}: click to show it large").format(text)

    def _tile_size(self, page: Page) -> Shape:
        return tile_size(page, self._shape, self.height(), self.width())

    def _grid(self, page: Page) -> TileGrid:
        return TileGrid(page, *self._tile_size(page), QPointF(0, 0))

    def _rect_of(self, page: Page, number: int) -> QRectF:
        """Return where the tile of a number on its page is painted."""
        return self._grid(page).rect(number)

    def _paint_rest(self, painter: QPainter, target: QRectF) -> None:
        """Fill what is right of the tiles and below them."""
        ground = self.palette().window()
        width, height = self.width(), self.height()
        painter.fillRect(QRectF(target.right(), 0, width - target.right(), height), ground)
        painter.fillRect(QRectF(0, target.bottom(), width, height - target.bottom()), ground)

    def _paint_frames(self, painter: QPainter) -> None:
        if self._hovered() != NONE:
            painter.setPen(QPen(self.palette().windowText().color(), 1))
            painter.drawRect(self.tile_rect(self._hovered()).adjusted(0, 0, -1.5, -1.5))
        tile = self.tile_rect(self._channel)
        if tile.isEmpty():
            return
        palette = self.palette()
        draw_tile_frame(painter, tile, palette.highlight().color(), palette.window().color())
