"""Moving the input: steps, edges, and the measure of what changed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.shift import LONGEST_S, Shift
from poolviewer.core.laboratory.shift_words import percent, step_words
from poolviewer.core.laboratory.shifting import changed_share, moved, steps_along
from tests.export.cases import activations_of

STEPS = st.tuples(st.integers(-4, 4), st.integers(-4, 4))


@given(STEPS, st.integers(0, 99))
def test_every_pixel_comes_from_where_it_was_or_from_the_edge(step, seed):
    values = np.random.default_rng(seed).normal(size=(6, 7, 2)).astype(np.float32)
    found = moved(values, step)
    assert not found.flags.writeable
    for row in range(6):
        for col in range(7):
            source = min(max(row - step[0], 0), 5), min(max(col - step[1], 0), 6)
            np.testing.assert_array_equal(found[row, col], values[source])


@given(STEPS)
def test_the_curve_begins_at_0_and_passes_the_chosen_step(step):
    steps = steps_along(step)
    assert steps[0] == (0, 0)
    assert step in steps
    assert len(steps) == (5 if step != (0, 0) else 1)


def test_the_measure_is_relative_to_how_much_the_map_varies():
    before = np.array([[0.0, 4.0], [0.0, 4.0]])
    assert changed_share(before, before) == 0
    assert changed_share(before, before + 1) == 50
    assert changed_share(before, before[:, ::-1]) == 200


def test_what_cannot_be_compared_has_no_measure():
    flat = np.full((2, 3), 7.0)
    assert changed_share(flat, flat + 1) is None
    assert changed_share(np.full((2, 3), np.nan), flat) is None
    holed = np.array([[0.0, 2.0, np.nan], [0.0, 2.0, np.inf]])
    assert changed_share(holed, np.nan_to_num(holed) + 1) == 100


@pytest.mark.parametrize(
    ("step", "words"), [((0, 1), "1 right"), ((2, -3), "3 left, 2 down"), ((-4, 0), "4 up")]
)
def test_a_step_is_put_into_words(step, words):
    assert step_words(step) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0 %"), (0.001, "< 0.01 %"), (0.3, "0.3 %"), (41.2, "41 %")]
)
def test_no_change_is_rounded_away(share, words):
    assert percent(share) == words


def test_without_a_step_nothing_runs_and_nothing_has_changed():
    activations = activations_of()
    finding = Shift(0, 0).conduct(Subject(activations, 1, None, rerun=pytest.fail))
    assert finding.altered is None
    (point,) = finding.details.points
    assert (point.change.feature, point.change.pooled) == (0, 0)


@pytest.mark.parametrize(("model_s", "runs"), [(LONGEST_S / 2, 4), (2 * LONGEST_S, 1)])
def test_a_slow_network_runs_once_a_frame_while_the_picture_moves(model_s, runs):
    activations = replace(activations_of(), model_s=model_s)
    ran = []

    def rerun(values):
        ran.append(values)
        return replace(activations, prepared=replace(activations.prepared, values=values))

    finding = Shift(1, 2).while_moving().conduct(Subject(activations, 1, None, rerun))
    assert len(ran) == runs
    assert finding.details.chosen == 2
    assert ("stands still" in " ".join(finding.sentences)) == (runs == 1)
    still = Shift(1, 2).conduct(Subject(activations, 1, None, rerun))
    assert len(still.details.points) == 5
