"""Measure the stream of frames, and tell the window a few times a second how fast it goes."""

from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot

from poolviewer.core.messages import Frame
from poolviewer.core.meters import Durations, Meters, PaintedFrame, Rate, Spread
from poolviewer.core.rendering import Rendering
from poolviewer.runtime.gaps import GapWatch
from poolviewer.runtime.inference import Mailboxes
from poolviewer.runtime.store import Store

INTERVAL_MS = 250
GAP_WINDOW_S = 5.0


class Metering(QObject):
    """Counts frames from the source to the screen; lives in the user interface thread.

    Parameters
    ----------
    store
        Where the meters are left; its state says whether frames come by themselves.
    boxes
        The mailboxes between the threads, which count what went through and what was dropped.
    """

    def __init__(self, store: Store, boxes: Mailboxes) -> None:
        super().__init__()
        self._store = store
        self._boxes = boxes
        self._gaps = GapWatch(self)
        self._is_watched = self._has_stopped = False
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._newest: Rendering | None = None
        self._last_frame: Frame | None = None
        self.restart()

    @property
    def dropped(self) -> tuple[int, int]:
        """Frames that were overtaken before the network and before the screen, by now."""
        before_network = self._boxes.frames.dropped - self._before[0]
        before_screen = self._boxes.renderings.dropped - self._before[1]
        return before_network, before_screen + self._skipped

    @property
    def read(self) -> int:
        """Frames that the source has given since the window was opened."""
        return self._boxes.frames.count[0]

    def restart(self) -> None:
        """Forget everything: from now on, the frames of another source count."""
        self._model, self._render, self._paint = Durations(), Durations(), Durations()
        self._pauses = Durations(GAP_WINDOW_S)
        self._skipped = 0
        self._before = self._boxes.frames.dropped, self._boxes.renderings.dropped
        self._forget_pace()

    def rest(self) -> None:
        """Frames come no more, for now: tell no rate until they come again."""
        self._forget_pace()
        if self._newest is not None and not self._has_stopped:
            self._publish()

    def stop(self) -> None:
        """Measure no more; the window is closed, and what still arrives is not told."""
        self._has_stopped = True
        self._timer.stop()
        self._gaps.stop()

    @Slot(object)
    def on_frame_painted(self, painted: PaintedFrame) -> None:
        """Count a frame that has just been painted; tell it at once unless others were."""
        if self._has_stopped:
            return
        self._note(painted)
        if not self._timer.isActive():
            self._publish()
            self._timer.start()

    @Slot(bool)
    def watch(self, is_watched: bool) -> None:
        """Look for pauses of the window too, as long as somebody looks at them."""
        if self._has_stopped:
            return
        self._is_watched = is_watched
        if is_watched:
            self._pauses = Durations(GAP_WINDOW_S)
            self._gaps.start()
            self._timer.start()
        else:
            self._gaps.stop()
        self._publish()

    @Slot()
    def _on_timer_timeout(self) -> None:
        before = self._store.state.meters
        self._publish()
        is_still = not self._is_live and self._store.state.meters == before
        if is_still and not self._is_watched:
            self._timer.stop()

    @property
    def _is_live(self) -> bool:
        state = self._store.state
        return state.source is not None and state.source.is_moving and not state.is_frozen

    def _note(self, painted: PaintedFrame) -> None:
        activations, now_s = painted.rendering.activations, painted.painted_s
        self._newest = painted.rendering
        self._model.add(now_s, activations.model_s)
        self._render.add(now_s, painted.rendering.render_s)
        self._paint.add(now_s, painted.paint_s)
        self._skipped += painted.skipped
        # Another colour map or network on the frame before is no new frame.
        if self._is_live and activations.frame is not self._last_frame:
            self._count += 1
            self._painted.add(now_s, self._count)
            self._latency.add(now_s, now_s - activations.frame.captured_s)
        self._last_frame = activations.frame

    def _publish(self) -> None:
        self._store.update(meters=self._meters(perf_counter()))

    def _meters(self, now_s: float) -> Meters:
        self._mark_source()
        is_live = self._is_live and self._newest is not None
        painted_per_s = self._painted.at(now_s)
        return Meters(
            is_live=is_live,
            source_per_s=self._source.at(now_s) if is_live else 0.0,
            painted_per_s=painted_per_s if is_live else 0.0,
            model_s=self._model.spread(now_s).median_s,
            render_s=self._render.spread(now_s).median_s,
            paint_s=self._paint.spread(now_s).median_s,
            latency=self._latency.spread(now_s) if is_live and painted_per_s else Spread(),
            dropped_before_network=self.dropped[0],
            dropped_before_screen=self.dropped[1],
            longest_gap_s=self._longest_pause(now_s) if self._is_watched else None,
            sizes=_sizes(self._newest),
        )

    def _longest_pause(self, now_s: float) -> float:
        self._gaps.stop()
        self._pauses.add(now_s, self._gaps.longest())
        self._gaps.start()
        return self._pauses.longest(now_s)

    def _forget_pace(self) -> None:
        self._source, self._painted, self._latency = Rate(), Rate(), Durations()
        self._count = 0
        self._last_frame = None
        self._mark_source()

    def _mark_source(self) -> None:
        count, time_s = self._boxes.frames.count
        self._source.add(time_s, count)


def _sizes(rendering: Rendering | None) -> tuple[tuple[int, ...], ...]:
    if rendering is None:
        return ()
    made = rendering.activations
    return made.prepared.values.shape, made.feature_maps.shape, made.pooled_maps.shape
