"""Levels and shades."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from poolviewer.core.display import (
    DisplaySpec,
    levels_of,
    quantise,
)
from tests.core.cases import random_maps

pytestmark = pytest.mark.filterwarnings("error")

NAN, INF = np.nan, np.inf
LARGEST = np.finfo(np.float32).max
CHANNEL, SHARED = DisplaySpec(), DisplaySpec(levels_mode="shared")
DIVERGING = DisplaySpec(colour_map="diverging")
floats = st.floats(width=32, allow_nan=True, allow_infinity=True)
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


def array(values):
    return np.array(values, np.float32)


# quantise


@settings(max_examples=1000, deadline=None)
@given(st.lists(floats, min_size=1, max_size=20), finite, finite)
def test_shades_are_monotone_and_clipped(values, low, high):
    shades = quantise(array([values]), array([low, high]))[0].tolist()
    for value, shade in zip(values, shades, strict=True):
        if np.isnan(value) or high <= low or value <= low:
            assert shade == 0
        elif value >= high:
            assert shade == 255
    numbers = [v for v in zip(values, shades, strict=True) if not np.isnan(v[0])]
    in_order = [shade for _, shade in sorted(numbers)]
    assert in_order == sorted(in_order)


@settings(max_examples=500, deadline=None)
@given(st.floats(0, 1), finite, finite)
def test_a_shade_is_the_share_of_the_range(part, low, high):
    low, high = sorted((np.float64(np.float32(low)), np.float64(np.float32(high))))
    value = np.float64(np.float32(low + part * (high - low)))
    assume(low <= value <= high)
    assume(high - low > 1e-5 * max(-low, high))  # enough floats between the levels for a share
    shade = quantise(array([[value]]), array([low, high])).item()
    assert shade == pytest.approx(255 * (value - low) / (high - low), abs=0.51)


def test_levels_may_lie_as_far_apart_as_floats_reach():
    values = array([[-3e38, -1.5e38, 0, 1.5e38, 3e38]])
    assert quantise(values, array([-3e38, 3e38])).tolist() == [[0, 64, 128, 191, 255]]
    assert quantise(array([[0, 1e-44]]), array([0, 1e-44])).tolist() == [[0, 255]]


def test_all_shades_are_used():
    values = np.linspace(-1, 1, 256, dtype=np.float32)[np.newaxis]
    np.testing.assert_array_equal(quantise(values, array([-1, 1]))[0], np.arange(256))


def test_equal_levels_and_what_is_no_number_are_black():
    values = array([[NAN, -INF, 3, INF]])
    assert quantise(values, array([3, 3])).tolist() == [[0, 0, 0, 0]]
    assert quantise(values, array([0, 6])).tolist() == [[0, 0, 128, 255]]


def test_each_channel_has_its_own_levels():
    values = np.broadcast_to(array([[[1], [2]]]), (1, 2, 3))
    shades = quantise(values, array([[1, 2], [0, 2], [2, 2]]))
    assert shades.dtype == np.uint8
    assert shades.tolist() == [[[0, 128, 0], [255, 255, 0]]]


def test_quantise_leaves_its_input_alone():
    values = array([[1, NAN]])
    values.flags.writeable = False
    quantise(values, array([0, 1]))
    np.testing.assert_array_equal(values, array([[1, NAN]]))


# levels


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 9), st.integers(1, 5))
def test_levels_of_each_channel_are_its_range(seed, height, width, channels):
    feature = random_maps(seed, height, width, channels)
    assume(height * width > 1)
    pooled = feature[:2, :2]
    levels = levels_of(feature, pooled, CHANNEL)
    assert levels.feature.dtype == levels.pooled.dtype == np.float32
    for found, maps in ((levels.feature, feature), (levels.pooled, pooled)):
        expected = [(maps[:, :, c].min(), maps[:, :, c].max()) for c in range(channels)]
        np.testing.assert_array_equal(found, expected)


def test_shared_levels_are_the_range_of_everything():
    feature, pooled = array([[[1, 2], [3, 4]]]), array([[[-7, 9]]])
    levels = levels_of(feature, pooled, SHARED)
    assert levels.feature.tolist() == levels.pooled.tolist() == [[-7, 9], [-7, 9]]


def test_diverging_levels_put_zero_in_the_middle():
    feature, pooled = array([[[1, 2, 0], [3, -4, 0]]]), array([[[3, 2, 0], [3, 2, 0]]])
    levels = levels_of(feature, pooled, DIVERGING)
    assert levels.feature.tolist() == [[-3, 3], [-4, 4], [-1, 1]]
    assert levels.pooled.tolist() == [[-3, 3], [-2, 2], [-1, 1]]
    shared = levels_of(feature, pooled, DisplaySpec("diverging", "shared"))
    assert shared.feature.tolist() == shared.pooled.tolist() == [[-4, 4]] * 3


@settings(max_examples=300, deadline=None)
@given(st.lists(finite, min_size=1, max_size=9), st.sampled_from(["channel", "shared"]))
def test_zero_is_the_middle_shade_of_a_diverging_map(values, mode):
    maps = array(values).reshape(1, -1, 1)
    levels = levels_of(maps, maps, DisplaySpec("diverging", mode))
    assert quantise(np.zeros((1, 1, 1), np.float32), levels.feature).item() in (127, 128)


@pytest.mark.parametrize("bad", [NAN, INF, -INF, LARGEST, -LARGEST])
@pytest.mark.parametrize("spec", [CHANNEL, SHARED])
def test_what_is_no_usual_number_makes_no_level(bad, spec):
    """The lowest float is TensorFlow's maximum over nothing but NaN."""
    feature = array([[[1, 1], [bad, 5], [2, 2]]])
    pooled = array([[[bad, 5], [bad, 5]]])
    levels = levels_of(feature, pooled, spec)
    if spec is CHANNEL:
        assert levels.feature.tolist() == [[1, 2], [1, 5]]
        assert levels.pooled.tolist() == [[0, 0], [5, 5]]
    else:
        assert levels.feature.tolist() == levels.pooled.tolist() == [[0, 5], [0, 5]]


def test_maps_of_one_pixel_share_a_range():
    """Each alone would have none, and all would be black."""
    feature, pooled = array([[[1, 2], [5, NAN]]]), array([[[5, 2]]])
    levels = levels_of(feature, pooled, CHANNEL)
    assert levels.feature.tolist() == [[1, 5], [2, 2]]
    assert levels.pooled.tolist() == [[2, 5], [2, 5]]
    assert quantise(pooled, levels.pooled).tolist() == [[[255, 0]]]


@pytest.mark.parametrize("spec", [CHANNEL, SHARED, DIVERGING])
def test_float64_maps_keep_what_float32_would_lose(spec):
    maps = np.array([[[1.0], [1.0 + 1e-12]]]) - (1.0 if spec.is_centred else 0.0)
    levels = levels_of(maps, maps, spec)
    assert quantise(maps, levels.feature)[0, :, 0].tolist() == [128 if spec.is_centred else 0, 255]
    tiny = np.array([[0.0, 1e-310]])
    assert quantise(tiny, np.array([0.0, 1e-310])).tolist() == [[0, 255]]


def test_maps_of_nothing_but_nan_are_black():
    maps = np.full((3, 3, 2), NAN, np.float32)
    for spec in (CHANNEL, SHARED):
        levels = levels_of(maps, maps, spec)
        assert levels.feature.tolist() == [[0, 0], [0, 0]]
        assert not quantise(maps, levels.feature).any()


@pytest.mark.parametrize(
    ("changes", "are_same"),
    [
        ({}, True),
        ({"is_mirrored": True}, True),
        ({"colour_map": "viridis"}, True),
        ({"colour_map": "diverging"}, False),
        ({"levels_mode": "shared"}, False),
    ],
)
def test_levels_are_the_same_where_nothing_that_chooses_them_differs(changes, are_same):
    assert DisplaySpec("grey").has_levels_of(DisplaySpec(**{"colour_map": "grey", **changes})) == (
        are_same
    )
