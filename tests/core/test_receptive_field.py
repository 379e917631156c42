"""The receptive field against the gradient that TensorFlow sends back to the input."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.geometry import PixelBox, WindowGrid
from poolviewer.core.pooling import Pooling, winner_in
from poolviewer.core.stage import Stage

from . import tensorflow_reference as reference
from .cases import bounding_box, pixels_of, stages


def clips_a_dilated_window(stage):
    return any(
        max(g.rows.dilation, g.cols.dilation) > 1 and g.padding == "same" for g in stage.layers
    )


def is_within(inner, outer):
    return (
        outer.row_start <= inner.row_start
        and outer.col_start <= inner.col_start
        and inner.row_stop <= outer.row_stop
        and inner.col_stop <= outer.col_stop
    )


@settings(max_examples=600, deadline=None)
@given(st.data(), stages(kinds=st.just("average")))
def test_the_field_holds_every_pixel_with_a_gradient_and_is_tight(data, stage):
    row, col = data.draw(pixels_of(stage.pooled_shape))
    picture = np.ones(stage.input_shape[:2], np.float32)
    gradient, _ = reference.input_gradient(stage, picture, row, col)
    field = stage.receptive_field(stage.pooling.grid.window(row, col))
    outside = gradient.copy()
    outside[field.slices] = 0
    assert not outside.any()
    if not clips_a_dilated_window(stage):
        assert bounding_box(gradient) == field


@settings(max_examples=300, deadline=None)
@given(st.data(), stages(kinds=st.just("max")))
def test_a_maximum_sends_its_gradient_through_the_winner_only(data, stage):
    row, col = data.draw(pixels_of(stage.pooled_shape))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    picture = rng.uniform(1, 2, stage.input_shape[:2]).astype(np.float32)
    gradient, feature_map = reference.input_gradient(stage, picture, row, col)
    window = stage.pooling.grid.window(row, col)
    inside = winner_in(feature_map[window.slices])
    winner = window.row_start + inside[0], window.col_start + inside[1]
    field = stage.receptive_field(PixelBox.of_pixel(*winner))
    assert is_within(field, stage.receptive_field(window))
    outside = gradient.copy()
    outside[field.slices] = 0
    assert not outside.any()
    if not clips_a_dilated_window(stage):
        assert bounding_box(gradient) == field


def test_two_convolutions_see_further_than_one():
    first = WindowGrid.over((32, 32), (3, 3), (1, 1), "valid")
    second = WindowGrid.over(first.shape, (3, 3), (2, 2), "same")
    pooling = Pooling("max", WindowGrid.over(second.shape, (2, 2), (2, 2), "valid"))
    stage = Stage("pool", "conv", (32, 32, 3), 1, (first, second), pooling)
    assert stage.feature_shape == (15, 15)
    assert stage.receptive_field(PixelBox.of_pixel(1, 1)) == PixelBox(2, 2, 7, 7)
    assert stage.receptive_field(pooling.grid.window(1, 1)) == PixelBox(4, 4, 11, 11)


def test_without_layers_the_field_is_the_window():
    pooling = Pooling("max", WindowGrid.over((8, 8), (2, 2), (2, 2), "valid"))
    stage = Stage("pool", "input", (8, 8, 3), 3, (), pooling)
    assert stage.receptive_field(PixelBox(2, 4, 4, 6)) == PixelBox(2, 4, 4, 6)
    assert stage.feature_geometry == stage.input_geometry
