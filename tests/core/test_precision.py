"""Rounding to the formats that networks compute in, against TensorFlow's own."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.precision import epsilon, largest, rounded, smallest

FORMATS = ["bfloat16", "float16", "float32", "float64"]
# TensorFlow takes what is smaller than any normal float32 for 0 in some places.
NUMBERS = st.floats(width=32, allow_subnormal=False)


def by_tensorflow(numbers, precision):
    with tf.device("CPU"):
        return tf.cast(tf.cast(numbers, precision), tf.float64).numpy()


@pytest.mark.parametrize("precision", FORMATS)
@given(numbers=st.lists(NUMBERS, min_size=1, max_size=20))
def test_rounding_is_tensorflows(precision, numbers):
    numbers = np.array(numbers, np.float32)
    np.testing.assert_array_equal(rounded(numbers, precision), by_tensorflow(numbers, precision))


@pytest.mark.parametrize("precision", FORMATS)
def test_edges(precision):
    """Ties, the largest number and what is rounded beyond it, and the smallest ones."""
    ties = 1 + epsilon(precision) * np.arange(8) / 2
    exact = np.array([*ties, 65504.0, 65519.9, 65520.0, 1e5, 2.0**-24, 2.0**-25, 0.0, np.inf])
    numbers = np.concatenate([exact, -exact, [np.nan]]).astype(np.float32)
    np.testing.assert_array_equal(rounded(numbers, precision), by_tensorflow(numbers, precision))


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
def test_float64_is_rounded_as_by_numpy(precision):
    numbers = np.random.default_rng(3).normal(0, 10.0 ** np.arange(-9, 10)[:, np.newaxis], (19, 99))
    with np.errstate(over="ignore"):
        expected = numbers.astype(precision)
    np.testing.assert_array_equal(rounded(numbers, precision), expected)


def test_epsilon_is_that_of_the_format():
    assert epsilon("float32") == np.finfo(np.float32).eps
    assert epsilon("float64") == np.finfo(np.float64).eps
    assert epsilon("float16") == np.finfo(np.float16).eps
    assert epsilon("bfloat16") == tf.bfloat16.as_numpy_dtype(1.0078125) - 1


@pytest.mark.parametrize("precision", FORMATS)
def test_what_is_smaller_is_lost(precision):
    """Half of it and less may become 0, and what is ten times larger stays."""
    least = smallest(precision)
    with tf.device("CPU"):
        product = tf.constant(least, precision) * tf.constant(0.25, precision)
        large = tf.constant(10 * least, precision) * tf.constant(1.0, precision)
    assert float(product) == 0 or precision == "float64"
    assert float(large) == 10 * least


def test_small_half_floats_are_a_step_apart():
    least = smallest("float16")
    assert float(rounded(0.6 * least, "float16")) == least
    assert float(rounded(0.4 * least, "float16")) == 0


@pytest.mark.parametrize("precision", FORMATS)
def test_largest_number_is_tensorflows(precision):
    assert largest(precision) == float(tf.as_dtype(precision).max)
