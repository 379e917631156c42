"""Where a gradient lands in the feature map, against TensorFlow's `GradientTape`."""

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from poolviewer.core.geometry import PixelBox
from poolviewer.core.gradient import Patch, pixel_gradient, pool_gradient
from poolviewer.core.pooling import Pooling
from poolviewer.core.windows import WindowGrid

from . import tensorflow_reference as reference
from .cases import KINDS, PERHAPS_NAN, SEEDS, grids, maps_over, other_poolings, pixels_of

NAN, INF = np.nan, np.inf
TWO_BY_TWO = WindowGrid.over((2, 2), (2, 2), (2, 2), "valid")


def layer_of(pooling):
    """Return the layer of Keras that pools so."""
    name, grid = "Max" if pooling.kind == "max" else "Average", pooling.grid
    if pooling.form == "global":
        return getattr(keras.layers, f"Global{name}Pooling2D")(keepdims=True)
    if pooling.form == "adaptive":
        return getattr(keras.layers, f"Adaptive{name}Pooling2D")(grid.shape)
    return getattr(keras.layers, f"{name}Pooling2D")(grid.size, grid.strides, grid.padding)


def check(maps, pooling, upstream):
    """Hold the gradient of all pooled pixels, and that of some of them alone, against the tape."""
    layer, shape = layer_of(pooling), pooling.grid.shape
    everywhere = Patch(PixelBox(0, 0, *shape), upstream.astype(np.float64))
    found = pool_gradient(maps, pooling, everywhere).over(maps.shape[:2])
    expected = reference.gradient(layer, maps, upstream)
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-6)
    part = PixelBox(shape[0] // 3, shape[1] // 3, (shape[0] + 2) // 2, (shape[1] + 2) // 2)
    only = np.zeros_like(upstream)
    only[part.slices] = upstream[part.slices]
    found = pool_gradient(maps, pooling, Patch(part, only[part.slices].astype(np.float64)))
    expected = reference.gradient(layer, maps, only)
    np.testing.assert_allclose(found.over(maps.shape[:2]), expected, rtol=2e-6, atol=2e-6)


def upstream_of(data, maps, pooling):
    shape = (*pooling.grid.shape, maps.shape[2])
    if data.draw(st.booleans()):
        return np.ones(shape, np.float32)
    return np.random.default_rng(data.draw(SEEDS)).normal(size=shape).astype(np.float32)


@settings(max_examples=300, deadline=None)
@given(st.data(), grids(max_source=16), KINDS)
def test_a_sliding_poolings_gradient_is_tensorflows(data, grid, kind):
    maps = data.draw(maps_over(grid, nan_shares=PERHAPS_NAN))
    pooling = Pooling(kind, grid)
    check(maps, pooling, upstream_of(data, maps, pooling))


@settings(max_examples=150, deadline=None)
@given(st.data(), other_poolings())
def test_the_gradient_of_global_and_adaptive_pooling_is_tensorflows(data, pooling):
    # Keras pools with windows of one pixel more, too. Where that is more than there are, nothing
    # leaves them, and TensorFlow 2.21 adds memory that was never written to the gradient.
    lengths = zip(pooling.grid.source_shape, pooling.grid.shape, strict=True)
    assume(pooling.form == "global" or all(-(-size // count) < size for size, count in lengths))
    maps = data.draw(maps_over(pooling.grid, nan_shares=PERHAPS_NAN))
    check(maps, pooling, upstream_of(data, maps, pooling))


@settings(max_examples=150, deadline=None)
@given(st.data(), grids(max_source=16), KINDS)
def test_one_pixels_gradient_is_its_part_of_all(data, grid, kind):
    maps = data.draw(maps_over(grid, nan_shares=PERHAPS_NAN))
    pooling = Pooling(kind, grid)
    row, col = data.draw(pixels_of(grid.shape))
    channel = data.draw(st.integers(0, maps.shape[2] - 1))
    upstream = np.zeros((*grid.shape, maps.shape[2]), np.float32)
    upstream[row, col, channel] = 1
    expected = reference.gradient(layer_of(pooling), maps, upstream)[:, :, channel]
    patch = pixel_gradient(maps[:, :, channel], pooling, row, col)
    assert patch.box == grid.window(row, col)
    np.testing.assert_allclose(patch.over(grid.source_shape)[:, :, 0], expected, rtol=2e-6)
    rows, cols = np.nonzero(expected)
    assert [entry[:2] for entry in patch.entries()] == list(zip(rows, cols, strict=True))
    values = [value for _, _, value in patch.entries()]
    np.testing.assert_allclose(values, expected[rows, cols], rtol=2e-6)


@pytest.mark.parametrize(
    ("window", "winner"),
    [
        ([1, 3, 3, 2], 1),
        ([NAN, 1, 2, 3], 0),
        ([1, NAN, 3, 2], 2),
        ([-INF, -INF, -INF, -INF], 0),
        ([NAN, -INF, NAN, -INF], 0),
        ([NAN, NAN, NAN, NAN], 0),
        ([-INF, NAN, NAN, NAN], 0),
        ([1, INF, INF, NAN], 1),
    ],
)
def test_who_takes_the_gradient_of_an_odd_window(window, winner):
    maps = np.array(window, np.float32).reshape(2, 2, 1)
    pooling = Pooling("max", TWO_BY_TWO)
    entries = pixel_gradient(maps[:, :, 0], pooling, 0, 0).entries()
    assert entries == ((*divmod(winner, 2), 1.0),)
    check(maps, pooling, np.ones((1, 1, 1), np.float32))


def test_a_global_maximum_shares_among_ties():
    pooling = Pooling.over_all("max", (2, 3))
    tied = np.array([[1, 2, 2], [0, 2, 0]], np.float32)
    entries = pixel_gradient(tied, pooling, 0, 0).entries()
    assert entries == ((0, 1, 1 / 3), (0, 2, 1 / 3), (1, 1, 1 / 3))
    tied[0, 0] = NAN
    assert np.isnan(pixel_gradient(tied, pooling, 0, 0).values).all()
    check(tied[:, :, np.newaxis], pooling, np.ones((1, 1, 1), np.float32))


def test_an_adaptive_maximum_gives_a_tie_to_the_leftmost_column():
    pooling = Pooling.adaptive("max", (4, 4), (2, 2))
    tied = np.zeros((4, 4), np.float32)
    tied[0, 1] = tied[1, 0] = 1
    assert pixel_gradient(tied, pooling, 0, 0).entries() == ((1, 0, 1.0),)
    check(tied[:, :, np.newaxis], pooling, np.ones((2, 2, 1), np.float32))


def test_averages_at_a_padded_edge_share_among_fewer():
    grid = WindowGrid.over((3, 3), (2, 2), (2, 2), "same")
    maps = np.zeros((3, 3), np.float32)
    pooling = Pooling("average", grid)
    assert [value for *_, value in pixel_gradient(maps, pooling, 0, 0).entries()] == [0.25] * 4
    assert pixel_gradient(maps, pooling, 1, 0).entries() == ((2, 0, 0.5), (2, 1, 0.5))
    assert pixel_gradient(maps, pooling, 1, 1).entries() == ((2, 2, 1.0),)
