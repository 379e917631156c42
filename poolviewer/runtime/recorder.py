"""Draw and encode a recording in a thread of its own."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from PySide6.QtCore import Qt, QThread, Signal, Slot

from poolviewer.core.errors import ExportError
from poolviewer.core.filming import NO_ROOM, Film
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Failure
from poolviewer.core.protocols import Recorder, RecorderFactory
from poolviewer.core.recording import Recorded, RecordingSpec, Shot
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.threads import Worker


class RecordingWorker(Worker):
    """Takes the newest shot out of its box, and tells how far the file has come.

    At most one recording is open; what belongs to another is dropped by its number. Without room
    on the disk a recording ends by itself, and is complete. One that is open when the thread
    ends is completed too. A film, whose pictures are known beforehand, is drawn one picture a
    step, and is written as a whole or not at all.

    Parameters
    ----------
    create
        Opens a recording; runs in the worker's thread.
    shots
        Where the figures to draw are left.
    load
        Loads FFmpeg's libraries, where that may be done before there is anything to record.
    """

    progressed = Signal(int, int, object)  # sizes are beyond 2**31
    recorded = Signal(object, int)
    failed = Signal(object)
    _scene_due = Signal(int)

    def __init__(
        self, create: RecorderFactory, shots: Latest[Shot], load: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        self._create = create
        self._shots = shots
        self._load = load
        self._recorder: Recorder | None = None
        self._spec = RecordingSpec("")
        self._number = 0
        self._last_s = 0.0
        self._scenes: Iterator[tuple[object, float]] | None = None
        # Queued: what was wished meanwhile comes between two pictures.
        self._scene_due.connect(self.draw_scene, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Complete what is open; leave nothing of a film."""
        if self._scenes is not None:
            self.cancel(self._number)
        elif self._recorder is not None:
            self._finish(self._last_s)

    @Slot()
    def load(self) -> None:
        """Be ready for a recording; what fails now fails again, and is told, when one begins."""
        if self._load is not None and not self._is_stopping():
            with suppress(Exception):
                self._load()

    @Slot(object, int)
    def begin(self, spec: RecordingSpec, number: int) -> None:
        """Open a recording."""
        self._spec, self._number, self._last_s = spec, number, 0.0
        self._scenes = None
        try:
            self._recorder = self._create(spec)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail(error)

    @Slot(object, int)
    def film(self, film: Film, number: int) -> None:
        """Open a film, and draw its pictures one after the other."""
        self.begin(film.spec, number)
        if self._recorder is not None:
            self._scenes = film.scenes()
            self._scene_due.emit(number)

    @Slot(int)
    def draw_scene(self, number: int) -> None:
        """Draw and encode the next picture of a film, or complete it; one short step."""
        if number != self._number or self._scenes is None or self._is_stopping():
            return
        try:
            scene = self._next_scene(self._scenes)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail(error)
            return
        if scene is None:
            self._finish(self._spec.longest_s)
        else:
            self._add(Shot(*scene, number))
            self._scene_due.emit(number)

    @Slot()
    def process(self) -> None:
        """Draw and encode the newest shot; one short step."""
        shot = self._shots.take()
        is_ours = shot is not None and shot.recording == self._number
        if shot is None or not is_ours or self._is_stopping():
            return
        self._add(shot)

    @Slot(float, int)
    def finish(self, end_s: float, number: int) -> None:
        """Take the last shot, and complete the file; the last picture stays until its end."""
        if number == self._number:
            self.process()
            self._finish(end_s)

    @Slot(int)
    def cancel(self, number: int) -> None:
        """Leave nothing of a recording."""
        if number == self._number and self._recorder is not None:
            recorder, self._recorder, self._scenes = self._recorder, None, None
            recorder.abort()

    def _next_scene(self, scenes: Iterator[tuple[object, float]]) -> tuple[object, float] | None:
        """Return what comes next; None behind the last. Half a film is none."""
        scene = next(scenes, None)
        if scene is not None and self._recorder is not None and self._recorder.is_full:
            raise ExportError(NO_ROOM)
        return scene

    def _is_stopping(self) -> bool:
        return QThread.currentThread().isInterruptionRequested()

    def _add(self, shot: Shot) -> None:
        recorder = self._recorder
        if recorder is None:
            return
        try:
            recorder.add(shot.request, shot.time_s)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail(error)
            return
        self._last_s = shot.time_s
        self.progressed.emit(self._number, recorder.frames, recorder.size_bytes)
        if recorder.is_full and self._scenes is None:
            self._finish(shot.time_s, is_cut_short=True)

    def _finish(self, end_s: float, *, is_cut_short: bool = False) -> None:
        recorder, self._recorder = self._recorder, None
        is_film, self._scenes = self._scenes is not None, None
        if recorder is None:
            return
        try:
            recorder.finish(end_s)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail(error)
            return
        length_s = max(end_s, self._last_s + 1 / self._spec.frames_per_s)
        recorded = Recorded(
            self._spec.path,
            length_s,
            recorder.frames,
            recorder.size_bytes,
            is_cut_short,
            "Animation" if is_film else "Recording",
        )
        self.recorded.emit(recorded, self._number)

    def _fail(self, error: Exception) -> None:
        recorder, self._recorder = self._recorder, None
        what = "recording" if self._scenes is None else "animation"
        self._scenes = None
        if recorder is not None:
            recorder.abort()
        sentence = sentence_of(error, f"The {what} failed")
        self.failed.emit(Failure("recording", sentence, self._number))
