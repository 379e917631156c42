"""Each rule of an axis against what TensorFlow or NumPy makes of every source position alone."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.axis_rules import (
    RepeatAxis,
    ResizeAxis,
    ShiftAxis,
    TransposedAxis,
    WholeAxis,
)
from poolviewer.core.geometry import Axis
from poolviewer.core.windows import AdaptiveAxis, WindowAxis

from .cases import PADDINGS, window_axes

SIZES = st.integers(1, 20)
SEEDS = st.integers(0, 2**32 - 1)
RADII = {"bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}
INTERPOLATIONS = st.sampled_from(["nearest", *RADII])
SOURCE = Axis(4, offset=3.0, stride=2.0)


def assert_is_made_so(rule, influence, seed):
    """Check a rule against an array (source, output) of what each position adds to each."""
    assert influence.shape == (rule.source_size, rule.count)
    for share in (0.1, 0.5):
        wanted = np.random.default_rng(seed).random(rule.count) < share
        expected = (influence[:, wanted] != 0).any(axis=1)
        np.testing.assert_array_equal(rule.sources_of(wanted), expected)
    for index in range(rule.count):
        wanted = np.arange(rule.count) == index
        np.testing.assert_array_equal(rule.sources_of(wanted), influence[:, index] != 0)


def lit_one_by_one(size):
    """Return an image of one column with a channel for each pixel, which is lit in it alone."""
    return np.eye(size, dtype=np.float32)[np.newaxis, :, np.newaxis, :]


def influence_of(images):
    """Return the array (source, output) from what became of `lit_one_by_one`."""
    return np.asarray(images)[0, :, 0, :].T


@settings(max_examples=300, deadline=None)
@given(window_axes(dilations=st.integers(1, 4)).filter(lambda axis: axis.count > 0), SEEDS)
def test_windows(axis, seed):
    starts = np.arange(axis.count) * axis.stride - axis.pad_before
    taps = starts[:, np.newaxis] + np.arange(axis.size) * axis.dilation
    influence = (taps[np.newaxis] == np.arange(axis.source_size)[:, np.newaxis, np.newaxis]).any(2)
    assert_is_made_so(axis, influence, seed)


@settings(max_examples=60, deadline=None)
@given(SIZES, SIZES, SEEDS)
def test_adaptive_windows_are_those_of_keras(source_size, count, seed):
    axis = AdaptiveAxis(source_size, count)
    images = tf.constant(lit_one_by_one(source_size))
    pooled = keras.ops.adaptive_average_pool(images, (count, 1), data_format="channels_last")
    assert_is_made_so(axis, influence_of(pooled), seed)
    windows = [range(*axis.window(index)) for index in range(count)]
    assert axis.size == max(map(len, windows))
    for position in range(source_size):
        holding = [index for index, window in enumerate(windows) if position in window]
        assert list(axis.windows_over(position)) == holding
        assert holding
    assert axis.uncovered() == ()


@settings(max_examples=200, deadline=None)
@given(SIZES, st.integers(-20, 9), st.integers(-20, 9), SEEDS)
def test_padding_and_cropping(source_size, before, after, seed):
    rule = ShiftAxis(source_size, before, after)
    padded = np.pad(np.eye(source_size), [(0, 0), (max(before, 0), max(after, 0))])
    influence = padded[:, max(-before, 0) : max(padded.shape[1] - max(-after, 0), 0)]
    if influence.shape[1]:
        assert_is_made_so(rule, influence, seed)
    assert rule.count == influence.shape[1]


@settings(max_examples=100, deadline=None)
@given(SIZES, st.integers(1, 5), SEEDS)
def test_repeating(source_size, factor, seed):
    influence = np.repeat(np.eye(source_size), factor, axis=1)
    assert_is_made_so(RepeatAxis(source_size, factor), influence, seed)


@settings(max_examples=100, deadline=None)
@given(SIZES, SIZES, SEEDS)
def test_the_whole(source_size, count, seed):
    assert_is_made_so(WholeAxis(source_size, count), np.ones((source_size, count)), seed)


@settings(max_examples=400, deadline=None)
@given(SIZES, SIZES, INTERPOLATIONS)
def test_resizing_takes_all_that_tensorflow_takes_and_no_more(source_size, count, interpolation):
    rule = ResizeAxis(source_size, count, interpolation)
    images = tf.image.resize(lit_one_by_one(source_size), (count, 1), interpolation)
    influence = influence_of(images)
    is_exact = float(np.float32(source_size / count)) == source_size / count
    for index in range(count):
        found = rule.sources_of(np.arange(count) == index)
        assert not (influence[:, index].astype(bool) & ~found).any()
        if is_exact and "lanczos" not in interpolation:  # else a position in doubt takes part
            np.testing.assert_array_equal(influence[:, index] != 0, found)


@settings(max_examples=200, deadline=None)
@given(SIZES, SIZES, st.sampled_from(list(RADII)))
def test_smoothed_resizing_takes_all_that_tensorflow_takes(source_size, count, interpolation):
    rule = ResizeAxis(source_size, count, interpolation, is_smoothed=True)
    images = lit_one_by_one(source_size)
    influence = influence_of(tf.image.resize(images, (count, 1), interpolation, antialias=True))
    radius = RADII[interpolation] * max(source_size / count, 1)
    for index in range(count):
        found = np.flatnonzero(rule.sources_of(np.arange(count) == index))
        lit = np.flatnonzero(influence[:, index])
        assert found[0] <= lit[0] <= lit[-1] <= found[-1]
        assert found[-1] - found[0] <= 2 * radius


@settings(max_examples=200, deadline=None)
@given(window_axes().filter(lambda axis: axis.count > 0), SEEDS)
def test_transposed_convolutions_are_tensorflows(windows, seed):
    source = np.eye(windows.count)[:, :, np.newaxis, np.newaxis]
    output = tf.nn.conv2d_transpose(
        source,
        np.ones((windows.size, 1, 1, 1)),
        (windows.count, windows.source_size, 1, 1),
        (windows.stride, 1),
        windows.padding.upper(),
    )
    assert_is_made_so(TransposedAxis(windows), output[:, :, 0, 0].numpy(), seed)


@settings(max_examples=200, deadline=None)
@given(window_axes(dilations=st.integers(1, 4)).filter(lambda axis: axis.count > 0), SEEDS)
def test_a_transposed_convolution_is_the_convolution_run_backwards(windows, seed):
    influence = [windows.sources_of(np.arange(windows.count) == i) for i in range(windows.count)]
    assert_is_made_so(TransposedAxis(windows), np.array(influence), seed)


@pytest.mark.parametrize(
    ("rule", "axis"),
    [
        (WholeAxis(4), Axis(1, 6.0, 8.0)),
        (WholeAxis(4, 2), Axis(2, 4.0, 4.0)),
        (ShiftAxis(4, 1, 2), Axis(7, 1.0, 2.0)),
        (ShiftAxis(4, -1, -1), Axis(2, 5.0, 2.0)),
        (RepeatAxis(4, 2), Axis(8, 2.5, 1.0)),
        (ResizeAxis(4, 2), Axis(2, 4.0, 4.0)),
        (AdaptiveAxis(4, 2), Axis(2, 4.0, 4.0)),
        (TransposedAxis(WindowAxis(8, 2, 2)), Axis(8, 2.5, 1.0)),
        (TransposedAxis(WindowAxis(9, 3, 2)), Axis(9, 2.0, 1.0)),
        (TransposedAxis(WindowAxis(8, 4, 2, "same")), Axis(8, 2.5, 1.0)),
    ],
)
def test_where_the_output_lies(rule, axis):
    assert rule.output_axis(SOURCE) == axis


@settings(max_examples=200, deadline=None)
@given(SIZES, st.integers(0, 3).map(lambda half: 2 * half + 1), st.integers(1, 3), PADDINGS)
def test_a_pixel_of_a_transposed_convolution_lies_amid_its_sources(count, size, stride, padding):
    length = count * stride if padding == "same" else (count - 1) * stride + size
    rule = TransposedAxis(WindowAxis(length, size, stride, padding))
    assert rule.source_size == count
    output = rule.output_axis(Axis(count))
    for index in range(size, rule.count - size):
        sources = np.flatnonzero(rule.sources_of(np.arange(rule.count) == index)) + 0.5
        if len(sources):
            assert abs(output.offset + index * output.stride - sources.mean()) <= 0.5
