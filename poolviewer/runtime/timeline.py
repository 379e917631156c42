"""Go back and forth in a source: the part of the controller that speaks of time."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from poolviewer.core.timeline import ReplayLimits, Seek
from poolviewer.runtime.replay import TransportBoxes
from poolviewer.runtime.store import Store

NEWS_MS = 100


class TimelineController(QObject):
    """Asks for other frames, the newest wish only, and keeps the state's timeline.

    Parameters
    ----------
    store
        The window's state.
    freeze
        Freezes the source, or lets it go on.
    """

    seek_requested = Signal()
    hold_requested = Signal(bool)
    looping_changed = Signal(bool)
    replay_limited = Signal(object)

    def __init__(self, store: Store, freeze: Callable[[bool], None]) -> None:
        super().__init__()
        self.boxes = TransportBoxes.empty()
        self._store = store
        self._freeze = freeze
        self._generation = 0
        self._is_told = True
        self._pause = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._pause.timeout.connect(self.on_moved)

    @Slot(int)
    def step(self, count: int) -> None:
        """Freeze, and show the frame or picture ``count`` further on."""
        source = self._store.state.source
        if source is None:
            return
        if source.is_moving:
            self._freeze(True)
        # A wish that waits still is gone further than that, not replaced: no step is lost.
        waiting = self.boxes.seeks.take() or Seek()
        self._wish(waiting.further(count))

    @Slot(int)
    def seek(self, index: int) -> None:
        """Show a frame; a live source freezes, a video that plays goes on from there."""
        source = self._store.state.source
        if source is not None:
            if source.is_live and not self._store.state.is_frozen:
                self._freeze(True)
            self._wish(Seek(index))

    @Slot(bool)
    def hold(self, is_held: bool) -> None:
        """Let a video wait as long as its timeline is held."""
        source = self._store.state.source
        if source is not None and source.kind == "video" and not self._store.state.is_frozen:
            self.hold_requested.emit(is_held)

    @Slot(bool)
    def set_looping(self, is_looping: bool) -> None:
        """Begin again after a video's last frame, or stop at it."""
        self._store.update(is_looping=is_looping)
        self.looping_changed.emit(is_looping)

    @Slot(object)
    def limit_replay(self, limits: ReplayLimits) -> None:
        """Keep so much of a live source, at once."""
        self.replay_limited.emit(limits)

    def begin(self, generation: int) -> None:
        """Accept the timeline of a new source from now on."""
        self._generation = generation

    def stop_telling(self) -> None:
        """Show nothing any more: the window closes."""
        self._is_told = False
        self._pause.stop()

    @Slot()
    def on_moved(self) -> None:
        """Show the newest timeline, but not more often than a person can read."""
        if self._pause.isActive() or not self._is_told:
            return  # the box stays full, and wakes nobody until then
        timeline = self.boxes.timelines.take()
        if timeline is not None:
            self._pause.start()
            if timeline.generation >= self._generation:
                self._store.update(timeline=timeline)

    @Slot(int)
    def on_paused(self, generation: int) -> None:
        """Show that a video has stopped at its end."""
        if generation == self._generation:
            self._store.update(is_frozen=True)

    def _wish(self, seek: Seek) -> None:
        if self.boxes.seeks.put(seek):
            self.seek_requested.emit()
