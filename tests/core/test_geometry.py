"""World coordinates against counting by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.geometry import Axis, MapGeometry, PixelBox, Rect
from poolviewer.core.network import NetworkSpec

from .cases import pixels_of

axes = st.builds(
    Axis,
    size=st.integers(1, 40),
    offset=st.integers(-40, 40).map(lambda halves: halves / 2),
    stride=st.integers(1, 12).map(float),
)


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
