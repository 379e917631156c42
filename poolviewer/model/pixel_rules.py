"""Layers that leave pixels where they are: pointwise ones, merges, norms, and reductions."""

import keras

from poolviewer.core.axis_rules import ShiftAxis, WholeAxis
from poolviewer.model.layer_use import AS_IT_IS, ONE_PIXEL, Rules, Use

_layers = keras.layers
MIXING_ACTIVATIONS = ("softmax", "log_softmax", "sparsemax", "glu")

_POINTWISE = (
    "ActivityRegularization", "AlphaDropout", "BatchNormalization", "Dropout", "ELU",
    "GaussianDropout", "GaussianNoise", "Identity", "LeakyReLU", "Normalization", "PReLU",
    "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
    "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
    "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization",
    "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation",
    "RandomZoom", "ReLU", "Rescaling", "Solarization", "SpatialDropout2D",
)  # fmt: skip
_MERGES = ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")
_NORMS = ("LayerNormalization", "RMSNormalization", "Softmax", "UnitNormalization")

# Operations of functional models have no public classes.
_ELEMENTWISE_OPERATIONS = frozenset(
    (
        "Abs", "Absolute", "Add", "Arctan", "Arctan2", "Cast", "Cbrt", "Ceil", "Celu", "Clip",
        "Copy", "Cos", "Cosh", "Divide", "DivideNoNan", "Elu", "Equal", "Erf", "Erfc", "Exp",
        "Exp2", "Expm1", "Fabs", "Floor", "FloorDivide", "Fmax", "Fmin", "Gelu", "Greater",
        "GreaterEqual", "HardShrink", "HardSigmoid", "HardSilu", "HardTanh", "Hypot", "Identity",
        "Isfinite", "Isinf", "Isnan", "LeakyRelu", "Less", "LessEqual", "Log", "Log10", "Log1p",
        "Log2", "LogSigmoid", "Logaddexp", "LogicalAnd", "LogicalNot", "LogicalOr", "LogicalXor",
        "Maximum", "Minimum", "Mod", "Multiply", "NanToNum", "Negative", "NotEqual",
        "Power", "ReLU", "Reciprocal", "Relu", "Relu6", "Round", "Rsqrt", "SaturateCast", "Selu",
        "Sigmoid", "Sign", "Silu", "Sin", "Sinh", "SoftShrink", "Softplus", "Softsign",
        "SparseSigmoid", "Sqrt", "Square", "Squareplus", "StopGradient", "Subtract", "Tan", "Tanh",
        "TanhShrink", "Threshold", "TrueDivide", "Trunc", "Where",
    )
)  # fmt: skip
_REDUCING_OPERATIONS = frozenset(
    (
        "All", "Amax", "Amin", "Any", "CountNonzero", "LogSoftmax", "Logsumexp", "Max", "Mean",
        "Median", "Min", "Prod", "Softmax", "Std", "Sum", "Var",
    )
)  # fmt: skip


# Nor have the layers of two networks that Keras offers.
_APPLICATION_LAYERS = ("CustomScaleLayer", "LayerScale", "StochasticDepth")


def application_rules(use: Use) -> tuple[Rules, ...] | None:
    """Return the rules of a layer of the networks that Keras offers; None if it is none."""
    return pointwise(use) if type(use.layer).__name__ in _APPLICATION_LAYERS else None


def operation_rules(use: Use) -> tuple[Rules, ...] | None:
    """Return the rules of an operation of a functional model; None where it is not known."""
    name = type(use.layer).__name__
    if name in _ELEMENTWISE_OPERATIONS:
        # Tensors of other ranks would be spread over the batch.
        is_aligned = all(len(shape) == len(use.output_shape) for shape in use.shapes)
        return pointwise(use) if is_aligned else None
    if name in _REDUCING_OPERATIONS:
        return use.mixing(use.layer.axis)
    if name == "Concatenate":
        return _joined(use)
    return _reshaped(use) if name == "Reshape" else None


def pointwise(use: Use) -> tuple[Rules, ...]:
    """Return the rules of a layer that makes each pixel from the same pixel of what it reads."""
    return (AS_IT_IS,) * len(use.sources)


def _activated(use: Use) -> tuple[Rules, ...] | None:
    """Return the rules of `Activation`, whose softmax takes the last axis, whatever it is."""
    name = getattr(use.layer.activation, "__name__", "")
    return use.mixing(-1) if name in MIXING_ACTIVATIONS else pointwise(use)


def _dense(use: Use) -> tuple[Rules, ...] | None:
    """Return the rules of `Dense`, which takes the last axis, whatever it is."""
    return use.mixing(-1)


def _normalised(use: Use) -> tuple[Rules, ...] | None:
    return use.mixing(use.layer.axis)


def _normalised_by_group(use: Use) -> tuple[Rules, ...] | None:
    """Return the rules of `GroupNormalization`: the mean of a group is one over all pixels."""
    return (use.whole(),)


def _joined(use: Use) -> tuple[Rules, ...] | None:
    axis = use.spatial(use.layer.axis) if len(use.output_shape) == 3 else (False, False)
    if axis is None or len({len(shape) for shape in use.shapes}) > 1:
        return None
    if not any(axis):
        return pointwise(use)
    along = axis.index(True)
    lengths = [source[along] for source in use.sources]
    rules = []
    for index, length in enumerate(lengths):
        shift = ShiftAxis(length, sum(lengths[:index]), sum(lengths[index + 1 :]))
        rules.append((shift, None) if along == 0 else (None, shift))
    return tuple(rules)


def _reshaped(use: Use) -> tuple[Rules, ...] | None:
    if use.shapes[0] == use.output_shape:
        return pointwise(use)
    return (use.whole(),) if use.output == ONE_PIXEL else None


def _attended(use: Use) -> tuple[Rules, ...] | None:
    """Return the rules of `MultiHeadAttention` over all pixels: each asks all of them."""
    layer = use.layer
    if getattr(layer, "_attention_axes", None) not in (None, use.axes) or len(use.shapes) < 2:
        return None
    if use.layout == "channels_first" or {len(shape) for shape in use.shapes} != {3}:
        return None
    asked = tuple(
        (WholeAxis(rows, use.output[0]), WholeAxis(cols, use.output[1]))
        for rows, cols in use.sources[1:]
    )
    return (AS_IT_IS, *asked)


PIXELWISE = {
    **{getattr(_layers, name): pointwise for name in (*_POINTWISE, *_MERGES)},
    **{getattr(_layers, name): _normalised for name in _NORMS},
    _layers.Activation: _activated,
    _layers.Concatenate: _joined,
    _layers.Dense: _dense,
    _layers.Flatten: _reshaped,
    _layers.GroupNormalization: _normalised_by_group,
    _layers.MultiHeadAttention: _attended,
    _layers.Reshape: _reshaped,
}
