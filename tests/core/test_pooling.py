"""Pooled values and winners against TensorFlow."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.pooling import NO_WINNER, Pooling, in_words, pool, winner_in, winners
from poolviewer.core.windows import WindowGrid

from . import tensorflow_reference as reference
from .cases import KINDS, grids, maps_over, other_poolings

NAN, INF = np.nan, np.inf
LOWEST = np.finfo(np.float32).min
NAN_SHARES = st.sampled_from([0.1, 0.5, 0.9, 1.0])
TWO_BY_TWO = WindowGrid.over((2, 2), (2, 2), (2, 2), "valid")


@settings(max_examples=1000, deadline=None)
@given(st.data(), grids(), KINDS)
def test_pooled_values_are_tensorflows(data, grid, kind):
    maps = data.draw(maps_over(grid))
    pooling = Pooling(kind, grid)
    tolerance = 0 if kind == "max" else 1e-5 * max(np.abs(maps).max(), 1e-30)
    np.testing.assert_allclose(
        pool(maps, pooling), reference.pool(maps, pooling), rtol=0, atol=tolerance
    )


@settings(max_examples=100, deadline=None)
@given(st.data(), grids(max_source=12), KINDS)
def test_pooled_values_are_those_of_the_keras_layer(data, grid, kind):
    maps = data.draw(maps_over(grid))
    layer_class = keras.layers.MaxPooling2D if kind == "max" else keras.layers.AveragePooling2D
    layer = layer_class(grid.size, grid.strides, grid.padding)
    expected = layer(maps[np.newaxis])[0].numpy()
    tolerance = 1e-5 * max(np.abs(maps).max(), 1e-30)
    np.testing.assert_allclose(pool(maps, Pooling(kind, grid)), expected, rtol=0, atol=tolerance)


@settings(max_examples=1200, deadline=None)
@given(st.data(), grids())
def test_winners_are_tensorflows_argmax(data, grid):
    maps = data.draw(maps_over(grid))
    np.testing.assert_array_equal(winners(maps, Pooling("max", grid)), reference.argmax(maps, grid))


@settings(max_examples=500, deadline=None)
@given(st.data(), grids())
def test_the_whole_gradient_lands_on_the_winner(data, grid):
    maps = data.draw(maps_over(grid))
    found = winners(maps, Pooling("max", grid))
    marks = np.arange(1, found.size + 1, dtype=np.float32).reshape(found.shape)
    expected = np.zeros((maps.shape[0] * maps.shape[1], maps.shape[2]), np.float32)
    np.add.at(expected, (found, np.arange(maps.shape[2])), marks)
    gradient = reference.max_pool_gradient(maps, grid, marks)
    np.testing.assert_array_equal(gradient, expected.reshape(maps.shape))


@settings(max_examples=500, deadline=None)
@given(st.data(), grids(max_source=15))
def test_the_winner_of_a_window_is_its_first_highest_number(data, grid):
    maps = data.draw(maps_over(grid, max_channels=2, nan_shares=NAN_SHARES | st.just(0.0)))
    found = winners(maps, Pooling("max", grid))
    for row, col, channel in np.ndindex(found.shape):
        window = grid.window(row, col)
        values = maps[(*window.slices, channel)]
        inside = winner_in(values)
        if inside is None:
            assert np.isnan(values).all()
            assert found[row, col, channel] == NO_WINNER
            continue
        flat = values.ravel()
        first = next(i for i, value in enumerate(flat) if value == np.nanmax(flat))
        assert inside == np.unravel_index(first, values.shape)
        pixel = window.row_start + inside[0], window.col_start + inside[1]
        assert found[row, col, channel] == pixel[0] * maps.shape[1] + pixel[1]


@settings(max_examples=500, deadline=None)
@given(st.data(), grids())
def test_nan_beside_numbers_is_passed_over_as_by_tensorflow(data, grid):
    maps = data.draw(maps_over(grid, nan_shares=NAN_SHARES))
    pooling = Pooling("max", grid)
    expected = reference.pool(maps, pooling)
    ours = pool(maps, pooling)
    np.testing.assert_array_equal(np.where(np.isnan(ours), LOWEST, ours), expected)
    np.testing.assert_array_equal(winners(maps, pooling) == NO_WINNER, expected == LOWEST)


@settings(max_examples=200, deadline=None)
@given(st.data(), grids(max_source=12))
def test_nan_makes_an_average_nan(data, grid):
    maps = data.draw(maps_over(grid, nan_shares=NAN_SHARES))
    pooling = Pooling("average", grid)
    np.testing.assert_array_equal(
        np.isnan(pool(maps, pooling)), np.isnan(reference.pool(maps, pooling))
    )


@pytest.mark.parametrize(
    ("window", "winner", "value", "tensorflow"),
    [
        ([1, 3, 3, 2], 1, 3, 3),
        ([-4, -2, -9, -2], 1, -2, -2),
        ([NAN, 1, 2, 3], 3, 3, 3),
        ([1, NAN, 3, 2], 2, 3, 3),
        ([NAN, INF, INF, 1], 1, INF, INF),
        ([NAN, -INF, NAN, -INF], 1, -INF, LOWEST),
        ([-INF, -INF, -INF, -INF], 0, -INF, LOWEST),
        ([NAN, NAN, NAN, NAN], NO_WINNER, NAN, LOWEST),
    ],
)
def test_odd_windows(window, winner, value, tensorflow):
    maps = np.array(window, np.float32).reshape(2, 2, 1)
    pooling = Pooling("max", TWO_BY_TWO)
    assert winners(maps, pooling).item() == winner
    inside = winner_in(maps[:, :, 0])
    assert inside == (None if winner == NO_WINNER else divmod(winner, 2))
    np.testing.assert_equal(pool(maps, pooling).item(), value)
    assert reference.pool(maps, pooling).item() == tensorflow


def test_an_average_has_no_winner():
    pooling = Pooling("average", TWO_BY_TWO)
    assert not pooling.has_winner
    found = winners(np.ones((2, 2, 3), np.float32), pooling)
    assert found.dtype == np.int64
    assert (found == NO_WINNER).all()
    assert found.shape == (1, 1, 3)


def test_padding_neither_wins_nor_takes_part_in_the_average():
    grid = WindowGrid.over((3, 3), (2, 2), (2, 2), "same")
    maps = np.full((3, 3, 1), -5, np.float32)
    assert (pool(maps, Pooling("max", grid)) == -5).all()
    assert (pool(maps, Pooling("average", grid)) == -5).all()


def test_tensorflow_is_what_was_measured():
    """Facts of DESIGN.md that a new TensorFlow may change; then core must follow."""
    maps = np.array([NAN, 1, 2, 3], np.float32).reshape(1, 2, 2, 1)
    with tf.device("CPU"):
        pooled = tf.nn.max_pool2d(maps, 2, 2, "VALID").numpy().item()
        with_argmax, _ = tf.nn.max_pool_with_argmax(maps, 2, 2, "VALID")
    assert pooled == 3
    assert np.isnan(with_argmax.numpy().item())  # so its index is no truth where there is NaN


def keras_pools(maps, pooling):
    """Return what the layer of Keras makes of maps."""
    batch = tf.constant(maps[np.newaxis])
    name = "Max" if pooling.kind == "max" else "Average"
    if pooling.form == "global":
        return getattr(keras.layers, f"Global{name}Pooling2D")(keepdims=True)(batch)[0].numpy()
    layer = getattr(keras.layers, f"Adaptive{name}Pooling2D")(pooling.grid.shape)
    return layer(batch)[0].numpy()


@settings(max_examples=100, deadline=None)
@given(st.data(), other_poolings())
def test_global_and_adaptive_pooling_are_those_of_keras(data, pooling):
    maps = data.draw(maps_over(pooling.grid))
    tolerance = 0 if pooling.kind == "max" else 1e-5 * max(np.abs(maps).max(), 1e-30)
    np.testing.assert_allclose(
        pool(maps, pooling), keras_pools(maps, pooling), rtol=0, atol=tolerance
    )


@settings(max_examples=100, deadline=None)
@given(st.data(), other_poolings())
def test_their_winners_are_the_first_highest_numbers(data, pooling):
    maps = data.draw(maps_over(pooling.grid, max_channels=2, nan_shares=NAN_SHARES | st.just(0.0)))
    found = winners(maps, pooling)
    for row, col, channel in np.ndindex(found.shape):
        window = pooling.grid.window(row, col)
        inside = winner_in(maps[(*window.slices, channel)]) if pooling.has_winner else None
        if inside is None:
            assert found[row, col, channel] == NO_WINNER
        else:
            pixel = window.row_start + inside[0], window.col_start + inside[1]
            assert found[row, col, channel] == pixel[0] * maps.shape[1] + pixel[1]


def test_how_a_layer_pools_in_words():
    sliding = WindowGrid.over((8, 8), (2, 3), (2, 1), "same")
    assert in_words(Pooling("max", sliding)) == "2×3, strides 2×1, same"
    assert in_words(Pooling.over_all("average", (8, 9))) == "global: the whole map"
    assert in_words(Pooling.adaptive("max", (8, 8), (7, 5))) == "adaptive to 7×5"
    assert WindowGrid.over((8, 8), (3, 3), (1, 1), "valid", (2, 2)).in_words() == (
        "3×3, strides 1×1, valid, dilation 2×2"
    )


def test_a_window_over_a_whole_large_map_has_its_winner():
    maps = np.random.default_rng(0).random((224, 224, 3), np.float32)
    found = winners(maps, Pooling.over_all("max", (224, 224)))
    np.testing.assert_array_equal(found[0, 0], maps.reshape(-1, 3).argmax(axis=0))
