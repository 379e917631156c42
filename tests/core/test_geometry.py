"""Windows and world coordinates against TensorFlow and against counting by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.geometry import Axis, MapGeometry, PixelBox, Rect, WindowAxis, WindowGrid
from poolviewer.core.network import NetworkSpec

from . import tensorflow_reference as reference
from .cases import grids, pixels_of, stages, window_axes

axes = st.builds(
    Axis,
    size=st.integers(1, 40),
    offset=st.integers(-40, 40).map(lambda halves: halves / 2),
    stride=st.integers(1, 12).map(float),
)


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


@settings(max_examples=500, deadline=None)
@given(axes, st.integers(0, 1023))
def test_every_point_of_a_tile_finds_its_pixel(axis, parts):
    for index in range(axis.size):
        assert axis.index_at(axis.edge(index) + parts / 1024 * axis.stride) == index
        assert axis.edge(index) == axis.edge(index + 1) - axis.stride
        assert axis.offset + index * axis.stride == axis.edge(index) + axis.stride / 2


@settings(max_examples=200, deadline=None)
@given(axes, st.floats(2**-20, 1e6))
def test_no_pixel_lies_outside_the_tiles(axis, distance):
    assert axis.index_at(axis.edge(0) - distance) is None
    assert axis.index_at(axis.edge(axis.size)) is None
    assert axis.index_at(axis.edge(axis.size) + distance) is None


@settings(max_examples=300, deadline=None)
@given(st.data(), st.builds(MapGeometry, axes, axes))
def test_tile_and_pixel_at_go_both_ways(data, geometry):
    row, col = data.draw(pixels_of(geometry.shape))
    tile = geometry.tile(row, col)
    assert geometry.pixel_at(*tile.centre) == (row, col)
    assert geometry.pixel_at(tile.top, tile.left) == (row, col)
    assert (tile.height, tile.width) == (geometry.rows.stride, geometry.cols.stride)
    outside = geometry.extent
    assert geometry.pixel_at(outside.bottom, tile.left) is None
    assert geometry.pixel_at(tile.top, outside.right) is None


@settings(max_examples=300, deadline=None)
@given(stages())
def test_a_pixel_lies_in_the_middle_of_its_whole_window(stage):
    geometry = stage.input_geometry
    for grid in (*stage.layers, stage.pooling.grid):
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


def test_the_tutorials_network():
    stage = NetworkSpec().stage
    assert stage.feature_shape == (30, 30)
    assert stage.pooled_shape == (15, 15)
    assert stage.input_geometry.extent == Rect(0, 0, 32, 32)
    assert stage.feature_geometry.extent == Rect(1, 1, 31, 31)
    assert stage.pooled_geometry.extent == Rect(1, 1, 31, 31)
    assert stage.pooled_geometry.tile(4, 7) == Rect(9, 15, 11, 17)
    assert stage.pooling.grid.window(4, 7) == PixelBox(8, 14, 10, 16)
    assert stage.receptive_field(PixelBox(8, 14, 10, 16)) == PixelBox(8, 14, 12, 18)


def test_the_last_pixel_of_31_is_pooled_by_nobody():
    axis = WindowAxis(source_size=31, size=2, stride=2)
    assert axis.count == 15
    assert axis.uncovered() == (30,)


def test_rectangles():
    rect = Rect(1, 2, 4, 8)
    assert (rect.height, rect.width, rect.centre) == (3, 6, (2.5, 5))
    assert rect.united(Rect(0, 3, 2, 9)) == Rect(0, 2, 4, 9)


def test_boxes():
    box = PixelBox(1, 2, 4, 8)
    assert box.shape == (3, 6)
    assert np.zeros((10, 10))[box.slices].shape == box.shape
    inside = [(r, c) for r in range(10) for c in range(10) if box.contains(r, c)]
    assert inside == [(r, c) for r in range(1, 4) for c in range(2, 8)]
