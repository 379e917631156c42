"""The widget that shows a part of the world: it paints layers and reports the mouse and keys."""

import sys
from collections.abc import Sequence
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from poolviewer.drawing.mapping import DeviceMapping

ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
ZOOM_STEP = 1.25
NOT_OURS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Layer(Protocol):
    """Something that is painted over what is below it."""

    def paint(self, painter: QPainter, mapping: DeviceMapping, dirty: QRectF) -> None:
        """Paint in the view's logical pixels; only the dirty rectangle will be seen."""


class WorldView(pg.GraphicsView):
    """A pyqtgraph view with one view box, which moves the world, but paints nothing.

    Everything is painted here, layer over layer. As items of Qt's graphics scene the layers would
    be asked for their bounds, transformed and clipped again for every paint, and the scene would
    look for the item under the mouse at every move: most of the time of a small repaint.
    """

    mouse_moved = Signal(QPointF)
    mouse_left = Signal()
    clicked = Signal(QPointF)
    arrow_pressed = Signal(int, int)
    zoom_requested = Signal(float)
    confirmed = Signal()
    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=None)
        self.setObjectName("map")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # It fills itself, so that nothing below it is painted first.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.layers: Sequence[Layer] = ()
        self._pressed_at: QPointF | None = None
        self.view_box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self.view_box.setDefaultPadding(0)
        self.view_box.disableAutoRange()
        self.setCentralItem(self.view_box)
        self.view_box.sigStateChanged.connect(self._on_view_box_changed)
        self.view_box.sigRangeChanged.connect(self._on_view_box_changed)

    def mapping(self, ratio: float | None = None) -> DeviceMapping:
        """Return where the world lies in the viewport now, in logical pixels."""
        # The view box brings its transform up to date only when it is asked.
        transform = self.view_box.childTransform() * self.view_box.sceneTransform()
        transform *= self.viewportTransform()
        return DeviceMapping.of_transform(transform, ratio or self.devicePixelRatioF())

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
        """Report the mouse; the scene hears of it only while a button drags the world."""
        if event.buttons() != Qt.MouseButton.NoButton:
            super().mouseMoveEvent(event)
        self.mouse_moved.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.mouse_left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pin with the arrows, zoom with plus and minus, confirm with Enter."""
        key = Qt.Key(event.key())
        if event.modifiers() & NOT_OURS:
            event.ignore()  # a shortcut that is disabled now
        elif key in ARROWS:
            self.arrow_pressed.emit(*ARROWS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_requested.emit(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_requested.emit(ZOOM_STEP)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Take the ground's colour from the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and every layer; outside the dirty region nothing changes.

        An error that NumPy raises would end the process here: PySide takes it for an instance of
        its class, which it is not yet on Python 3.11. It is told as any other unforeseen one.
        """
        self.scene().prepareForPaint()
        painter = QPainter(self.viewport())
        dirty = QRectF(event.rect())
        painter.fillRect(dirty, self.palette().window())
        mapping = self.mapping(painter.device().devicePixelRatioF())
        try:
            for layer in self.layers:
                layer.paint(painter, mapping, dirty)
        except Exception as error:  # noqa: BLE001 - whatever it is
            sys.excepthook(type(error), error, error.__traceback__)
        painter.end()
        self.painted.emit()

    def _on_view_box_changed(self) -> None:
        self.viewport().update()
