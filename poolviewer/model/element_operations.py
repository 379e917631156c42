"""From activations and operations of Keras to what they do to numbers."""

import keras
import numpy as np
from numpy.typing import NDArray

from poolviewer.core.element_functions import is_known
from poolviewer.core.layer_graph import Step
from poolviewer.core.operations import (
    Activation,
    Concatenation,
    ElementFunction,
    Identity,
    Merge,
    MergeKind,
    Operation,
    Pool,
    Scaling,
)
from poolviewer.core.pooling import Pooling, PoolKind
from poolviewer.core.precision import Precision, rounded
from poolviewer.model.layer_use import ONE_PIXEL, Use
from poolviewer.model.recording import Call
from poolviewer.model.weights import NotFollowedError, by_channel, weights_of

_layers = keras.layers
# The functions that they are, and which of their attributes are its parameters.
_ACTIVATION_LAYERS: dict[type, tuple[str, tuple[str, ...]]] = {
    _layers.ELU: ("elu", ("alpha",)),
    _layers.LeakyReLU: ("leaky_relu", ("negative_slope",)),
    _layers.ReLU: ("relu", ("max_value", "negative_slope", "threshold")),
}
_ELEMENTWISE: dict[str, tuple[str, tuple[str, ...]]] = {
    "Abs": ("abs", ()),
    "Absolute": ("abs", ()),
    "Celu": ("celu", ("alpha",)),
    "Clip": ("clip", ("x_min", "x_max")),
    "Elu": ("elu", ("alpha",)),
    "Exp": ("exponential", ()),
    "Gelu": ("gelu", ("approximate",)),
    "HardShrink": ("hard_shrink", ("threshold",)),
    "HardSigmoid": ("hard_sigmoid", ()),
    "HardSilu": ("hard_silu", ()),
    "HardTanh": ("hard_tanh", ()),
    "LeakyRelu": ("leaky_relu", ("negative_slope",)),
    "LogSigmoid": ("log_sigmoid", ()),
    "Negative": ("negative", ()),
    "ReLU": ("relu", ("max_value", "negative_slope", "threshold")),
    "Relu": ("relu", ()),
    "Relu6": ("relu6", ()),
    "Selu": ("selu", ()),
    "Sigmoid": ("sigmoid", ()),
    "Silu": ("silu", ()),
    "SoftShrink": ("soft_shrink", ("threshold",)),
    "Softplus": ("softplus", ()),
    "Softsign": ("softsign", ()),
    "SparsePlus": ("sparse_plus", ()),
    "SparseSigmoid": ("sparse_sigmoid", ()),
    "Sqrt": ("sqrt", ()),
    "Square": ("square", ()),
    "Squareplus": ("squareplus", ("b",)),
    "Tanh": ("tanh", ()),
    "TanhShrink": ("tanh_shrink", ()),
    "Threshold": ("threshold", ("threshold", "default_value")),
}
_MERGES: dict[str, MergeKind] = {
    "Add": "add",
    "Maximum": "maximum",
    "Minimum": "minimum",
    "Multiply": "multiply",
    "Subtract": "subtract",
}
_QUOTIENTS = ("Divide", "TrueDivide")
_REDUCTIONS: dict[str, PoolKind] = {"Amax": "max", "Max": "max", "Mean": "average"}
_SAME = ("Cast", "Copy", "Identity", "Reshape", "StopGradient")


def element_function(use: Use, activation: object) -> ElementFunction | None:
    """Return an activation, a function of Keras or a layer, as data; None where it does nothing.

    Raises
    ------
    NotFollowedError
        Where it is not known, or not the same for every pixel.
    """
    kind = type(activation)
    if kind in _ACTIVATION_LAYERS:
        name, parameters = _ACTIVATION_LAYERS[kind]
        return _with_parameters(name, activation, parameters)
    if kind is _layers.PReLU:
        slopes = by_channel(weights_of(activation, activation.alpha), use)  # type: ignore[attr-defined]
        return ElementFunction("prelu", (("alpha", slopes),))
    if kind is _layers.Activation:
        return element_function(use, activation.activation)  # type: ignore[attr-defined]
    name = getattr(activation, "__name__", "")
    if activation is None or activation is keras.activations.linear:
        return None
    # A function of somebody's own may have the same name.
    function = ElementFunction(name)
    if activation is not getattr(keras.activations, name, None) or not is_known(function):
        raise NotFollowedError
    return function


def activated(use: Use, activation: object) -> Operation:
    """Return a layer that does nothing but an activation."""
    function = element_function(use, activation)
    return Activation(function) if function else Identity()


def merged(use: Use, kind: MergeKind) -> Operation:
    """Return several maps, or several vectors, merged number by number."""
    if {len(shape) for shape in use.shapes} != {len(use.output_shape)}:
        raise NotFollowedError
    return Merge(kind)


def joined(_use: Use, step: Step) -> Operation:
    """Return maps one behind the other, unless along their rows or columns."""
    if any(rule is not None for link in step.links for rule in link.rules):
        raise NotFollowedError
    return Concatenation()


def reshaped(use: Use) -> Operation:
    """Return a layer that gives a map another shape, where that leaves its pixels in place."""
    is_pixel = use.source == use.output == ONE_PIXEL
    if not is_pixel and use.shapes[0] != use.output_shape:
        raise NotFollowedError
    return Identity()


def operation_by_name(use: Use, step: Step, call: Call, precision: Precision) -> Operation:
    """Return what an operation of a functional model does to numbers; it has no public class."""
    name = type(use.layer).__name__
    if name in _ELEMENTWISE:
        return Activation(_with_parameters(_ELEMENTWISE[name][0], use.layer, _ELEMENTWISE[name][1]))
    if name in _MERGES or name in _QUOTIENTS:
        return _combined(use, step, call, precision)
    if name in _REDUCTIONS:
        return _reduced(use, _REDUCTIONS[name])
    if name == "Concatenate":
        return joined(use, step)
    if name in _SAME:
        return reshaped(use)
    raise NotFollowedError


def _with_parameters(name: str, layer: object, parameters: tuple[str, ...]) -> ElementFunction:
    numbers = ((each, getattr(layer, each)) for each in parameters)
    known = tuple((each, float(number)) for each, number in numbers if number is not None)
    if name == "leaky_relu":  # TensorFlow takes its slope as float32, whatever it computes in
        known = tuple((each, float(np.float32(number))) for each, number in known)
    return ElementFunction(name, known)


def _combined(use: Use, step: Step, call: Call, precision: Precision) -> Operation:
    """Return an operation on two maps, or on a map and a constant."""
    name = type(use.layer).__name__
    if len(call.operands) != 2:
        raise NotFollowedError
    if len(step.links) == 2:
        if name in _QUOTIENTS:
            raise NotFollowedError
        return merged(use, _MERGES[name])
    first, second = call.operands
    constant = first if second is None else second
    numbers = by_channel(rounded(np.asarray(constant, np.float64), precision), use)
    if second is None and name in ("Subtract", *_QUOTIENTS):
        if name != "Subtract":
            raise NotFollowedError
        return Scaling(np.full_like(numbers, -1.0), numbers)
    return _scaled(name, numbers)


def _scaled(name: str, numbers: NDArray[np.float64]) -> Scaling:
    """Return what an operation with a constant behind the map does."""
    ones, zeros = np.ones_like(numbers), np.zeros_like(numbers)
    if name == "Add":
        return Scaling(ones, numbers)
    if name == "Subtract":
        return Scaling(ones, -numbers)
    if name == "Multiply":
        return Scaling(numbers, zeros)
    if name in _QUOTIENTS:
        return Scaling(1.0 / numbers, zeros)
    raise NotFollowedError


def _reduced(use: Use, kind: PoolKind) -> Operation:
    rank = len(use.shapes[0]) + 1
    axes = {axis % rank for axis in np.atleast_1d(use.layer.axis)}
    if axes != set(use.axes):
        raise NotFollowedError
    return Pool(Pooling.over_all(kind, use.source))
