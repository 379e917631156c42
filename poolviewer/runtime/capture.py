"""Read frames in a thread of their own; the newest wins."""

import time
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot

from poolviewer.core.errors import SourceError
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Failure, Frame, SourceInfo, SourceRequest
from poolviewer.core.protocols import FrameSource, SourceFactory
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.threads import Worker

_FIRST_RETRY_S = 0.5
_LONGEST_RETRY_S = 4.0


class CaptureWorker(Worker):
    """Opens sources and reads their frames at their own pace, or as they arrive.

    A new source replaces the old one only once its first frame has been read: a file that cannot
    be opened leaves the camera running.

    Parameters
    ----------
    open_source
        Makes a source, not yet open, from a request.
    frames, previews
        Where the newest frame is left, for the network and for the window; `captured` and
        `previewed` are emitted when the box was empty.
    """

    opened = Signal(object, int)
    captured = Signal()
    previewed = Signal()
    recovered = Signal()
    failed = Signal(object)

    def __init__(
        self, open_source: SourceFactory, frames: Latest[Frame], previews: Latest[Frame]
    ) -> None:
        super().__init__()
        self._open_source = open_source
        self._frames = frames
        self._previews = previews
        self._source: FrameSource | None = None
        self._location = ""
        self._generation = 0
        self._index = 0
        self._is_frozen = False
        self._steps_owed = 0
        self._failures = 0
        self._told = ""
        self._due_s = 0.0

    def set_up(self) -> None:
        """Make the timer, in the thread that it belongs to."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    @Slot(object, int)
    def open(self, request: SourceRequest, generation: int) -> None:
        """Open a source and read its first frame, or say why not and keep the one before."""
        if self._is_on_air(request.location):
            self._close_source()  # a device opens only once
        try:
            source = self._open_source(request)
            frame = _first_frame(source)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            sentence = sentence_of(error, "This source cannot be opened")
            self.failed.emit(Failure("source", sentence, generation))
            return
        self._replace_source(source, request.location, generation)
        self.opened.emit(source.info, generation)
        self._publish(frame)
        self._schedule()

    @Slot(bool)
    def set_frozen(self, is_frozen: bool) -> None:
        """Stop at the present frame, or go on with the newest."""
        self._is_frozen = is_frozen
        self._schedule()

    @Slot(int)
    def step(self, count: int) -> None:
        """Show the frame or picture ``count`` further on; a live source shows its next frame."""
        if self._source is None:
            return
        if self._source.info.is_live:
            self._steps_owed = 1
            return
        # Counted on even where a picture cannot be read: the next step goes past it.
        self._index = _within(self._source.info, self._index + count)
        self._source.seek(self._index)
        self._told = ""  # every wish is answered, even twice with one sentence
        self._read()

    def close(self) -> None:
        """Stop reading and close the source."""
        self._timer.stop()
        self._close_source()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._read()
        if self._source is not None:
            self._due_s += self._source.interval_s
        self._schedule()

    def _read(self) -> None:
        if self._source is None:
            return
        try:
            frame = self._source.read()
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail(error)
            return
        if self._failures:
            self._failures, self._told = 0, ""
            self.recovered.emit()
        if frame is not None:
            self._publish(frame)

    def _publish(self, frame: Frame) -> None:
        """Leave a frame for the network; frames of a frozen live source are only drained."""
        assert self._source is not None  # noqa: S101 - for the type checker
        if self._is_frozen and self._source.info.is_live and not self._steps_owed:
            return
        self._steps_owed = 0
        self._index = frame.index
        numbered = replace(frame, generation=self._generation)
        if self._frames.put(numbered):
            self.captured.emit()
        if self._previews.put(numbered):
            self.previewed.emit()

    def _fail(self, error: Exception) -> None:
        """Say what failed, but not again while the same goes on failing."""
        self._failures += 1
        sentence = sentence_of(error, "The source cannot be read")
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(Failure("source", sentence, self._generation))

    def _schedule(self) -> None:
        """Arrange the next read: at once for live sources, at its own pace for a video."""
        if self._source is None:
            return
        info = self._source.info
        is_paced = info.kind == "video" and not self._is_frozen
        if not info.is_live and not is_paced:
            self._timer.stop()
            return
        now = time.perf_counter()
        self._due_s = max(self._due_s, now)
        delay = _retry_delay(self._failures) if self._failures else self._due_s - now
        self._timer.start(round(delay * 1000))

    def _replace_source(self, source: FrameSource, location: str, generation: int) -> None:
        self._close_source()
        self._frames.clear()
        self._source, self._location, self._generation = source, location, generation
        self._failures, self._told, self._steps_owed = 0, "", 1
        self._due_s = time.perf_counter() + source.interval_s

    def _is_on_air(self, location: str) -> bool:
        is_camera = self._source is not None and self._source.info.kind == "camera"
        return is_camera and location == self._location

    def _close_source(self) -> None:
        source, self._source, self._location = self._source, None, ""
        if source is not None:
            source.close()


def _first_frame(source: FrameSource) -> Frame:
    """Open a source and read one frame; close it again if either fails."""
    try:
        source.open()
        return _frame_of(source)
    except BaseException:
        with suppress(SourceError):
            source.close()
        raise


def _frame_of(source: FrameSource) -> Frame:
    frame = source.read()
    if frame is None:
        raise SourceError(f"{source.info.name} holds no picture: choose another one.")
    return frame


def _within(info: SourceInfo, index: int) -> int:
    """Clip an index to a folder's pictures; a video tells its count only once it has ended."""
    last = info.count - 1 if info.kind == "folder" and info.count else index
    return max(0, min(index, last))


def _retry_delay(failures: int) -> float:
    return float(min(_FIRST_RETRY_S * 2 ** min(failures - 1, 8), _LONGEST_RETRY_S))
