"""How a model takes a picture."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from poolviewer.core.input_spec import preprocessing_name
from poolviewer.core.model_info import InputInfo
from poolviewer.model.picture_input import (
    PictureInput,
    channel_note,
    default_spec,
    picture_input,
    why_no_picture,
)


def network(*steps, shape=(8, 9, 3)):
    return keras.Sequential([keras.Input(shape), *steps])


FIRST = layers.Conv2D(2, 1, data_format="channels_first")
LAST = layers.Conv2D(2, 1, data_format="channels_last")


@pytest.mark.parametrize(
    ("shape", "layer", "expected"),
    [
        ((8, 9, 3), LAST, PictureInput(8, 9, 3)),
        ((None, 9, 3), LAST, PictureInput(None, 9, 3)),
        ((None, None, None), LAST, PictureInput(None, None, 3)),
        ((3, 8, 9), FIRST, PictureInput(8, 9, 3, is_channels_first=True)),
        ((1, None, None), FIRST, PictureInput(None, None, 1, is_channels_first=True)),
        ((8, 9), LAST, PictureInput(8, 9, 1, is_flat=True)),
    ],
)
def test_axes(shape, layer, expected):
    held = keras.Sequential([layer])
    assert picture_input(InputInfo("input", shape, "float32"), held) == expected


def test_free_sizes_are_as_long_as_wanted():
    picture = PictureInput(None, 9, 3)
    assert picture.free_size == (True, False)
    assert picture.shape(7) == (7, 9, 3)
    assert picture.shape(None) == (None, 9, 3)


def test_axes_are_put_in_the_models_order():
    batch = tf.constant(np.arange(24.0).reshape(1, 4, 3, 2))
    assert PictureInput(4, 3, 2).arranged(batch) is batch
    first = PictureInput(4, 3, 2, is_channels_first=True).arranged(batch)
    np.testing.assert_array_equal(first[0, 1], batch[0, ..., 1])
    flat = PictureInput(4, 3, 1, is_flat=True).arranged(batch[..., :1])
    np.testing.assert_array_equal(flat[0], batch[0, ..., 0])


@pytest.mark.parametrize(
    ("dtype", "received"),
    [
        ("float32", [-300.4, 2.5, 255.5, 1e9]),
        ("float16", np.float16([-300.4, 2.5, 255.5, np.inf]).tolist()),
        ("uint8", [0, 2, 255, 255]),
        ("int8", [-128, 2, 127, 127]),
        ("int32", [-300, 2, 256, 10**9]),
    ],
)
def test_numbers_are_cast(dtype, received):
    batch = PictureInput(2, 2, 1, dtype).received(tf.constant([-300.4, 2.5, 255.5, 1e9]))
    assert batch.dtype.name == dtype
    assert batch.numpy().astype(np.float64).tolist() == np.float32(received).astype(float).tolist()


def test_a_flat_picture_needs_a_layer_of_pictures():
    info = InputInfo("input", (8, 9), "float32")
    assert not why_no_picture("net", info, network(LAST))
    sentence = why_no_picture("net", info, network(layers.Dense(2)))
    assert sentence.startswith("net takes sequences, not pictures")


@pytest.mark.parametrize(
    ("step", "dtype", "channels", "name"),
    [
        (LAST, "float32", 3, "0–1 RGB"),
        (LAST, "uint8", 3, "raw 0–255 RGB"),
        (layers.Rescaling(1 / 255), "float32", 3, "raw 0–255 RGB"),
        (layers.Normalization(), "float32", 3, "raw 0–255 RGB"),
        (LAST, "float32", 1, "0–1 grey"),
        (LAST, "uint8", 1, "raw 0–255 grey"),
        (LAST, "float32", 13, "0–1 RGB"),
    ],
)
def test_what_a_model_gets_at_first(step, dtype, channels, name):
    picture = PictureInput(8, None, channels, dtype)
    spec = default_spec(picture, (8, 9, channels), keras.Sequential([step]))
    assert preprocessing_name(spec) == name
    assert spec.shape == (8, 9, channels)
    assert not spec.is_own_size


@pytest.mark.parametrize("channels", [1, 3])
def test_the_size_is_the_pictures_own_where_it_is_free(channels):
    picture = PictureInput(None, None, channels)
    assert default_spec(picture, (8, 9, channels), keras.Sequential([LAST])).is_own_size


def test_a_scaler_deep_inside_is_no_sign():
    steps = [layers.ReLU() for _ in range(8)]
    deep = keras.Sequential([*steps, layers.Rescaling(2)])
    assert default_spec(PictureInput(8, 9, 3), (8, 9, 3), deep).scaling == "0-1"


def test_three_channels_need_no_word():
    assert channel_note("net", 3) == ""
    assert channel_note("net", 1) == "net takes 1 channel: pictures are made grey."
