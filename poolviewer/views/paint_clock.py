"""Time how long a window takes over one frame, and tell when all of it has been painted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from poolviewer.core.meters import PaintedFrame
from poolviewer.core.rendering import Rendering


class PaintClock(QObject):
    """Measures from outside: the window says when it shows a frame and when it updates.

    Qt paints all that changed in a window in one go, when the window gets its `UpdateRequest`.
    The frame that was shown before is on the screen once that event has been handled.

    ``updated`` is emitted at once after every such event; who hears it may only look at a clock.
    ``frame_painted`` comes later, through the event queue.

    Parameters
    ----------
    window
        The top-level widget.
    """

    updated = Signal()
    frame_painted = Signal(object)
    _painted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown: Rendering | None = None
        self._waiting: Rendering | None = None
        self._show_s = 0.0
        self._skipped = 0
        # Queued: whoever hears of a paint may repaint or close, which Qt forbids during one.
        self._painted.connect(self.frame_painted, Qt.ConnectionType.QueuedConnection)

    @contextmanager
    def showing(self, rendering: Rendering) -> Iterator[None]:
        """Time how long the widgets take to be told of a rendering; the same again is no frame."""
        start_s = perf_counter()
        yield
        if rendering is self._shown:
            return
        if self._waiting is not None:
            self._skipped += self._is_exposed()
        self._shown = self._waiting = rendering
        self._show_s = perf_counter() - start_s
        # A frame that changes nothing is on the screen too. Qt merges this with its own request.
        request = QEvent(QEvent.Type.UpdateRequest)
        QCoreApplication.postEvent(self._window, request, Qt.EventPriority.LowEventPriority.value)

    def update(self, paint: Callable[[QEvent], bool], event: QEvent) -> bool:
        """Let the window paint what changed, and tell of a frame that is complete with that."""
        start_s = perf_counter()
        is_handled = paint(event)
        painted_s = perf_counter()
        waiting = self._waiting
        if waiting is not None and self._is_exposed():
            paint_s = self._show_s + painted_s - start_s
            self._waiting = None
            self._painted.emit(PaintedFrame(waiting, paint_s, painted_s, self._skipped))
            self._skipped = 0
        self.updated.emit()
        return is_handled

    def _is_exposed(self) -> bool:
        """Whether anything of the window can be seen; a minimised one paints nothing."""
        handle = self._window.windowHandle()
        return self._window.isVisible() and handle is not None and handle.isExposed()
