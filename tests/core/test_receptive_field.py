"""The receptive field against the input pixels that matter to TensorFlow's convolutions."""

from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.geometry import PixelBox
from poolviewer.core.pooling import Pooling
from poolviewer.core.stage import Stage
from poolviewer.core.windows import WindowGrid

from . import tensorflow_reference as reference
from .cases import bounding_box, chain, pixels_of, stages


def assert_is_field_of(influence, field, stage):
    """Check a field against what each input pixel, in row-major order, adds to one pixel."""
    lit = influence.reshape(stage.input_shape[:2]) > 0
    assert field == (bounding_box(lit) if lit.any() else None)


@settings(max_examples=600, deadline=None)
@given(st.data(), stages())
def test_the_field_holds_every_pixel_that_matters_and_is_tight(data, stage):
    features, pooled = reference.influences(stage)
    row, col = data.draw(pixels_of(stage.pooled_shape))
    field = stage.receptive_field(stage.pooling.grid.window(row, col))
    assert_is_field_of(pooled[:, row, col], field, stage)
    row, col = data.draw(pixels_of(stage.feature_shape))
    field = stage.receptive_field(PixelBox.of_pixel(row, col))
    assert_is_field_of(features[:, row, col], field, stage)


def test_two_convolutions_see_further_than_one():
    first = WindowGrid.over((32, 32), (3, 3), (1, 1), "valid")
    second = WindowGrid.over(first.shape, (3, 3), (2, 2), "same")
    pooling = Pooling("max", WindowGrid.over(second.shape, (2, 2), (2, 2), "valid"))
    stage = Stage("pool", "conv", (32, 32, 3), 1, chain((32, 32), (first, second)), pooling)
    assert stage.feature_shape == (15, 15)
    assert stage.receptive_field(PixelBox.of_pixel(1, 1)) == PixelBox(2, 2, 7, 7)
    assert stage.receptive_field(pooling.grid.window(1, 1)) == PixelBox(4, 4, 11, 11)


def test_without_layers_the_field_is_the_window():
    pooling = Pooling("max", WindowGrid.over((8, 8), (2, 2), (2, 2), "valid"))
    stage = Stage("pool", "input", (8, 8, 3), 3, chain((8, 8), ()), pooling)
    assert stage.receptive_field(PixelBox(2, 4, 4, 6)) == PixelBox(2, 4, 4, 6)
    assert stage.feature_geometry == stage.input_geometry
    assert stage.source_window is None
    assert chained_twice().source_window.strides == (2, 2)


def chained_twice():
    first = WindowGrid.over((8, 8), (3, 3), (1, 1), "same")
    second = WindowGrid.over((8, 8), (3, 3), (2, 2), "same")
    return Stage("pool", "conv", (8, 8, 3), 3, chain((8, 8), (first, second)),
                 Pooling.over_all("max", (4, 4)))  # fmt: skip


def test_stages_are_equal_by_value():
    stage, same = chained_twice(), chained_twice()
    stage.receptive_field(PixelBox.of_pixel(0, 0))
    assert stage == same
    assert stage.field_undefined_by is None
