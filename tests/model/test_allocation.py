"""What is worked out from a description agrees with what Keras makes of it."""

import json

import keras
import pytest
from keras import layers

from poolviewer.model.allocation import check_allocation, count_values
from poolviewer.model.findings import Unsound
from poolviewer.model.shapes import shape_after
from poolviewer.model.weights_process import HeldWeights

PICTURE, CHANNELS_FIRST, VECTOR, STEPS = (9, 12, 4), (4, 9, 12), (6,), (7, 6)
WITHOUT_WEIGHTS = HeldWeights(0, 0, 0)

LAYERS = {
    "conv": (lambda: layers.Conv2D(8, 3, strides=2), PICTURE),
    "conv same": (lambda: layers.Conv2D(8, (5, 2), padding="same", strides=(2, 3)), PICTURE),
    "conv dilated": (lambda: layers.Conv2D(8, 3, dilation_rate=(2, 3)), PICTURE),
    "conv in groups": (lambda: layers.Conv2D(8, 3, groups=2, use_bias=True), PICTURE),
    "conv 1D": (lambda: layers.Conv1D(8, 3, padding="causal"), STEPS),
    "conv 3D": (lambda: layers.Conv3D(2, 2), (4, 5, 6, 3)),
    "conv of any size": (lambda: layers.Conv2D(8, 3), (None, None, 4)),
    "separable": (lambda: layers.SeparableConv2D(8, 3, depth_multiplier=2), PICTURE),
    "depthwise": (lambda: layers.DepthwiseConv2D(3, depth_multiplier=3), PICTURE),
    "max": (lambda: layers.MaxPooling2D(3, strides=2), PICTURE),
    "max same": (lambda: layers.MaxPooling2D((2, 5), padding="same"), PICTURE),
    "average": (lambda: layers.AveragePooling2D(2), PICTURE),
    "max channels first": (
        lambda: layers.MaxPooling2D(2, data_format="channels_first"),
        CHANNELS_FIRST,
    ),
    "global": (layers.GlobalAveragePooling2D, PICTURE),
    "global kept": (lambda: layers.GlobalMaxPooling2D(keepdims=True), PICTURE),
    "adaptive": (lambda: layers.AdaptiveAveragePooling2D((2, 3)), PICTURE),
    "up": (lambda: layers.UpSampling2D((2, 3)), PICTURE),
    "padding": (lambda: layers.ZeroPadding2D(((1, 2), (3, 4))), PICTURE),
    "padding once": (lambda: layers.ZeroPadding2D(2), PICTURE),
    "cropping": (lambda: layers.Cropping2D((1, 2)), PICTURE),
    "cropping 1D": (lambda: layers.Cropping1D((1, 2)), STEPS),
    "flat": (layers.Flatten, PICTURE),
    "permuted": (lambda: layers.Permute((3, 1, 2)), PICTURE),
    "reshaped": (lambda: layers.Reshape((12, 36)), PICTURE),
    "repeated": (lambda: layers.RepeatVector(5), VECTOR),
    "resized": (lambda: layers.Resizing(5, 7), PICTURE),
    "dense": (lambda: layers.Dense(5), VECTOR),
    "dense on a picture": (lambda: layers.Dense(5), PICTURE),
    "normalised": (layers.BatchNormalization, PICTURE),
    "PReLU": (layers.PReLU, PICTURE),
    "PReLU shared": (lambda: layers.PReLU(shared_axes=[1, 2]), PICTURE),
    "activation": (lambda: layers.Activation("relu"), PICTURE),
    "dropout": (lambda: layers.SpatialDropout2D(0.5), PICTURE),
    "recurrent": (lambda: layers.LSTM(5), STEPS),
    "recurrent in sequence": (lambda: layers.GRU(5, return_sequences=True), STEPS),
}


def description_of(model):
    return json.loads(json.dumps(keras.saving.serialize_keras_object(model)))


@pytest.mark.parametrize("name", LAYERS)
def test_shape_and_weights_of_a_layer(name):
    make, shape = LAYERS[name]
    model = keras.Sequential([keras.Input(shape), make()])
    described = description_of(model)
    kind = described["config"]["layers"][1]
    assert shape_after(kind["class_name"], kind["config"], [shape]) == model.output_shape[1:]
    count, leaving = count_values(described, 1)
    assert leaving == model.output_shape[1:]
    assert model.count_params() <= count <= 1.2 * model.count_params() + 4


def test_transposed_convolution_is_never_too_small():
    model = keras.Sequential([keras.Input(PICTURE), layers.Conv2DTranspose(3, 4, strides=3)])
    count, leaving = count_values(description_of(model), 1)
    assert count >= model.count_params()
    assert all(one >= other for one, other in zip(leaving, model.output_shape[1:], strict=True))


def test_branches_nested_and_shared():
    inner = keras.Sequential([keras.Input(PICTURE), layers.Conv2D(8, 3), layers.MaxPooling2D()])
    first, second = keras.Input(PICTURE), keras.Input(PICTURE)
    both = layers.Concatenate()([inner(first), inner(second)])
    mixed = layers.Add()([layers.Conv2D(16, 1)(both), both])
    model = keras.Model([first, second], layers.Dense(3)(layers.Flatten()(mixed)))
    assert count_values(description_of(model), 1) == (model.count_params(), (3,))


def test_order_of_the_layers_does_not_matter():
    image = keras.Input(PICTURE)
    model = keras.Model(image, layers.Dense(3)(layers.Flatten()(layers.Conv2D(8, 3)(image))))
    described = description_of(model)
    described["config"]["layers"].reverse()
    assert count_values(described, 1) == (model.count_params(), (3,))


def test_a_width_that_is_not_known_is_assumed():
    model = keras.Sequential([keras.Input((4, 4, 3)), layers.Flatten(), layers.Dense(3)])
    described = description_of(model)
    described["config"]["layers"][0]["config"]["batch_shape"] = [None, None, None, 3]
    described["config"].pop("build_input_shape")
    for layer in [described, *described["config"]["layers"]]:
        layer.pop("build_config", None)
    assert count_values(described, 50) == (51 * 3, (3,))


def test_a_network_of_the_size_of_its_weights_passes():
    model = keras.Sequential([keras.Input(VECTOR), layers.Dense(9000), layers.Dense(9000)])
    held = HeldWeights(4, 4 * model.count_params(), 9000)
    described = description_of(model)
    check_allocation(described, held, 2**30)
    with pytest.raises(Unsound, match=r"^needs 309\.3 MB for its weights and the memory that may"):
        check_allocation(described, WITHOUT_WEIGHTS, 2**28)
    with pytest.raises(Unsound, match=r"^needs 309\.3 MB for its weights and holds 36 kB"):
        check_allocation(described, HeldWeights(4, 36 * 2**10, 9000), 2**30)
