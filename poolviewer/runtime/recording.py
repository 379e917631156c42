"""Record what is shown: the part of the controller that speaks with the recording thread."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from poolviewer.core.filming import Film
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Failure
from poolviewer.core.recording import (
    Recorded,
    RecordingChoices,
    RecordingProgress,
    RecordingSpec,
    Shot,
    time_of,
)
from poolviewer.core.view_state import Notice, ViewState
from poolviewer.runtime.store import Store

if TYPE_CHECKING:
    from poolviewer.core.laboratory.stepping import Stepping

Snapshot = Callable[[ViewState, float], object]
Filming = Callable[[ViewState, RecordingSpec], Film]
NO_WALK = "There is nothing to animate yet: choose Step through in the Laboratory menu first."
IS_BUSY = "A recording is going on: stop it before an animation is made."
LONGEST_TICK_MS = 100


class RecordingController(QObject):
    """Looks at the state at a steady rate, and leaves what changed for the recording thread.

    Nothing is drawn here. A picture that stands still leaves no shot: the one before it lasts.

    Parameters
    ----------
    store
        The window's state.
    shots
        The mailbox shared with the recording thread.
    snapshot
        Makes the wish for the figure of a state, at a scale.
    choices
        What a person chose last.
    filming
        Makes the wish for an animation of a state's step-through; of its spec, the rate is windows
        per second.
    """

    film_requested = Signal(object, int)
    load_requested = Signal()
    begin_requested = Signal(object, int)
    shot_left = Signal()
    finish_requested = Signal(float, int)
    cancel_requested = Signal(int)
    choices_changed = Signal(object)

    def __init__(
        self,
        store: Store,
        shots: Latest[Shot],
        snapshot: Snapshot,
        choices: RecordingChoices,
        filming: Filming,
    ) -> None:
        super().__init__()
        self._store = store
        self._shots = shots
        self._snapshot = snapshot
        self._choices = choices
        self._filming = filming
        self._number = 0
        self._began_s = self._last_s = self._due_s = 0.0
        self._dropped_before = 0
        self._seen: tuple[object, ...] = ()
        self._remark = ""
        self._clock = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._on_clock_timeout)

    @Slot()
    def ask(self) -> None:
        """Ask how to record; stop the recording that is going on."""
        state = self._store.state
        if state.recording is not None:
            self.stop()
        elif state.rendering is None:
            sentence = "There is nothing to record yet: open a picture, a video or a camera first."
            self._store.update(notice=Notice(sentence, is_error=True))
        else:
            self.load_requested.emit()  # while the person chooses, nothing is recorded yet
            self._store.views.ask_recording(self._choices)

    @Slot()
    def ask_animation(self) -> None:
        """Ask how to animate the step-through that is on."""
        count, finding = self._walk_length(), self._store.state.latest_finding
        if self._store.state.recording is not None:
            self._store.update(notice=Notice(IS_BUSY, is_error=True))
        elif not count or (finding and finding.obstacle):
            sentence = finding.obstacle if count and finding else NO_WALK
            self._store.update(notice=Notice(sentence, is_error=True))
        else:
            self.load_requested.emit()
            self._store.views.ask_animation(self._choices, count)

    @Slot(object, object)
    def animate(self, spec: RecordingSpec, choices: RecordingChoices) -> None:
        """Make an animation of the step-through as it is now; remember what was chosen."""
        self._choices = choices
        self.choices_changed.emit(choices)
        if self._store.state.recording is not None or not self._walk_length():
            return
        film = self._filming(self._store.state, spec)
        self._number += 1
        self._remark, self._dropped_before = film.remark, self._shots.dropped
        progress = RecordingProgress(film.spec, count=film.count)
        notice = self._store.notice_unless("recording")
        self._store.update(recording=progress, notice=notice)
        self.film_requested.emit(film, self._number)

    @Slot(object, object)
    def start(self, spec: RecordingSpec, choices: RecordingChoices) -> None:
        """Record from now on; remember what was chosen."""
        self._choices = choices
        self.choices_changed.emit(choices)
        if self._store.state.recording is not None or self._store.state.rendering is None:
            return
        self._number += 1
        self._shots.clear()
        self._dropped_before = self._shots.dropped
        self._began_s, self._last_s, self._due_s = time.perf_counter(), 0.0, 0.0
        self._seen, self._remark = (), ""
        notice = self._store.notice_unless("recording")
        self._store.update(recording=RecordingProgress(spec), notice=notice)
        self.begin_requested.emit(spec, self._number)
        self._clock.start(max(1, min(round(1000 / spec.frames_per_s), LONGEST_TICK_MS)))
        self._on_clock_timeout()

    @Slot()
    def stop(self) -> None:
        """Complete the file; call an animation off, of which a part is of no use."""
        recording = self._store.state.recording
        if recording is None or recording.is_ending:
            return
        if recording.count:
            self.cancel()
            return
        self._clock.stop()
        end_s = min(self._now_s, recording.spec.longest_s)
        self._show(elapsed_s=end_s, is_ending=True)
        self.finish_requested.emit(end_s, self._number)

    @Slot()
    def cancel(self) -> None:
        """Leave nothing of the recording."""
        recording = self._store.state.recording
        if recording is not None and not recording.is_ending:
            self.cancel_requested.emit(self._number)
            what = "animation" if recording.count else "recording"
            self._end(Notice(f"The {what} was cancelled: nothing was saved."))

    @Slot(int, int, object)
    def on_progressed(self, number: int, frames: int, size_bytes: int) -> None:
        if number == self._number:
            self._show(frames=frames, size_bytes=size_bytes)

    @Slot(object, int)
    def on_recorded(self, recorded: Recorded, number: int) -> None:
        """Say what was saved."""
        if number == self._number:  # even one that was cancelled too late
            sentence = recorded.in_words(self._left_out)
            told = f"{sentence} {self._remark}".rstrip()
            self._end(Notice(told, is_error=recorded.is_cut_short))

    @Slot(object)
    def on_failed(self, failure: Failure) -> None:
        """Say why there is no recording."""
        if failure.generation == self._number and self._store.state.recording is not None:
            self._end(Notice(failure.sentence, is_error=True, where="recording"))

    def _walk_length(self) -> int:
        """Return how many windows the step-through has that is on; 0 where there is none."""
        state = self._store.state
        if state.experiment is None or state.experiment.mode != "stepping" or not state.rendering:
            return 0
        # Not imported above: the window opens without the modes of the laboratory.
        stepping = cast("Stepping", state.experiment)
        return len(stepping.positions(state.rendering.activations.stage))

    @property
    def _now_s(self) -> float:
        return time.perf_counter() - self._began_s

    @property
    def _left_out(self) -> int:
        return self._shots.dropped - self._dropped_before

    @Slot()
    def _on_clock_timeout(self) -> None:
        recording, now_s = self._store.state.recording, self._now_s
        if recording is None:
            return
        if now_s >= recording.spec.longest_s:
            self.stop()
            return
        self._show(elapsed_s=now_s)
        # The clock ticks at whole milliseconds; a quarter of a tick early is not too early.
        tick_s = self._clock.interval() / 1000
        if now_s >= self._due_s - tick_s / 4:
            self._due_s = max(self._due_s + 1 / recording.spec.frames_per_s, now_s)
            self._leave_shot(recording.spec.scale, now_s)

    def _leave_shot(self, scale: float, now_s: float) -> None:
        """Leave the figure to draw, unless it is the one before."""
        state = self._store.state
        if state.rendering is None:
            return
        activations, display = state.rendering.activations, state.display
        # Of the display, only what is seen in the figure: the gallery's page is not.
        colours = (display.colour_map, display.levels_mode, display.is_mirrored, display.order)
        finding = state.rendering.finding
        seen = (state.channel, state.explained, state.pinned is None, colours, finding)
        is_new = not self._seen or self._seen[0] is not activations
        if not is_new and self._seen[1:] == seen:
            return
        captured_s = activations.frame.captured_s - self._began_s
        time_s = time_of(captured_s if is_new else 0.0, now_s, self._last_s) if self._seen else 0.0
        self._seen, self._last_s = (activations, *seen), time_s
        shot = Shot(self._snapshot(state, scale), time_s, self._number)
        if self._shots.put(shot):
            self.shot_left.emit()

    def _show(self, **changes: object) -> None:
        recording = self._store.state.recording
        if recording is not None:
            left_out = self._left_out
            changed = replace(recording, left_out=left_out, **changes)  # type: ignore[arg-type]
            self._store.update(recording=changed)

    def _end(self, notice: Notice) -> None:
        self._clock.stop()
        self._seen = ()
        self._store.update(recording=None, notice=notice)
