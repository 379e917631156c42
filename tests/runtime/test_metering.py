"""Metering: what the mailboxes count and the window paints, told a few times a second."""

from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest

from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.meters import Meters, PaintedFrame
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.inference import Mailboxes
from poolviewer.runtime.metering import Metering
from poolviewer.runtime.store import Store
from tests.runtime.recording_views import RecordingViews
from tests.views.renderings import rendering_of

CAMERA = SourceInfo("camera 0", "camera")
PICTURE = SourceInfo("a.png", "picture", 1)
RENDERING = rendering_of()


class Bench:
    """Metering with everything it talks to."""

    def __init__(self, source):
        self.views, self.boxes = RecordingViews(), Mailboxes.empty()
        self.store = Store(self.views, ViewState(source=source))
        self.metering = Metering(self.store, self.boxes)

    def flows(self):
        """Whether a rate is told, while frames go on coming."""
        self.read()
        self.boxes.frames.take()
        self.paint()
        return self.meters.painted_per_s > 0

    @property
    def meters(self):
        return self.store.state.meters

    def read(self, count=1):
        """Let frames arrive that nobody takes."""
        for _ in range(count):
            self.boxes.frames.put(Frame(np.zeros((1, 1, 3), np.uint8), CAMERA))

    def paint(self, *, latency_s=0.01, paint_s=0.002, skipped=0, frame=None):
        now = perf_counter()
        frame = frame or replace(
            RENDERING.activations.frame, captured_s=now - latency_s, source=CAMERA
        )
        made = replace(RENDERING.activations, frame=frame, model_s=0.0006)
        rendering = replace(RENDERING, activations=made, render_s=0.0003)
        self.metering.on_frame_painted(PaintedFrame(rendering, paint_s, now, skipped))
        return frame


@pytest.fixture
def live(qapp):
    bench = Bench(CAMERA)
    yield bench
    bench.metering.stop()


@pytest.fixture
def still(qapp):
    bench = Bench(PICTURE)
    yield bench
    bench.metering.stop()


def test_the_first_frame_is_told_at_once_and_the_rest_now_and_then(live, qtbot):
    live.paint()
    assert live.meters.model_s == pytest.approx(0.0006)
    assert live.views.take() == ["meters"]
    for _ in range(50):
        live.read()
        live.paint()
    assert live.views.take() == []
    qtbot.waitUntil(live.flows)
    assert len(live.views.take()) <= 2
    assert live.meters.source_per_s > 0
    assert live.meters.render_s == pytest.approx(0.0003)
    assert live.meters.paint_s == pytest.approx(0.002)
    assert live.meters.latency.median_s == pytest.approx(0.01)
    assert live.meters.sizes == tuple(
        values.shape
        for values in (
            RENDERING.activations.prepared.values,
            RENDERING.activations.feature_maps,
            RENDERING.activations.pooled_maps,
        )
    )


def test_the_rate_falls_to_nothing_by_itself(live, qtbot):
    qtbot.waitUntil(live.flows)
    qtbot.waitUntil(lambda: live.meters.painted_per_s == 0)
    assert live.meters.is_live
    assert live.meters.source_per_s == 0
    assert live.meters.latency.median_s == 0
    assert live.meters.model_s > 0


def test_drops_are_told_by_place_and_only_those_of_this_source(live):
    live.read(4)
    live.metering.restart()
    live.read(5)
    live.boxes.renderings.put(RENDERING)
    live.boxes.renderings.put(RENDERING)
    live.paint(skipped=2)
    assert live.meters.dropped_before_network == 5
    assert live.meters.dropped_before_screen == 3
    live.metering.restart()
    live.metering.rest()
    assert live.meters.dropped == 0


def test_frames_that_rest_have_no_rate(live, qtbot):
    qtbot.waitUntil(live.flows)
    live.store.update(is_frozen=True)
    live.metering.rest()
    assert live.meters == replace(
        Meters(), model_s=0.0006, render_s=0.0003, paint_s=live.meters.paint_s,
        sizes=live.meters.sizes,
    )  # fmt: skip


def test_a_source_that_falls_silent_has_no_rate_at_once(live, qtbot):
    qtbot.waitUntil(live.flows)
    live.metering.rest()
    assert live.meters.is_live
    assert live.meters.painted_per_s == live.meters.source_per_s == 0
    assert live.meters.latency.p95_s == 0


def test_other_colours_on_the_same_frame_are_no_new_frame(live):
    frame = live.paint()
    for _ in range(5):
        live.paint(frame=frame)
    live.metering.watch(False)  # it tells all that it knows by now
    assert live.meters.painted_per_s == 0
    live.paint()
    live.metering.watch(False)
    assert live.meters.painted_per_s > 0


def test_a_picture_tells_its_times_but_no_rates_and_then_nothing(still, qtbot):
    still.paint()
    assert still.meters.model_s > 0
    assert still.meters.paint_s > 0
    assert not still.meters.is_live
    assert still.meters.latency.median_s == 0
    qtbot.waitUntil(lambda: not still.metering._timer.isActive())
    still.views.take()
    still.paint(paint_s=0.5)
    assert still.meters.paint_s > 0.002


def test_pauses_are_measured_only_while_somebody_looks(still, qtbot):
    still.paint()
    assert still.meters.longest_gap_s is None
    still.metering.watch(True)
    qtbot.waitUntil(lambda: bool(still.meters.longest_gap_s))
    end_s = perf_counter() + 0.06
    while perf_counter() < end_s:
        pass  # the window does not answer
    qtbot.waitUntil(lambda: still.meters.longest_gap_s >= 0.05)
    still.metering.watch(False)
    assert still.meters.longest_gap_s is None
    assert not still.metering._gaps._timer.isActive()
    qtbot.waitUntil(lambda: not still.metering._timer.isActive())


def test_behind_a_closed_window_nothing_is_told(live, qtbot):
    live.metering.stop()
    live.views.take()
    live.paint()
    live.metering.watch(False)
    live.metering.rest()
    assert live.views.take() == []
    assert not live.metering._timer.isActive()
