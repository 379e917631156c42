"""Drags become one change each, however long they last, and can be taken back."""

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.laboratory.dragging import span_of
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.rendering import Rendering
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.dragging import DraggingController
from poolviewer.runtime.store import Store
from tests.export.cases import network
from tests.views.renderings import constant, rendering_of

from .recording_views import RecordingViews

FEATURE = Pixel(MapName.FEATURE, 2, 3)
POOLED = Pixel(MapName.POOLED, 1, 1)
CHANNEL = 2
SPEC = network(10, 10)


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    return rendering_of(SPEC)


@pytest.fixture
def store(rendering):
    state = ViewState(rendering=rendering, channel=CHANNEL, experiment=Poke())
    return Store(RecordingViews(), state)


@pytest.fixture
def dragging(store):
    return DraggingController(store)


def edits(store):
    return store.state.experiment.done


def range_of(rendering, channel=CHANNEL):
    values = rendering.activations.feature_maps[:, :, channel]
    return float(values.max()) - float(values.min())


def test_a_drag_is_one_change_that_follows_the_mouse(dragging, store, rendering):
    for share, is_new in ((0.1, True), (0.5, False), (-0.25, False)):
        dragging.drag(FEATURE, share, is_new)
        (edit,) = edits(store)
        assert (edit.row, edit.col, edit.channel) == (2, 3, CHANNEL)
        assert edit.by == pytest.approx(share * range_of(rendering), rel=1e-6)
    dragging.end(False)
    assert len(edits(store)) == 1


def test_a_drag_that_comes_back_has_changed_nothing(dragging, store):
    store.update(experiment=Poke(undone=(Edit(MapName.FEATURE, 0, 0, 0, 1.0),)))
    before = store.state.experiment
    dragging.drag(FEATURE, 0.5, True)
    assert not store.state.experiment.can_redo
    dragging.drag(FEATURE, 0.0, False)
    assert store.state.experiment == before


def test_every_drag_is_undone_alone(dragging, store):
    for share in (0.1, 0.2):
        dragging.drag(FEATURE, share, True)
        dragging.drag(FEATURE, share * 2, False)
        dragging.end(False)
    assert len(edits(store)) == 2
    dragging.undo()
    assert len(edits(store)) == 1
    dragging.redo()
    assert len(edits(store)) == 2


def test_escape_leaves_everything_as_it_was_before(dragging, store):
    before = Poke(undone=(Edit(MapName.FEATURE, 0, 0, 0, 1.0),))
    store.update(experiment=before)
    dragging.drag(FEATURE, 0.1, True)
    dragging.drag(FEATURE, 0.7, False)
    dragging.end(True)
    assert store.state.experiment == before
    dragging.drag(FEATURE, 0.9, False)  # the button is still down
    assert store.state.experiment == before


@pytest.mark.parametrize("change", ["undo", "leave", "other"])
def test_what_is_chosen_meanwhile_ends_the_drag(dragging, store, change):
    dragging.drag(FEATURE, 0.1, True)
    if change == "undo":
        dragging.undo()
    else:
        store.update(experiment=None if change == "leave" else Lost())
    chosen = store.state.experiment
    dragging.drag(FEATURE, 0.2, False)
    dragging.end(True)
    assert store.state.experiment == chosen


def test_nothing_is_dragged_where_no_experiment_asks_for_it(dragging, store):
    dragging.drag(POOLED, 0.5, True)
    assert not edits(store)
    for experiment in (Lost(), None):
        store.update(experiment=experiment)
        dragging.drag(FEATURE, 0.5, True)
        dragging.undo()
        dragging.redo()
        assert store.state.experiment == experiment
    store.update(experiment=Poke(), rendering=None)
    dragging.drag(FEATURE, 0.5, True)
    assert not edits(store)


def test_keys_move_the_pinned_pixel_by_steps(dragging, store, rendering):
    dragging.nudge(0.05, True)
    assert not edits(store)  # nothing is pinned
    store.update(pinned=FEATURE)
    for is_new in (True, False, False):  # one key, held down
        dragging.nudge(0.05, is_new)
    (edit,) = edits(store)
    assert edit.by == pytest.approx(0.15 * range_of(rendering), rel=1e-6)
    dragging.nudge(-0.05, True)
    assert [np.sign(edit.by) for edit in edits(store)] == [1, -1]


def test_the_range_is_that_of_the_map_and_never_nothing(rendering):
    assert span_of(rendering, MapName.INPUT, 0) == 255
    assert span_of(rendering, MapName.FEATURE, 1) == pytest.approx(range_of(rendering, 1))
    assert span_of(constant(rendering, 3.0), MapName.FEATURE, 1) == 1
    dead = constant(rendering, 0.0)  # as a whole channel often is behind a ReLU
    dead.levels.feature[:] = [[0, 4], [0, 0], [-2, 0], [0, 0]]
    assert span_of(dead, MapName.FEATURE, 1) == 6
