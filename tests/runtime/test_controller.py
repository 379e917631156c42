"""The controller: one state, and only its differences are shown."""

from dataclasses import replace

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import (
    CameraList,
    Failure,
    Frame,
    SourceInfo,
    SourceRequest,
    Versions,
)
from poolviewer.core.network import NetworkSpec
from poolviewer.core.ordering import Ordering
from poolviewer.core.rendering import render
from poolviewer.core.trace import FeatureTrace, PooledTrace
from poolviewer.core.view_state import Notice, ViewState
from poolviewer.model.engine import KerasEngine
from poolviewer.runtime.controller import LOADING, Controller
from poolviewer.runtime.inference import Mailboxes
from poolviewer.sources.prepare import prepare

from .recording_views import RecordingViews

SMALL = NetworkSpec(InputSpec(12, 12), filters=3)  # 10×10 → 5×5
TINY = NetworkSpec(InputSpec(6, 6), filters=2)  # 4×4 → 2×2
PICTURE = SourceInfo("a.png", "picture", 1)
CAMERA = SourceInfo("camera 0", "camera")
VIDEO = SourceInfo("a.avi", "video", 9)
IMPOSSIBLE = replace(SMALL, kernel_size=(13, 13))


@pytest.fixture(scope="module")
def activations():
    """Return what TensorFlow makes of a random picture, for each network once."""
    engine, made = KerasEngine(), {}

    def of(network, index=0):
        if (network, index) not in made:
            engine.configure(network, 0, 2**30)
            picture = np.random.default_rng(index).integers(0, 256, (20, 30, 3), np.uint8)
            frame = Frame(picture, PICTURE, index)
            made[network, index] = engine.run(frame, prepare(frame, network.input))
        return made[network, index]

    return of


class House:
    """A controller with everything it talks to."""

    def __init__(self, activations, state):
        self.views, self.boxes = RecordingViews(), Mailboxes.empty()
        self.jobs, self.opened, self.frozen, self.steps, self.work = [], [], [], [], []
        self.controller = Controller(self.views, self.boxes, state)
        self.controller.job_requested.connect(self.jobs.append)
        self.controller.open_requested.connect(lambda *wish: self.opened.append(wish))
        self.controller.freeze_changed.connect(self.frozen.append)
        self.controller.timeline.seek_requested.connect(self._on_seek_requested)
        for part in (self.controller, self.controller.networks):
            part.work_requested.connect(lambda: self.work.append(1))
        self._activations = activations

    def _on_seek_requested(self):
        self.steps.append(self.controller.timeline.boxes.seeks.take().steps)

    @property
    def state(self):
        return self.controller.state

    @property
    def notice(self):
        return self.state.notice.sentence if self.state.notice else None

    @property
    def trace(self):
        return self.views.last("trace")[0].trace

    def show(self, network=SMALL, *, index=0, source=0, generation=1, captured_s=0.0):
        """Let a rendering arrive, as the inference thread sends it."""
        made = self._activations(network, index)
        frame = replace(made.frame, generation=source, captured_s=captured_s)
        made = replace(made, frame=frame, generation=generation)
        rendering = render(made, self.state.display)
        self.boxes.renderings.put(rendering)
        self.controller.on_rendering_ready()
        return rendering

    def open(self, info=PICTURE, generation=1):
        self.controller.open_source(SourceRequest("somewhere"))
        self.controller.on_source_opened(info, generation)


@pytest.fixture
def house(activations, qapp):
    """Return a house that has begun and has forgotten its first calls."""
    made = House(activations, ViewState(network=SMALL))
    made.controller.begin()
    made.views.take()
    return made


@pytest.fixture
def shown(house):
    """Return a house with maps on its screen."""
    house.open()
    house.controller.on_engine_ready(Versions({}, "CPU"))
    house.show(source=1)
    house.views.take()
    return house


# What is shown when


def test_beginning_shows_the_first_state_and_asks_for_the_network(activations, qapp):
    house = House(activations, ViewState(network=SMALL))
    house.controller.begin()
    assert house.views.take() == [
        "display",
        "network",
        "layers",
        "recent_models",
        "source",
        "phase",
    ]
    assert house.state.phase == LOADING
    assert house.boxes.displays.take() == DisplaySpec()
    request = house.boxes.networks.take()
    assert (request.network, request.generation) == (SMALL, 1)
    assert len(house.work) == 1


def test_a_pinned_pixel_is_followed_from_frame_to_frame(shown):
    shown.controller.toggle_pin(Pixel(MapName.POOLED, 1, 1))
    arrived = [shown.show(source=1, index=index).activations for index in range(1, 6)]
    moments = shown.views.last("history")[0].moments
    assert [moment.index for moment in moments] == [0, 1, 2, 3, 4, 5]
    for moment, made in zip(moments[1:], arrived, strict=True):
        window = made.feature_maps[2:4, 2:4, 0]
        assert moment.value == window.max() == made.pooled_maps[1, 1, 0]
        assert moment.winner == np.unravel_index(window.argmax(), (2, 2))
    assert len({moment.winner for moment in moments}) > 1
    shown.controller.unpin()
    assert shown.state.history.subject is None


def test_a_network_too_slow_for_a_film_is_said_to_be_once(shown):
    shown.open(VIDEO, generation=2)

    def show(index, model_s, run=1):
        made = shown._activations(SMALL, index)
        frame = replace(made.frame, source=VIDEO, generation=2, index=index)
        made = replace(made, frame=frame, generation=run, model_s=model_s)
        shown.boxes.renderings.put(render(made, shown.state.display))
        shown.controller.on_rendering_ready()

    show(1, 0.9)
    assert shown.notice is None
    show(2, 4.83)
    assert shown.notice == (
        "The network takes 4.8 s for a frame at 12×12: choose a smaller size at the lower right "
        "to see it move."
    )
    shown.controller.dismiss_notice()
    show(3, 4.83)
    assert shown.notice is None
    show(4, 4.83, run=2)
    assert shown.notice is not None


def test_a_slow_network_on_a_picture_is_left_in_peace(shown):
    made = replace(shown._activations(SMALL, 1), generation=1, model_s=9.0)
    made = replace(made, frame=replace(made.frame, generation=1))
    shown.boxes.renderings.put(render(made, shown.state.display))
    shown.controller.on_rendering_ready()
    assert shown.state.rendering.activations is made
    assert shown.notice is None


def test_only_differences_are_shown(shown):
    controller, views = shown.controller, shown.views
    pixel = Pixel(MapName.POOLED, 1, 1)
    steps = [
        (lambda: controller.hover(pixel), ["trace", "chain"]),
        (lambda: controller.hover(pixel), []),
        (lambda: controller.toggle_pin(pixel), ["trace", "chain", "history"]),
        (lambda: controller.set_channel(2), ["rendering", "trace", "chain", "history"]),
        (lambda: controller.set_channel(2), []),
        (lambda: controller.set_display(DisplaySpec("viridis")), ["display"]),
        (lambda: controller.set_display(DisplaySpec("viridis")), []),
        (lambda: controller.networks.set_network(SMALL), []),
        (lambda: controller.networks.set_network(TINY), ["network", "layers"]),
        (controller.toggle_freeze, ["source", "transport"]),
        (lambda: controller.refuse("No."), ["notice"]),
        (lambda: controller.refuse("No."), []),
        (controller.dismiss_notice, ["notice"]),
        (lambda: controller.on_engine_ready(Versions({}, "CPU")), []),
        (lambda: controller.on_engine_ready(Versions({}, "GPU")), ["meters"]),
    ]
    for number, (act, expected) in enumerate(steps):
        act()
        assert views.take() == expected, number


def test_mirror_and_maps_are_shown_before_the_trace_over_them(shown):
    shown.controller.hover(Pixel(MapName.POOLED, 1, 1))
    shown.views.take()
    shown.show(index=1, source=1)
    assert shown.views.take() == ["rendering", "trace", "chain"]


def test_failure_of_the_network_goes_when_it_runs_again(shown):
    shown.controller.on_failed(Failure("network", "It did not run."))
    shown.controller.on_network_recovered()
    assert shown.state.notice is None


def test_preview_is_shown_until_there_are_maps(house):
    frame = Frame(np.zeros((24, 12, 3), np.uint8), PICTURE)
    house.boxes.previews.put(frame)
    house.controller.on_frame_previewed()
    ((shown_frame, placement, extent),) = [a for n, a in house.views.calls if n == "preview"]
    assert shown_frame is frame
    assert placement == extent == Rect(0, 0, 12, 12)
    house.show()
    assert house.state.preview is None
    house.views.take()
    house.boxes.previews.put(frame)
    house.controller.on_frame_previewed()
    assert house.views.take() == []


def test_wake_up_without_a_message_is_harmless(house):
    house.controller.on_frame_previewed()
    house.controller.on_rendering_ready()
    assert house.views.take() == []


def test_phase_ends_with_the_engine(house):
    house.controller.on_engine_ready(Versions({"keras": "3"}, "CPU"))
    assert house.state.phase == ""
    assert house.state.versions.packages == {"keras": "3"}


# Generations


def test_older_source_is_dropped_and_a_failed_one_changes_nothing(shown):
    shown.open(CAMERA, 2)
    shown.views.take()
    shown.show(index=1, source=1)
    assert shown.views.take() == []
    shown.controller.open_source(SourceRequest("nothing"))
    shown.controller.on_failed(Failure("source", "It is missing.", 3))
    rendering = shown.show(index=1, source=2)
    assert shown.state.rendering is rendering
    assert shown.state.source == CAMERA
    assert shown.notice == "It is missing."


def test_wishes_for_sources_are_numbered(house):
    first, second = SourceRequest("a"), SourceRequest("b")
    house.controller.open_source(first)
    house.controller.open_source(second)
    assert house.opened == [(first, 1), (second, 2)]
    house.controller.on_source_opened(PICTURE, 1)
    house.show(source=1)
    assert house.state.rendering is not None  # the second is not there yet, perhaps never


def test_older_network_is_dropped(shown):
    before = shown.state.rendering
    shown.controller.networks.set_network(TINY)
    shown.show(SMALL, index=1, source=1, generation=1)
    assert shown.state.rendering is before
    rendering = shown.show(TINY, source=1, generation=2)
    assert shown.state.rendering is rendering


def test_networks_asked_for_while_tensorflow_loads_leave_only_the_newest(house):
    for filters in (5, 6, 7):
        house.controller.networks.set_network(replace(SMALL, filters=filters))
    request = house.boxes.networks.take()
    assert (request.network.filters, request.generation) == (7, 4)


def test_refused_network_lets_the_last_good_one_go_on(shown):
    shown.controller.networks.set_network(TINY)
    shown.controller.on_failed(Failure("network", "TensorFlow cannot.", 2))
    assert shown.notice == "TensorFlow cannot."
    rendering = shown.show(SMALL, index=1, source=1, generation=1)
    assert shown.state.rendering is rendering
    shown.controller.networks.set_network(TINY)
    shown.show(SMALL, index=0, source=1, generation=1)
    assert shown.state.rendering is rendering  # the next wish counts again


def test_refusal_of_an_older_wish_does_not_let_older_networks_through(shown):
    before = shown.state.rendering
    shown.controller.networks.set_network(TINY)
    shown.controller.networks.set_network(replace(TINY, seed=1))
    shown.controller.on_failed(Failure("network", "TensorFlow cannot.", 2))
    shown.show(SMALL, index=1, source=1, generation=1)
    assert shown.state.rendering is before


# Parameters


def test_impossible_network_says_why_and_keeps_the_last_good_one(shown):
    shown.boxes.networks.take()
    before, work = shown.state.rendering, len(shown.work)
    shown.controller.networks.set_network(IMPOSSIBLE)
    network, problems = shown.views.last("network")
    assert network == IMPOSSIBLE
    assert [problem.parameter for problem in problems] == ["kernel_size"]
    assert shown.boxes.networks.take() is None
    assert (shown.state.rendering, len(shown.work)) == (before, work)
    rendering = shown.show(SMALL, index=1, source=1, generation=1)
    assert shown.state.rendering is rendering
    shown.controller.networks.set_network(TINY)
    assert shown.state.problems == ()
    assert shown.boxes.networks.take().network == TINY


def test_display_is_left_for_the_worker(shown):
    shown.boxes.displays.take()
    work = len(shown.work)
    shown.controller.set_display(DisplaySpec("viridis"))
    assert shown.boxes.displays.take() == DisplaySpec("viridis")
    assert len(shown.work) == work + 1


@pytest.mark.parametrize(("asked", "got"), [(2, 2), (3, 0), (-1, 2), (7, 1)])
def test_channels_wrap_around(shown, asked, got):
    shown.controller.set_channel(asked)
    assert shown.state.channel == got
    assert shown.views.take() == (["rendering", "trace", "chain"] if got else [])


def test_channel_is_stepped(shown):
    for step, expected in ((1, 1), (1, 2), (1, 0), (-1, 2)):
        shown.controller.change_channel(step)
        assert shown.state.channel == expected


def test_channels_are_stepped_in_the_order_of_their_tiles(shown):
    rendering = shown.state.rendering
    order = Ordering("mean", np.array([2, 0, 1]), np.array([0.2, 0.1, 0.3]))
    shown.boxes.renderings.put(replace(rendering, ordering=order))
    shown.controller.on_rendering_ready()
    for step, expected in ((1, 1), (1, 2), (-1, 1), (-1, 0)):
        shown.controller.change_channel(step)
        assert shown.state.channel == expected


def test_channel_before_the_maps_does_nothing(house):
    house.controller.change_channel(1)
    house.controller.set_channel(2)
    assert house.state.channel == 0


def test_smaller_network_clamps_the_channel_and_drops_lost_pixels(shown):
    shown.controller.set_channel(2)
    shown.controller.toggle_pin(Pixel(MapName.POOLED, 4, 4))
    shown.controller.hover(Pixel(MapName.FEATURE, 1, 1))
    shown.controller.networks.set_network(TINY)
    shown.views.take()
    shown.show(TINY, source=1, generation=2)
    assert shown.state.channel == 1
    assert shown.state.pinned is None
    assert shown.state.hovered == Pixel(MapName.FEATURE, 1, 1)
    assert isinstance(shown.trace, FeatureTrace)


def test_pixel_of_the_command_line_is_traced_with_the_first_maps(activations, qapp):
    pin = Pixel(MapName.POOLED, 3, 2)
    house = House(activations, ViewState(network=SMALL, pinned=pin, channel=2))
    house.controller.begin()
    house.show()
    assert (house.trace.row, house.trace.col, house.trace.channel) == (3, 2, 2)


# Pixels


def test_hover_is_traced_again_on_each_frame_under_a_still_mouse(shown):
    shown.controller.hover(Pixel(MapName.POOLED, 2, 3))
    first = shown.trace
    for index in (1, 2):
        rendering = shown.show(index=index, source=1)
        trace = shown.trace
        assert trace.value == rendering.activations.pooled_maps[2, 3, 0] != first.value
        assert trace.values.max() == trace.value
    shown.controller.hover(None)
    assert shown.trace is None


def test_pin_wins_over_hover_and_is_let_go(shown):
    pinned, hovered = Pixel(MapName.POOLED, 0, 0), Pixel(MapName.FEATURE, 5, 5)
    shown.controller.hover(hovered)
    shown.controller.toggle_pin(pinned)
    (scene,) = shown.views.last("trace")
    assert isinstance(scene.trace, PooledTrace)
    assert isinstance(scene.hovered, FeatureTrace)
    assert scene.is_pinned
    shown.controller.unpin()
    (scene,) = shown.views.last("trace")
    assert isinstance(scene.trace, FeatureTrace)
    assert not scene.is_pinned


def test_click_on_the_pinned_pixel_lets_it_go_and_on_another_moves_the_pin(shown):
    one, other = Pixel(MapName.POOLED, 0, 0), Pixel(MapName.POOLED, 1, 0)
    for pixel, expected in ((one, one), (other, other), (other, None)):
        shown.controller.toggle_pin(pixel)
        assert shown.state.pinned == expected


@pytest.mark.parametrize(
    ("start", "move", "end"),
    [
        ((2, 2), (1, 0), (3, 2)),
        ((2, 2), (0, -1), (2, 1)),
        ((0, 0), (-1, -1), (0, 0)),
        ((4, 4), (1, 1), (4, 4)),
        ((4, 0), (-9, 9), (0, 4)),
    ],
)
def test_pin_moves_and_stays_on_its_map(shown, start, move, end):
    shown.controller.toggle_pin(Pixel(MapName.POOLED, *start))
    shown.controller.move_pin(*move)
    assert shown.state.pinned == Pixel(MapName.POOLED, *end)


def test_pin_moves_as_it_is_seen_in_the_mirror(shown):
    shown.controller.set_display(DisplaySpec(is_mirrored=True))
    shown.controller.toggle_pin(Pixel(MapName.POOLED, 2, 2))
    shown.controller.move_pin(0, 1)
    assert shown.state.pinned == Pixel(MapName.POOLED, 2, 1)
    shown.controller.move_pin(0, -9)
    assert shown.state.pinned == Pixel(MapName.POOLED, 2, 4)


def test_first_move_pins_the_hovered_pixel_or_the_middle(house):
    house.controller.move_pin(0, 1)
    assert house.state.pinned is None  # no maps yet
    house.show()
    house.controller.move_pin(0, 1)
    assert house.state.pinned == Pixel(MapName.POOLED, 2, 2)
    house.controller.unpin()
    house.controller.hover(Pixel(MapName.FEATURE, 9, 0))
    house.controller.move_pin(1, 1)
    assert house.state.pinned == Pixel(MapName.FEATURE, 9, 1)


# Sources


def test_new_source_is_shown_thawed_and_without_the_old_notice(shown):
    shown.controller.toggle_freeze()
    shown.controller.refuse("Something older.")
    shown.views.take()
    shown.open(CAMERA, 2)
    assert shown.views.last("source") == (CAMERA, False)
    assert shown.frozen == [False, True, False]
    assert shown.state.notice is None


@pytest.mark.parametrize(("source", "is_frozen"), [(PICTURE, False), (CAMERA, True), (VIDEO, True)])
def test_step_freezes_what_moves(house, source, is_frozen):
    house.open(source)
    house.controller.timeline.step(-1)
    assert house.steps == [-1]
    assert house.state.is_frozen == is_frozen
    assert house.frozen == [False, True] if is_frozen else [False]


def test_step_without_a_source_does_nothing(house):
    house.controller.timeline.step(1)
    assert house.steps == []
    assert not house.state.is_frozen


def test_freeze_is_toggled(house):
    house.open(CAMERA)
    house.controller.toggle_freeze()
    house.controller.toggle_freeze()
    assert house.frozen == [False, True, False]


@pytest.mark.parametrize("where", ["source", "network", "export"])
def test_failure_keeps_what_is_on_screen(shown, where):
    before = shown.state
    shown.controller.on_failed(Failure(where, "It did not work."))
    assert shown.views.take() == ["notice"]
    notice = Notice("It did not work.", is_error=True, where=where)
    assert shown.state == replace(before, notice=notice)


def test_missing_tensorflow_ends_the_waiting(house):
    house.controller.on_failed(Failure("source", "No picture."))
    assert house.state.phase == LOADING
    house.controller.on_failed(Failure("network", "TensorFlow cannot be loaded."))
    assert house.state.phase == ""


def test_recovery_takes_the_notice_away_but_no_other(shown):
    shown.controller.on_failed(Failure("source", "The cable is out."))
    shown.controller.on_source_recovered()
    assert shown.state.notice is None
    shown.controller.on_failed(Failure("export", "The disk is full."))
    shown.controller.on_source_recovered()
    assert shown.notice == "The disk is full."


def test_why_another_source_was_refused_outlasts_the_news_of_a_silent_one(shown):
    silent = Failure("source", "No picture for 2 s.", 1)
    shown.controller.on_failed(silent)
    shown.controller.open_source(SourceRequest("a.png"))
    shown.controller.on_failed(Failure("source", "a.png is damaged.", 2))
    shown.controller.on_failed(replace(silent, sentence="For 3 s.", is_going_on=True))
    shown.controller.on_source_recovered()
    assert shown.notice == "a.png is damaged."


def test_why_there_are_no_maps_outlasts_another_source(house):
    house.controller.on_failed(Failure("network", "TensorFlow cannot be loaded."))
    house.controller.open_source(SourceRequest("a.png"))
    house.open(PICTURE)
    assert house.notice == "TensorFlow cannot be loaded."


def test_another_network_or_source_settles_the_failure_of_one(shown):
    shown.controller.on_failed(Failure("network", "It does not fit."))
    shown.controller.networks.set_network(TINY)
    assert shown.state.notice is None
    shown.controller.on_failed(Failure("network", "It does not fit."))
    shown.open(CAMERA, 2)
    assert shown.state.notice is None


def test_cameras_are_offered(shown):
    cameras = (("camera:0", "Webcam"),)
    shown.controller.on_job_done(CameraList(cameras))
    assert shown.views.calls == [("cameras", (cameras,))]


# What is made in advance


def test_the_channel_on_screen_is_told_until_its_shades_come_in_advance(shown):
    shown.controller.set_channel(2)
    shown.show(index=1, source=1)
    assert shown.boxes.channels.take() == 2
    in_advance = render(shown.state.rendering.activations, shown.state.display, channel=2)
    shown.boxes.renderings.put(in_advance)
    shown.controller.on_rendering_ready()
    assert shown.state.rendering is in_advance
    assert shown.boxes.channels.is_empty
