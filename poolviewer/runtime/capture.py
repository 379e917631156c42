"""Read frames in a thread of their own; the newest wins."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot

from poolviewer.core.camera_format import device_of
from poolviewer.core.errors import SourceError
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Failure, Frame, SourceInfo, SourceRequest
from poolviewer.core.protocols import Film, FrameSource, SourceFactory
from poolviewer.core.timeline import ReplayLimits
from poolviewer.core.watchdog import retry_delay_s
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.live import LONGEST_WAIT_S, LiveFeed
from poolviewer.runtime.pace import CHECK_MS, Pace
from poolviewer.runtime.replay import Replay, TransportBoxes
from poolviewer.runtime.threads import Worker

_SLICE_S = 0.05  # of a long way; then other wishes are heard
_PATIENCE_S = 0.25  # for a frame that is on its way when a newer one is wished for
_FROZEN_WAIT_S = 0.02  # for a frame that nobody sees, while a person looks back


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A live source whose first frame is waited for, while the one before goes on."""

    feed: LiveFeed
    location: str
    generation: int


class CaptureWorker(Worker):
    """Opens sources and reads their frames at their own pace, or as they arrive.

    A new source replaces the old one only once its first frame has been read: a file that cannot
    be opened leaves the camera running. Only the camera on air is replaced at once when it is
    wished for again, because a device opens once. A live source that falls silent stays, and is
    connected anew until its frames come again; see `poolviewer.core.watchdog`.

    Parameters
    ----------
    open_source
        Makes a source, not yet open, from a request.
    frames, previews
        Where the newest frame is left, for the network and for the window; `captured` and
        `previewed` are emitted when the box was empty.
    transport
        Where wishes for other frames come from, and where it is told what is shown; `moved` is
        emitted when that box was empty.
    pace
        Says when a live source may be read again; always if not given.
    """

    opened = Signal(object, int)
    captured = Signal()
    previewed = Signal()
    recovered = Signal()
    failed = Signal(object)
    moved = Signal()
    paused = Signal(int)

    def __init__(
        self,
        open_source: SourceFactory,
        frames: Latest[Frame],
        previews: Latest[Frame],
        transport: TransportBoxes | None = None,
        pace: Pace | None = None,
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
        self._transport = transport or TransportBoxes.empty()
        self._pace = pace or Pace()
        self._replay = Replay()
        self._is_seeking = False
        self._patience_s = 0.0
        self._feed: LiveFeed | None = None
        self._is_announced = True
        self._candidate: _Candidate | None = None

    def set_up(self) -> None:
        """Make the timer, in the thread that it belongs to."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    @Slot(object, int)
    def open(self, request: SourceRequest, generation: int) -> None:
        """Open a source and read its first frame, or say why not and keep the one before."""
        self._drop_candidate()
        try:
            source = self._open_source(request)
            if source.info.is_live:
                self._open_live(source, request.location, generation)
                return
            frame = _first_frame(source)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._refuse(sentence_of(error, "This source cannot be opened"), generation)
            return
        self._replace_source(source, request.location, generation)
        self._announce(frame)
        self._schedule()

    @Slot(bool)
    def set_frozen(self, is_frozen: bool) -> None:
        """Stop at the present frame, or go on with the newest."""
        self._is_frozen = is_frozen
        self._replay.has_played = False
        if self._feed is not None:
            self._feed.wait_at_most(_FROZEN_WAIT_S if is_frozen else LONGEST_WAIT_S)
        self._schedule()

    @Slot()
    def seek(self) -> None:
        """Show the frame of the newest wish; on a long way to it, newer wishes are heard."""
        if self._is_seeking and time.perf_counter() < self._patience_s:
            return  # or nothing would be seen while a slider is dragged; the wish waits in its box
        wish = self._transport.seeks.take()
        if wish is None or self._source is None:
            return
        if self._source.info.is_live:
            kept = self._replay.look_back(wish, self._index)
            self._steps_owed = int(kept is None and wish.steps > 0)
            if kept is not None:
                self._show(kept)
            return
        # Counted on even where a picture cannot be read: the next step goes past it.
        self._index = _within(self._source.info, wish.target(self._index))
        self._source.seek(self._index)
        self._told = ""  # every wish is answered, even twice with one sentence
        self._due_s = time.perf_counter()
        self._patience_s = self._due_s + _PATIENCE_S
        self._go_on()
        self._tell()

    @Slot(bool)
    def set_looping(self, is_looping: bool) -> None:
        """Begin again after a video's last frame, or stop at it."""
        self._replay.is_looping = is_looping
        self._replay.loop(self._source)

    @Slot(object)
    def limit_replay(self, limits: ReplayLimits) -> None:
        """Keep so much of a live source, at once."""
        self._replay.ring.limit(limits.seconds, limits.max_bytes)
        self._tell()

    def close(self) -> None:
        """Stop reading and close the source."""
        self._timer.stop()
        self._drop_candidate()
        self._close_source()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._read_candidate()
        if self._feed is not None and self._pace.should_wait():
            self._timer.start(CHECK_MS)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Read the next frame, or go a slice of a long way to it."""
        if not self._is_on_its_way():
            self._read()
            if self._source is not None:
                self._due_s += self._source.interval_s
        self._schedule()
        if not self._transport.seeks.is_empty:
            self.seek()

    def _is_on_its_way(self) -> bool:
        film = self._source
        try:
            self._is_seeking = isinstance(film, Film) and not film.approach(_SLICE_S)
        except Exception:  # noqa: BLE001 - reading says it
            self._is_seeking = False
        return self._is_seeking

    def _read(self) -> None:
        if self._source is None:
            return
        if self._feed is not None:
            self._read_live(self._feed)
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
        elif isinstance(self._source, Film):
            self._end(self._source)

    def _end(self, film: Film) -> None:
        """Pause behind the last frame of a video; one that is played from there starts over."""
        if self._replay.has_played:
            self._is_frozen = True
            self.paused.emit(self._generation)
        else:
            film.seek(0)

    def _publish(self, frame: Frame) -> None:
        """Leave a frame for the network; frames of a frozen live source are only drained."""
        assert self._source is not None  # noqa: S101 - for the type checker
        if self._is_frozen and self._source.info.is_live and not self._steps_owed:
            return
        self._steps_owed = 0
        numbered = replace(frame, generation=self._generation)
        if self._source.info.is_live:
            self._replay.ring.add(numbered)
        self._show(numbered)

    def _show(self, numbered: Frame) -> None:
        self._index = numbered.index
        self._replay.has_played = True
        if self._frames.put(numbered):
            self.captured.emit()
        if self._previews.put(numbered):
            self.previewed.emit()
        self._tell()

    def _tell(self) -> None:
        """Say where the shown frame lies in its source."""
        if self._source is None:
            return
        timeline = self._replay.timeline(self._source, self._index, self._generation)
        if self._transport.timelines.put(timeline):
            self.moved.emit()

    def _fail(self, error: Exception) -> None:
        """Say what failed, but not again while the same goes on failing."""
        self._failures += 1
        sentence = sentence_of(error, "The source cannot be read")
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(Failure("source", sentence, self._generation))

    def _schedule(self) -> None:
        """Arrange the next read: at once for live sources, at its own pace for a video."""
        if self._feed is not None:
            self._timer.start(round(self._feed.delay_s * 1000))
            return
        if self._is_seeking:
            self._timer.start(0)
            return
        is_paced = self._source is not None and self._source.info.kind == "video"
        if not is_paced or self._is_frozen:
            self._timer.stop()
            if self._candidate is not None:
                self._timer.start(0)
            return
        now = time.perf_counter()
        self._due_s = max(self._due_s, now)
        delay = retry_delay_s(self._failures - 1) if self._failures else self._due_s - now
        self._timer.start(round(delay * 1000))

    def _replace_source(self, source: FrameSource, location: str, generation: int) -> None:
        self._close_source()
        self._frames.clear()
        self._source, self._location, self._generation = source, location, generation
        self._is_announced = False
        self._failures, self._told, self._steps_owed = 0, "", 1
        self._is_seeking = False
        self._replay.begin(source)
        self._due_s = time.perf_counter() + source.interval_s

    def _announce(self, frame: Frame) -> None:
        """Tell of a new source, and leave its first frame."""
        assert self._source is not None  # noqa: S101 - for the type checker
        self._is_announced = True
        self.opened.emit(self._source.info, self._generation)
        self._publish(frame)

    def _close_source(self) -> None:
        source, self._source, self._location = self._source, None, ""
        self._feed = None
        if source is not None:
            source.close()

    # Live sources

    def _open_live(self, source: FrameSource, location: str, generation: int) -> None:
        """Begin to connect; the camera on air is let go of first, any other source goes on."""
        is_on_air = (
            self._feed is not None and device_of(location) == device_of(self._location) != ""
        )
        if is_on_air:
            self._close_source()
        try:
            source.open()
        except BaseException:
            _close_quietly(source)
            if not is_on_air:
                raise
        feed = LiveFeed(source)
        if is_on_air:
            self._replace_source(source, location, generation)
            self._feed = feed
        else:
            is_other_moving = self._source is not None and self._source.info.is_moving
            feed.wait_at_most(0.0 if is_other_moving else LONGEST_WAIT_S)
            self._candidate = _Candidate(feed, location, generation)
        self._schedule()

    def _read_candidate(self) -> None:
        """Let a new live source replace the old one with its first frame, or say why not."""
        candidate = self._candidate
        if candidate is None:
            return
        frame = candidate.feed.read()
        if frame is not None:
            self._candidate = None
            candidate.feed.wait_at_most(LONGEST_WAIT_S)
            self._replace_source(candidate.feed.source, candidate.location, candidate.generation)
            self._feed = candidate.feed
            self._announce(frame)
        elif candidate.feed.failure:
            self._drop_candidate()
            self._refuse(candidate.feed.failure, candidate.generation)
        else:
            self._tell_news(candidate.feed, candidate.generation)

    def _read_live(self, feed: LiveFeed) -> None:
        frame = feed.read()
        if frame is not None and not self._is_announced:
            self._announce(frame)
        elif frame is not None:
            self._publish(frame)
        if feed.has_recovered:
            self.recovered.emit()
        self._tell_news(feed, self._generation)

    def _tell_news(self, feed: LiveFeed, generation: int) -> None:
        sentence, is_going_on = feed.news()
        if sentence:
            self.failed.emit(Failure("source", sentence, generation, is_going_on))

    def _refuse(self, sentence: str, generation: int) -> None:
        self.failed.emit(Failure("source", sentence, generation))

    def _drop_candidate(self) -> None:
        candidate, self._candidate = self._candidate, None
        if candidate is not None:
            candidate.feed.close()


def _first_frame(source: FrameSource) -> Frame:
    """Open a source and read one frame; close it again if either fails."""
    try:
        source.open()
        return _frame_of(source)
    except BaseException:
        _close_quietly(source)
        raise


def _close_quietly(source: FrameSource) -> None:
    with suppress(SourceError):
        source.close()


def _frame_of(source: FrameSource) -> Frame:
    frame = source.read()
    if frame is None:
        raise SourceError(f"{source.info.name} holds no picture: choose another one.")
    return frame


def _within(info: SourceInfo, index: int) -> int:
    """Clip an index to a folder's pictures; a video tells its count only once it has ended."""
    last = info.count - 1 if info.kind == "folder" and info.count else index
    return max(0, min(index, last))
