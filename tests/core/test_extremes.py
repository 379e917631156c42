"""The extremes of large maps are those that a plain search finds."""

import threading

import numpy as np
import pytest

from poolviewer.core.display import DisplaySpec, levels_of
from poolviewer.core.extremes import LARGE_BYTES, extremes, extremes_before
from poolviewer.core.pooling import Pooling, pool
from poolviewer.core.together import WORTH_BYTES
from poolviewer.core.windows import WindowGrid

pytestmark = pytest.mark.filterwarnings("error")

NAN, INF = np.nan, np.inf
# Size, strides, padding: covering all, overlapping, leaving the last row and column, and gaps.
WINDOWS = [((2, 2), (2, 2)), ((3, 3), (2, 2)), ((5, 4), (5, 4)), ((2, 2), (3, 3))]


def large_maps(seed=0, shape=(67, 66, 64)):
    maps = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    assert maps.nbytes >= LARGE_BYTES
    return maps


def pooling_of(maps, size=(2, 2), strides=(2, 2), kind="max", padding="valid"):
    return Pooling(kind, WindowGrid.over(maps.shape[:2], size, strides, padding))


def plain(maps):
    return np.stack([maps.min(axis=(0, 1)), maps.max(axis=(0, 1))], axis=1)


@pytest.mark.parametrize(("size", "strides"), WINDOWS)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooled_maps_help_to_find_the_extremes(size, strides, padding, kind):
    maps = large_maps()
    maps[-1, :, 3], maps[:, -1, 4], maps[2, 2, 5] = 9, 10, 11  # where windows may not reach
    pooling = pooling_of(maps, size, strides, kind, padding)
    found = extremes_before(maps, pool(maps, pooling), pooling)
    np.testing.assert_array_equal(found, plain(maps))


def test_maxima_are_taken_from_the_pooled_maps():
    """Which a walk through the large maps would not see."""
    maps = large_maps(shape=(66, 66, 64))
    pooling = pooling_of(maps)
    pooled = pool(maps, pooling)
    pooled[0, 0, 0] = 50
    assert extremes_before(maps, pooled, pooling)[0, 1] == 50


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
def test_what_is_no_number_is_found_under_the_pooling(bad):
    """A window that loses its greatest value to NaN, as on some devices, changes nothing."""
    maps = large_maps(shape=(66, 66, 64))
    pooling = pooling_of(maps)
    maps[4, 4, 7], maps[4, 5, 7] = bad, 12
    pooled = pool(maps, pooling)
    pooled[2, 2, 7] = bad
    found = levels_of(maps, pooled, DisplaySpec(), pooling)
    assert found.feature[7, 1] == 12
    np.testing.assert_array_equal(found.feature, levels_of(maps, pooled, DisplaySpec()).feature)


def test_very_large_maps_are_shared_out():
    maps = large_maps(shape=(257, 257, 128))
    assert maps.nbytes >= WORTH_BYTES
    maps[0, 0, 1], maps[-1, -1, 2] = -40, -50
    before = threading.active_count()
    np.testing.assert_array_equal(extremes(maps), plain(maps))
    assert threading.active_count() == before


def test_a_row_that_is_very_large_is_not_halved():
    maps = np.zeros((1, WORTH_BYTES // 4, 1), np.float32)
    maps[0, -1] = 3
    np.testing.assert_array_equal(extremes(maps), [[0, 3]])
