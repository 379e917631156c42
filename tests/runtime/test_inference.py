"""Inference: the newest message of each kind, real networks, and engines that fail."""

from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from threading import Event

import keras
import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec, quantise
from poolviewer.core.errors import NetworkError
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.laboratory.experiment import Inquiry
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.network import NetworkSpec
from poolviewer.core.pooling import pool
from poolviewer.model.engine import KerasEngine
from poolviewer.runtime.inference import InferenceWorker, Mailboxes, NetworkRequest
from poolviewer.runtime.threads import WorkerThread
from poolviewer.sources.prepare import prepare

from .harness import TIMEOUT_MS, Barrier, Recorder, Wishes, in_thread
from .stand_ins import StandInEngine

SMALL = NetworkSpec(InputSpec(8, 8), filters=2)
INFO = SourceInfo("test", "camera")
BUDGET = 2**30


def frame_of(index, generation=1):
    picture = np.random.default_rng(index).integers(0, 256, (10, 12, 3), np.uint8)
    return Frame(picture, INFO, index, generation=generation)


class Inference:
    """An inference worker at work, with everything around it that the application has."""

    def __init__(self, worker, boxes, qtbot):
        self.boxes = boxes
        self.wishes, self.recorder = Wishes(), Recorder()
        self._qtbot, self._barrier = qtbot, Barrier(worker, qtbot)
        self.wishes.work.connect(worker.process)
        worker.engine_ready.connect(self.recorder.on_engine_ready)
        worker.ready.connect(self.recorder.on_ready)
        worker.failed.connect(self.recorder.on_failed)
        worker.device_refused.connect(self.recorder.on_device_refused)

    def put(self, *, frame=None, network=None, display=None, inquiry=None):
        if inquiry is not None:
            self.boxes.inquiries.put(inquiry)
        if network is not None:
            self.boxes.networks.put(NetworkRequest(*network, BUDGET))
        if display is not None:
            self.boxes.displays.put(display)
        if frame is not None:
            self.boxes.frames.put(frame)
        self.wishes.work.emit()

    def do(self, **messages):
        """Leave messages, wait until they are worked off, and take the rendering."""
        self.put(**messages)
        self._barrier.wait()
        return self.boxes.renderings.take()

    def until(self, condition):
        self._qtbot.waitUntil(condition, timeout=TIMEOUT_MS)

    @property
    def sentences(self):
        return [failure.sentence for failure in self.recorder.named("failed")]


@pytest.fixture
def run(qtbot):
    @contextmanager
    def running(create_engine):
        boxes = Mailboxes.empty()
        worker = InferenceWorker(create_engine, prepare, boxes)
        with in_thread(worker, lambda worker: Inference(worker, boxes, qtbot)) as it:
            yield it

    return running


@pytest.fixture
def engine():
    return StandInEngine()


def test_real_network_runs_and_is_rendered(run):
    with run(KerasEngine) as it:
        rendering = it.do(frame=frame_of(0), network=(SMALL, 1))
        activations = rendering.activations
        assert activations.feature_maps.shape == (6, 6, 2)
        np.testing.assert_array_equal(
            activations.pooled_maps, pool(activations.feature_maps, SMALL.stage.pooling)
        )
        assert rendering.mosaics.channels.tolist() == [0, 1]
        assert rendering.display == DisplaySpec()
        (versions,) = it.recorder.named("engine_ready")
        assert set(versions.packages) == {"tensorflow", "keras", "numpy"}


def test_the_shades_of_the_channel_on_screen_are_made_with_the_next_frame(run):
    with run(KerasEngine) as it:
        assert it.do(frame=frame_of(0), network=(SMALL, 1)).shown.channel == 0
        it.boxes.channels.put(1)
        for index in range(1, 3):
            rendering = it.do(frame=frame_of(index))
            assert rendering.shown.channel == 1
            maps = rendering.activations.feature_maps[:, :, 1]
            expected = quantise(maps, rendering.levels.feature[1])
            np.testing.assert_array_equal(rendering.shown.feature, expected)


def test_real_networks_change_on_a_still_frame(run):
    """Each of them traces a new function in a slot call of its own."""
    with run(KerasEngine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        for generation, filters in enumerate((3, 5, 1, 4), start=2):
            rendering = it.do(network=(replace(SMALL, filters=filters), generation))
            assert rendering.activations.generation == generation
            assert rendering.activations.feature_maps.shape[2] == filters
            assert rendering.activations.frame.index == 0


def test_real_network_that_is_impossible_leaves_the_last_good_one(run):
    with run(KerasEngine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        rendering = it.do(network=(replace(SMALL, kernel_size=(9, 9)), 2))
        (failure,) = it.recorder.named("failed")
        assert (failure.where, failure.generation) == ("network", 2)
        assert failure.sentence.startswith("A kernel of 9×9 does not fit")
        assert rendering.activations.generation == 1
        assert it.do(frame=frame_of(1)).activations.frame.index == 1


def test_another_device_builds_the_present_network_again(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        assert (engine.device, engine.configured) == ("auto", [1])
        it.boxes.devices.put("cpu")
        rendering = it.do()
        assert (engine.device, engine.configured) == ("cpu", [1, 1])
        assert rendering.activations.frame.index == 0
        it.do(frame=frame_of(1))
        assert engine.configured == [1, 1]


def test_a_device_that_is_not_there_is_told(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        it.boxes.devices.put("gpu:9")
        it.do()
        assert it.recorder.named("device_refused") == ["There is no device gpu:9."]


def test_while_a_model_opens_another_device_waits(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        engine.is_building = True
        it.boxes.devices.put("cpu")
        it.do(frame=frame_of(1))
        assert (engine.device, engine.configured, engine.ran) == ("auto", [1], [0, 1])
        engine.is_building = False
        it.do()
        assert (engine.device, engine.configured, engine.ran) == ("cpu", [1, 1], [0, 1, 1])


def test_newest_frame_wins(run, engine):
    with run(lambda: engine) as it:
        it.do(network=(SMALL, 1))
        engine.gate.clear()
        it.put(frame=frame_of(0))
        it.until(engine.entered.is_set)
        for index in range(1, 6):
            it.put(frame=frame_of(index))
        engine.gate.set()
        rendering = it.do()
        assert engine.ran == [0, 5]
        assert it.boxes.frames.dropped == 4
        assert rendering.activations.frame.index == 5
        assert it.recorder.count("ready") == 1  # the first rendering waited and was overtaken
        assert it.boxes.renderings.dropped == 1


def test_display_change_renders_again_without_running(run, engine):
    with run(lambda: engine) as it:
        first = it.do(frame=frame_of(0), network=(SMALL, 1))
        display = DisplaySpec("diverging", "shared", is_mirrored=True)
        second = it.do(display=display)
        assert engine.ran == [0]
        assert second.activations is first.activations
        assert second.display == display
        assert it.do(frame=frame_of(1)).display == display


def test_an_order_is_kept_for_a_moment_and_then_made_anew(run):
    """The worker hands the rendering before to the next one."""

    def at(index, captured_s):
        return replace(frame_of(index), captured_s=captured_s)

    with run(KerasEngine) as it:
        it.put(display=DisplaySpec(order="mean"))
        first = it.do(frame=at(0, 100.0), network=(replace(SMALL, filters=8), 1))
        second = it.do(frame=at(1, 100.9))
        third = it.do(frame=at(2, 101.1))
        assert second.ordering is first.ordering
        assert third.ordering is not first.ordering
        means = third.activations.feature_maps.mean(axis=(0, 1))
        assert (np.diff(means[third.ordering.channels]) <= 0).all()


def test_nothing_new_means_nothing_to_do(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        assert it.do() is None
        assert engine.ran == [0]


@pytest.mark.parametrize("first", ["frame", "network", "display"])
def test_messages_may_come_in_any_order(run, engine, first):
    messages = {
        "frame": frame_of(0),
        "network": (SMALL, 1),
        "display": DisplaySpec("viridis"),
    }
    with run(lambda: engine) as it:
        assert it.do(**{first: messages.pop(first)}) is None
        rendering = it.do(**messages)
        assert rendering.display == DisplaySpec("viridis")
        assert engine.ran == [0]
        assert not it.sentences


def test_what_came_while_the_engine_was_made_is_done_first(run, engine):
    entered, release = Event(), Event()

    def create():
        entered.set()
        release.wait(TIMEOUT_MS / 1000)
        return engine

    with run(create) as it:
        it.until(entered.is_set)
        for index, generation in ((0, 1), (1, 2)):
            network = replace(SMALL, filters=generation)
            it.put(frame=frame_of(index), network=(network, generation),
                   display=DisplaySpec("viridis"))  # fmt: skip
        release.set()
        it.until(lambda: it.recorder.count("ready") == 1)
        assert (engine.configured, engine.ran) == ([2], [1])
        rendering = it.boxes.renderings.take()
        assert rendering.activations.stage.channels == 2
        assert rendering.display.colour_map == "viridis"


def test_failure_is_told_and_the_next_frame_runs(run, engine):
    engine.errors = [ValueError("first line\nsecond"), RuntimeError(), NetworkError("My sentence.")]
    with run(lambda: engine) as it:
        it.do(network=(SMALL, 1))
        for index in range(3):
            assert it.do(frame=frame_of(index)) is None
        assert it.do(frame=frame_of(3)).activations.frame.index == 3
        assert it.sentences == [
            "The network could not run on this picture: first line",
            "The network could not run on this picture: RuntimeError",
            "My sentence.",
        ]
        assert engine.ran == [0, 1, 2, 3]


def test_network_that_nobody_foresaw_to_fail_is_told_too(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        engine.refusals = [MemoryError("no room")]
        assert it.do(network=(SMALL, 2)).activations.generation == 1
        (failure,) = it.recorder.named("failed")
        assert failure.sentence == "This network cannot be built: no room"
        assert failure.generation == 2


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ImportError("No module named 'tensorflow'"), "No module named 'tensorflow'"),
        (AssertionError(), "AssertionError"),
    ],
)
def test_missing_tensorflow_is_one_sentence(run, error, sentence):
    def create():
        raise error

    with run(create) as it:
        it.until(lambda: bool(it.sentences))
        it.do(frame=frame_of(0), network=(SMALL, 1))
        assert it.sentences == [f"TensorFlow cannot be loaded: {sentence}"]
        assert not it.recorder.count("engine_ready")


def test_stop_while_the_engine_is_made_runs_nothing_more(engine, qtbot):
    entered, release = Event(), Event()

    def create():
        entered.set()
        release.wait(TIMEOUT_MS / 1000)
        return engine

    boxes, wishes = Mailboxes.empty(), Wishes()
    worker = InferenceWorker(create, prepare, boxes)
    wishes.work.connect(worker.process)
    thread = WorkerThread(worker, "test")
    thread.start()
    assert entered.wait(TIMEOUT_MS / 1000)
    boxes.networks.put(NetworkRequest(SMALL, 1, BUDGET))
    boxes.frames.put(frame_of(0))
    wishes.work.emit()
    thread.request_stop()
    wishes.work.emit()
    release.set()
    assert thread.wait(TIMEOUT_MS)
    assert (engine.configured, engine.ran) == ([], [])


class CountingEngine(KerasEngine):
    """Notes of every run whether the maps of all layers were asked for."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def run(self, frame, prepared, *, has_steps=False):
        self.asked.append(has_steps)
        return super().run(frame, prepared, has_steps=has_steps)


def deep_network(engine, folder):
    """Let an engine open a network of three layers before its stage."""
    layers = [
        keras.layers.Conv2D(4, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Conv2D(3, 3),
        keras.layers.MaxPooling2D(name="stage"),
    ]
    path = folder / "deep.keras"
    keras.Sequential([keras.Input((16, 16, 3)), *layers]).save(path)
    info = engine.open_model(ModelFile(str(path)), BUDGET, lambda _: None, lambda: False)
    return ModelSpec(info.name, info.digest, "stage", info.input)


def hovering(col):
    """Ask what is asked while the mouse moves over a pinned pixel's map in a laboratory mode."""
    return Inquiry(Lost(), 0, Pixel(MapName.POOLED, 1, col), has_steps=True)


def test_a_pinned_pixel_gets_the_maps_of_all_layers_after_one_more_run(run, tmp_path):
    engine = CountingEngine()
    network = deep_network(engine, tmp_path)
    with run(lambda: engine) as it:
        plain = it.do(frame=frame_of(0), network=(network, 1)).activations
        assert (plain.lacks_steps, plain.step_maps) == (True, ())
        pinned = it.do(inquiry=Inquiry(has_steps=True)).activations
        assert not pinned.lacks_steps
        assert [made.shape for made in pinned.step_maps] == [(14, 14, 4), (14, 14, 4), (12, 12, 3)]
        np.testing.assert_allclose(pinned.feature_maps, plain.feature_maps, rtol=1e-4, atol=1e-3)
        assert engine.asked == [False, True]
        for col in range(4):
            assert it.do(inquiry=hovering(col)).activations is pinned
        assert engine.asked == [False, True]
        moved = it.do(frame=frame_of(1)).activations
        assert (moved.lacks_steps, engine.asked) == (False, [False, True, True])
        assert it.do(inquiry=Inquiry()).activations is moved
        assert not it.do(frame=frame_of(2)).activations.step_maps
        assert engine.asked == [False, True, True, False]
        assert not it.sentences


def test_the_tutorials_network_never_runs_again_for_its_one_layer(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        it.do(inquiry=Inquiry(has_steps=True))
        assert engine.ran == [0]


def test_layers_that_leave_no_maps_are_asked_for_once(run, engine):
    engine.layers = 3
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        assert it.do(inquiry=Inquiry(has_steps=True)).activations.step_maps == (None,) * 3
        it.do(inquiry=hovering(0))
        assert (engine.ran, engine.ran_with_steps) == ([0, 0], [0])


def test_maps_that_had_to_wait_for_an_opening_are_shown_at_its_end(run, engine):
    engine.layers = 3
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        engine.is_building = True
        assert it.do(inquiry=Inquiry(has_steps=True)).activations.lacks_steps
        engine.is_building = False
        assert not it.do().activations.lacks_steps
        assert it.do() is None
        assert engine.ran_with_steps == [0]


def test_the_gradient_under_a_moving_mouse_is_found_without_the_network(run, tmp_path):
    engine = CountingEngine()
    network = deep_network(engine, tmp_path)
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(network, 1))
        seen = []
        for col in range(4):
            pixel = Pixel(MapName.POOLED, 1, col)
            finding = it.do(inquiry=Inquiry(Backpropagation(), 0, pixel, has_steps=True)).finding
            seen.append(finding.overlays[MapName.INPUT].codes)
        assert engine.asked == [False, True]
    assert all((before != after).any() for before, after in pairwise(seen))
