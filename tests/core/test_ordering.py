"""The order of channels: that of NumPy, ties by index, NaN last."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.ordering import TILE_ORDERS, ordering_of
from tests.core.cases import random_maps

pytestmark = pytest.mark.filterwarnings("error")

NAN, INF = np.nan, np.inf
EXPECTED = {
    "mean": lambda maps: maps.mean(axis=(0, 1), dtype=np.float64),
    "maximum": lambda maps: maps.max(axis=(0, 1)),
    "zeros": lambda maps: (maps == 0).mean(axis=(0, 1)),
}
sizes = st.integers(1, 9)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.tuples(sizes, sizes, st.integers(1, 40)),
    st.sampled_from(list(EXPECTED)),
    st.booleans(),
)
def test_order_is_that_of_numpy(seed, shape, by, is_double):
    # Few different values, so that there are ties and zeros; whole numbers, so that none rounds.
    maps = np.rint(random_maps(seed, *shape) * 2)
    maps = np.maximum(maps, 0).astype(np.float64 if is_double else np.float32)
    ordering = ordering_of(maps, by)
    expected = EXPECTED[by](maps)
    np.testing.assert_allclose(ordering.values, expected, rtol=1e-6)
    order = sorted(range(shape[2]), key=lambda channel: (-expected[channel], channel))
    assert ordering.channels.tolist() == order


@pytest.mark.parametrize("by", TILE_ORDERS)
def test_every_channel_has_one_place(by):
    ordering = ordering_of(random_maps(0, 3, 4, 50), by)
    assert sorted(ordering.channels.tolist()) == list(range(50))
    for place, channel in enumerate(ordering.channels.tolist()):
        assert ordering.place_of(channel) == place


def test_by_index_is_in_order_of_the_channels():
    assert ordering_of(random_maps(0, 2, 2, 9), "index").channels.tolist() == list(range(9))


@pytest.mark.parametrize("by", ["mean", "maximum"])
def test_what_is_no_number_comes_last(by):
    maps = np.array([[[NAN, 1, INF, -INF, NAN, 2], [1, 1, 0, 0, NAN, 2]]], np.float32)
    # The maximum of -∞ and 0 is 0; the mean is -∞.
    expected = [2, 5, 1, 3, 0, 4]
    ordering = ordering_of(maps, by)
    assert ordering.channels.tolist() == expected
    assert ordering.values[3] == (-INF if by == "mean" else 0)


def test_infinities_of_both_signs_have_no_mean():
    maps = np.array([[[INF, 1], [-INF, 1]]], np.float32)
    assert ordering_of(maps, "mean").channels.tolist() == [1, 0]
    assert ordering_of(maps, "zeros").channels.tolist() == [0, 1]


def test_sums_beyond_the_largest_float_make_no_warning():
    maps = np.full((2, 2, 2), np.finfo(np.float32).max)
    maps[..., 0] = 1
    assert ordering_of(maps, "mean").channels.tolist() == [1, 0]


@pytest.mark.parametrize("by", TILE_ORDERS)
def test_equal_maps_stay_in_order(by):
    ordering = ordering_of(np.zeros((4, 4, 20), np.float32), by)
    assert ordering.channels.tolist() == list(range(20))


def test_a_large_map_of_zeros_is_counted_whole():
    """More rows than a small integer counts."""
    assert ordering_of(np.zeros((70_000, 1, 1), np.float32), "zeros").values.tolist() == [1.0]
