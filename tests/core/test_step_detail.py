"""An unfolded step: its taps as tables, and its lines down to what the map says."""

import numpy as np
import pytest

from poolviewer.core.numbers import format_number
from poolviewer.core.operations import (
    Activation,
    Concatenation,
    Convolution,
    ElementFunction,
    Identity,
    Merge,
    Normalisation,
    Pad,
    Pool,
    Scaling,
    Unknown,
)
from poolviewer.core.pooling import Pooling
from poolviewer.core.step_detail import (
    MOST_CHANNELS,
    agreement,
    detail_of,
    kind_of,
    row_in_words,
)
from poolviewer.core.windows import WindowGrid
from tests.core.chains import activations_of, layer, only_step

RNG = np.random.default_rng(0)


def convolved(sources=3, *, side=3, function=None, bias=True, at=(1, 1)):
    """Return the step of a convolution over a 4×4 map, and the map itself."""
    values = RNG.normal(size=(4, 4, sources)).astype(np.float32)
    kernel = RNG.normal(size=(side, side, sources, 1)).astype(np.float32)
    grid = WindowGrid.over((4, 4), (side, side), (1, 1), "same")
    operation = Convolution(
        grid, kernel, np.array([0.5]) if bias else None, function and ElementFunction(function)
    )
    maps = np.full((4, 4, 1), 7.0, np.float32)
    return only_step(activations_of(values, layer(operation, maps)), *at)


def pointwise(operation, number=2.0, value=7.0):
    maps = np.full((1, 1, 1), value)
    source = np.full((1, 1, 1), number, np.float32)
    return only_step(activations_of(source, layer(operation, maps)), 0, 0)


def numbers_in(grid):
    return [text for line in grid.cells for texts in line for text in texts]


def test_of_few_channels_each_is_a_table_with_value_weight_and_product():
    step = convolved()
    detail = detail_of(step, ("B", "G", "R"))
    assert detail.title == "layer: convolution 3×3, strides 1×1, same"
    for channel, (grid, name) in enumerate(zip(detail.grids, "BGR", strict=True)):
        total = format_number(float(step.products[:, :, channel].sum()))
        assert grid.title == f"Channel {channel} ({name}): sum {total}"
        assert grid.shape == (3, 3)
        for row, col in np.ndindex(3, 3):
            place = row, col, channel
            value, weight, product = grid.cells[row][col]
            assert value == format_number(step.values[place])
            assert weight == f"× {format_number(step.kernel[place])}"
            assert product == f"= {format_number(step.products[place])}"
            assert step.values.flat[grid.taps[row][col]] == step.values[place]


def test_exactly_one_tap_is_marked_as_followed():
    step = convolved()
    marked = [grid for grid in detail_of(step).grids if grid.followed is not None]
    (grid,) = marked
    row, col = grid.followed
    assert grid.taps[row][col] == step.tap


def test_of_many_channels_those_that_weigh_most_are_shown_and_the_rest_is_summed_up():
    step = convolved(sources=40)
    detail = detail_of(step)
    sums = step.products.sum(axis=(0, 1))
    shown = [int(grid.title.split()[1].rstrip(":")) for grid in detail.grids]
    assert len(shown) == MOST_CHANNELS
    assert step.tap % 40 in shown
    largest = set(np.argsort(np.abs(sums))[-MOST_CHANNELS:].tolist())
    assert len(largest & set(shown)) >= MOST_CHANNELS - 1
    rest = format_number(float(sums.sum() - sums[shown].sum()))
    assert detail.lines[0] == f"… and {40 - MOST_CHANNELS} more channels: sum {rest}"


def test_the_lines_lead_from_the_sum_to_the_map():
    step = convolved(function="relu")
    total, result = format_number(step.summed), format_number(step.computed)
    before = format_number(step.preactivation)
    assert detail_of(step).lines == (
        f"Sum of 27 products = {total}",
        f"+ bias 0.5000 = {before}",
        f"relu({before}) = {result}",
        f"{result}, map says 7.000 ≠ differs",
    )
    assert "bias" not in " ".join(detail_of(convolved(bias=False)).lines)


def test_taps_in_padding_are_told_from_others():
    step = convolved(at=(0, 0))
    first = detail_of(step).grids[0]
    assert first.outside == {(0, 0), (0, 1), (0, 2), (1, 0), (2, 0)}
    assert not detail_of(convolved()).grids[0].outside


def test_of_a_large_kernel_the_part_around_the_followed_tap_is_shown():
    step = convolved(sources=1, side=7)
    (grid,) = detail_of(step).grids
    assert grid.shape == (5, 5)
    assert grid.title.endswith("(5×5 of 7×7)")
    row, col = grid.followed
    assert grid.taps[row][col] == step.tap


@pytest.mark.parametrize(
    ("operation", "line", "kind"),
    [
        (Activation(ElementFunction("relu")), "relu(2.000) = 2.000", "relu"),
        (Scaling(np.array([3.0]), np.array([1.0])), "2.000 · 3.000 + 1.000 = 7.000", "scaling"),
        (
            Normalisation(*(np.array([float(n)]) for n in (1, 3, 4, 5)), epsilon=1.0),
            "4.000 · (2.000 − 1.000) / √(3.000 + 1.000) + 5.000 = 7.000",
            "batch normalisation",
        ),
        (Merge("add"), "2.000 = 2.000", "add maps"),
        (Merge("maximum"), "max(2.000) = 2.000", "maximum maps"),
        (Identity(), "2.000, map says 7.000 ≠ differs", "passes numbers on"),
        (Concatenation(), "2.000, map says 7.000 ≠ differs", "maps joined"),
        (Pad((0, 0)), "2.000, map says 7.000 ≠ differs", "padding"),
    ],
)
def test_every_kind_of_layer_has_its_line(operation, line, kind):
    step = pointwise(operation)
    assert detail_of(step).lines[0].replace("\N{MINUS SIGN}", "−") == line
    assert kind_of(step) == kind


def test_a_pooling_is_its_window_with_the_winner():
    pooling = Pooling("max", WindowGrid.over((2, 2), (2, 2), (2, 2), "valid"))
    values = np.array([[1, 5], [3, 2]], np.float32)[..., np.newaxis]
    maps = np.full((1, 1, 1), 5.0)
    step = only_step(activations_of(values, layer(Pool(pooling), maps, grid=pooling.grid)), 0, 0)
    (grid,) = detail_of(step).grids
    assert numbers_in(grid) == ["1.000", "5.000", "3.000", "2.000"]
    assert grid.followed == (0, 1)
    assert detail_of(step).lines[0] == "max of 4 values = 5.000"
    assert agreement(step) == ("✓", "agrees")


def test_what_is_not_followed_says_so():
    step = pointwise(Unknown())
    detail = detail_of(step)
    assert detail.grids == ()
    assert detail.lines == ("map says 7.000 ? not worked out", step.ending)
    assert row_in_words(3, step) == (
        "Step 3: layer, not followed. Pixel (0, 0) of channel 0 = 7.000, not worked out."
    )
