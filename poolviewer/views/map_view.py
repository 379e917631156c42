"""One of the three linked maps: it shows pixels of the world and says which one is pointed at."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from poolviewer.core.annotation import MapName, Outline, Pixel
from poolviewer.core.geometry import MapGeometry, Rect
from poolviewer.drawing.palette import SPACING
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.map_items import BackdropItem, OverlayItem, PictureItem

ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
ZOOM_STEP = 1.25
FARTHEST_ZOOM = 2.8


class WorldView(pg.GraphicsView):
    """A pyqtgraph view of the world that reports the mouse, keys and paints."""

    mouse_moved = Signal(QPointF)
    mouse_left = Signal()
    clicked = Signal(QPointF)
    arrow_pressed = Signal(int, int)
    zoom_requested = Signal(float)
    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=None)
        self.setObjectName("map")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pressed_at: QPointF | None = None
        self.setBackgroundBrush(self.palette().window())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click may begin."""
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._pressed_at = event.position() if is_left else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Report a click: the button came up where it went down."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is not None and (event.position() - pressed).manhattanLength() < 4:
            self.clicked.emit(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.mouse_moved.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.mouse_left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pin with the arrows, zoom with plus and minus."""
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # a shortcut that is disabled now
        elif key in ARROWS:
            self.arrow_pressed.emit(*ARROWS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_requested.emit(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_requested.emit(ZOOM_STEP)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Take the ground's colour from the theme, which pyqtgraph's view does not follow."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.setBackgroundBrush(self.palette().window())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()


class MapView(QWidget):
    """A titled map in the world, with outlines over it.

    Parameters
    ----------
    name
        Which of the three maps it is.
    title
        What stands above it.
    """

    pixel_hovered = Signal(object)
    pixel_clicked = Signal(object)
    pin_move_requested = Signal(int, int)
    view_moved = Signal()
    painted = Signal()

    def __init__(self, name: MapName, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._geometry: MapGeometry | None = None
        self._hovered: Pixel | None = None
        self._mouse: QPointF | None = None
        self._picture, self._overlay, self.backdrop = PictureItem(), OverlayItem(), BackdropItem()
        self._build_header(title)
        self._build_view()
        self.set_placeholder("")

    @property
    def view_box(self) -> pg.ViewBox:
        """The world's window, for linking."""
        return self._view_box

    @property
    def picture(self) -> PictureItem:
        return self._picture

    @property
    def view(self) -> WorldView:
        """The widget that shows the world, below the title."""
        return self._view

    def set_subtitle(self, text: str, tip: str = "") -> None:
        self._subtitle.show_text(text, tip)

    def set_placeholder(self, text: str) -> None:
        """Write in the middle of an empty map why it is empty."""
        self._placeholder.setText(text)
        self._placeholder.setVisible(bool(text))

    def set_geometry(self, geometry: MapGeometry) -> None:
        """Say where the map's pixels lie in the world."""
        self._geometry = geometry

    def set_outlines(self, outlines: Sequence[Outline]) -> None:
        self._overlay.show_outlines(outlines)

    def set_uncovered(self, rects: Sequence[Rect]) -> None:
        self._overlay.show_uncovered(rects)

    def fit(self, extent: Rect) -> None:
        """Show a rectangle of the world as large as it goes."""
        box = QRectF(extent.left, extent.top, extent.width, extent.height)
        self._view_box.setLimits(minXRange=1, minYRange=1)
        self._view_box.setRange(box, padding=0.02, disableAutoRange=True)

    def keep_in_sight(self, extent: Rect) -> None:
        """Go back where a rectangle would be lost: its middle too far off, or itself too small.

        pyqtgraph's own limits are no use here: they pull linked views with a fixed aspect apart.
        """
        seen = self._view_box.viewRect()
        fitted = max(extent.width, extent.height * seen.width() / seen.height())
        scale = min(FARTHEST_ZOOM * fitted / seen.width(), 1)
        middle = seen.center()
        x = min(max(middle.x(), extent.left), extent.right)
        y = min(max(middle.y(), extent.top), extent.bottom)
        if scale < 1 or QPointF(x, y) != middle:
            width, height = seen.width() * scale, seen.height() * scale
            kept = QRectF(x - width / 2, y - height / 2, width, height)
            self._view_box.setRange(kept, padding=0)

    def zoom(self, factor: float) -> None:
        """Show a larger (above 1) or smaller part of the world around its middle or the mouse."""
        self._view_box.scaleBy((factor, factor))
        self.view_moved.emit()

    def set_mirrored(self, is_mirrored: bool) -> None:
        self._view_box.invertX(is_mirrored)

    def world_to_widget(self, y: float, x: float) -> QPointF:
        """Return where a point of the world lies in `view`, in logical pixels."""
        scene = self._view_box.mapViewToScene(QPointF(x, y))
        return QPointF(self._view.mapFromScene(scene))

    def refresh_hover(self) -> None:
        """Find the pixel under a mouse that rests while the world moves below it."""
        if self._mouse is not None:
            self._on_view_mouse_moved(self._mouse)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._placeholder.setGeometry(self._view.geometry().adjusted(16, 16, -16, -16))

    def _build_header(self, title: str) -> None:
        label = QLabel(title)
        label.setObjectName("title")
        self._subtitle = ElidedLabel()
        self._subtitle.setObjectName("muted")
        self.header = QHBoxLayout()
        self.header.setContentsMargins(0, 0, 0, 0)
        self.header.setSpacing(SPACING)
        self.header.addWidget(label)
        self.header.addWidget(self._subtitle, 1)

    def _build_view(self) -> None:
        self._view = WorldView(self)
        self._view.setAccessibleName(self._name.value)
        self._view_box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self._view_box.setDefaultPadding(0)
        self._view_box.disableAutoRange()
        self._view.setCentralItem(self._view_box)
        for item in (self.backdrop, self._picture, self._overlay):
            self._view_box.addItem(item, ignoreBounds=True)
        self._view.mouse_moved.connect(self._on_view_mouse_moved)
        self._view.mouse_left.connect(self._on_view_mouse_left)
        self._view.clicked.connect(self._on_view_clicked)
        self._view.arrow_pressed.connect(self.pin_move_requested)
        self._view.zoom_requested.connect(self.zoom)
        # Queued: whoever hears of a paint may repaint or close, which Qt forbids during one.
        self._view.painted.connect(self.painted, Qt.ConnectionType.QueuedConnection)
        self._view_box.sigRangeChangedManually.connect(self._on_view_box_moved)
        self._placeholder = QLabel(self)
        self._placeholder.setObjectName("muted")
        self._placeholder.setTextFormat(Qt.TextFormat.PlainText)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._placeholder.setWordWrap(True)
        self._placeholder.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(self.header)
        layout.addWidget(self._view, 1)

    def _on_view_mouse_moved(self, position: QPointF) -> None:
        self._mouse = position
        self._hover(self._pixel_at(position))

    def _on_view_mouse_left(self) -> None:
        self._mouse = None
        self._hover(None)

    def _on_view_clicked(self, position: QPointF) -> None:
        pixel = self._pixel_at(position)
        if pixel is not None:
            self.pixel_clicked.emit(pixel)

    def _on_view_box_moved(self) -> None:
        self.view_moved.emit()

    def _hover(self, pixel: Pixel | None) -> None:
        if pixel != self._hovered:
            self._hovered = pixel
            self.pixel_hovered.emit(pixel)

    def _pixel_at(self, position: QPointF) -> Pixel | None:
        """Return the pixel under a point of `view`: here ``(x, y)`` becomes ``(row, col)``."""
        if self._geometry is None or not self._picture.has_picture:
            return None
        scene = self._view.mapToScene(position.toPoint())
        world = self._view_box.mapSceneToView(scene)
        pixel = self._geometry.pixel_at(world.y(), world.x())
        return None if pixel is None else Pixel(self._name, *pixel)
