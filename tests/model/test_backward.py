"""The gradient in the input, against TensorFlow's `GradientTape` on networks of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from poolviewer.core.backward import input_gradient
from poolviewer.core.geometry import PixelBox
from poolviewer.core.gradient import Patch, pool_gradient

from .stage_runs import described, noise, run_stage

LAYERS = keras.layers


def sequential(*layers, shape=(13, 12, 3)):
    return keras.Sequential([keras.Input(shape), *layers])


def functional(build, shape=(13, 12, 3)):
    entry = keras.Input(shape)
    return keras.Model(entry, build(entry))


def merged(name):
    def build(entry):
        one = LAYERS.Conv2D(4, 3, padding="same")(entry)
        two = LAYERS.Conv2D(4, 5, padding="same", activation="relu")(entry)
        sources = [one, two] if name == "Subtract" else [one, two, one]
        return LAYERS.MaxPooling2D()(getattr(LAYERS, name)()(sources))

    return functional(build)


def squeezed(entry):
    """Build a branch of one pixel that counts for all, as in squeeze and excitation."""
    maps = LAYERS.Conv2D(4, 3, activation="relu")(entry)
    gate = LAYERS.GlobalAveragePooling2D(keepdims=True)(maps)
    gate = LAYERS.Conv2D(4, 1, activation="sigmoid")(gate)
    return LAYERS.MaxPooling2D(3, 2)(LAYERS.Multiply()([maps, gate]))


def concatenated(entry):
    one = LAYERS.Conv2D(3, 3, padding="same", activation="relu")(entry)
    two = LAYERS.MaxPooling2D(3, 1, padding="same")(entry)
    both = LAYERS.Concatenate()([one, two, entry])
    return LAYERS.AveragePooling2D(3, 2)(LAYERS.Conv2D(4, 2)(both))


def residual(entry):
    maps = LAYERS.Conv2D(4, 7, strides=2, padding="same")(entry)
    for _ in range(3):
        inner = LAYERS.BatchNormalization()(maps)
        inner = LAYERS.ReLU()(inner)
        inner = LAYERS.Conv2D(4, 3, padding="same", use_bias=False)(inner)
        maps = LAYERS.Add()([maps, inner])
    return LAYERS.MaxPooling2D(2)(maps)


def vgg(entry):
    maps = entry
    for filters in (4, 6, 8):
        maps = LAYERS.Conv2D(filters, 3, padding="same", activation="relu")(maps)
        maps = LAYERS.Conv2D(filters, 3, padding="same", activation="relu")(maps)
        maps = LAYERS.MaxPooling2D()(maps)
    return maps


CONV, MAX = LAYERS.Conv2D, LAYERS.MaxPooling2D
MODELS = {
    "no convolution": lambda: sequential(MAX()),
    "tutorial's": lambda: sequential(CONV(4, 3), MAX()),
    "overlapping": lambda: sequential(CONV(4, 3, activation="relu"), MAX(3, 2, padding="same")),
    "average": lambda: sequential(CONV(4, 3, strides=2), LAYERS.AveragePooling2D(3, 1, "same")),
    "gaps": lambda: sequential(CONV(4, (2, 3), padding="same"), MAX(2, 3)),
    "dilated": lambda: sequential(CONV(4, 3, dilation_rate=2, padding="same"), MAX()),
    "strides, same": lambda: sequential(CONV(4, (4, 3), strides=(3, 2), padding="same"), MAX()),
    "groups": lambda: sequential(CONV(6, 3, groups=3), CONV(4, 2, groups=2), MAX()),
    "depthwise": lambda: sequential(
        LAYERS.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"), MAX()
    ),
    "separable": lambda: sequential(
        LAYERS.SeparableConv2D(4, 3, depth_multiplier=2, activation="tanh"), MAX()
    ),
    "functions": lambda: sequential(
        CONV(4, 3, activation="silu"), LAYERS.LeakyReLU(0.3), CONV(4, 1, activation="elu"),
        LAYERS.PReLU(shared_axes=(1, 2)), LAYERS.ReLU(6.0), CONV(3, 2, activation="gelu"), MAX(),
    ),
    "normalised": lambda: sequential(
        LAYERS.Rescaling(0.5, 1.0), LAYERS.ZeroPadding2D(((2, 1), (0, 3))), CONV(4, 3),
        LAYERS.BatchNormalization(), LAYERS.Cropping2D(((1, 2), (0, 1))), LAYERS.Dropout(0.5),
        LAYERS.Activation("softplus"), MAX(),
    ),
    "two pools": lambda: sequential(
        CONV(4, 3), MAX(3, 2), CONV(5, 2), LAYERS.AveragePooling2D(2, 1), CONV(3, 1), MAX(2, 1)
    ),
    "global maximum": lambda: sequential(CONV(4, 3), LAYERS.GlobalMaxPooling2D()),
    "adaptive": lambda: sequential(CONV(4, 3), LAYERS.AdaptiveMaxPooling2D(4)),
    "squeezed": lambda: functional(squeezed),
    "concatenated": lambda: functional(concatenated),
    "residual": lambda: functional(residual, (24, 21, 3)),
    "VGG": lambda: functional(vgg, (32, 33, 3)),
    **{name: lambda name=name: merged(name)
       for name in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")},
}  # fmt: skip


def activated(model, values=None):
    """Run a model's last stage, with the maps of all its layers."""
    opened = described(model)
    stage = opened.info.stages[-1].name
    return run_stage(opened, stage, values=values, has_steps=True)


def expected(model, activations, upstream):
    with tf.device("CPU"), tf.GradientTape() as tape:
        batch = tf.constant(activations.prepared.values[np.newaxis])
        tape.watch(batch)
        pooled = model(batch, training=False)
        pooled = tf.reshape(pooled, (1, *upstream.shape))
    return tape.gradient(pooled, batch, upstream[np.newaxis])[0].numpy()


def found(activations, upstream):
    stage = activations.stage
    patch = Patch(PixelBox(0, 0, *stage.pooled_shape), upstream)
    patch = pool_gradient(activations.feature_maps, stage.pooling, patch)
    result = input_gradient(activations, patch)
    assert result.stopped_by is None
    shape = activations.prepared.values.shape
    return np.zeros(shape) if result.patch is None else result.patch.over(shape[:2])


@pytest.mark.parametrize("name", MODELS)
def test_the_gradient_in_the_input_is_tensorflows(name):
    keras.utils.set_random_seed(3)
    model = MODELS[name]()
    shake(model)
    activations = activated(model)
    height, width, channels = activations.pooled_maps.shape
    everywhere = np.ones((height, width, channels), np.float32)
    pixel = np.zeros_like(everywhere)
    pixel[height // 2, width // 3, channels - 1] = 1
    for upstream in (everywhere, pixel, noise(everywhere.shape)):
        truth = expected(model, activations, upstream)
        scale = max(np.abs(truth).max(), 1e-6)
        np.testing.assert_allclose(found(activations, upstream), truth, atol=2e-5 * scale)


def shake(model):
    """Give every weight another value than the one that layers begin with."""
    rng = np.random.default_rng(5)
    weights = [w + rng.uniform(0.05, 0.3, w.shape) for w in model.get_weights()]
    model.set_weights(weights)


def test_ties_go_where_tensorflow_lets_them():
    keras.utils.set_random_seed(3)
    model = merged("Maximum")
    tied = activated(model, np.zeros((13, 12, 3), np.float32))
    upstream = np.ones(tied.pooled_maps.shape, np.float32)
    truth = expected(model, tied, upstream)
    np.testing.assert_allclose(found(tied, upstream), truth, atol=1e-5)


def test_only_what_a_pixel_reaches_is_worked_out():
    activations = activated(MODELS["tutorial's"]())
    row, col, channel = 2, 3, 1
    upstream = Patch.of_pixel(row, col, np.eye(4)[channel])
    stage = activations.stage
    patch = pool_gradient(activations.feature_maps, stage.pooling, upstream)
    ((at_row, at_col, value),) = patch.entries(channel)
    result = input_gradient(activations, patch).patch
    assert value == 1
    assert result.box == PixelBox(at_row, at_col, at_row + 3, at_col + 3)
    kernel = activations.operations[0].kernel[:, :, :, channel]
    np.testing.assert_array_equal(result.values, kernel)


def test_a_layer_that_is_not_followed_is_named():
    model = sequential(CONV(4, 3), LAYERS.LayerNormalization(name="odd"), CONV(4, 1), MAX())
    activations = activated(model)
    upstream = Patch.of_pixel(0, 0, np.ones(4))
    patch = pool_gradient(activations.feature_maps, activations.stage.pooling, upstream)
    result = input_gradient(activations, patch)
    assert result.patch is None
    assert result.stopped_by == "odd"
