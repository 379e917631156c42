"""One of the three linked maps: it shows pixels of the world and says which one is pointed at."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from poolviewer.core.annotation import MapName, Outline, Pixel
from poolviewer.core.chain_scene import StepMark
from poolviewer.core.geometry import MapGeometry, PixelBox, Rect
from poolviewer.core.laboratory.experiment import Overlay
from poolviewer.drawing.map_picture import Laid, MapPicture
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.values import pixels_within
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.map_layers import BackdropLayer, OverlayLayer, PictureLayer
from poolviewer.views.pixel_drag import PixelDrag
from poolviewer.views.world_view import WorldView

FARTHEST_ZOOM = 2.8


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
    # A pixel, a share of the map's range since the drag began, and whether it has just begun.
    pixel_dragged = Signal(object, float, bool)
    # Whether it is taken back.
    drag_ended = Signal(bool)
    # A share of the map's range, and whether the key went down anew.
    nudge_requested = Signal(float, bool)
    view_moved = Signal()
    painted = Signal()

    def __init__(self, name: MapName, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._geometry: MapGeometry | None = None
        self._hovered: Pixel | None = None
        self._mouse: QPointF | None = None
        self._drag: PixelDrag | None = None
        self._picture, self._overlay = PictureLayer(), OverlayLayer()
        self._backdrop = BackdropLayer()
        self._build_header(title)
        self._build_view()
        self.set_placeholder("")

    @property
    def view_box(self) -> pg.ViewBox:
        """The world's window, for linking."""
        return self._view_box

    @property
    def has_picture(self) -> bool:
        return self._picture.picture is not None

    @property
    def seen(self) -> PixelBox:
        """The map's pixels that are in view, at least in part."""
        if self._geometry is None:
            return PixelBox(0, 0, 0, 0)
        viewport = QRectF(self._view.viewport().rect())
        return pixels_within(self._geometry, self._view.mapping(), viewport)

    @property
    def overlay(self) -> Overlay | None:
        """The colours that lie over the image."""
        return self._picture.laid.overlay

    @property
    def view(self) -> WorldView:
        """The widget that shows the world, below the title."""
        return self._view

    def set_title(self, title: str) -> None:
        self._title.setText(title)

    def set_subtitle(self, text: str, tip: str = "") -> None:
        self._subtitle.show_text(text, tip)

    def set_placeholder(self, text: str) -> None:
        """Write in the middle of an empty map why it is empty."""
        self._placeholder.setText(text)
        self._placeholder.setVisible(bool(text))

    def set_geometry(self, geometry: MapGeometry) -> None:
        """Say where the map's pixels lie in the world."""
        self._geometry = geometry

    def show_picture(self, picture: MapPicture) -> None:
        """Show a map over its part of the world, and its numbers where there is room."""
        self._picture.picture = picture
        self._view.viewport().update()

    def show_backdrop(
        self,
        picture: NDArray[np.uint8],
        placement: Rect,
        hidden_by: Rect | None = None,
        *,
        is_above: bool = False,
    ) -> None:
        """Show a whole BGR picture behind the image or over it, unless a rectangle hides it."""
        self._backdrop.show_picture(picture, placement, hidden_by)
        pictures = (self._picture, self._backdrop) if is_above else (self._backdrop, self._picture)
        self._view.layers = (*pictures, self._overlay)
        self._view.viewport().update()

    def set_overlay(self, overlay: Overlay | None, *, is_concealed: bool = False) -> None:
        """Lay colours over the image, or none; what is concealed shows no numbers."""
        laid = self._picture.laid
        if overlay is not laid.overlay or is_concealed == laid.has_values:
            self._picture.laid = Laid.of(overlay, has_values=not is_concealed)
            self._view.viewport().update()

    def set_draggable(self, is_draggable: bool) -> None:
        """Let pixels be dragged up and down instead of the world, or no more."""
        if self._drag is None and is_draggable:
            self._drag = PixelDrag(self._view, self._is_on_pixel)
            self._drag.dragged.connect(self._on_drag_dragged)
            self._drag.ended.connect(self.drag_ended)
            self._drag.nudged.connect(self.nudge_requested)
        if self._drag is not None:
            self._drag.set_active(is_draggable)

    @property
    def outlines(self) -> Sequence[Outline]:
        """What is outlined."""
        return self._overlay.outlines

    def set_outlines(self, outlines: Sequence[Outline]) -> None:
        """Show other outlines; only what the old and the new ones cover is painted again."""
        if outlines != self._overlay.outlines:
            mapping = self._view.mapping()
            region = self._overlay.bounds(mapping)
            self._overlay.outlines = outlines
            self._view.viewport().update(region + self._overlay.bounds(mapping))

    def set_step_marks(self, marks: Sequence[StepMark]) -> None:
        """Outline what the steps of a chain read; only what that covers is painted again."""
        if marks != self._overlay.marks:
            mapping = self._view.mapping()
            region = self._overlay.mark_bounds(mapping)
            self._overlay.marks = marks
            self._view.viewport().update(region + self._overlay.mark_bounds(mapping))

    def set_uncovered(self, rects: Sequence[Rect]) -> None:
        if rects != self._overlay.uncovered:
            self._overlay.uncovered = rects
            self._view.viewport().update()

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
        return self._view.mapping().point(y, x)

    def refresh_hover(self) -> None:
        """Find the pixel under a mouse that rests while the world moves below it."""
        if self._mouse is not None:
            self._on_view_mouse_moved(self._mouse)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._placeholder.setGeometry(self._view.geometry().adjusted(16, 16, -16, -16))

    def _build_header(self, title: str) -> None:
        self._title = QLabel(title)
        self._title.setObjectName("title")
        self._subtitle = ElidedLabel()
        self._subtitle.setObjectName("muted")
        self.header = QHBoxLayout()
        self.header.setContentsMargins(0, 0, 0, 0)
        self.header.setSpacing(SPACING)
        self.header.addWidget(self._title)
        self.header.addWidget(self._subtitle, 1)

    def _build_view(self) -> None:
        self._view = WorldView(self)
        self._view.setAccessibleName(self._name.value)
        self._view_box = self._view.view_box
        self._view.layers = (self._backdrop, self._picture, self._overlay)
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

    def _on_drag_dragged(self, share: float, is_new: bool) -> None:
        self.pixel_dragged.emit(self._hovered, share, is_new)

    def _on_view_box_moved(self) -> None:
        self.view_moved.emit()

    def _hover(self, pixel: Pixel | None) -> None:
        if pixel != self._hovered:
            self._hovered = pixel
            self.pixel_hovered.emit(pixel)

    def _is_on_pixel(self, position: QPointF) -> bool:
        return self._pixel_at(position) is not None

    def _pixel_at(self, position: QPointF) -> Pixel | None:
        """Return the pixel under a point of `view`: here ``(x, y)`` becomes ``(row, col)``."""
        if self._geometry is None or not self.has_picture:
            return None
        pixel = self._geometry.pixel_at(*self._view.mapping().world_point(position))
        return None if pixel is None else Pixel(self._name, *pixel)
