"""Every function of one number, and its derivative, against Keras and TensorFlow."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.element_functions import derivative, is_known, value
from poolviewer.core.operations import Convolution, ElementFunction, SeparableConvolution
from poolviewer.core.windows import WindowGrid

# Kinks, both sides of them, and numbers that overflow where a formula is careless.
KINKS = [-6.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0]
NUMBERS = np.array([*(k + d for k in KINKS for d in (0, 1e-9, -1e-9)), -700.0, 800.0])
# Nearer to 0 TensorFlow rounds some of its own formulas to 0.
FINITE = st.integers(-(10**9), 10**9).map(lambda number: number / 2e7)
MIXING = {"softmax", "log_softmax", "sparsemax", "glu"}
NOT_FUNCTIONS = {"get", "serialize", "deserialize"}
PARAMETERS = {
    "relu": [
        {"negative_slope": 0.25},
        {"max_value": 6.0},
        {"max_value": 2.0},
        {"threshold": 0.5},
        {"max_value": 2.0, "negative_slope": 0.1},
        {"max_value": 6.0, "negative_slope": 0.1},
        {"max_value": 6.0, "negative_slope": 0.1, "threshold": 1.0},
        {"negative_slope": 0.1, "threshold": 1.0},
        {"max_value": 0.0},
    ],
    "leaky_relu": [{"negative_slope": 0.0}, {"negative_slope": 0.3}],
    "elu": [{"alpha": 0.5}],
    "celu": [{"alpha": 2.0}],
    "gelu": [{"approximate": True}],
    "squareplus": [{"b": 1.0}],
    "soft_shrink": [{"threshold": 1.0}],
    "hard_shrink": [{"threshold": 1.0}],
    "threshold": [{"threshold": 1.0, "default_value": -2.0}],
}
OPERATIONS = {
    "abs": (keras.ops.abs, {}),
    "negative": (keras.ops.negative, {}),
    "square": (keras.ops.square, {}),
    "sqrt": (keras.ops.sqrt, {}),
    "clip": (keras.ops.clip, {"x_min": -1.0, "x_max": 2.0}),
}


def offered():
    """List all of Keras's activations that take numbers one by one, whatever they are called."""
    found = {
        function.__name__
        for name, function in inspect.getmembers(keras.activations, inspect.isfunction)
        if name not in NOT_FUNCTIONS
    }
    return sorted(found - MIXING)


def cases():
    for name in offered():
        keras_function = getattr(keras.activations, name)
        if name != "threshold":
            yield name, keras_function, {}
        for parameters in PARAMETERS.get(name, []):
            yield name, keras_function, parameters
    for name, (operation, parameters) in OPERATIONS.items():
        yield name, operation, parameters


CASES = list(cases())
IDS = [f"{name}{parameters or ''}" for name, _, parameters in CASES]


def element(name, parameters):
    return ElementFunction(name, tuple((key, float(each)) for key, each in parameters.items()))


def by_tensorflow(function, parameters, numbers):
    with tf.device("CPU"), tf.GradientTape() as tape:
        x = tf.constant(numbers, tf.float64)
        tape.watch(x)
        y = function(x, **parameters)
    slopes = tape.gradient(y, x)
    return y.numpy(), np.zeros_like(numbers) if slopes is None else slopes.numpy()


def test_all_of_keras_is_offered():
    assert {"relu", "gelu", "mish", "hard_silu", "celu", "tanh_shrink"} <= set(offered())
    assert all(is_known(ElementFunction(name)) for name in offered())
    assert not any(is_known(ElementFunction(name)) for name in (*MIXING, "my_own"))


@pytest.mark.parametrize(("name", "function", "parameters"), CASES, ids=IDS)
def test_values_and_derivatives_are_those_of_tensorflow(name, function, parameters):
    numbers = np.abs(NUMBERS) + 1e-3 if name == "sqrt" else NUMBERS
    values, slopes = by_tensorflow(function, parameters, numbers)
    mine = element(name, parameters)
    # TensorFlow's own formulas overflow for large numbers, where ours do not.
    with np.errstate(invalid="ignore"):
        sound = np.isfinite(values) & np.isfinite(slopes)
    assert sound[:-2].all()
    np.testing.assert_allclose(value(mine, numbers)[sound], values[sound], rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(
        derivative(mine, numbers)[sound], slopes[sound], rtol=1e-6, atol=1e-12
    )


@pytest.mark.parametrize(("name", "function", "parameters"), CASES, ids=IDS)
@given(numbers=st.lists(FINITE, min_size=1, max_size=20))
def test_any_numbers(name, function, parameters, numbers):
    numbers = np.abs(numbers) + 1e-3 if name == "sqrt" else np.array(numbers)
    values, slopes = by_tensorflow(function, parameters, numbers)
    mine = element(name, parameters)
    np.testing.assert_allclose(value(mine, numbers), values, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(derivative(mine, numbers), slopes, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "tanh", "sigmoid", "elu", "gelu"])
def test_nan_stays_nan(name):
    assert np.isnan(value(ElementFunction(name), np.nan))
    assert np.isnan(getattr(keras.activations, name)(tf.constant(np.nan)).numpy())


def test_what_is_given_stays_as_it_is():
    numbers = np.array([[-1.0, 2.0]], np.float32)
    for name in offered():
        if name != "threshold":
            made = value(ElementFunction(name), numbers)
            assert made.dtype == np.float64
            assert not np.shares_memory(made, numbers)
    np.testing.assert_array_equal(numbers, [[-1, 2]])


def test_a_parametric_relu_has_a_slope_for_each_channel():
    layer = keras.layers.PReLU(shared_axes=[1, 2])
    layer.build((None, 4, 5, 3))
    slopes = np.array([0.5, -0.25, 2.0])
    layer.alpha.assign(slopes[np.newaxis, np.newaxis])
    numbers = np.random.default_rng(1).normal(size=(4, 5, 3))
    numbers[0, 0] = 0
    function = ElementFunction("prelu", (("alpha", slopes),))
    with tf.GradientTape() as tape:
        x = tf.constant(numbers[np.newaxis], tf.float32)
        tape.watch(x)
        y = layer(x)
    np.testing.assert_allclose(value(function, numbers), y[0], rtol=1e-6, atol=1e-6)
    expected = tape.gradient(y, x)[0]
    np.testing.assert_allclose(derivative(function, numbers), expected, rtol=1e-6, atol=1e-6)
    for channel in range(3):
        alone = function.of_channel(channel)
        assert alone.parameters == (("alpha", slopes[channel]),)
        np.testing.assert_array_equal(
            value(alone, numbers[:, :, channel]), value(function, numbers)[:, :, channel]
        )


def test_a_function_that_is_the_same_for_all_channels_is_that_of_each():
    function = ElementFunction("leaky_relu", (("negative_slope", 0.3),))
    assert function.of_channel(4) is function


def test_a_separable_kernel_is_the_product_of_its_two():
    generator = np.random.default_rng(2)
    depthwise = generator.normal(size=(3, 2, 4, 2)).astype(np.float32)
    pointwise = generator.normal(size=(4, 2, 5)).astype(np.float32)
    convolution = SeparableConvolution(
        WindowGrid.over((5, 5), (3, 2), (1, 1), "valid"), depthwise, pointwise
    )
    expected = np.einsum("rcsm,smo->rcso", depthwise.astype(np.float64), pointwise)
    np.testing.assert_allclose(convolution.kernel, expected, rtol=1e-12)
    for channel in range(5):
        np.testing.assert_allclose(
            convolution.kernel_of(channel), expected[..., channel], rtol=1e-12
        )
    plain = Convolution(convolution.grid, expected)
    np.testing.assert_array_equal(plain.kernel_of(3), expected[..., 3])
