"""Dragging a pixel of a map up and down, or moving it step by step with the keys."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from poolviewer.views.world_view import WorldView

FULL_RANGE = 200  # logical pixels from one end of a map's range to the other
SLACK = 4  # what a hand moves while it clicks
FINE = 0.1
KEY_STEP = 0.05
LEFT = Qt.MouseButton.LeftButton
_KEYS = {Qt.Key.Key_Up: KEY_STEP, Qt.Key.Key_Down: -KEY_STEP}
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_ENDS = (QEvent.Type.WindowDeactivate, QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.Leave)


class PixelDrag(QObject):
    """Takes the left button from a view's world as long as it is active, so that nothing pans.

    A press that does not move is a click, as ever. A drag goes on beyond the view until the button
    comes up; it ends, too, when the window is left, and Escape takes it back.

    Parameters
    ----------
    view
        Where it happens.
    is_on_pixel
        Whether there is something to drag at a point of the view; elsewhere the world pans.
    """

    # The share of the map's range, upwards, since the drag began, and whether it has just begun.
    dragged = Signal(float, bool)
    # Whether it is taken back.
    ended = Signal(bool)
    # A share of the map's range for the pixel that is pinned, and whether the key went down anew.
    nudged = Signal(float, bool)

    def __init__(self, view: WorldView, is_on_pixel: Callable[[QPointF], bool]) -> None:
        super().__init__(view)
        self._view, self._is_on_pixel = view, is_on_pixel
        self._is_active = self._has_begun = False
        self._last: QPointF | None = None
        self._share = 0.0

    def set_active(self, is_active: bool) -> None:
        """Take drags from now on, or no more."""
        if is_active == self._is_active:
            return
        self._is_active = is_active
        for watched in (self._view, self._view.viewport()):
            if is_active:
                watched.installEventFilter(self)
            else:
                watched.removeEventFilter(self)
        if is_active:
            self._view.viewport().setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            self._view.viewport().unsetCursor()
            self._end(is_taken_back=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return whether an event was ours."""
        if isinstance(event, QMouseEvent) and watched is self._view.viewport():
            return self._take_mouse(event)
        if isinstance(event, QKeyEvent):
            return self._take_key(event)
        if event.type() in _ENDS:
            self._end(is_taken_back=False)
        return False

    def _take_mouse(self, event: QMouseEvent) -> bool:
        if event.type() in _PRESSES:
            return self._press(event)
        if self._last is None:
            return False
        if event.type() == QEvent.Type.MouseMove and event.buttons() & LEFT:
            self._move(event)
        elif event.type() == QEvent.Type.MouseMove or event.button() is LEFT:
            self._release(event)
        return True

    def _press(self, event: QMouseEvent) -> bool:
        """Begin where a pixel is; while it is dragged, other buttons do nothing."""
        is_begun = self._last is not None
        if is_begun or event.button() is not LEFT or not self._is_on_pixel(event.position()):
            return is_begun
        self._view.mouse_moved.emit(event.position())  # what is dragged is what is pointed at
        self._last, self._share, self._has_begun = event.position(), 0.0, False
        return True

    def _move(self, event: QMouseEvent) -> None:
        assert self._last is not None  # noqa: S101 - asked by who calls
        rise = self._last.y() - event.position().y()
        is_new = not self._has_begun
        if is_new and abs(rise) < SLACK:
            return
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._has_begun, self._last = True, event.position()
        self._share += rise / FULL_RANGE * (FINE if is_fine else 1)
        if rise:
            self.dragged.emit(self._share, is_new)

    def _release(self, event: QMouseEvent) -> None:
        pressed, has_begun = self._last, self._has_begun
        self._end(is_taken_back=False)
        is_click = event.type() == QEvent.Type.MouseButtonRelease and pressed and not has_begun
        if is_click and pressed and (event.position() - pressed).manhattanLength() < SLACK:
            self._view.clicked.emit(event.position())
        self._view.mouse_moved.emit(event.position())

    def _take_key(self, event: QKeyEvent) -> bool:
        is_press = event.type() == QEvent.Type.KeyPress
        if event.key() == Qt.Key.Key_Escape and self._last is not None:
            event.accept()  # no shortcut
            if is_press:
                self._end(is_taken_back=True)
            return True
        modifiers = event.modifiers()
        if is_press and modifiers & Qt.KeyboardModifier.AltModifier and event.key() in _KEYS:
            is_fine = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            share = _KEYS[Qt.Key(event.key())] * (FINE if is_fine else 1)
            self.nudged.emit(share, not event.isAutoRepeat())
            return True
        return False

    def _end(self, *, is_taken_back: bool) -> None:
        was_begun, self._last, self._has_begun = self._has_begun, None, False
        if was_begun:
            self.ended.emit(is_taken_back)
