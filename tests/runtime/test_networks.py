"""Opening, choosing and leaving models: the flow in the window's thread, and with a real worker."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.display import DisplaySpec
from poolviewer.core.errors import NetworkError
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import Failure, Frame, SourceInfo, Versions
from poolviewer.core.model_info import ModelFile
from poolviewer.core.network import NetworkSpec, Problem
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.controller import Controller
from poolviewer.runtime.inference import InferenceWorker, Mailboxes
from poolviewer.runtime.networks import LOADING, MOST_RECENT
from poolviewer.runtime.opening import OpeningWorker
from poolviewer.sources.prepare import prepare
from tests.infos import TORCH, model_info, nested_info, spec_of, unseen_info

from .harness import TIMEOUT_MS, in_thread
from .recording_views import RecordingViews
from .stand_ins import StandInEngine

FILE = ModelFile("/tmp/vgg.keras")
INFO = model_info()
TUTORIAL = NetworkSpec()
READY = Versions({"keras": "3"}, "CPU")


class House:
    """A controller with what it tells; TensorFlow is loaded unless a test wants it otherwise."""

    def __init__(self, recall=lambda digest: None, boxes=None):
        self.views, self.boxes = RecordingViews(), boxes or Mailboxes.empty()
        self.inputs, self.recent, self.work = [], [], []
        self.controller = Controller(self.views, self.boxes, ViewState(), recall_input=recall)
        self.networks = self.controller.networks
        self.networks.input_chosen.connect(lambda *chosen: self.inputs.append(chosen))
        self.networks.recent_models_changed.connect(self.recent.append)
        self.networks.work_requested.connect(lambda: self.work.append(1))

    @property
    def state(self):
        return self.controller.state

    @property
    def notice(self):
        return self.state.notice.sentence if self.state.notice else None

    @property
    def wanted(self):
        """Return the network that was asked for since the last time, if any."""
        request = self.boxes.networks.take()
        return request and request.network

    def open(self, info, file=FILE):
        """Wish for a model and let it arrive."""
        self.networks.open_model(file)
        request = self.boxes.openings.take()
        self.networks.on_model_opened(info, request.generation)


def opening_words():
    return f"Opening {Path(FILE.path).name}…"


@pytest.fixture
def house(qapp):
    made = House()
    made.controller.begin()
    made.controller.on_engine_ready(READY)
    assert made.wanted == TUTORIAL
    made.views.take()
    return made


# Opening


def test_a_model_is_opened_beside_the_network(house):
    house.networks.open_model(FILE)
    assert (house.state.phase, house.state.is_opening) == (opening_words(), True)
    assert house.views.last("phase") == (opening_words(), True)
    request = house.boxes.openings.take()
    assert request.file == FILE
    assert house.state.network == TUTORIAL
    assert house.wanted is None
    house.networks.on_model_progressed("Opening vgg.keras: layer 1 of 2", request.generation)
    assert house.state.phase == "Opening vgg.keras: layer 1 of 2"
    house.networks.on_model_opened(INFO, request.generation)
    assert house.state.network == house.wanted == spec_of(INFO)
    assert (house.state.phase, house.state.is_opening) == ("", False)
    assert house.state.model is INFO
    assert house.state.listed is INFO


def test_the_model_is_told_before_the_network_that_is_made_of_it(house):
    house.open(INFO)
    calls = [name for name in house.views.take() if name in ("model", "network", "layers")]
    assert calls == ["model", "network", "layers"]


@pytest.mark.parametrize(
    ("wish", "stage", "remark"),
    [
        ("", "a/pool", None),
        ("b/pool", "b/pool", None),
        ("last", "b/last", None),
        ("pool", "a/pool", "{} has no pooling layer pool: a/pool is shown."),  # two have it
        ("none", "a/pool", "{} has no pooling layer none: a/pool is shown."),
    ],
)
def test_a_stage_is_meant_by_its_name_whole_or_short(house, wish, stage, remark):
    info = model_info(stages=("a/pool", "b/pool", "b/last"))
    house.open(info, replace(FILE, stage=wish))
    assert house.state.network.stage == stage
    assert house.notice == (remark and remark.format(info.name))


def test_what_a_person_should_know_is_said(house):
    house.open(model_info(notes=("Saved by a newer Keras.", "Its weights hold NaN.")))
    assert house.notice == "Saved by a newer Keras. Its weights hold NaN."
    assert not house.state.notice.is_error


def test_a_cancelled_opening_leaves_everything(house):
    before = house.state
    house.networks.open_model(FILE)
    generation = house.boxes.openings.take().generation
    house.networks.cancel_opening()
    assert house.boxes.openings.take().file is None
    assert house.state == before
    house.networks.on_model_progressed("layer 2 of 2", generation)
    house.networks.on_model_opened(INFO, generation)
    house.controller.on_failed(Failure("model", "It is broken.", generation))
    assert house.state.network == TUTORIAL
    assert house.state.phase == ""
    assert house.recent == []


def test_nothing_to_cancel_is_harmless(house):
    work = len(house.work)
    house.networks.cancel_opening()
    assert house.boxes.openings.take() is None
    assert len(house.work) == work


def test_the_newest_wish_wins(house):
    house.networks.open_model(FILE)
    older = house.boxes.openings.take().generation
    house.networks.open_model(ModelFile("/tmp/other.keras"))
    newer = house.boxes.openings.take().generation
    house.networks.on_model_opened(INFO, older)
    assert house.state.is_opening
    assert house.state.network == TUTORIAL
    other = model_info("other.keras", "d2")
    house.networks.on_model_opened(other, newer)
    assert house.state.network == spec_of(other)
    assert house.recent == [("/tmp/other.keras",)]


def test_a_refused_model_leaves_the_network_and_says_why(house):
    house.networks.open_model(FILE)
    generation = house.boxes.openings.take().generation
    house.controller.on_failed(Failure("model", "vgg.keras is damaged.", generation))
    assert house.notice == "vgg.keras is damaged."
    assert (house.state.phase, house.state.is_opening) == ("", False)
    assert house.state.network == TUTORIAL
    assert house.wanted is None
    house.networks.open_model(FILE)
    assert house.notice is None  # it is tried again


def test_a_failed_frame_does_not_end_the_waiting_for_a_model(house):
    house.networks.open_model(FILE)
    house.controller.on_failed(Failure("network", "It did not run."))
    assert house.state.phase == opening_words()
    assert house.state.is_opening


# What cannot be drawn


def test_an_obstacle_is_said_and_listed_while_the_network_goes_on(house):
    info = unseen_info()
    house.open(info)
    assert house.notice == info.obstacle
    assert house.state.notice.is_error
    assert house.state.network == TUTORIAL
    assert house.state.listed is info
    house.networks.set_network(replace(TUTORIAL, filters=3))
    assert house.state.model is None
    assert house.state.listed.name == "custom"
    assert house.notice is None


def test_an_obstacle_makes_room_for_the_model_before_it(house):
    house.open(INFO)
    house.open(unseen_info(), ModelFile("/tmp/speech.keras"))
    assert house.state.network == spec_of(INFO)
    house.networks.set_network(spec_of(INFO, "pool2"))
    assert house.state.model is INFO
    assert house.state.listed is INFO


# Its input


def test_the_input_of_a_model_that_does_not_tell_is_asked_for(house):
    house.open(replace(INFO, needs_input_shape=True), replace(FILE, stage="pool2"))
    assert house.views.last("question") == (replace(FILE, stage="pool2"),)
    assert house.state.network == TUTORIAL
    house.networks.answer_input_shape((8, 8, 3))
    assert house.views.last("question") == (None,)
    request = house.boxes.openings.take()
    assert request.file == ModelFile(FILE.path, "pool2", (8, 8, 3))
    house.networks.on_model_opened(INFO, request.generation)
    assert house.state.network == spec_of(INFO, "pool2")


def test_a_model_whose_input_nobody_tells_is_given_up(house):
    house.open(replace(INFO, needs_input_shape=True))
    house.boxes.openings.take()
    house.networks.answer_input_shape(None)
    assert house.state.question is None
    assert house.boxes.openings.take() is None
    assert house.state.network == TUTORIAL


CHOSEN = replace(TORCH, scaling="-1-1", mean=(), deviation=())


@pytest.mark.parametrize(
    ("chosen", "used"),
    [
        (CHOSEN, CHOSEN),
        (replace(CHOSEN, height=99, width=77), replace(CHOSEN, height=8, width=8)),
        (replace(CHOSEN, channels=1), TORCH),
        (replace(CHOSEN, deviation=(0.0,)), TORCH),
        (None, TORCH),
    ],
)
def test_what_was_chosen_for_this_model_is_used_again_if_it_fits(qapp, chosen, used):
    asked = []
    house = House(lambda digest: asked.append(digest) or chosen)
    house.controller.begin()
    house.open(INFO)
    assert asked == ["d1"]
    assert house.state.network.input == used


def test_a_free_size_is_used_again_as_it_was(qapp):
    chosen = replace(TORCH, height=99, width=77)
    house = House(lambda digest: chosen)
    house.controller.begin()
    house.open(nested_info())
    assert house.state.network.input == chosen


def test_a_chosen_input_is_told_and_used(house):
    house.open(INFO)
    assert house.wanted == spec_of(INFO)
    network = spec_of(INFO, spec=CHOSEN)
    house.networks.set_network(network)
    assert house.inputs == [("d1", CHOSEN)]
    assert house.wanted == network
    house.networks.set_network(TUTORIAL)
    assert len(house.inputs) == 1


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [({"mean": (1.0, 2.0)}, "mean"), ({"deviation": (0.0,)}, "deviation")],
)
def test_impossible_numbers_are_said_at_their_field(house, changes, parameter):
    house.open(INFO)
    house.wanted  # noqa: B018 - it is taken away
    house.networks.set_network(spec_of(INFO, spec=replace(TORCH, **changes)))
    assert [problem.parameter for problem in house.state.problems] == [parameter]
    assert house.wanted is None
    assert house.inputs == []


def test_the_model_stays_at_hand(house):
    house.networks.use_model()
    assert house.state.network == TUTORIAL  # there is none yet
    house.open(INFO)
    network = spec_of(INFO, "pool2")
    house.networks.set_network(network)
    house.networks.set_network(TUTORIAL)
    assert house.state.model is INFO
    assert house.state.listed.name == "tutorial"
    house.networks.use_model()
    assert house.state.network == network
    assert house.state.listed is INFO


# Remembering


def test_the_newest_models_are_remembered_once_each(house):
    for number in (*range(MOST_RECENT + 1), 3):
        house.open(INFO, ModelFile(f"/tmp/{number}.keras"))
    assert len(house.recent[-1]) == MOST_RECENT
    assert house.recent[-1][:3] == ("/tmp/3.keras", "/tmp/8.keras", "/tmp/7.keras")
    assert house.views.last("recent_models") == (house.recent[-1],)
    house.networks.forget_recent_models()
    assert house.recent[-1] == house.state.recent_models == ()


def test_the_memory_limit_goes_with_every_wish(house):
    house.networks.set_budget(2**40)
    house.open(INFO)
    assert house.boxes.networks.take().budget_bytes == 2**40
    house.networks.open_model(FILE)
    assert house.boxes.openings.take().budget_bytes == 2**40


# At the beginning


@pytest.fixture
def launched(qapp):
    """Return a house that begins with a model, before TensorFlow is there."""
    made = House()
    made.controller.begin(FILE)
    return made


def test_a_first_model_comes_instead_of_the_first_network(launched):
    assert launched.views.last("phase") == (LOADING, True)
    assert launched.wanted is None
    launched.controller.on_engine_ready(READY)
    assert launched.views.last("phase") == (opening_words(), True)
    launched.networks.on_model_opened(INFO, launched.boxes.openings.take().generation)
    assert launched.wanted == spec_of(INFO)


@pytest.mark.parametrize("end", ["refused", "unseen", "asked", "cancelled"])
def test_the_first_network_comes_where_the_first_model_does_not(launched, end):
    launched.controller.on_engine_ready(READY)
    generation = launched.boxes.openings.take().generation
    if end == "refused":
        launched.controller.on_failed(Failure("model", "It is damaged.", generation))
    elif end == "cancelled":
        launched.networks.cancel_opening()
    else:
        info = unseen_info() if end == "unseen" else replace(INFO, needs_input_shape=True)
        launched.networks.on_model_opened(info, generation)
    assert launched.wanted == TUTORIAL
    assert launched.state.phase == ""


def test_a_first_model_can_be_cancelled_while_tensorflow_loads(launched):
    launched.networks.cancel_opening()
    assert launched.views.last("phase") == (LOADING, False)
    assert launched.wanted == TUTORIAL
    launched.networks.open_model(FILE)
    assert launched.views.last("phase") == (LOADING, True)


def test_the_first_source_does_not_take_away_what_the_first_model_says(launched):
    launched.controller.on_engine_ready(READY)
    generation = launched.boxes.openings.take().generation
    launched.controller.on_failed(Failure("model", "It is damaged.", generation))
    launched.controller.on_source_opened(SourceInfo("a.png", "picture"), 1)
    assert launched.notice == "It is damaged."
    launched.controller.on_source_opened(SourceInfo("b.png", "picture"), 2)
    assert launched.notice is None


def test_without_tensorflow_nothing_is_waited_for(launched):
    launched.controller.on_failed(Failure("network", "TensorFlow cannot be loaded."))
    assert launched.views.last("phase") == ("", False)
    assert launched.notice == "TensorFlow cannot be loaded."


# With a worker in its real thread


@pytest.fixture
def engine():
    made = StandInEngine()
    made.models = {
        FILE.path: INFO,
        "/tmp/broken.keras": NetworkError("broken.keras is damaged."),
        "/tmp/odd.keras": RuntimeError("odd\nlines"),
        "/tmp/free.keras": nested_info(),
    }
    return made


@pytest.fixture
def at_work(qtbot, engine):
    """Return a house whose wishes reach a worker, once its first network has run."""

    @contextmanager
    def working():
        boxes = Mailboxes.empty()
        worker, opener = (
            InferenceWorker(lambda: engine, prepare, boxes),
            OpeningWorker(boxes.openings),
        )
        house = House(boxes=boxes)
        house.until = lambda condition: qtbot.waitUntil(condition, timeout=TIMEOUT_MS)

        def wire(worker):
            house.controller.work_requested.connect(worker.process)
            house.networks.work_requested.connect(worker.process)
            worker.engine_ready.connect(house.controller.on_engine_ready)
            worker.ready.connect(house.controller.on_rendering_ready)
            worker.failed.connect(house.controller.on_failed)
            house.networks.opening_requested.connect(opener.process)
            worker.engine_made.connect(opener.use)
            opener.failed.connect(house.controller.on_failed)
            opener.progressed.connect(house.networks.on_model_progressed)
            opener.opened.connect(house.networks.on_model_opened)
            opener.ended.connect(worker.process)

        with in_thread(opener), in_thread(worker, wire):
            boxes.frames.put(frame(12, 16))
            house.controller.begin()
            house.until(lambda: house.state.rendering is not None)
            yield house

    return working


def frame(rows, cols):
    picture = np.random.default_rng(0).integers(0, 256, (rows, cols, 3), np.uint8)
    return Frame(picture, SourceInfo("a.png", "picture"))


def ran_network(house):
    return house.state.rendering.activations.network


def test_an_opened_model_is_run_at_once(at_work, engine):
    with at_work() as house:
        house.networks.open_model(FILE)
        house.until(lambda: ran_network(house) == spec_of(INFO))
        house.networks.set_network(spec_of(INFO, "pool2"))
        house.until(lambda: ran_network(house) == spec_of(INFO, "pool2"))
        assert [file for file, _ in engine.opened] == [FILE]


def test_the_network_goes_on_while_a_model_opens(at_work, engine):
    with at_work() as house:
        engine.opening_gate.clear()
        house.networks.open_model(FILE)
        house.until(engine.opening.is_set)
        for _ in range(3):
            before = house.state.rendering
            house.boxes.frames.put(frame(12, 16))
            house.controller.work_requested.emit()
            house.until(lambda before=before: house.state.rendering is not before)
        assert house.state.is_opening
        engine.opening_gate.set()
        house.until(lambda: ran_network(house) == spec_of(INFO))


def test_what_is_changed_while_a_model_opens_comes_after_it(at_work, engine):
    with at_work() as house:
        engine.opening_gate.clear()
        house.networks.open_model(ModelFile("/tmp/broken.keras"))
        house.until(engine.opening.is_set)
        configured = list(engine.configured)
        house.networks.set_network(replace(TUTORIAL, filters=3))
        house.boxes.frames.put(frame(12, 16))
        house.controller.work_requested.emit()
        house.until(lambda: house.boxes.frames.is_empty)
        assert engine.configured == configured
        engine.opening_gate.set()
        house.until(lambda: ran_network(house) == replace(TUTORIAL, filters=3))
        assert house.notice.startswith("broken.keras is damaged.")


def test_a_picture_of_another_size_waits_for_the_opening(at_work, engine):
    with at_work() as house:
        house.networks.open_model(ModelFile("/tmp/free.keras"))
        free = nested_info()
        house.until(lambda: ran_network(house) == spec_of(free))
        house.networks.set_network(spec_of(free, spec=replace(free.input, is_own_size=True)))
        house.until(lambda: ran_network(house).input.shape == (12, 16, 3))
        engine.opening_gate.clear()
        engine.opening.clear()
        house.networks.open_model(ModelFile("/tmp/broken.keras"))
        house.until(engine.opening.is_set)
        house.boxes.frames.put(frame(20, 10))
        house.controller.work_requested.emit()
        house.until(lambda: house.boxes.frames.is_empty)
        configured = list(engine.configured)
        house.controller.set_display(DisplaySpec("viridis"))  # shown once the frame was dealt with
        house.until(lambda: house.state.rendering.display.colour_map == "viridis")
        assert engine.configured == configured
        assert ran_network(house).input.shape == (12, 16, 3)
        engine.opening_gate.set()
        house.until(lambda: ran_network(house).input.shape == (20, 10, 3))


def test_an_opening_is_called_off_in_its_midst(at_work, engine):
    with at_work() as house:
        before = house.state.rendering
        engine.opening_gate.clear()
        house.networks.open_model(FILE)
        house.until(lambda: house.state.phase == "layer 2 of 2")
        house.networks.cancel_opening()
        house.networks.set_network(replace(TUTORIAL, filters=3))
        house.until(lambda: house.state.rendering is not before)
        assert ran_network(house) == replace(TUTORIAL, filters=3)
        assert house.notice is None
        assert house.state.model is None


def test_a_newer_model_calls_off_the_one_before(at_work, engine):
    with at_work() as house:
        engine.opening_gate.clear()
        house.networks.open_model(ModelFile("/tmp/broken.keras"))
        house.until(engine.opening.is_set)
        house.networks.open_model(FILE)
        engine.opening_gate.set()
        house.until(lambda: ran_network(house) == spec_of(INFO))
        assert house.notice is None


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/tmp/broken.keras", "broken.keras is damaged."),
        ("/tmp/odd.keras", "This model cannot be opened: odd"),
    ],
)
def test_a_refusal_is_told_and_the_next_good_file_opens(at_work, path, sentence):
    with at_work() as house:
        house.networks.open_model(ModelFile(path))
        house.until(lambda: house.notice is not None)
        assert house.notice.startswith(sentence)
        assert ran_network(house) == TUTORIAL
        house.networks.open_model(FILE)
        house.until(lambda: ran_network(house) == spec_of(INFO))


def test_a_model_that_cannot_be_built_leaves_the_maps_before_it(at_work, engine):
    with at_work() as house:
        engine.refusals = [NetworkError("It would take 9 GB.")]
        house.networks.open_model(FILE)
        house.until(lambda: house.notice is not None)
        assert house.notice == "It would take 9 GB."
        assert ran_network(house) == TUTORIAL
        assert house.state.network == spec_of(INFO)


def test_a_free_size_follows_each_picture(at_work, engine):
    with at_work() as house:
        info = nested_info()
        own = replace(info.input, is_own_size=True)
        house.networks.open_model(ModelFile("/tmp/free.keras"))
        house.until(lambda: ran_network(house) == spec_of(info))
        house.networks.set_network(spec_of(info, spec=own))
        for size in ((12, 16), (20, 10)):
            house.boxes.frames.put(frame(*size))
            house.controller.work_requested.emit()
            house.until(lambda size=size: ran_network(house).input.shape == (*size, 3))
        configured = len(engine.configured)
        ran = len(engine.ran)
        house.boxes.frames.put(frame(20, 10))
        house.controller.work_requested.emit()
        house.until(lambda: len(engine.ran) > ran)
        assert len(engine.configured) == configured  # of the same size, nothing is built anew


def test_stopping_calls_off_an_opening(at_work, engine):
    with at_work() as house:
        engine.opening_gate.clear()
        house.networks.open_model(FILE)
        house.until(engine.opening.is_set)
    assert house.state.network == TUTORIAL


def test_an_input_with_another_order_is_prepared_so(at_work):
    with at_work() as house:
        house.networks.open_model(FILE)
        house.until(lambda: ran_network(house) == spec_of(INFO))
        grey = InputSpec(8, 8, "grey", "-1-1", channels=3)
        house.networks.set_network(spec_of(INFO, spec=grey))
        house.until(lambda: ran_network(house).input == grey)
        prepared = house.state.rendering.activations.prepared
        assert prepared.values.shape == (8, 8, 3)
        assert prepared.pixels.shape == (8, 8, 1)


# What is refused, and what takes its time


def refuse(house, sentence):
    """Let the engine refuse the newest network."""
    generation = house.networks._generation
    house.controller.on_failed(Failure("network", sentence, generation))


def test_a_size_that_is_refused_is_explained_beside_the_field(house):
    house.open(INFO)
    house.networks.set_network(replace(spec_of(INFO), input=replace(TORCH, height=3000)))
    refuse(house, "It would take 9 GB.")
    assert house.state.problems == (Problem("size", "It would take 9 GB."),)
    house.wanted  # noqa: B018 - taken
    house.networks.set_budget(2**40)
    assert house.wanted.input.height == 3000  # the larger limit may bear it
    assert house.state.problems == ()


def test_a_larger_limit_asks_again_for_nothing_that_was_not_refused(house):
    house.open(INFO)
    assert house.wanted == spec_of(INFO)
    house.networks.set_budget(2**40)
    assert house.wanted is None


def test_a_size_that_cannot_be_chosen_is_remarked(house):
    house.open(INFO, replace(FILE, input_shape=(9, 9)))
    assert house.state.network.input.shape == TORCH.shape
    assert house.notice == f"{INFO.name} takes inputs of 8×8 only: choose that size, or none."


def test_a_network_that_takes_its_time_is_said_to(house, qtbot):
    house.controller.on_source_opened(SourceInfo("cat.png", "picture"), 0)
    house.open(INFO)
    qtbot.waitUntil(lambda: house.state.phase == "Calculating pool1…", timeout=TIMEOUT_MS)
    house.networks.on_rendered(house.networks._generation - 1)  # the network before
    assert house.state.phase
    house.networks.on_rendered(house.networks._generation)
    assert house.state.phase == ""


def test_a_refusal_ends_the_waiting(house, qtbot):
    house.controller.on_source_opened(SourceInfo("cat.png", "picture"), 0)
    house.open(INFO)
    qtbot.waitUntil(lambda: bool(house.state.phase), timeout=TIMEOUT_MS)
    refuse(house, "It cannot be run.")
    assert house.state.phase == ""
