"""What each kind of layer does to numbers: worked out from its weights, it is what Keras gives."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from poolviewer.core.geometry import Rect
from poolviewer.core.messages import PreparedInput
from poolviewer.core.model_info import ModelFile
from poolviewer.core.network import NetworkSpec
from poolviewer.core.operations import Convolution, SeparableConvolution, Unknown
from poolviewer.model.engine import KerasEngine, open_model
from poolviewer.model.picture_input import PictureInput
from poolviewer.model.runner import Runner
from poolviewer.model.stages import geometry_of, stages_of
from poolviewer.resources import resource_path

from . import cases
from .one_pixel import assert_steps_agree
from .stage_runs import FRAME, described, noise, run_stage
from .test_applications import SIDE, built

SHAPE = (11, 9, 4)
FLOATS = ("mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64")


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(4)


def adapted(**options):
    layer = layers.Normalization(**options)
    layer.adapt(np.random.default_rng(3).normal(2, 3, (5, *SHAPE)).astype(np.float32))
    return layer


LAYERS = {
    "convolution": lambda: layers.Conv2D(5, 3, bias_initializer="normal"),
    "convolution_even": lambda: layers.Conv2D(5, (2, 4), strides=(3, 2), padding="same"),
    "convolution_dilated": lambda: layers.Conv2D(5, 3, dilation_rate=2, padding="same"),
    "convolution_grouped": lambda: layers.Conv2D(6, 3, groups=2, use_bias=False),
    "convolution_activated": lambda: layers.Conv2D(5, 3, activation="gelu"),
    "convolution_leaky": lambda: layers.Conv2D(5, 3, activation=layers.LeakyReLU(0.2)),
    "convolution_prelu": lambda: layers.Conv2D(
        5, 3, activation=layers.PReLU("normal", shared_axes=[1, 2])
    ),
    "depthwise": lambda: layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"),
    "depthwise_strided": lambda: layers.DepthwiseConv2D(3, strides=2, padding="same"),
    "depthwise_dilated": lambda: layers.DepthwiseConv2D(3, dilation_rate=(2, 1)),
    "separable": lambda: layers.SeparableConv2D(6, 3, depth_multiplier=2, activation="tanh"),
    "separable_strided": lambda: layers.SeparableConv2D(6, 3, strides=2, padding="same"),
    "dense": lambda: layers.Dense(6, "sigmoid", bias_initializer="normal"),
    "normalisation": layers.BatchNormalization,
    "normalisation_bare": lambda: layers.BatchNormalization(center=False, scale=False),
    "normalisation_axis": lambda: layers.BatchNormalization(axis=3, epsilon=0.5),
    "standardised": adapted,
    "standardised_back": lambda: adapted(invert=True),
    "standardised_scalar": lambda: layers.Normalization(axis=None, mean=3.0, variance=2.0),
    "rescaling": lambda: layers.Rescaling(1 / 127.5, -1),
    "rescaling_by_channel": lambda: layers.Rescaling([1.0, 2.0, 3.0, 4.0], [0.5, 0.0, -1.0, 2.0]),
    "activation": lambda: layers.Activation("hard_silu"),
    "activation_linear": lambda: layers.Activation("linear"),
    "relu": lambda: layers.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.25),
    "leaky": lambda: layers.LeakyReLU(0.3),
    "elu": lambda: layers.ELU(0.5),
    "prelu": lambda: layers.PReLU("normal", shared_axes=[1, 2]),
    "prelu_one": lambda: layers.PReLU("normal", shared_axes=[1, 2, 3]),
    "padding": lambda: layers.ZeroPadding2D(((1, 2), (0, 3))),
    "cropping": lambda: layers.Cropping2D(((1, 2), (0, 3))),
    "central": lambda: layers.CenterCrop(6, 5),
    "max": lambda: layers.MaxPooling2D(3, 2, padding="same"),
    "average": lambda: layers.AveragePooling2D((2, 3), 2, padding="same"),
    "adaptive_max": lambda: layers.AdaptiveMaxPooling2D((4, 5)),
    "adaptive_average": lambda: layers.AdaptiveAveragePooling2D((4, 5)),
    "global_max": lambda: layers.GlobalMaxPooling2D(keepdims=True),
    "global_average": lambda: layers.GlobalAveragePooling2D(keepdims=True),
    "dropout": lambda: layers.Dropout(0.5),
    "dropout_of_maps": lambda: layers.SpatialDropout2D(0.5),
    "noise": lambda: layers.GaussianNoise(0.5),
    "brightness": lambda: layers.RandomBrightness(0.5),
    "flip": layers.RandomFlip,
    "same": layers.Identity,
    "same_shape": lambda: layers.Reshape(SHAPE),
}  # fmt: skip
NOT_FOLLOWED = {
    "softmax": layers.Softmax,
    "softmax_behind": lambda: layers.Conv2D(5, 3, activation="softmax"),
    "own_function": lambda: layers.Activation(lambda x: x * 2),
    "transposed": lambda: layers.Conv2DTranspose(5, 3),
    "prelu_everywhere": lambda: layers.PReLU("normal"),
    "normalised_rows": lambda: layers.BatchNormalization(axis=1),
    "layer_norm": layers.LayerNormalization,
    "up": lambda: layers.UpSampling2D(2),
    "solarized": lambda: layers.Solarization(value_range=(0, 1)),
    "by_place": lambda: layers.Rescaling(np.arange(9 * 4, dtype=np.float32).reshape(9, 4)),
}
OPERATIONS = {
    "added": lambda x: x + 3.0,
    "added_to": lambda x: 3.0 + x,
    "taken_away": lambda x: x - 3.0,
    "taken_from": lambda x: 3.0 - x,
    "times": lambda x: x * (1 / 6),
    "by": lambda x: x / 7.0,
    "by_channel": lambda x: x * np.array([1, 2, 3, 4], np.float32),
    "twice": lambda x: x + x,
    "product": lambda x: x * ops.sigmoid(x),
    "difference": lambda x: x - ops.relu(x),
    "larger": lambda x: ops.maximum(x, ops.negative(x)),
    "smaller": lambda x: ops.minimum(x, ops.square(x)),
    "relu": lambda x: keras.activations.relu(x, negative_slope=0.1, max_value=3.0),
    "relu6": ops.relu6,
    "leaky": lambda x: ops.leaky_relu(x, 0.4),
    "elu": lambda x: ops.elu(x, 0.7),
    "gelu": lambda x: ops.gelu(x, approximate=False),
    "clipped": lambda x: ops.clip(x, -1.0, 2.0),
    "absolute": ops.abs,
    "mean": lambda x: ops.mean(x, axis=[1, 2], keepdims=True),
    "most": lambda x: ops.max(x, axis=(-3, -2), keepdims=True),
    "joined": lambda x: ops.concatenate([x, ops.tanh(x)], axis=-1),
}
OPERATIONS_NOT_FOLLOWED = {
    "remainder_of": lambda x: 3.0 / (ops.abs(x) + 1.0),
    "quotient": lambda x: x / (ops.abs(x) + 1.0),
    "larger_than_a_number": lambda x: ops.maximum(x, 0.5),
    "by_place": lambda x: x * np.random.default_rng(1).normal(size=(11, 9, 1)).astype(np.float32),
    "mean_of_channels": lambda x: ops.mean(x, axis=[1, 2, 3], keepdims=True),
    "joined_below": lambda x: ops.concatenate([x, x], axis=1),
    "power": lambda x: ops.power(x, 2.0),
}  # fmt: skip


def with_numbers(model):
    """Give every weight that begins as a constant other numbers."""
    generator = np.random.default_rng(5)
    for variable in model.variables:
        if "float" in str(variable.dtype) and np.ptp(numbers := np.float64(variable.numpy())) == 0:
            variable.assign(generator.uniform(0.5, 2.0, numbers.shape))
    return model


def behind_a_convolution(layer, dtype=None):
    """Return a network in which a layer stands between a convolution and the stage."""
    inputs = keras.Input(SHAPE)
    first = layers.Conv2D(4, 1, name="first", dtype=dtype)(inputs)
    pooled = layers.MaxPooling2D(1, name="stage")(layer(first))
    return with_numbers(keras.Model(inputs, pooled))


def steps_of(model, **options):
    activations = run_stage(described(model), "stage", has_steps=True, **options)
    return activations, assert_steps_agree(activations)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_followed(name):
    activations, unfollowed = steps_of(behind_a_convolution(LAYERS[name]()))
    assert unfollowed == []
    assert len(activations.operations) == 2
    assert activations.precisions == ("float32", "float32")


@pytest.mark.parametrize("name", NOT_FOLLOWED)
def test_a_layer_is_not_followed(name):
    activations, unfollowed = steps_of(behind_a_convolution(NOT_FOLLOWED[name]()))
    assert unfollowed == [activations.stage.graph.steps[-1].name]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_of_a_functional_model_is_followed(name):
    _, unfollowed = steps_of(behind_a_convolution(OPERATIONS[name]))
    assert unfollowed == []


@pytest.mark.parametrize("name", OPERATIONS_NOT_FOLLOWED)
def test_an_operation_is_not_followed(name):
    activations, unfollowed = steps_of(behind_a_convolution(OPERATIONS_NOT_FOLLOWED[name]))
    assert unfollowed == [activations.stage.graph.steps[-1].name]


@pytest.mark.parametrize("kind", ["Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"])
def test_branches_are_merged(kind):
    inputs = keras.Input(SHAPE)
    left = layers.Conv2D(4, 3, padding="same")(inputs)
    right = layers.Conv2D(4, 1)(inputs)
    merged = getattr(layers, kind)()([left, right])
    joined = layers.Concatenate(name="joined")([merged, right, inputs])
    model = keras.Model(inputs, layers.MaxPooling2D(name="stage")(joined))
    assert steps_of(model)[1] == []


def test_what_is_squeezed_and_excited_is_followed():
    """A vector is a map of one pixel, and one pixel counts for all."""
    inputs = keras.Input(SHAPE)
    maps = layers.Conv2D(6, 3)(inputs)
    vector = layers.GlobalAveragePooling2D()(maps)
    vector = layers.Dense(6, "sigmoid")(layers.Dense(3, "relu")(vector))
    scaled = layers.Multiply()([maps, layers.Reshape((1, 1, 6))(vector)])
    model = with_numbers(keras.Model(inputs, layers.MaxPooling2D(name="stage")(scaled)))
    activations, unfollowed = steps_of(model)
    assert unfollowed == []
    assert [made.shape[:2] for made in activations.step_maps].count((1, 1)) == 4


def test_channels_first_is_turned():
    format_ = "channels_first"
    inputs = keras.Input((4, 11, 9))
    maps = layers.Conv2D(6, 3, data_format=format_)(inputs)
    maps = layers.BatchNormalization(axis=1)(maps)
    maps = layers.DepthwiseConv2D(2, strides=2, data_format=format_)(maps)
    maps = layers.PReLU("normal", shared_axes=[2, 3])(maps)
    maps = layers.ZeroPadding2D(1, data_format=format_)(maps)
    maps = layers.Concatenate(axis=1)([maps, layers.ReLU()(maps)])
    pooled = layers.MaxPooling2D(name="stage", data_format=format_)(maps)
    activations, unfollowed = steps_of(with_numbers(keras.Model(inputs, pooled)))
    assert unfollowed == []
    assert activations.map_of(0).shape == (9, 7, 6)
    assert activations.operations[0].kernel.shape == (3, 3, 4, 6)


@pytest.mark.parametrize("policy", FLOATS)
def test_every_precision(policy):
    """Weights are as the layer computes with them, and agreement is that of the format."""
    keras.config.set_dtype_policy(policy)
    try:
        inputs = keras.Input(SHAPE)
        maps = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
        maps = layers.BatchNormalization()(maps)
        maps = layers.SeparableConv2D(8, 3)(layers.LeakyReLU(0.1)(maps))
        maps = layers.Rescaling(0.3, 0.1)(layers.Conv2D(8, 1, dtype="float32")(maps))
        model = with_numbers(keras.Model(inputs, layers.MaxPooling2D(name="stage")(maps)))
    finally:
        keras.config.set_dtype_policy("float32")
    activations, unfollowed = steps_of(model)
    assert unfollowed == []
    name = policy.removeprefix("mixed_")
    assert activations.precisions == (name, name, name, name, "float32", name)
    kernel = activations.operations[0].kernel
    stored = model.layers[1].kernel.numpy()
    np.testing.assert_array_equal(kernel, keras.ops.cast(stored, name).numpy().astype(kernel.dtype))


def test_weights_are_not_copied():
    model = behind_a_convolution(layers.SeparableConv2D(6, 3, name="second"))
    opened = described(model)
    first, again = (run_stage(opened, "stage") for _ in range(2))
    for one, other in zip(first.operations, again.operations, strict=True):
        assert np.shares_memory(one.bias, other.bias)
    assert np.shares_memory(first.operations[0].kernel, again.operations[0].kernel)
    assert isinstance(first.operations[1], SeparableConvolution)
    assert not first.operations[0].kernel.flags.writeable
    before = first.operations[0].kernel.copy()
    model.get_layer("first").kernel.assign(np.zeros((1, 1, 4, 4)))
    np.testing.assert_array_equal(first.operations[0].kernel, before)


def test_a_shared_layer_and_a_nested_model():
    inner = keras.Sequential([keras.Input((None, None, 4)), layers.Conv2D(4, 3, padding="same")])
    inputs = keras.Input(SHAPE)
    maps = layers.Add()([inner(inputs), inner(inner(inputs))])
    activations, unfollowed = steps_of(keras.Model(inputs, layers.MaxPooling2D(name="stage")(maps)))
    assert unfollowed == []
    kernels = [each.kernel for each in activations.operations if isinstance(each, Convolution)]
    assert len(kernels) == 3
    assert all(np.shares_memory(kernels[0], other) for other in kernels)


def test_a_picture_that_is_cast_is_what_the_first_layer_reads():
    inputs = keras.Input((*SHAPE[:2], 3), dtype="uint8")
    maps = layers.Conv2D(4, 3)(layers.Rescaling(1 / 255)(inputs))
    model = keras.Model(inputs, layers.MaxPooling2D(name="stage")(maps))
    activations, unfollowed = steps_of(model)
    assert unfollowed == []
    np.testing.assert_array_equal(activations.prepared.values % 1, 0)


def test_a_layer_of_ones_own_is_not_followed():
    class Mine(layers.Conv2D):
        pass

    _, unfollowed = steps_of(behind_a_convolution(Mine(4, 3, name="mine")))
    assert unfollowed == ["mine"]


def test_weights_that_were_adapted_or_quantised_are_not_followed():
    model = behind_a_convolution(layers.Conv2D(5, 3, name="second"))
    model.get_layer("second").enable_lora(2)
    assert steps_of(model)[1] == ["second"]
    model = behind_a_convolution(layers.Dense(5, name="second"))
    model.get_layer("second").quantize("int8")
    assert steps_of(model)[1] == ["second"]


def test_a_pooling_that_is_added_has_its_convolution_as_last_step():
    inputs = keras.Input(SHAPE)
    maps = layers.Conv2D(4, 3, name="second")(layers.Conv2D(4, 3, name="first")(inputs))
    activations = run_stage(described(keras.Model(inputs, layers.ReLU()(maps))), has_steps=True)
    names = [step.name for step in activations.stage.graph.steps]
    assert names in (["first"], ["first", "second"])
    assert assert_steps_agree(activations) == []


def test_where_it_is_not_known_which_layer_makes_a_map_there_is_one_step():
    """An operation of TensorFlow's own between two layers."""

    class Mine(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.pool = layers.Conv2D(4, 3), layers.MaxPooling2D(name="stage")

        def call(self, inputs):
            return self.pool(tf.roll(self.first(inputs), 1, axis=1))

    model = Mine()
    model(np.zeros((1, *SHAPE), np.float32))
    runner = Runner(model, "stage", PictureInput(*SHAPE), SHAPE)
    stage = geometry_of(stages_of(runner.calls, "input")[0], runner.calls, SHAPE)
    runner.follow(stage, cases.BUDGET)
    prepared = PreparedInput(noise(SHAPE), FRAME.picture, Rect(0, 0, *SHAPE[:2]))
    activations = runner.run(FRAME, prepared, None, stage, 0, has_steps=True)
    assert [type(each) for each in activations.operations] == [Unknown]
    assert activations.map_of(0) is activations.feature_maps
    assert not activations.lacks_steps


def test_a_pooling_of_the_input_has_no_steps():
    model = keras.Sequential([keras.Input(SHAPE), layers.MaxPooling2D(name="stage")])
    activations = run_stage(described(model), "stage", has_steps=True)
    assert activations.operations == activations.precisions == activations.step_maps == ()
    assert not activations.lacks_steps


def test_the_tutorials_network_is_followed():
    for activation in ("linear", "relu", "tanh"):
        engine, spec = KerasEngine(), NetworkSpec(activation=activation)
        engine.configure(spec, 1, cases.BUDGET)
        activations = cases.run(engine, cases.sample_frame(), spec)
        assert assert_steps_agree(activations) == []
        assert not activations.lacks_steps
        (operation,) = activations.operations
        assert (operation.kernel.shape, operation.bias.shape) == ((3, 3, 3, 64), (64,))


@pytest.mark.parametrize("name", ["hed_block1", "mtcnn_pnet"])
def test_networks_from_files(name):
    opened = open_model(ModelFile(str(resource_path(f"samples/{name}.keras"))), cases.BUDGET)
    for stage in opened.info.stages:
        activations = run_stage(opened, stage.name, (40, 48), has_steps=True)
        assert assert_steps_agree(activations) == []


@pytest.mark.parametrize("name", ["VGG16", "ResNet50", "MobileNetV2", "MobileNetV3Small"])
def test_every_layer_of_an_application_is_followed(name):
    opened = described(built(name))
    values = np.random.default_rng(9).uniform(0, 255, (SIDE, SIDE, 3)).astype(np.float32)
    stage = opened.info.stages[-1].name
    activations = run_stage(opened, stage, values=values, has_steps=True)
    assert assert_steps_agree(activations) == []
    assert not any(isinstance(each, Unknown) for each in activations.operations)
