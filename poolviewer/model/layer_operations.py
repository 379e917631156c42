"""From a layer of Keras, as a network uses it, to what it does to numbers, with its weights.

Only the very classes of Keras are known: a class made from one of them may do anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from poolviewer.core.axis_rules import ShiftAxis
from poolviewer.core.layer_graph import LayerGraph, Step
from poolviewer.core.operations import (
    Convolution,
    Identity,
    MergeKind,
    Normalisation,
    Operation,
    Pad,
    Pool,
    Scaling,
    SeparableConvolution,
    Unknown,
)
from poolviewer.core.precision import Precision
from poolviewer.core.windows import WindowGrid
from poolviewer.model.element_operations import (
    activated,
    element_function,
    joined,
    merged,
    operation_by_name,
    reshaped,
)
from poolviewer.model.layer_use import Layout, Use
from poolviewer.model.recording import Call
from poolviewer.model.spatial_rules import pooling_of
from poolviewer.model.stages import whole
from poolviewer.model.weights import (
    NotFollowedError,
    by_channel,
    channel_axis,
    plain_weights,
    weights_of,
)

_layers = keras.layers
_PRECISIONS: dict[str, Precision] = {
    "bfloat16": "bfloat16",
    "float16": "float16",
    "float32": "float32",
    "float64": "float64",
}
_PLAIN: Precision = "float32"
_OPERATIONS = ("keras.src.ops.", "keras.src.activations.")
_MERGES: dict[str, MergeKind] = {
    "Add": "add",
    "Average": "average",
    "Maximum": "maximum",
    "Minimum": "minimum",
    "Multiply": "multiply",
    "Subtract": "subtract",
}
# What lets everything pass at inference.
_PASSING = (
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "Identity", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter",
    "RandomContrast", "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip",
    "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective",
    "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
    "RandomTranslation", "RandomZoom", "SpatialDropout2D",
)  # fmt: skip
_POOLINGS = (
    "AdaptiveAveragePooling2D", "AdaptiveMaxPooling2D", "AveragePooling2D",
    "GlobalAveragePooling2D", "GlobalMaxPooling2D", "MaxPooling2D",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What each step of a graph does to numbers, and in which format it computes."""

    operations: tuple[Operation, ...] = ()
    precisions: tuple[Precision, ...] = ()


def arithmetic_of(graph: LayerGraph, calls: Sequence[Call], layout: Layout) -> Arithmetic:
    """Return what the steps of a graph do, each made by one of the calls.

    Parameters
    ----------
    calls
        One for each step, recorded at the input's present size; none where it is not known which
        layer makes the map.
    layout
        Where maps have their channels in layers that have no data format of their own.
    """
    if len(calls) != len(graph.steps):
        return Arithmetic(tuple(Unknown() for _ in graph.steps), tuple(_PLAIN for _ in graph.steps))
    precisions: list[Precision] = [_PRECISIONS.get(call.dtype, _PLAIN) for call in calls]
    pairs = zip(graph.steps, calls, strict=True)
    operations = tuple(_operation(step, call, layout) for step, call in pairs)
    return Arithmetic(operations, tuple(precisions))


def _operation(step: Step, call: Call, layout: Layout) -> Operation:
    shapes = tuple(whole(shape) for shape in call.source_shapes)
    use = Use.of(call.layer, shapes, whole(call.output_shape), layout)
    if use is None or step.is_undefined or not step.links or call.dtype not in _PRECISIONS:
        return Unknown()
    try:
        return _followed(use, step, call)
    except Exception:  # noqa: BLE001 - layers hold anything, and a chain may end at any of them
        return Unknown()


def _followed(use: Use, step: Step, call: Call) -> Operation:
    kind = type(use.layer)
    if kind in _PLACED:
        return _PLACED[kind](use, step)
    if kind in _IN_PLACE:
        return _IN_PLACE[kind](use)
    if kind.__module__.startswith(_OPERATIONS):
        return operation_by_name(use, step, call, _PRECISIONS[call.dtype])
    if kind.__module__.startswith("keras.src.applications."):
        return _of_application(use)
    raise NotFollowedError


def _convolution(use: Use, step: Step) -> Operation:
    layer = use.layer
    return Convolution(
        _window(step),
        plain_weights(layer, "kernel"),
        _bias(layer),
        element_function(use, layer.activation),
        layer.groups,
    )


def _depthwise(use: Use, step: Step) -> Operation:
    layer = use.layer
    kernel = plain_weights(layer, "kernel")
    rows, cols, sources, multiplier = kernel.shape
    return Convolution(
        _window(step),
        kernel.reshape(rows, cols, 1, sources * multiplier),
        _bias(layer),
        element_function(use, layer.activation),
        sources,
    )


def _separable(use: Use, step: Step) -> Operation:
    layer = use.layer
    depthwise = plain_weights(layer, "depthwise_kernel")
    pointwise = plain_weights(layer, "pointwise_kernel")
    return SeparableConvolution(
        _window(step),
        depthwise,
        pointwise.reshape(*depthwise.shape[2:], -1),
        _bias(layer),
        element_function(use, layer.activation),
    )


def _dense(use: Use) -> Operation:
    """Return a layer of sums over all channels: a convolution of one tap."""
    if use.layout == "channels_first" and len(use.output_shape) == 3:
        raise NotFollowedError
    layer = use.layer
    return Convolution(
        WindowGrid.over(use.source, (1, 1), (1, 1), "valid"),
        plain_weights(layer, "kernel")[np.newaxis, np.newaxis],
        _bias(layer),
        element_function(use, layer.activation),
    )


def _window(step: Step) -> WindowGrid:
    if step.window is None:
        raise NotFollowedError
    return step.window


def _bias(layer: keras.Layer) -> NDArray[np.floating] | None:
    return weights_of(layer, layer.bias) if layer.use_bias else None


def _normalisation(use: Use) -> Operation:
    layer = use.layer
    axes = layer.axis if isinstance(layer.axis, list | tuple) else [layer.axis]
    if [axis % (len(use.output_shape) + 1) for axis in axes] != [channel_axis(use)]:
        raise NotFollowedError
    mean, variance = (
        weights_of(layer, weight) for weight in (layer.moving_mean, layer.moving_variance)
    )
    gamma = weights_of(layer, layer.gamma) if layer.scale else np.ones_like(mean)
    beta = weights_of(layer, layer.beta) if layer.center else np.zeros_like(mean)
    return Normalisation(mean, variance, gamma, beta, float(layer.epsilon))


def _rescaling(use: Use) -> Operation:
    layer = use.layer
    scale, offset = (_constant(layer, number) for number in (layer.scale, layer.offset))
    if keras.config.image_data_format() == "channels_first" and scale.ndim:
        raise NotFollowedError
    return Scaling(by_channel(scale, use), by_channel(offset, use))


def _constant(layer: keras.Layer, number: ArrayLike) -> NDArray[np.floating]:
    return weights_of(layer, keras.ops.cast(number, layer.compute_dtype))


def _standardised(use: Use) -> Operation:
    """Return a layer that takes the mean of a data set away and divides by its deviation."""
    layer = use.layer
    mean = by_channel(weights_of(layer, layer.mean), use)
    variance = by_channel(weights_of(layer, layer.variance), use)
    deviation = np.maximum(np.sqrt(variance), keras.config.epsilon())
    if layer.invert:
        return Scaling(deviation, mean)
    return Scaling(1.0 / deviation, -mean / deviation)


def _pool(use: Use) -> Operation:
    pooling = pooling_of(use.layer, use.shapes[0], use.output_shape)
    if pooling is None:
        raise NotFollowedError
    return Pool(pooling)


def _pad(_use: Use, step: Step) -> Operation:
    """Return a layer that only shifts its map; one that crops may also resize."""
    rows, cols = step.links[0].rules
    if not isinstance(rows, ShiftAxis) or not isinstance(cols, ShiftAxis):
        raise NotFollowedError
    return Pad((rows.before, cols.before))


def _pass(_use: Use) -> Operation:
    return Identity()


def _activation(use: Use) -> Operation:
    return activated(use, use.layer)


def _merge(use: Use) -> Operation:
    return merged(use, _MERGES[type(use.layer).__name__])


def _of_application(use: Use) -> Operation:
    """Return a layer of one of the networks that Keras offers, which has no public class."""
    layer, name = use.layer, type(use.layer).__name__
    if name == "StochasticDepth":
        return Identity()
    if name == "LayerScale":
        factor = by_channel(weights_of(layer, layer.gamma), use)
        return Scaling(factor, np.zeros_like(factor))
    raise NotFollowedError


# Layers that need to know where they take their pixels from, and all others.
_PLACED: dict[type, Callable[[Use, Step], Operation]] = {
    _layers.CenterCrop: _pad,
    _layers.Concatenate: joined,
    _layers.Conv2D: _convolution,
    _layers.Cropping2D: _pad,
    _layers.DepthwiseConv2D: _depthwise,
    _layers.SeparableConv2D: _separable,
    _layers.ZeroPadding2D: _pad,
}
_IN_PLACE: dict[type, Callable[[Use], Operation]] = {
    **{getattr(_layers, name): _merge for name in _MERGES},
    **{getattr(_layers, name): _pass for name in _PASSING},
    **{getattr(_layers, name): _pool for name in _POOLINGS},
    _layers.Activation: _activation,
    _layers.BatchNormalization: _normalisation,
    _layers.Dense: _dense,
    _layers.ELU: _activation,
    _layers.Flatten: reshaped,
    _layers.LeakyReLU: _activation,
    _layers.Normalization: _standardised,
    _layers.PReLU: _activation,
    _layers.ReLU: _activation,
    _layers.Rescaling: _rescaling,
    _layers.Reshape: reshaped,
}
