"""The second pooling against TensorFlow, and what the difference of two maps is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.geometry import Axis, MapGeometry
from poolviewer.core.laboratory.second_pooling import (
    NOWHERE,
    difference,
    is_same_pooling,
    places_under,
    pooled_channel,
)
from poolviewer.core.pooling import Pooling
from poolviewer.core.windows import WindowGrid

from . import tensorflow_reference as reference
from .cases import SEEDS, grids, random_maps

ODD = (np.nan, np.inf, -np.inf)


def odd_map(seed, shape, share):
    """Return a random map with some NaN and infinities."""
    values = random_maps(seed, *shape, 1)[:, :, 0]
    draw = np.random.default_rng(seed)
    places = draw.random(shape) < share
    values[places] = draw.choice(ODD, int(places.sum()))
    return values


@given(grids(), SEEDS, st.sampled_from([0.0, 0.2, 1.0]), st.sampled_from(["max", "average"]))
def test_pooled_is_tensorflows(grid, seed, share, kind):
    values = odd_map(seed, grid.source_shape, share)
    expected = reference.pool(values[:, :, np.newaxis], Pooling(kind, grid))[:, :, 0]
    found = pooled_channel(values, kind, grid)
    assert found.dtype == values.dtype
    if kind == "max":
        np.testing.assert_array_equal(found, expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@given(grids(), SEEDS)
def test_the_first_pixel_of_each_window_is_a_strided_slice(grid, seed):
    values = odd_map(seed, grid.source_shape, 0.1)
    found = pooled_channel(values, "first", grid)
    rows = [grid.rows.window(index)[0] for index in range(grid.rows.count)]
    cols = [grid.cols.window(index)[0] for index in range(grid.cols.count)]
    np.testing.assert_array_equal(found, values[rows][:, cols])
    if grid.padding == "valid":
        height, width = grid.shape
        strided = values[:: grid.strides[0], :: grid.strides[1]][:height, :width]
        np.testing.assert_array_equal(found, strided)


@given(grids(), SEEDS, st.sampled_from([0.0, 0.3]), st.sampled_from(["max", "average"]))
def test_a_map_less_itself_is_all_zeros(grid, seed, share, kind):
    pooling, geometry = Pooling(kind, grid), grid.output_geometry(MapGeometry.of_input(40, 40))
    assert is_same_pooling(pooling, kind, grid)
    values = odd_map(seed, grid.shape, share)
    places = places_under(geometry, geometry)
    assert [*places[0]] == [*range(grid.shape[0])]
    found = difference(values, values.copy(), places)
    np.testing.assert_array_equal(found, np.zeros(grid.shape))


def test_other_windows_or_kinds_are_not_the_same():
    pooling = Pooling("max", WindowGrid.over((9, 9), (2, 2), (2, 2), "valid"))
    assert not is_same_pooling(pooling, "average", pooling.grid)
    assert not is_same_pooling(pooling, "first", pooling.grid)
    for size, strides, padding in ((3, 2, "valid"), (2, 1, "valid"), (2, 2, "same")):
        grid = WindowGrid.over((9, 9), (size,) * 2, (strides,) * 2, padding)
        assert not is_same_pooling(pooling, "max", grid)


def test_a_finer_map_is_compared_with_what_lies_under_each_centre():
    first = MapGeometry(Axis(2, 1.0, 2.0), Axis(2, 1.0, 2.0))
    second = MapGeometry(Axis(5), Axis(4))
    rows, cols = places_under(first, second)
    assert [*rows] == [0, 0, 1, 1, NOWHERE]
    assert [*cols] == [0, 0, 1, 1]
    found = difference(np.array([[1.0, 2.0], [3.0, 4.0]]), np.full((5, 4), 4.0), (rows, cols))
    np.testing.assert_array_equal(found[:4:2, ::2], [[3, 2], [1, 0]])
    assert np.isnan(found[4]).all()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (np.nan, np.nan, 0.0),
        (np.inf, np.inf, 0.0),
        (np.inf, -np.inf, -np.inf),
        (1.0, np.nan, np.nan),
        (np.nan, 1.0, np.nan),
        (1.0, 3.0, 2.0),
    ],
)
def test_odd_numbers_are_subtracted(first, second, expected):
    places = np.zeros(1, np.int64), np.zeros(1, np.int64)
    found = difference(np.array([[first]]), np.array([[second]]), places)
    np.testing.assert_array_equal(found, [[expected]])


@pytest.mark.parametrize("kind", ["max", "average"])
def test_windows_as_large_as_a_map_take_few_steps(kind):
    steps, values = [], np.arange(200.0 * 300).reshape(200, 300)

    class Counted(np.ndarray):
        def __array_ufunc__(self, ufunc, method, *inputs, **options):
            steps.append(ufunc)
            plain = [np.asarray(value) for value in inputs]
            return getattr(ufunc, method)(*plain, **options).view(Counted)

    grid = WindowGrid.over(values.shape, (4096, 4096), (1, 1), "same")
    pooled = pooled_channel(values.view(Counted), kind, grid)
    expected = values.max() if kind == "max" else values.mean()
    np.testing.assert_allclose(np.asarray(pooled), expected)
    assert len(steps) < 60
