"""All channels of both maps as tiles, page by page, in an order of the person's choice."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from poolviewer.core.display import DisplaySpec
from poolviewer.core.ordering import TileOrder
from poolviewer.core.rendering import Rendering
from poolviewer.core.tiles import Room
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.equal_columns import EqualColumns
from poolviewer.views.legend_panel import LegendPanel
from poolviewer.views.mosaic_view import MosaicView
from poolviewer.views.pager import Pager

ORDERS: dict[TileOrder, tuple[str, str]] = {
    "index": ("by index", "By channel number"),
    "mean": ("by mean", "By the mean of the feature map, the highest first"),
    "maximum": ("by maximum", "By the maximum of the feature map, the highest first"),
    "zeros": ("by zeros", "By the share of zeros in the feature map, the most first"),
}
CALM_MS = 150
ROOM_STEP = 2 * SPACING
WHEEL_NOTCH = 120


class Gallery(QWidget):
    """The mosaics of both maps, each under its map, and the legend under the input.

    How many tiles fit is decided where the mosaics are made: the gallery tells its size, once it
    has settled, and the place whose page it wishes to see.
    """

    channel_selected = Signal(int)
    display_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feature, self.pooled = MosaicView(), MosaicView()
        self.pager, self.orders = Pager(), ChoiceBox()
        self._feature_label, self._pooled_label = ElidedLabel(), ElidedLabel()
        self._display = DisplaySpec()
        self._rendering: Rendering | None = None
        self._channel, self._generation = -1, 0
        self._wheel = 0
        # A border that is dragged would ask for other mosaics at every pixel.
        self._settled = QTimer(self, singleShot=True, interval=CALM_MS)
        self._settled.timeout.connect(self._on_settled_timeout)
        # Later: whoever shows a rendering has not finished, and hears of the page.
        self._follow = QTimer(self, singleShot=True, interval=0)
        self._follow.timeout.connect(self._on_follow_timeout)
        self._build_orders()
        self._build_layout()
        self.pager.turned.connect(self.turn)
        self.orders.activated.connect(self._on_orders_activated)
        for mosaic in (self.feature, self.pooled):
            mosaic.channel_selected.connect(self.channel_selected)

    def show_display(self, display: DisplaySpec) -> None:
        """Show which order is chosen."""
        self._display = display
        self.orders.setCurrentIndex(self.orders.findData(display.order))

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show a page of both mosaics, and frame one channel in each.

        A channel that was chosen elsewhere, and is on another page, is turned to.
        """
        if rendering is self._rendering:
            for mosaic in (self.feature, self.pooled):
                mosaic.frame_channel(channel)
        else:
            self._rendering = rendering
            self._show_mosaics(rendering, channel)
        chosen = channel, rendering.activations.generation
        if chosen != (self._channel, self._generation):
            self._channel, self._generation = chosen
            self._follow.start()

    def turn(self, step: int) -> None:
        """Ask for another page, if there is one."""
        if self._rendering is None:
            return
        page = self._rendering.mosaics.page
        # From the page that was asked for, which may not have come yet.
        number = min(self._display.place // page.size, page.pages - 1) + step
        if 0 <= number < page.pages:
            self._wish(replace(self._display, place=number * page.size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settled.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the pages with Page Up and Page Down."""
        steps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if Qt.Key(event.key()) in steps:
            self.turn(steps[Qt.Key(event.key())])
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn a page with every notch; what a touchpad scrolls is added up to notches."""
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / WHEEL_NOTCH)
        self._wheel -= notches * WHEEL_NOTCH
        if notches:
            self.turn(-notches)

    def _show_mosaics(self, rendering: Rendering, channel: int) -> None:
        mosaics, stage = rendering.mosaics, rendering.activations.stage
        colours = rendering.display.colour_map
        for mosaic, label, shades, shape in (
            (self.feature, self._feature_label, mosaics.feature, stage.feature_shape),
            (self.pooled, self._pooled_label, mosaics.pooled, stage.pooled_shape),
        ):
            image = ScreenImage.of_shades(shades, colours).image
            mosaic.show_mosaic(image, shape, mosaics.page, rendering.ordering, channel)
            label.show_text(f"{len(rendering.ordering.channels)} × {shape[0]}×{shape[1]}")
        self.pager.show_page(mosaics.page)

    def _on_orders_activated(self) -> None:
        self._wish(replace(self._display, order=self.orders.currentData(), place=0))

    def _on_settled_timeout(self) -> None:
        room = self._room()
        if room != self._display.room:
            chosen = self._chosen_place()
            place = self._display.place if chosen is None else chosen
            self._wish(replace(self._display, room=room, place=place))

    def _on_follow_timeout(self) -> None:
        if self._rendering is not None and self._chosen_place() is None:
            place = self._rendering.ordering.place_of(self._channel)
            self._wish(replace(self._display, place=place))

    def _wish(self, display: DisplaySpec) -> None:
        if display != self._display:
            self.display_changed.emit(display)

    def _chosen_place(self) -> int | None:
        """Return where the chosen channel stands in the order; None if it is on another page."""
        if self._rendering is None:
            return None
        page = self._rendering.mosaics.page
        place = self._rendering.ordering.place_of(self._channel)
        return place if page.start <= place < page.stop else None

    def _room(self) -> Room:
        """Return the size of a mosaic in coarse steps, so that not every pixel counts."""
        height, width = (
            max(side // ROOM_STEP, 1) * ROOM_STEP
            for side in (self.feature.height(), self.feature.width())
        )
        return Room(height, width, self.devicePixelRatioF())

    def _build_orders(self) -> None:
        for number, (order, (word, tip)) in enumerate(ORDERS.items()):
            self.orders.addItem(self.tr(word), order)
            self.orders.setItemData(number, self.tr(tip), Qt.ItemDataRole.ToolTipRole)
        self.orders.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.orders.setMinimumWidth(9 * SPACING)
        self.orders.setFixedHeight(3 * SPACING)
        self.orders.setAccessibleName(self.tr("Sort"))
        self.orders.setToolTip(
            self.tr(
                "Order of the tiles: by channel number, or by the mean, the maximum or the "
                "share of zeros of their feature maps"
            )
        )

    def _build_layout(self) -> None:
        layout = EqualColumns(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING)
        layout.setHorizontalSpacing(SPACING)
        layout.setVerticalSpacing(SPACING // 2)
        layout.setRowStretch(1, 1)
        columns: tuple[tuple[str, ElidedLabel, QWidget, QWidget], ...] = (
            (self.tr("Legend"), ElidedLabel(), QWidget(), LegendPanel()),
            (self.tr("Feature maps"), self._feature_label, self.pager, self.feature),
            (self.tr("Pooled maps"), self._pooled_label, self.orders, self.pooled),
        )
        for column, (title, label, tool, content) in enumerate(columns):
            content.setAccessibleName(title)
            layout.addLayout(_header(title, label, tool), 0, column)
            layout.addWidget(content, 1, column)
            layout.setColumnStretch(column, 1)


def _header(title: str, label: ElidedLabel, tool: QWidget) -> QHBoxLayout:
    heading = QLabel(title)
    heading.setObjectName("title")
    label.setObjectName("muted")
    header = QHBoxLayout()
    header.setSpacing(0)
    header.addStrut(3 * SPACING)
    header.addWidget(heading)
    header.addSpacing(SPACING)
    header.addWidget(label, 1)
    header.addWidget(tool)
    return header
