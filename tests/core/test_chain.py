"""Chains: every step's arithmetic gives the map's very number, and leads to the next pixel."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.arithmetic import ALL_PADDING, IN_PADDING, NO_NUMBER
from poolviewer.core.chain import NOT_FETCHED, SHORT_OF_MEMORY, chain_of
from poolviewer.core.chain_step import THE_INPUT
from poolviewer.core.geometry import PixelBox
from poolviewer.core.layer_graph import INPUT
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
from poolviewer.core.pooling import Pooling, pool
from poolviewer.core.windows import WindowGrid

from .cases import SEEDS, grids, random_maps
from .chains import activations_of, feature_chain, layer, only_step, pooled_chain

NAN, INF = float("nan"), float("inf")
RELU = ElementFunction("relu")


@st.composite
def convolutions(draw, dtype=np.float32):
    """Draw a convolution of any kind and have TensorFlow run it; return the activations."""
    grid = draw(grids(max_source=9, dilations=st.sampled_from([1, 1, 2])))
    groups, depth, filters = (
        draw(st.integers(1, 2)),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
    )
    rng = np.random.default_rng(draw(SEEDS))
    size = 10.0 ** draw(st.integers(-3, 3))
    values = (rng.normal(size=(*grid.source_shape, depth * groups)) * size).astype(np.float32)
    kernel = rng.normal(size=(*grid.size, depth, filters * groups)).astype(dtype)
    bias = draw(st.sampled_from([None, rng.normal(size=filters * groups).astype(dtype) * size]))
    function = draw(st.sampled_from([None, RELU, ElementFunction("tanh")]))
    maps = convolve(values.astype(dtype), grid, kernel, bias, function, groups)
    operation = Convolution(grid, kernel.astype(np.float64), bias, function, groups)
    return activations_of(values, layer(operation, maps))


def convolve(values, grid, kernel, bias, function, groups):
    """Convolve by TensorFlow, group by group."""
    with tf.device("CPU"):
        parts = [
            tf.nn.conv2d(part[None], weights, grid.strides, grid.padding.upper(),
                         dilations=grid.dilation)
            for part, weights in zip(np.split(values, groups, 2), np.split(kernel, groups, 3),
                                     strict=True)
        ]  # fmt: skip
        made = tf.concat(parts, 3)
        made = made if bias is None else made + bias.astype(values.dtype)
        made = getattr(tf.nn, function.name)(made) if function else made
        return made[0].numpy()


@settings(max_examples=150, deadline=None)
@given(activations=convolutions(), data=st.data())
def test_convolution_gives_tensorflows_number(activations, data):
    rows, cols, channels = activations.feature_maps.shape
    pixel = [data.draw(st.integers(0, size - 1)) for size in (rows, cols, channels)]
    step = only_step(activations, *pixel)
    operation, values = step.operation, activations.prepared.values
    assert step.agrees
    assert step.pixel == tuple(pixel)
    assert step.map_value == float(activations.feature_maps[tuple(pixel)])
    np.testing.assert_array_equal(step.products, step.values * step.kernel)
    np.testing.assert_array_equal(step.kernel, operation.kernel[..., pixel[2]])
    assert step.summed == step.products.sum()
    assert step.preactivation == step.summed + (step.bias or 0)
    assert (step.bias is None) == (operation.bias is None)
    for tap, value in enumerate(step.values.flat):
        found = step.taps.at(tap)
        assert value == (0 if found is None else values[found[1]])


@settings(max_examples=100, deadline=None)
@given(activations=convolutions(), data=st.data())
def test_convolution_is_followed_to_its_largest_product(activations, data):
    rows, cols, channels = activations.feature_maps.shape
    pixel = [data.draw(st.integers(0, size - 1)) for size in (rows, cols, channels)]
    step = only_step(activations, *pixel)
    products = np.abs(step.products).ravel()
    inside = [tap for tap in range(products.size) if step.taps.at(tap)]
    if not inside:
        assert (step.followed, step.ending, step.box) == (None, ALL_PADDING, None)
        return
    assert products[step.tap] == max(products[tap] for tap in inside)
    assert (step.source, step.followed) == step.taps.at(step.tap)
    places = np.array([step.taps.at(tap)[1][:2] for tap in inside])
    assert step.box == PixelBox(*places.min(axis=0), *(places.max(axis=0) + 1))


@pytest.mark.parametrize("change", [0.02, -0.02])
def test_number_that_is_not_the_convolutions_is_seen(change):
    grid = WindowGrid.over((4, 4), (3, 3), (1, 1), "valid")
    kernel = np.ones((3, 3, 2, 1))
    values = random_maps(1, 4, 4, 2)
    maps = convolve(values, grid, kernel.astype(np.float32), None, None, 1)
    activations = activations_of(values, layer(Convolution(grid, kernel), maps))
    assert only_step(activations, 1, 1).agrees
    changed = replace(activations, feature_maps=maps * (1 + change))
    assert only_step(changed, 1, 1).agrees is False


def in_format(values, dtype):
    return tf.cast(tf.cast(values, dtype), tf.float32).numpy()


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_convolution_agrees_at_the_precision_it_was_made_in(precision):
    grid = WindowGrid.over((6, 6), (3, 3), (1, 1), "same")
    values = random_maps(2, 6, 6, 3) * 10
    kernel = in_format(random_maps(3, 3, 9, 3).reshape(3, 3, 3, 3), precision)
    with tf.device("CPU"):
        source, weights = (tf.cast(part, precision) for part in (values[None], kernel))
        made = tf.cast(tf.nn.conv2d(source, weights, 1, "SAME"), tf.float32)[0].numpy()
    activations = activations_of(values, layer(Convolution(grid, kernel), made))
    at_it = replace(activations, precisions=(precision,))
    for pixel in np.ndindex(made.shape):
        step = only_step(at_it, *pixel)
        assert step.agrees
        np.testing.assert_array_equal(
            step.values[0, 0, 0], in_format(step.values[0, 0, 0], precision)
        )
    assert not all(only_step(activations, *pixel).agrees for pixel in np.ndindex(made.shape))


def test_number_too_large_for_its_precision_is_infinite_in_the_map():
    grid = WindowGrid.over((1, 1), (1, 1), (1, 1), "valid")
    made = np.array([[[np.inf]]], np.float32)
    operation = Convolution(grid, np.full((1, 1, 1, 1), 70.0))
    activations = activations_of([[[1000.0]]], layer(operation, made))
    assert only_step(activations, 0, 0).agrees is False
    assert only_step(replace(activations, precisions=("float16",)), 0, 0).agrees
    negative = replace(activations, feature_maps=-made, precisions=("float16",))
    assert only_step(negative, 0, 0).agrees is False


def test_number_just_below_infinity_may_be_rounded_to_it():
    grid = WindowGrid.over((1, 1), (1, 1), (1, 1), "valid")
    made = np.array([[[np.inf]]], np.float32)
    operation = Convolution(grid, np.full((1, 1, 1, 1), 65504.0))  # the largest of float16
    activations = activations_of([[[1.0]]], layer(operation, made))
    assert only_step(replace(activations, precisions=("float16",)), 0, 0).agrees
    assert only_step(activations, 0, 0).agrees is False


def test_products_too_small_for_the_precision_may_be_lost():
    values = np.full((3, 3, 1), 1e-20, np.float32)
    grid, kernel = WindowGrid.over((3, 3), (3, 3), (1, 1), "valid"), np.full((3, 3, 1, 1), 1e-18)
    zero = np.zeros((1, 1, 1), np.float32)
    assert only_step(activations_of(values, layer(Convolution(grid, kernel), zero)), 0, 0).agrees
    larger = Convolution(grid, kernel * 1e3)
    assert only_step(activations_of(values, layer(larger, zero)), 0, 0).agrees is False


def test_steep_function_makes_the_tolerance_larger():
    grid = WindowGrid.over((1, 1), (1, 1), (1, 1), "valid")
    values, kernel = np.full((1, 1, 1), 1000.0), np.ones((1, 1, 1, 1))
    made = np.full((1, 1, 1), 1e6, np.float32)

    def tolerance(function):
        operation = Convolution(grid, kernel, function=function)
        return only_step(activations_of(values, layer(operation, made)), 0, 0).tolerance

    assert tolerance(ElementFunction("square")) > 2 * 1000 * tolerance(None)


def test_stages_own_pooling_computes_no_finer_than_the_layers_before_it():
    values = in_format(random_maps(20, 4, 4, 1) * 100, "float16")
    activations = activations_of(
        values, layer(Identity(), values), pooling=Pooling.over_all("average", (4, 4))
    )
    rounded_to_it = replace(activations, pooled_maps=in_format(activations.pooled_maps, "float16"))
    assert not pooled_chain(rounded_to_it, 0, 0).steps[0].agrees
    at_it = replace(rounded_to_it, precisions=("float16",))
    assert pooled_chain(at_it, 0, 0).steps[0].agrees
    assert pooled_chain(at_it, 0, 0).steps[0].precision == "float16"


@pytest.mark.parametrize("odd", [NAN, INF, -INF])
def test_odd_numbers_are_followed_to_where_they_come_from(odd):
    values = random_maps(4, 4, 4, 1)
    values[2, 1] = odd
    grid = WindowGrid.over((4, 4), (3, 3), (1, 1), "valid")
    kernel = np.ones((3, 3, 1, 1), np.float32)
    maps = convolve(values, grid, kernel, None, None, 1)
    chain = feature_chain(activations_of(values, layer(Convolution(grid, kernel), maps)), 0, 0)
    np.testing.assert_equal(chain.steps[0].computed, odd)
    assert chain.steps[0].agrees
    assert chain.input_pixel == (2, 1, 0)


def padded_convolution():
    grid = WindowGrid.over((3, 3), (3, 3), (1, 1), "same")
    kernel = np.ones((3, 3, 1, 1), np.float32)
    values = np.arange(1.0, 10).reshape(3, 3, 1).astype(np.float32)
    maps = convolve(values, grid, kernel, None, None, 1)
    return activations_of(values, layer(Convolution(grid, kernel), maps))


def test_another_tap_is_followed_if_a_person_wishes():
    activations = padded_convolution()
    assert feature_chain(activations, 1, 1).input_pixel == (2, 2, 0)
    chain = feature_chain(activations, 1, 1, choices={0: 3})
    assert (chain.input_pixel, chain.steps[0].tap, chain.ending) == ((1, 0, 0), 3, THE_INPUT)
    for nothing in (9, -1):
        assert feature_chain(activations, 1, 1, choices={0: nothing}).input_pixel == (2, 2, 0)


def test_tap_in_padding_comes_from_nothing():
    chain = feature_chain(padded_convolution(), 0, 0, choices={0: 1})
    assert (chain.ending, chain.input_pixel) == (IN_PADDING, None)
    assert chain.steps[0].box == PixelBox(0, 0, 2, 2)
    assert chain.steps[0].agrees


def test_window_wholly_in_padding_ends_the_chain():
    """Only a dilated kernel can lie so: here with its two taps on both sides of the map."""
    grid = WindowGrid.over((2, 2), (2, 2), (1, 1), "same", (4, 4))
    values, kernel = random_maps(5, 2, 2, 1), np.ones((2, 2, 1, 1), np.float32)
    maps = convolve(values, grid, kernel, np.ones(1, np.float32), None, 1)
    operation = Convolution(grid, kernel, np.ones(1))
    step = only_step(activations_of(values, layer(operation, maps)), 0, 0)
    assert (step.computed, step.agrees, step.box, step.followed) == (1, True, None, None)
    assert step.ending == ALL_PADDING


@pytest.mark.parametrize("kind", ["max", "average"])
@settings(max_examples=60, deadline=None)
@given(grid=grids(max_source=9), seed=SEEDS, data=st.data())
def test_pooling_agrees_and_is_followed(kind, grid, seed, data):
    values = random_maps(seed, *grid.source_shape, 2)
    activations = activations_of(values, pooling=Pooling(kind, grid))
    row, col = (data.draw(st.integers(0, size - 1)) for size in grid.shape)
    chain = pooled_chain(activations, row, col, 1)
    (step,) = chain.steps
    assert chain.is_pooled
    assert chain.ending == THE_INPUT
    assert step.agrees
    assert step.box == grid.window(row, col)
    window = values[(*step.box.slices, 1)]
    np.testing.assert_array_equal(step.values, window)
    sizes = window if kind == "max" else np.abs(window)
    first = np.unravel_index(sizes.argmax(), window.shape)
    assert chain.input_pixel == (step.box.row_start + first[0], step.box.col_start + first[1], 1)


@pytest.mark.parametrize("pooling", [Pooling.over_all("average", (5, 7)),
                                     Pooling.adaptive("average", (5, 7), (2, 3)),
                                     Pooling.adaptive("max", (5, 7), (3, 2))])  # fmt: skip
def test_global_and_adaptive_pooling_agree(pooling):
    activations = activations_of(random_maps(6, 5, 7, 2), pooling=pooling)
    for pixel in np.ndindex(*pooling.grid.shape, 2):
        assert pooled_chain(activations, *pixel).steps[0].agrees


def test_window_of_nothing_but_nan_has_no_winner():
    chain = pooled_chain(activations_of(np.full((2, 2, 1), NAN)), 0, 0)
    (step,) = chain.steps
    assert (chain.ending, step.followed) == (NO_NUMBER, None)
    assert np.isnan(step.computed)
    assert step.agrees
    lowest = np.full((1, 1, 1), np.finfo(np.float32).min)  # as TensorFlow gives it on the CPU
    given_that = replace(activations_of(np.full((1, 1, 1), NAN)), pooled_maps=lowest)
    assert pooled_chain(given_that, 0, 0).steps[0].agrees is False


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_window_of_nothing_but_minus_infinity_agrees_with_tensorflow(dtype):
    with tf.device("CPU"):
        held = tf.nn.max_pool2d(tf.fill((1, 2, 2, 1), tf.cast(-INF, dtype)), 2, 2, "VALID")
    activations = replace(
        activations_of(np.full((1, 1, 1), -INF)), pooled_maps=held[0].numpy().astype(np.float64)
    )
    precisions = (np.dtype(dtype).name,)
    (step,) = pooled_chain(replace(activations, precisions=precisions), 0, 0).steps
    assert step.computed == -INF
    assert step.agrees
    assert np.isfinite(step.map_value) or dtype is not np.float32
    other = replace(activations, precisions=precisions, pooled_maps=np.full((1, 1, 1), -1e4))
    assert pooled_chain(other, 0, 0).steps[0].agrees is False


def test_nan_beside_numbers_does_not_win():
    activations = activations_of(
        [[[NAN], [2.0]], [[1.0], [0.0]]], pooling=Pooling.over_all("max", (2, 2))
    )
    assert pooled_chain(activations, 0, 0).input_pixel == (0, 1, 0)


def test_layers_that_make_one_number_of_one():
    values = random_maps(7, 3, 3, 2)
    mean, variance, gamma, beta = (np.array(pair) for pair in ([1, 2], [3, 4], [5, 6], [7, 8]))
    normalised = gamma * (values - mean) / np.sqrt(variance + 1e-3) + beta
    scaled = values * mean + variance
    cases = [
        (Normalisation(mean, variance, gamma, beta, 1e-3), normalised),
        (Scaling(mean, variance), scaled),
        (Activation(RELU), np.maximum(values, 0)),
        (Identity(), values),
    ]
    for operation, maps in cases:
        activations = activations_of(values, layer(operation, maps.astype(np.float32)))
        for pixel in np.ndindex(3, 3, 2):
            step = only_step(activations, *pixel)
            assert step.agrees
            assert (step.source, step.followed) == (INPUT, pixel)
            assert step.values.tolist() == [values[pixel]]
            assert step.computed == pytest.approx(maps[pixel], rel=1e-5)
        changed = replace(activations, feature_maps=activations.feature_maps + np.float32(1e-3))
        assert only_step(changed, 1, 1).agrees is False


def test_function_that_is_not_known_is_followed_without_its_number():
    odd = Activation(ElementFunction("nobody_knows"))
    values = random_maps(8, 2, 2, 1)
    step = only_step(activations_of(values, layer(odd, values)), 0, 1)
    assert (step.computed, step.agrees, step.followed) == (None, None, (0, 1, 0))


def test_variance_of_nothing_is_shown_as_it_comes():
    zero, one = np.zeros(1), np.ones(1)
    operation = Normalisation(zero, zero, one, zero, 0.0)
    maps = np.full((1, 1, 1), np.nan, np.float32)  # ∞ − ∞, in TensorFlow too
    assert only_step(activations_of(np.ones((1, 1, 1)), layer(operation, maps)), 0, 0).agrees


@pytest.mark.parametrize("before", [(1, 2), (-1, 0)])
def test_padding_and_cropping(before):
    values = random_maps(9, 4, 4, 1)
    maps = np.zeros((6, 6, 1), np.float32)
    rows, cols = before
    for row, col, _ in np.ndindex(4, 4, 1):
        if row + rows >= 0:
            maps[row + rows, col + cols] = values[row, col]
    activations = activations_of(values, layer(Pad(before), maps))
    for row, col in np.ndindex(6, 6):
        chain = feature_chain(activations, row, col)
        source = row - rows, col - cols
        is_inside = 0 <= source[0] < 4 and 0 <= source[1] < 4
        assert chain.steps[0].agrees
        assert chain.input_pixel == ((*source, 0) if is_inside else None)
        assert chain.ending == (THE_INPUT if is_inside else ALL_PADDING)


MERGES = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "maximum": np.maximum,
    "minimum": np.minimum, "average": lambda a, b: (a + b) / 2,
}  # fmt: skip


@pytest.mark.parametrize("kind", MERGES)
def test_merge_follows_what_counts_most(kind):
    values = random_maps(10, 3, 3, 2)
    other = random_maps(11, 1, 1, 2)  # one pixel counts for all, as in squeeze and excitation
    merged = MERGES[kind](values, other).astype(np.float32)
    activations = activations_of(
        values,
        layer(Unknown(), other),
        layer(Merge(kind), merged, (INPUT, 0), name="merge"),
    )
    changed = replace(activations, feature_maps=merged * np.float32(1.001))
    for row, col, channel in np.ndindex(3, 3, 2):
        assert feature_chain(changed, row, col, channel).steps[0].agrees is False
        step = feature_chain(activations, row, col, channel).steps[0]
        held = [values[row, col, channel], other[0, 0, channel]]
        assert step.agrees
        assert step.values.tolist() == held
        first = {"maximum": np.argmax, "minimum": np.argmin}.get(
            kind, lambda v: np.argmax(np.abs(v))
        )
        assert step.tap == first(held)
        chosen = feature_chain(activations, row, col, channel, choices={1: 1}).steps[0]
        assert (chosen.source, chosen.followed) == (0, (0, 0, channel))
        assert chosen.box == PixelBox(0, 0, 1, 1)
        assert chosen.source_geometry == activations.stage.graph.geometry_of(0)


def test_concatenation_finds_the_map_of_a_channel():
    values, other = random_maps(12, 2, 2, 2), random_maps(13, 2, 2, 3)
    joined = np.concatenate([other, values], axis=2)
    activations = activations_of(
        values,
        layer(Unknown(), other),
        layer(Concatenation(), joined, (0, INPUT)),
    )
    found = [feature_chain(activations, 1, 0, channel).steps[0] for channel in range(5)]
    assert all(step.agrees for step in found)
    assert [(step.source, step.followed[2]) for step in found] == [
        (0, 0), (0, 1), (0, 2), (INPUT, 0), (INPUT, 1),
    ]  # fmt: skip


def deep():
    """Return a convolution, its ReLU, a pooling, and a second convolution of one pixel."""
    values = random_maps(14, 9, 9, 2)
    grid = WindowGrid.over((9, 9), (3, 3), (1, 1), "valid")
    kernel = random_maps(15, 3, 6, 4).reshape(3, 3, 2, 4)
    first = convolve(values, grid, kernel, None, None, 1)
    second = np.maximum(first, 0)
    pooling = Pooling("max", WindowGrid.over((7, 7), (2, 2), (2, 2), "valid"))
    third = pool(second, pooling).astype(np.float32)
    last = WindowGrid.over((3, 3), (1, 1), (1, 1), "valid")
    weights = random_maps(16, 1, 4, 3).reshape(1, 1, 4, 3)
    fourth = convolve(third, last, weights, None, None, 1)
    return activations_of(
        values,
        layer(Convolution(grid, kernel), first, name="first"),
        layer(Activation(RELU), second, (0,), name="relu"),
        layer(Pool(pooling), third, (1,), pooling.grid, name="pool"),
        layer(Convolution(last, weights), fourth, (2,), name="last"),
    )


def test_chain_goes_on_through_earlier_stages_to_the_input():
    activations = deep()
    for pixel in np.ndindex(activations.feature_maps.shape):
        chain = pooled_chain(activations, *pixel)
        assert [step.layer for step in chain.steps] == ["pool", "last", "pool", "relu", "first"]
        assert [step.step for step in chain.steps] == [4, 3, 2, 1, 0]
        assert chain.ending == THE_INPUT
        check_links(activations, chain)


def check_links(activations, chain):
    """Each step's map value is the very value that the step after it in the network read."""
    graph = activations.stage.graph
    for step, source in zip(chain.steps, chain.steps[1:], strict=False):
        assert step.agrees
        assert (step.source, step.followed) == (source.step, source.pixel)
        assert step.values.flat[step.tap] == source.map_value
        assert step.source_geometry == source.geometry == graph.geometry_of(source.step)
    last = chain.steps[-1]
    assert last.values.flat[last.tap] == activations.prepared.values[chain.input_pixel]


def test_maps_that_were_not_fetched_end_the_chain_with_advice():
    activations = replace(deep(), step_maps=())
    chain = pooled_chain(activations, 0, 0)
    assert [step.layer for step in chain.steps] == ["pool", "last"]
    assert chain.ending == NOT_FETCHED
    assert chain.steps[-1].computed is None


def test_output_that_is_no_map_ends_the_chain():
    activations = deep()
    maps = (*activations.step_maps[:1], None, *activations.step_maps[2:])
    chain = pooled_chain(replace(activations, step_maps=maps), 0, 0)
    assert chain.ending == "What leaves layer relu is no map, so the chain ends here."


def test_layer_of_which_nothing_is_known_ends_the_chain():
    activations = deep()
    operations = (activations.operations[0], Unknown(), *activations.operations[2:])
    chain = pooled_chain(replace(activations, operations=operations), 0, 0)
    assert [step.layer for step in chain.steps] == ["pool", "last", "pool", "relu"]
    sentence = "nothing is known of its arithmetic, so the chain ends here."
    assert chain.ending == f"Layer relu: {sentence}"
    unknown = replace(activations, operations=())
    assert pooled_chain(unknown, 0, 0).ending == f"Layer last: {sentence}"


def test_operation_that_does_not_fit_what_it_reads_ends_the_chain():
    activations = deep()
    odd = Convolution(activations.operations[3].grid, np.ones((1, 1, 5, 3)))
    chain = pooled_chain(replace(activations, operations=(*activations.operations[:3], odd)), 0, 0)
    assert chain.ending.startswith("Layer last: nothing is known")


def test_layer_made_from_nothing_of_the_input_ends_the_chain():
    maps = np.ones((1, 1, 1), np.float32)
    chain = feature_chain(activations_of(maps, layer(Identity(), maps, (), name="c")), 0, 0)
    assert chain.ending == "Layer c is made from nothing of the input."


def test_pixels_that_are_not_there_have_no_chain():
    activations = deep()
    assert pooled_chain(activations, 3, 0) is None
    assert pooled_chain(activations, 0, -1) is None
    assert pooled_chain(activations, 0, 0, 3) is None
    assert feature_chain(activations, 0, 3) is None
    assert feature_chain(activations_of(np.ones((2, 2, 1))), 0, 0) is None  # it is the input's own
    assert chain_of(activations, 0, Pixel(MapName.INPUT, 0, 0)) is None


def test_maps_without_room_end_the_chain_for_that_reason():
    activations = deep()
    maps = (*(None for _ in activations.step_maps[1:]), activations.step_maps[-1])
    short = replace(activations, step_maps=maps, is_short_of_memory=True)
    assert pooled_chain(short, 0, 0).ending == SHORT_OF_MEMORY
