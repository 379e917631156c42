"""Functions of one number that networks put behind their layers: values and derivatives.

In float64, whatever the network computes in. They are Keras's own functions under Keras's names;
where one has a kink, the derivative is the one that TensorFlow gives.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from poolviewer.core.operations import ElementFunction

Values = NDArray[np.float64]
_Function = Callable[..., Values]

# Of Klambauer et al., "Self-Normalizing Neural Networks", 2017, as TensorFlow rounds them.
_SELU_SCALE = 1.0507009873554804934193349852946
_SELU_ALPHA = 1.6732632423543772848170429916717
_GELU_CUBE = 0.044715


def is_known(function: ElementFunction) -> bool:
    """Whether its value and its derivative can be had."""
    return function.name in _FUNCTIONS


def value(function: ElementFunction, x: ArrayLike) -> Values:
    """Return the function of every number, float64 of the shape of ``x``.

    Parameters
    ----------
    function
        A known one; see `is_known`. Where its parameters differ from channel to channel, the
        last axis of ``x`` must be the channels.
    """
    return _applied(_FUNCTIONS[function.name][0], function, x)


def derivative(function: ElementFunction, x: ArrayLike) -> Values:
    """Return the function's derivative at every number, as `value` returns its values."""
    return _applied(_FUNCTIONS[function.name][1], function, x)


def _applied(rule: _Function, function: ElementFunction, x: ArrayLike) -> Values:
    with np.errstate(all="ignore"):  # infinite and undefined values are shown as such
        return rule(np.asarray(x, np.float64), **dict(function.parameters))


def _where(condition: NDArray[np.bool_], then: ArrayLike, otherwise: ArrayLike) -> Values:
    return np.where(condition, then, otherwise).astype(np.float64)


def _linear(x: Values) -> Values:
    return x.copy()


def _linear_slope(x: Values) -> Values:
    return np.ones_like(x)


def _relu(
    x: Values, negative_slope: float = 0.0, max_value: float = math.inf, threshold: float = 0.0
) -> Values:
    positive = np.maximum(x, 0.0) if threshold == 0 else _where(x > threshold, x, 0.0)
    clipped = np.minimum(positive, max_value)
    if negative_slope == 0:
        return clipped
    return clipped - negative_slope * np.maximum(threshold - x, 0.0)


def _relu_slope(
    x: Values, negative_slope: float = 0.0, max_value: float = math.inf, threshold: float = 0.0
) -> Values:
    # 6 has an operation of its own in TensorFlow, which lets nothing through where it clips.
    is_six = max_value == 6 and threshold == 0
    is_below = x < max_value if is_six else x <= max_value
    is_leaky = threshold == 0 and max_value == math.inf
    negative = (x <= threshold) if is_leaky else (x < threshold)
    return _where((x > threshold) & is_below, 1.0, 0.0) + negative * negative_slope


def _relu6(x: Values) -> Values:
    return _relu(x, max_value=6.0)


def _relu6_slope(x: Values) -> Values:
    return _relu_slope(x, max_value=6.0)


def _leaky_relu(x: Values, negative_slope: float = 0.2) -> Values:
    return _where(x > 0, x, negative_slope * x)


def _leaky_relu_slope(x: Values, negative_slope: float = 0.2) -> Values:
    return _where(x > 0, 1.0, negative_slope)


def _prelu(x: Values, alpha: ArrayLike) -> Values:
    return np.maximum(x, 0.0) - np.asarray(alpha, np.float64) * np.maximum(-x, 0.0)


def _prelu_slope(x: Values, alpha: ArrayLike) -> Values:
    return _where(x > 0, 1.0, (x < 0) * np.asarray(alpha, np.float64))


def _elu(x: Values, alpha: float = 1.0) -> Values:
    return _where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def _elu_slope(x: Values, alpha: float = 1.0) -> Values:
    return _where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0)))


def _selu(x: Values) -> Values:
    return _SELU_SCALE * _elu(x, _SELU_ALPHA)


def _selu_slope(x: Values) -> Values:
    return _SELU_SCALE * _where(x >= 0, 1.0, _SELU_ALPHA * np.exp(np.minimum(x, 0.0)))


def _celu(x: Values, alpha: float = 1.0) -> Values:
    return np.maximum(x, 0.0) + alpha * np.expm1(np.minimum(x, 0.0) / alpha)


def _celu_slope(x: Values, alpha: float = 1.0) -> Values:
    # Both parts meet at 0, and TensorFlow counts them both.
    return _where(x >= 0, 1.0, 0.0) + _where(x <= 0, np.exp(np.minimum(x, 0.0) / alpha), 0.0)


def _sigmoid(x: Values) -> Values:
    return np.exp(-np.logaddexp(0.0, -x))


def _sigmoid_slope(x: Values) -> Values:
    return _sigmoid(x) * _sigmoid(-x)


def _log_sigmoid(x: Values) -> Values:
    return -np.logaddexp(0.0, -x)


def _log_sigmoid_slope(x: Values) -> Values:
    return _sigmoid(-x)


def _hard_sigmoid(x: Values) -> Values:
    return _relu6(x + 3.0) / 6.0


def _hard_sigmoid_slope(x: Values) -> Values:
    return _relu6_slope(x + 3.0) / 6.0


def _sparse_sigmoid(x: Values) -> Values:
    return _where(x <= -1, 0.0, _where(x >= 1, 1.0, 0.5 * (x + 1.0)))


def _sparse_sigmoid_slope(x: Values) -> Values:
    return _where((x > -1) & (x < 1), 0.5, 0.0)


def _silu(x: Values) -> Values:
    return x * _sigmoid(x)


def _silu_slope(x: Values) -> Values:
    return _sigmoid(x) * (1.0 + x * _sigmoid(-x))


def _hard_silu(x: Values) -> Values:
    return x * _hard_sigmoid(x)


def _hard_silu_slope(x: Values) -> Values:
    return _hard_sigmoid(x) + x * _hard_sigmoid_slope(x)


def _tanh_slope(x: Values) -> Values:
    return 4.0 * _sigmoid_slope(2.0 * x)


def _tanh_shrink(x: Values) -> Values:
    return x - np.tanh(x)


def _tanh_shrink_slope(x: Values) -> Values:
    return np.square(np.tanh(x))


def _hard_tanh(x: Values) -> Values:
    return np.clip(x, -1.0, 1.0)


def _hard_tanh_slope(x: Values) -> Values:
    return _clip_slope(x, -1.0, 1.0)


def _softplus(x: Values) -> Values:
    return np.logaddexp(0.0, x)


def _softsign(x: Values) -> Values:
    return x / (1.0 + np.abs(x))


def _softsign_slope(x: Values) -> Values:
    return 1.0 / np.square(1.0 + np.abs(x))


def _sparse_plus(x: Values) -> Values:
    return _where(x <= -1, 0.0, _where(x < 1, 0.25 * np.square(x + 1.0), x))


def _sparse_plus_slope(x: Values) -> Values:
    return _where(x <= -1, 0.0, _where(x < 1, 0.5 * (x + 1.0), 1.0))


def _squareplus(x: Values, b: float = 4.0) -> Values:
    return (x + np.sqrt(np.square(x) + b)) / 2.0


def _squareplus_slope(x: Values, b: float = 4.0) -> Values:
    return (1.0 + x / np.sqrt(np.square(x) + b)) / 2.0


def _mish(x: Values) -> Values:
    return x * np.tanh(_softplus(x))


def _mish_slope(x: Values) -> Values:
    return np.tanh(_softplus(x)) + x * _tanh_slope(_softplus(x)) * _sigmoid(x)


def _normal_share(x: Values) -> Values:
    """Return how much of the standard normal distribution lies below each number."""
    return 0.5 * np.asarray(np.frompyfunc(math.erfc, 1, 1)(-x / math.sqrt(2.0)), np.float64)


def _gelu(x: Values, approximate: float = 0.0) -> Values:
    return x * (_gelu_gate(x) if approximate else _normal_share(x))


def _gelu_slope(x: Values, approximate: float = 0.0) -> Values:
    if not approximate:
        return _normal_share(x) + x * np.exp(-0.5 * np.square(x)) / math.sqrt(2.0 * math.pi)
    inner = _gelu_inner(x)
    inner_slope = 2.0 * math.sqrt(2.0 / math.pi) * (1.0 + 3.0 * _GELU_CUBE * np.square(x))
    return _sigmoid(inner) + x * _sigmoid_slope(inner) * inner_slope


def _gelu_inner(x: Values) -> Values:
    return 2.0 * math.sqrt(2.0 / math.pi) * (x + _GELU_CUBE * x**3)


def _gelu_gate(x: Values) -> Values:
    return _sigmoid(_gelu_inner(x))


def _hard_shrink(x: Values, threshold: float = 0.5) -> Values:
    return _where(np.abs(x) > threshold, x, 0.0)


def _shrink_slope(x: Values, threshold: float = 0.5) -> Values:
    return _where(np.abs(x) > threshold, 1.0, 0.0)


def _soft_shrink(x: Values, threshold: float = 0.5) -> Values:
    return _where(x > threshold, x - threshold, _where(x < -threshold, x + threshold, 0.0))


def _threshold(x: Values, threshold: float, default_value: float) -> Values:
    return _where(x > threshold, x, default_value)


def _threshold_slope(x: Values, threshold: float, default_value: float) -> Values:  # noqa: ARG001
    return _where(x > threshold, 1.0, 0.0)


def _clip(x: Values, x_min: float, x_max: float) -> Values:
    return np.clip(x, x_min, x_max)


def _clip_slope(x: Values, x_min: float, x_max: float) -> Values:
    return _where((x >= x_min) & (x <= x_max), 1.0, 0.0)


def _negative_slope(x: Values) -> Values:
    return np.full_like(x, -1.0)


def _square_slope(x: Values) -> Values:
    return 2.0 * x


def _sqrt_slope(x: Values) -> Values:
    return 0.5 / np.sqrt(x)


_FUNCTIONS: dict[str, tuple[_Function, _Function]] = {
    "abs": (np.abs, np.sign),
    "celu": (_celu, _celu_slope),
    "clip": (_clip, _clip_slope),
    "elu": (_elu, _elu_slope),
    "exponential": (np.exp, np.exp),
    "gelu": (_gelu, _gelu_slope),
    "hard_shrink": (_hard_shrink, _shrink_slope),
    "hard_sigmoid": (_hard_sigmoid, _hard_sigmoid_slope),
    "hard_silu": (_hard_silu, _hard_silu_slope),
    "hard_tanh": (_hard_tanh, _hard_tanh_slope),
    "leaky_relu": (_leaky_relu, _leaky_relu_slope),
    "linear": (_linear, _linear_slope),
    "log_sigmoid": (_log_sigmoid, _log_sigmoid_slope),
    "mish": (_mish, _mish_slope),
    "negative": (np.negative, _negative_slope),
    "prelu": (_prelu, _prelu_slope),
    "relu": (_relu, _relu_slope),
    "relu6": (_relu6, _relu6_slope),
    "selu": (_selu, _selu_slope),
    "sigmoid": (_sigmoid, _sigmoid_slope),
    "silu": (_silu, _silu_slope),
    "soft_shrink": (_soft_shrink, _shrink_slope),
    "softplus": (_softplus, _sigmoid),
    "softsign": (_softsign, _softsign_slope),
    "sparse_plus": (_sparse_plus, _sparse_plus_slope),
    "sparse_sigmoid": (_sparse_sigmoid, _sparse_sigmoid_slope),
    "sqrt": (np.sqrt, _sqrt_slope),
    "square": (np.square, _square_slope),
    "squareplus": (_squareplus, _squareplus_slope),
    "tanh": (np.tanh, _tanh_slope),
    "tanh_shrink": (_tanh_shrink, _tanh_shrink_slope),
    "threshold": (_threshold, _threshold_slope),
}
