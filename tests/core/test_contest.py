"""Who won, who came second and where, against TensorFlow and against a look at every window."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.laboratory.contest import contest, holders, lengths, scattered, starts
from poolviewer.core.pooling import NO_WINNER, Pooling, winners
from poolviewer.core.windows import AdaptiveAxis, WindowGrid

from . import tensorflow_reference as reference
from .cases import SEEDS, grids

NAN, INF = np.nan, np.inf
KINDS_OF_NUMBERS = st.sampled_from(["normal", "few", "odd"])


def some_map(seed, shape, kind):
    """Return normal numbers, few that tie often, or few with NaN and infinities among them."""
    rng = np.random.default_rng(seed)
    if kind == "normal":
        return rng.normal(size=shape).astype(np.float32)
    few = rng.integers(-1, 3, shape).astype(np.float32)
    if kind == "odd":
        for value, share in ((NAN, 0.4), (-INF, 0.2), (INF, 0.1)):
            few[rng.random(shape) < share] = value
    return few


@st.composite
def any_grids(draw, most=14):
    """Draw windows that slide, that share a map out, or the one that is all of it."""
    grid = draw(grids(max_source=most))
    shape = grid.source_shape
    kind = draw(st.sampled_from(["sliding", "sliding", "adaptive", "global"]))
    if kind == "adaptive":
        return WindowGrid.adaptive(shape, tuple(draw(st.integers(1, side)) for side in shape))
    return WindowGrid.over_all(shape) if kind == "global" else grid


def windows_of(values, grid):
    """Yield every window's place, its box, and its pixels."""
    for row, col in np.ndindex(*grid.shape):
        box = grid.window(row, col)
        yield (row, col), box, values[box.slices]


@settings(max_examples=300, deadline=None)
@given(SEEDS, any_grids(), KINDS_OF_NUMBERS)
def test_the_highest_wins_and_the_next_comes_second(seed, grid, kind):
    values = some_map(seed, grid.source_shape, kind)
    outcome = contest(values, grid)
    found = winners(values[:, :, np.newaxis], Pooling("max", grid))[:, :, 0]
    np.testing.assert_array_equal(outcome.winners, found)
    for place, _, window in windows_of(values, grid):
        ranked = [*np.sort(window[~np.isnan(window)])[::-1], NAN, NAN]
        np.testing.assert_equal([outcome.best[place], outcome.second[place]], ranked[:2])
        assert outcome.is_tied[place] == (ranked[0] == ranked[1])
        margin = 0 if ranked[0] == ranked[1] else np.float32(ranked[0]) - np.float32(ranked[1])
        np.testing.assert_equal(outcome.margins[place], margin)
        if not np.isnan(ranked[0]):
            assert values[outcome.rows[place], outcome.cols[place]] == ranked[0]


@settings(max_examples=200, deadline=None)
@given(SEEDS, grids(max_source=20), st.sampled_from(["normal", "few"]))
def test_winners_are_tensorflows_argmax(seed, grid, kind):
    values = some_map(seed, grid.source_shape, kind)
    expected = reference.argmax(values[:, :, np.newaxis], grid)[:, :, 0]
    np.testing.assert_array_equal(contest(values, grid).winners, expected)


@settings(max_examples=100, deadline=None)
@given(any_grids())
def test_holders_are_the_windows_over_each_position(grid):
    for axis in (grid.rows, grid.cols):
        found = holders(axis)
        for position in range(axis.source_size):
            column = found[:, position]
            assert column[column >= 0].tolist() == list(axis.windows_over(position))
        for index in range(axis.count):
            start, stop = axis.window(index)
            assert max(starts(axis)[index], 0) == start
            assert min(starts(axis)[index] + lengths(axis)[index], axis.source_size) == stop


@settings(max_examples=100, deadline=None)
@given(SEEDS, any_grids(), KINDS_OF_NUMBERS)
def test_of_several_windows_the_first_is_scattered(seed, grid, kind):
    outcome = contest(some_map(seed, grid.source_shape, kind), grid)
    numbers = np.arange(1, outcome.winners.size + 1).reshape(grid.shape)
    expected = np.zeros(grid.source_shape, int)
    for place in reversed(list(np.ndindex(*grid.shape))):
        if outcome.winners[place] != NO_WINNER:
            expected[outcome.rows[place], outcome.cols[place]] = numbers[place]
    np.testing.assert_array_equal(scattered(outcome, numbers, grid.source_shape), expected)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_half_precision_is_compared_exactly(kind):
    values = np.array([[1, 1 + 2**-10], [0.5, 1]], kind)
    outcome = contest(values, WindowGrid.over((2, 2), (2, 2), (2, 2), "valid"))
    assert outcome.winners == [[1]]
    assert outcome.margins == [[2**-10]]


def test_parts_of_uneven_windows_begin_where_the_windows_do():
    assert starts(AdaptiveAxis(7, 3)).tolist() == [0, 2, 4]
    assert lengths(AdaptiveAxis(7, 3)).tolist() == [3, 3, 3]
