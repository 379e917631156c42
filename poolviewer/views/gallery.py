"""All channels of both maps as tiles; a click shows one large."""

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolTip, QWidget

from poolviewer.core.rendering import Rendering
from poolviewer.drawing.colour_maps import colour_table
from poolviewer.drawing.images import to_indexed_image
from poolviewer.drawing.palette import SPACING
from poolviewer.views.equal_columns import EqualColumns
from poolviewer.views.legend_panel import LegendPanel


class MosaicView(QWidget):
    """Paints one mosaic with gaps between its tiles and the chosen tile framed."""

    channel_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._columns, self._count, self._aspect = 1, 0, 1.0
        self._channel, self._hovered = 0, -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_mosaic(self, image: QImage, columns: int, count: int, channel: int) -> None:
        """Show ``count`` tiles, ``columns`` in a row, and frame one."""
        self._image, self._columns, self._count, self._channel = image, columns, count, channel
        rows = ceil(count / columns)
        self._aspect = (image.width() / columns) / (image.height() / rows)
        self.update()

    def tile_rect(self, channel: int) -> QRectF:
        """Return where a channel's tile is painted."""
        width, height, left = self._tile_size()
        row, column = divmod(channel, self._columns)
        return QRectF(left + column * width, row * height, width, height)

    def channel_at(self, position: QPointF) -> int:
        """Return the channel whose tile holds a point, or -1."""
        width, height, left = self._tile_size()
        column, row = int((position.x() - left) // width), int(position.y() // height)
        channel = row * self._columns + column
        is_inside = 0 <= column < self._columns and 0 <= channel < self._count
        return channel if is_inside else -1

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * SPACING, 12 * SPACING)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self.channel_at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        channel = self.channel_at(event.position())
        if channel >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.channel_selected.emit(channel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a neighbouring tile with the arrow keys."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        channel = self._channel + steps.get(Qt.Key(event.key()), 0)
        if Qt.Key(event.key()) not in steps:
            event.ignore()
        elif 0 <= channel < self._count:
            self.channel_selected.emit(channel)

    def event(self, event: QEvent) -> bool:
        """Name the tile under the mouse in a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            channel = self.channel_at(QPointF(event.pos()))
            text = self.tr("Channel {}: click to show it large").format(channel)
            QToolTip.showText(event.globalPos(), text if channel >= 0 else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._count:
            return
        painter = QPainter(self)
        width, height, left = self._tile_size()
        rows = ceil(self._count / self._columns)
        target = QRectF(left, 0, width * self._columns, height * rows)
        is_reduced = target.width() * self.devicePixelRatioF() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_reduced)
        painter.drawImage(target, self._image)
        self._paint_gaps(painter, target, rows)
        self._paint_frames(painter)
        painter.end()

    def _tile_size(self) -> tuple[float, float, float]:
        """Return the width and the height of a tile, and where the first begins, in pixels."""
        rows = max(ceil(self._count / self._columns), 1)
        width = int(min(self.width() / self._columns, self.height() / rows * self._aspect))
        width = max(width, 1)
        return width, max(int(width / self._aspect), 1), 0

    def _paint_gaps(self, painter: QPainter, target: QRectF, rows: int) -> None:
        background = self.palette().window().color()
        width, height, left = self._tile_size()
        for column in range(1, self._columns):
            painter.fillRect(QRectF(left + column * width - 1, 0, 1, target.height()), background)
        for row in range(1, rows):
            painter.fillRect(QRectF(left, row * height - 1, target.width(), 1), background)
        last = self.tile_rect(self._count)
        if self._count % self._columns:
            rest = QRectF(last.left(), last.top(), target.right() - last.left(), height)
            painter.fillRect(rest, background)

    def _paint_frames(self, painter: QPainter) -> None:
        if self._hovered >= 0:
            painter.setPen(QPen(self.palette().windowText().color(), 1))
            painter.drawRect(self.tile_rect(self._hovered).adjusted(0, 0, -1.5, -1.5))
        frame = self.tile_rect(self._channel).adjusted(0, 0, -1, -1)
        painter.setPen(QPen(QColor(self.palette().window().color()), 4))
        painter.drawRect(frame)
        painter.setPen(QPen(self.palette().highlight().color(), 2))
        painter.drawRect(frame)


class Gallery(QWidget):
    """The mosaics of both maps, each under its map, and the legend under the input."""

    channel_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feature, self.pooled = MosaicView(), MosaicView()
        self._feature_label, self._pooled_label = QLabel(), QLabel()
        layout = EqualColumns(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING)
        layout.setHorizontalSpacing(SPACING)
        layout.setVerticalSpacing(SPACING // 2)
        layout.setRowStretch(1, 1)
        for column, (title, label, content) in enumerate(
            (
                (self.tr("Legend"), QLabel(), LegendPanel()),
                (self.tr("Feature maps"), self._feature_label, self.feature),
                (self.tr("Pooled maps"), self._pooled_label, self.pooled),
            )
        ):
            content.setAccessibleName(title)
            layout.addLayout(_header(title, label), 0, column)
            layout.addWidget(content, 1, column)
            layout.setColumnStretch(column, 1)
        for mosaic in (self.feature, self.pooled):
            mosaic.channel_selected.connect(self.channel_selected)

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show both mosaics and frame one channel in each."""
        mosaics, stage = rendering.mosaics, rendering.activations.stage
        table = colour_table(rendering.display.colour_map)
        for mosaic, label, shades, shape in (
            (self.feature, self._feature_label, mosaics.feature, stage.feature_shape),
            (self.pooled, self._pooled_label, mosaics.pooled, stage.pooled_shape),
        ):
            image = to_indexed_image(shades, table)
            mosaic.show_mosaic(image, mosaics.columns, mosaics.count, channel)
            label.setText(f"{mosaics.count} × {shape[0]}×{shape[1]}")


def _header(title: str, label: QLabel) -> QHBoxLayout:
    heading = QLabel(title)
    heading.setObjectName("title")
    label.setObjectName("muted")
    header = QHBoxLayout()
    header.setSpacing(SPACING)
    header.addWidget(heading)
    header.addWidget(label, 1)
    return header
