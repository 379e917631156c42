"""What was lost: every overlay against a look at each window, and every sentence."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName
from poolviewer.core.laboratory.contest import contest
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.flags import (
    INFINITE,
    IS_NAN,
    LOST_TIE,
    MINUS_INFINITE,
    ONLY_NAN,
    WON_TIE,
    flags_of,
)
from poolviewer.core.laboratory.lost import Lost, loser_codes, margin_codes, over_windows
from poolviewer.core.laboratory.offsets import offset_codes, offset_words
from poolviewer.core.laboratory.rebuilt import spread, unpooled
from poolviewer.core.pooling import NO_WINNER, Pooling, pool
from poolviewer.core.windows import WindowGrid
from tests.export.cases import activations_of, network

from . import tensorflow_reference as reference
from .cases import SEEDS, grids
from .test_contest import INF, KINDS_OF_NUMBERS, NAN, any_grids, some_map, windows_of

TWO = WindowGrid.over((4, 4), (2, 2), (2, 2), "valid")


def subject_of(spec, values=None, channel=0):
    """Return maps of a network; of values (H, W), one channel of exactly these."""
    activations = activations_of(spec)
    if values is not None:
        maps = np.repeat(np.asarray(values, np.float32)[:, :, np.newaxis], spec.filters, axis=2)
        pooled = pool(maps, spec.stage.pooling).astype(np.float32)
        activations = replace(activations, feature_maps=maps, pooled_maps=pooled)
    return Subject(activations, channel, None, None)


def found(spec, values=None, **settings):
    return Lost(**settings).conduct(subject_of(spec, values))


def small(rows, cols, **parameters):
    """Return a network whose feature map has so many rows and columns."""
    return network(rows, cols, filters=2, kernel_size=(1, 1), **parameters)


def test_three_of_four_pixels_of_the_tutorial_are_lost():
    finding = found(network())
    codes = finding.overlays[MapName.FEATURE].codes
    assert codes.shape == (30, 30)
    assert int((codes == 1).sum()) == 675
    assert finding.sentences[0] == "675 of 900 pixels won in no window."


@settings(max_examples=200, deadline=None)
@given(SEEDS, any_grids(), KINDS_OF_NUMBERS)
def test_every_pixel_is_flagged_for_what_it_is(seed, grid, kind):
    values = some_map(seed, grid.source_shape, kind)
    expected = np.zeros(values.shape, np.uint8)
    for value, flag in ((INF, INFINITE), (-INF, MINUS_INFINITE)):
        expected[values == value] = flag
    expected[np.isnan(values)] = IS_NAN
    won = []
    for _, box, window in windows_of(values, grid):
        if np.isnan(window).all():
            expected[box.slices] = ONLY_NAN
            continue
        is_highest = window == np.nanmax(window)
        if is_highest.sum() > 1:
            expected[box.slices][is_highest] = LOST_TIE
            row, col = np.argwhere(is_highest)[0]
            won.append((box.row_start + row, box.col_start + col))
    for place in won:
        expected[place] = WON_TIE
    np.testing.assert_array_equal(flags_of(values, contest(values, grid), grid), expected)


@settings(max_examples=200, deadline=None)
@given(SEEDS, any_grids(), KINDS_OF_NUMBERS)
def test_losers_are_those_that_won_nowhere(seed, grid, kind):
    values = some_map(seed, grid.source_shape, kind)
    outcome = contest(values, grid)
    winners = set(outcome.winners.ravel().tolist()) - {NO_WINNER}
    codes = loser_codes(outcome, grid)
    assert set(np.flatnonzero(codes == 0).tolist()) == winners


@settings(max_examples=200, deadline=None)
@given(SEEDS, grids(max_source=12), st.sampled_from(["normal", "few"]))
def test_rebuilt_is_where_tensorflow_sends_the_gradient(seed, grid, kind):
    """Each winner holds its pooled value: 1 for every window that it won, times that value."""
    values = some_map(seed, grid.source_shape, kind)
    maps = values[:, :, np.newaxis]
    pooled = reference.pool(maps, Pooling("max", grid))
    wins = reference.max_pool_gradient(maps, grid, np.ones_like(pooled))[:, :, 0]
    rebuilt = unpooled(pooled[:, :, 0], contest(values, grid), grid.source_shape)
    np.testing.assert_array_equal(rebuilt, np.where(wins > 0, values, 0))


@settings(max_examples=100, deadline=None)
@given(SEEDS, any_grids())
def test_spread_is_the_mean_of_the_averages_over_a_pixel(seed, grid):
    values = some_map(seed, grid.source_shape, "normal")
    pooled = pool(values[:, :, np.newaxis], Pooling("average", grid))[:, :, 0]
    total, count = np.zeros(values.shape), np.zeros(values.shape)
    for place, box, _ in windows_of(values, grid):
        total[box.slices] += pooled[place]
        count[box.slices] += 1
    expected = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    np.testing.assert_allclose(spread(pooled, grid), expected, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(SEEDS, any_grids(), KINDS_OF_NUMBERS)
def test_margins_are_scaled_from_a_tie_to_the_largest(seed, grid, kind):
    outcome = contest(some_map(seed, grid.source_shape, kind), grid)
    codes, (low, high) = margin_codes(outcome)
    margins = outcome.margins
    assert low == 0
    assert high == max([0, *margins[np.isfinite(margins)]])
    assert (codes[np.isnan(margins)] == 0).all()
    assert (codes[margins == 0] == 1).all()
    assert (codes[np.isposinf(margins)] == 255).all()
    if high > 0:
        is_plain = np.isfinite(margins)
        np.testing.assert_array_equal(
            codes[is_plain], 1 + np.floor(margins[is_plain] / high * 254 + 0.5)
        )


@settings(max_examples=100, deadline=None)
@given(any_grids())
def test_a_pixel_takes_the_code_of_the_first_window_over_it(grid):
    codes = np.arange(1, grid.shape[0] * grid.shape[1] + 1).astype(np.uint8).reshape(grid.shape)
    expected = np.zeros(grid.source_shape, np.uint8)
    for place in reversed(list(np.ndindex(*grid.shape))):
        expected[grid.window(*place).slices] = codes[place]
    np.testing.assert_array_equal(over_windows(codes, grid), expected)


def test_which_of_four_positions_won():
    values = np.array([[9, 0, 0, 9], [0, 0, 0, 0], [0, 0, 0, 0], [9, 0, 0, 9]], np.float32)
    codes = offset_codes(contest(values, TWO), TWO)
    assert offset_words(TWO) == ("top left", "top right", "bottom left", "bottom right")
    assert codes[values == 9].tolist() == [1, 2, 3, 4]
    assert (codes[values == 0] == 0).all()


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((1, 1), ("centre",)),
        ((1, 2), ("left", "right")),
        ((3, 1), ("top", "centre", "bottom")),
        ((2, 3), ("top left", "top", "top right", "bottom left", "bottom", "bottom right")),
        ((4, 1), ("top third", "centre third", "bottom third")),
    ],
)
def test_positions_have_names(size, words):
    assert offset_words(WindowGrid.over((6, 6), size, size, "valid")) == words


@pytest.mark.parametrize("side", range(1, 8))
def test_large_windows_are_told_in_thirds(side):
    """Every pixel of a window in turn is the highest."""
    grid = WindowGrid.over((side, side), (side, side), (side, side), "valid")
    parts = min(side, 3)
    for row, col in np.ndindex(side, side):
        values = np.zeros((side, side), np.float32)
        values[row, col] = 1
        code = offset_codes(contest(values, grid), grid)[row, col]
        assert divmod(code - 1, parts) == (row * parts // side, col * parts // side)


def test_a_window_clipped_by_padding_counts_from_where_it_would_begin():
    grid = WindowGrid.over((4, 4), (3, 3), (3, 3), "same")  # begins one pixel outside
    values = np.zeros((4, 4), np.float32)
    values[0, 0] = 1
    code = offset_codes(contest(values, grid), grid)[0, 0]
    assert offset_words(grid)[code - 1] == "centre"


def test_of_overlapping_windows_the_first_that_is_won_gives_the_position():
    grid = WindowGrid.over((1, 3), (1, 2), (1, 1), "valid")
    codes = offset_codes(contest(np.array([[0, 5, 1]], np.float32), grid), grid)
    assert codes.tolist() == [[0, 2, 0]]


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (small(31, 31), "Row 30 and column 30 lie in no window: 61 pixels."),
        (small(30, 31), "Column 30 lies in no window: 30 pixels."),
        (small(9, 9, pool_strides=(3, 3)), "3 rows and 3 columns lie in no window: 45 pixels."),
        (small(31, 31, pool_padding="same"), ""),
        (small(31, 31, pool_kind="average"), "Row 30 and column 30 lie in no window: 61 pixels."),
    ],
)
def test_rows_and_columns_in_no_window_are_told(spec, sentence):
    told = [text for text in found(spec).sentences if "in no window:" in text]
    assert told == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        (
            [[1, 1], [0, 0]],
            ["1 window holds the highest value more than once: the first of them wins."],
        ),
        ([[NAN, 1], [0, 0]], ["1 pixel is NaN, which never wins."]),
        (
            [[NAN, NAN], [NAN, NAN]],
            ["4 pixels are NaN, which never wins. 1 window holds nothing else: no winner."],
        ),
        ([[INF, 1], [0, 0]], []),
    ],
)
def test_ties_and_nan_are_counted(values, sentences):
    told = found(small(2, 2), values).sentences
    assert [text for text in told[1:] if "Rebuilt" not in text] == sentences


def test_pixels_that_won_several_times_are_counted():
    spec = small(3, 3, pool_strides=(1, 1))
    values = [[0, 0, 0], [0, 9, 0], [0, 0, 0]]
    told = found(spec, values).sentences
    assert told[:2] == (
        "8 of 9 pixels won in no window.",
        "1 pixel won in several windows, in 4.",
    )


@pytest.mark.parametrize(
    ("values", "percent"), [([[3, 0], [4, 0]], "64 %"), ([[1, 0], [0, 0]], "100 %")]
)
def test_the_share_that_is_kept_is_told(values, percent):
    finding = found(small(2, 2), values)
    assert f"keeps {percent} of its sum of squares" in finding.sentences[-1]
    assert finding.maps[0].values.max() == np.max(values)


@pytest.mark.parametrize("values", [[[0, 0], [0, 0]], [[INF, 1], [1, 1]], [[NAN, 1], [1, 1]]])
def test_a_share_that_is_no_number_is_not_told(values):
    assert not any("Rebuilt" in text for text in found(small(2, 2), values).sentences)


@pytest.mark.parametrize("view", ["losers", "offsets", "margin", "nothing"])
def test_an_average_has_no_winner_and_says_so(view):
    finding = found(small(4, 4, pool_kind="average"), view=view)
    assert finding.sentences[0].startswith("Average pooling has no winner")
    assert not finding.overlays
    assert finding.maps[0].values.shape == (4, 4)
    finding = found(small(2, 2, pool_kind="average"), [[NAN, 1], [1, 1]], has_flags=True)
    assert finding.overlays[MapName.FEATURE].marks.tolist() == [[IS_NAN, 0], [0, 0]]
    assert "so is the average" in finding.sentences[1]


@pytest.mark.parametrize("view", ["losers", "offsets", "margin", "nothing"])
def test_flags_come_beside_any_colours(view):
    values = [[1, 1], [0, 0]]
    plain, flagged = (found(small(2, 2), values, view=view, has_flags=f) for f in (False, True))
    if view == "nothing":
        assert not plain.overlays
    else:
        np.testing.assert_array_equal(
            plain.overlays[MapName.FEATURE].codes, flagged.overlays[MapName.FEATURE].codes
        )
        assert plain.overlays[MapName.FEATURE].marks is None
    marks = flagged.overlays[MapName.FEATURE].marks
    assert marks.tolist() == [[WON_TIE, LOST_TIE], [0, 0]]


def test_the_margin_is_seen_in_both_maps_with_its_scale():
    overlays = found(small(2, 4), [[1, 5, 0, 0], [0, 0, 0, 0]], view="margin").overlays
    assert overlays[MapName.POOLED].codes.tolist() == [[255, 1]]
    assert overlays[MapName.FEATURE].codes.tolist() == [[255, 255, 1, 1]] * 2
    assert overlays[MapName.FEATURE].limits == (0, 4)


def test_only_the_channel_that_is_shown_is_looked_at():
    subject = subject_of(network())
    maps = subject.activations.feature_maps.copy()
    maps[:, :, 1:] = NAN
    for channel, lost in ((0, "675"), (1, "900")):
        activations = replace(subject.activations, feature_maps=maps)
        finding = Lost().conduct(Subject(activations, channel, None, None))
        assert finding.channel == channel
        assert finding.sentences[0].startswith(f"{lost} of 900")


def test_rebuilt_has_the_shades_of_the_feature_map():
    finding = found(small(2, 2), [[2, 3], [4, 10]])
    rebuilt = finding.maps[0]
    assert rebuilt.levels == (0, 10)
    assert rebuilt.shades.tolist() == [[0, 0], [0, 255]]
    assert rebuilt.geometry.shape == (2, 2)
