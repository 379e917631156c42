"""Windows against TensorFlow and against counting by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.geometry import PixelBox
from poolviewer.core.windows import WindowAxis, WindowGrid

from . import tensorflow_reference as reference
from .cases import grids, pixels_of, stages, window_axes


@settings(max_examples=1000, deadline=None)
@given(window_axes())
def test_tensorflow_pools_into_the_same_number_of_windows(axis):
    window = (axis.size, 1), (axis.stride, 1), axis.padding
    if axis.count == 0:  # TensorFlow gives an empty map for some of these and fails for others
        with pytest.raises(ValueError, match="negative"):
            keras.layers.MaxPooling2D(*window).compute_output_shape((1, axis.source_size, 1, 1))
    else:
        line = tf.zeros((1, axis.source_size, 1, 1))
        assert tf.nn.max_pool2d(line, *window[:2], axis.padding.upper()).shape[1] == axis.count


@settings(max_examples=300, deadline=None)
@given(grids(dilations=st.integers(1, 4)))
def test_tensorflow_convolves_into_the_same_shape(grid):
    assert reference.convolve(tf.zeros((1, *grid.source_shape, 1)), grid).shape[1:3] == grid.shape


@settings(max_examples=1000, deadline=None)
@given(window_axes())
def test_every_window_holds_at_least_one_pixel_and_none_beyond_the_map(axis):
    for index in range(axis.count):
        start, stop = axis.window(index)
        assert 0 <= start < stop <= axis.source_size
        assert stop - start <= axis.size


@settings(max_examples=1000, deadline=None)
@given(window_axes())
def test_windows_over_is_the_inverse_of_window(axis):
    windows = [range(*axis.window(index)) for index in range(axis.count)]
    for position in range(axis.source_size):
        holding = [index for index, window in enumerate(windows) if position in window]
        assert list(axis.windows_over(position)) == holding


@settings(max_examples=500, deadline=None)
@given(window_axes())
def test_uncovered_is_what_no_window_holds(axis):
    held = {position for index in range(axis.count) for position in range(*axis.window(index))}
    assert axis.uncovered() == tuple(i for i in range(axis.source_size) if i not in held)


@settings(max_examples=300, deadline=None)
@given(st.data(), grids(max_source=12))
def test_a_grid_is_its_two_axes(data, grid):
    row, col = data.draw(pixels_of(grid.source_shape))
    holding = [
        (r, c)
        for r in range(grid.shape[0])
        for c in range(grid.shape[1])
        if grid.window(r, c).contains(row, col)
    ]
    assert list(grid.windows_over(row, col)) == holding


@settings(max_examples=300, deadline=None)
@given(st.data(), grids(max_source=12))
def test_sources_of_a_box_hold_the_windows_of_its_pixels_and_no_more(data, grid):
    top, left = data.draw(pixels_of(grid.shape))
    bottom = data.draw(st.integers(top + 1, grid.shape[0]))
    right = data.draw(st.integers(left + 1, grid.shape[1]))
    windows = [grid.window(r, c) for r in range(top, bottom) for c in range(left, right)]
    assert grid.sources(PixelBox(top, left, bottom, right)) == PixelBox(
        min(w.row_start for w in windows),
        min(w.col_start for w in windows),
        max(w.row_stop for w in windows),
        max(w.col_stop for w in windows),
    )


def test_the_smaller_half_of_the_padding_comes_first():
    axis = WindowAxis(source_size=4, size=4, stride=1, padding="same")
    assert axis.pad_before == 1
    assert [axis.window(i) for i in range(4)] == [(0, 3), (0, 4), (1, 4), (2, 4)]


def test_rows_and_columns_name_what_they_say():
    grid = WindowGrid.over((10, 20), (2, 3), (1, 4), "same", (1, 2))
    assert (grid.source_shape, grid.size, grid.strides) == ((10, 20), (2, 3), (1, 4))
    assert grid.padding == "same"
    assert grid.rows.span == 2
    assert grid.cols.span == 5


@settings(max_examples=300, deadline=None)
@given(stages())
def test_a_pixel_lies_in_the_middle_of_its_whole_window(stage):
    geometry = stage.input_geometry
    for grid in (*(step.window for step in stage.graph.steps), stage.pooling.grid):
        output = grid.output_geometry(geometry)
        assert output.shape == grid.shape
        for axis, source, result in (
            (grid.rows, geometry.rows, output.rows),
            (grid.cols, geometry.cols, output.cols),
        ):
            for index in range(axis.count):
                start = index * axis.stride - axis.pad_before
                taps = start + np.arange(axis.size) * axis.dilation
                centres = source.offset + taps * source.stride
                assert result.offset + index * result.stride == pytest.approx(centres.mean())
        geometry = output
    assert geometry == stage.pooled_geometry


def test_the_last_pixel_of_31_is_pooled_by_nobody():
    axis = WindowAxis(source_size=31, size=2, stride=2)
    assert axis.count == 15
    assert axis.uncovered() == (30,)
