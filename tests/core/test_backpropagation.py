"""The gradient mode: where a 1 lands, in codes and in words, against TensorFlow's tape."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.geometry import PixelBox
from poolviewer.core.gradient import Patch
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.gradient import Backpropagation, in_view, overlay_of
from poolviewer.core.laboratory.gradient_words import NO_PIXEL, NO_TIME, NOTHING
from poolviewer.core.network import NetworkSpec
from poolviewer.core.operations import Convolution, Unknown
from poolviewer.core.view_state import ViewState

from . import tensorflow_reference as reference
from .cases import activations_of

POOLED = Pixel(MapName.POOLED, 2, 1)


def activations(maps=None, **options):
    """Return the tutorial's activations, small, with drawn weights and the given maps."""
    spec = NetworkSpec(filters=2, **options)
    rng = np.random.default_rng(4)
    shape = (*spec.stage.feature_shape, 2)
    maps = rng.normal(size=shape) if maps is None else maps
    kernel = rng.normal(size=(3, 3, 3, 2)).astype(np.float32)
    window = spec.stage.graph.steps[0].window
    return replace(activations_of(spec, maps), operations=(Convolution(window, kernel),))


def conduct(found, pixel=POOLED, channel=1, **settings):
    return Backpropagation(**settings).conduct(Subject(found, channel, pixel, None))


def test_the_overlay_stands_where_the_tape_says():
    found = activations()
    finding = conduct(found)
    upstream = np.zeros_like(found.pooled_maps)
    upstream[POOLED.row, POOLED.col, 1] = 1
    layer = keras.layers.MaxPooling2D()
    truth = reference.gradient(layer, found.feature_maps, upstream)[:, :, 1]
    overlay = finding.overlays[MapName.FEATURE]
    np.testing.assert_array_equal(overlay.codes, np.where(truth == 1, 255, 0))
    assert overlay.limits == (-1, 1)
    row, col = np.argwhere(truth)[0]
    assert finding.sentences[0] == (
        f"Pooled pixel (2, 1): the 1 lands on 1 of 4 pixels of its window, ({row}, {col})."
    )
    seen = finding.overlays[MapName.INPUT].codes
    assert seen.shape == (32, 32)
    assert (np.argwhere(seen).min(axis=0) == [row, col]).all()
    kernel = found.operations[0].kernel[:, :, :, 1]
    np.testing.assert_allclose(
        finding.maps[0].values[row : row + 3, col : col + 3], kernel.sum(axis=2), rtol=1e-6
    )
    assert finding.sentences[1].startswith("In the input it reaches 9 of 1,024 pixels: sum ")


def test_an_average_shares_and_a_feature_map_pixel_keeps_its_1():
    found = activations(pool_kind="average")
    finding = conduct(found)
    assert "shared by 4 of 4 pixels of its window, 0.2500 each" in finding.sentences[0]
    assert (finding.overlays[MapName.FEATURE].codes == 255).sum() == 4
    begun = conduct(found, Pixel(MapName.FEATURE, 5, 6))
    assert np.argwhere(begun.overlays[MapName.FEATURE].codes).tolist() == [[5, 6]]


def test_all_pooled_pixels_add_up_where_windows_overlap():
    maps = np.zeros((30, 30, 2), np.float32)
    maps[10, 10] = 9
    finding = conduct(activations(maps, pool_size=(3, 3), pool_strides=(1, 1)), is_everywhere=True)
    assert "784 pooled pixels with a 1 each" in finding.sentences[0]
    assert finding.sentences[1] == "Windows overlap: one pixel gets 9.000."
    assert finding.overlays[MapName.FEATURE].codes[10, 10] == 255


@pytest.mark.parametrize("pixel", [None, Pixel(MapName.INPUT, 0, 0), Pixel(MapName.POOLED, 15, 0)])
def test_without_a_pixel_it_says_what_to_do(pixel):
    finding = conduct(activations(), pixel)
    assert (finding.obstacle, finding.overlays) == (NO_PIXEL, {})


def test_a_layer_that_is_not_followed_is_named_and_the_feature_map_shown_all_the_same():
    finding = conduct(replace(activations(), operations=(Unknown(),)))
    assert list(finding.overlays) == [MapName.FEATURE]
    assert "layer conv2d cannot be followed" in finding.sentences[1]
    lacking = replace(activations(), operations=(Unknown(), Unknown()))
    assert conduct(lacking).sentences[1] == NO_TIME


def test_a_gradient_that_becomes_0_says_so():
    found = activations()
    nothing = replace(found.operations[0], kernel=np.zeros((3, 3, 3, 2), np.float32))
    finding = conduct(replace(found, operations=(nothing,)))
    assert finding.sentences[1:] == (NOTHING,)
    assert MapName.INPUT not in finding.overlays


def test_nan_first_in_a_window_takes_the_gradient_and_is_said_to():
    maps = np.ones((30, 30, 2), np.float32)
    maps[4, 2] = np.nan
    finding = conduct(activations(maps))
    assert finding.overlays[MapName.FEATURE].codes[4, 2] == 255
    assert "That pixel is NaN" in finding.sentences[1]


def test_what_is_shown_of_the_channels():
    patch = Patch.of_pixel(0, 0, np.array([1.0, -3.0, 0.5]))
    shown = {view: in_view(patch, view).values.item() for view in ("sum", "largest", 0, 2, 7)}
    assert shown == {"sum": -1.5, "largest": -3.0, 0: 1.0, 2: 0.5, 7: -1.5}


def test_codes_lie_around_the_middle_and_leave_0_and_nan_clear():
    values = np.array([[2.0, -2.0, 1.0, 0.0, np.nan, np.inf]])[:, :, np.newaxis]
    overlay = overlay_of(Patch(PixelBox(0, 0, 1, 6), values), (2, 7), "word")
    assert overlay.codes.tolist() == [[255, 1, 192, 0, 0, 255, 0], [0] * 7]
    assert overlay.limits == (-2, 2)


def test_the_maps_of_all_layers_wait_until_there_is_time():
    state = ViewState(experiment=Backpropagation(), hovered=POOLED)
    assert state.inquiry.has_steps
    assert state.inquiry.pixel == POOLED
    moving = replace(state, source=activations().frame.source)
    moving = replace(moving, source=replace(moving.source, kind="camera"))
    assert not moving.inquiry.has_steps
    assert replace(moving, pinned=POOLED).inquiry.has_steps
    everywhere = replace(state, experiment=Backpropagation(is_everywhere=True))
    assert everywhere.inquiry.pixel is None
