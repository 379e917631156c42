"""What a layer makes of the shape of its input, read from its description alone.

Shapes are without the batch. None in place of a size or of a whole shape means that it is unknown,
which every caller must bear; a known shape is right or a little too large, never too small.
"""

import math
import operator
import re
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any

from poolviewer.model.allowed import LAYERS, names

Shape = tuple[int | None, ...]
Config = dict[str, Any]

_FAMILY = re.compile(r"(\w+?)([123])D(Transpose)?")
_UNKNOWN = names("""
    AdditiveAttention Attention CategoryEncoding ConvLSTM1D ConvLSTM2D ConvLSTM3D CutMix
    Discretization Dot GroupQueryAttention HashedCrossing Hashing IntegerLookup MaxNumBoundingBoxes
    MelSpectrogram MixUp MultiHeadAttention RNN Reshape ReversibleEmbedding STFTSpectrogram
    StringLookup TextVectorization
""")
_SAME_OPERATIONS = names("""
    Abs Absolute BatchNorm Celu Clip Copy CustomScaleLayer Divide Elu Exp Gelu HardSigmoid HardSilu
    LayerScale LeakyRelu Log Mish Negative Power Relu Relu6 Rsqrt Selu Sigmoid Silu Softmax Softplus
    Sqrt Square StochasticDepth StopGradient Tanh TrueDivide
""")


def shape_after(kind: str, config: Config, shapes: Sequence[Shape | None]) -> Shape | None:
    """Return the shape that leaves a layer of class `kind`; None if that is not known."""
    known = [shape for shape in shapes if shape is not None]
    if kind in ("RepeatVector", "Reshape", "Embedding") or not known or len(known) < len(shapes):
        return _shape_from_config(kind, config, known[0] if known else None)
    shape, family = known[0], _FAMILY.fullmatch(kind)
    if family and family[1] not in ("SpatialDropout", "ConvLSTM"):
        return _shape_after_family(family[1], int(family[2]), bool(family[3]), config, shape)
    if kind in _OWN_RULES:
        return _OWN_RULES[kind](config, known)
    is_kept = kind in LAYERS - _UNKNOWN or kind in _SAME_OPERATIONS
    return _largest(known) if is_kept else None


def number(value: object) -> int | None:
    """Return a size; None for what is none."""
    is_size = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_size else None  # type: ignore[return-value]  # it is an int


def product(sizes: Sequence[int | None]) -> int | None:
    """Multiply sizes; None if one is not known."""
    known = [size for size in sizes if size is not None]
    return math.prod(known) if len(known) == len(sizes) else None


def last_of(value: object) -> object:
    """Return the last of a list, or the value itself."""
    return value[-1] if isinstance(value, list) and value else value


def per_axis(value: object, rank: int, otherwise: int = 1) -> list[int]:
    """Return a setting such as ``strides`` for each spatial axis, given once or for each."""
    given = value if isinstance(value, list) else [value] * rank
    sizes = [number(size) for size in given[:rank]] + [None] * (rank - len(given))
    return [otherwise if size is None else size for size in sizes]


def _shape_from_config(kind: str, config: Config, shape: Shape | None) -> Shape | None:
    """Return a shape that the description gives, whatever enters."""
    if kind == "Embedding":
        inner = shape if shape is not None else (None,)
        return (*inner, number(config.get("output_dim")))
    target = config.get("target_shape", config.get("newshape"))
    if kind == "Reshape" and isinstance(target, list):
        return tuple(number(size) for size in target)
    if kind == "RepeatVector" and shape is not None:
        return (number(config.get("n")), *shape)
    return None


def _shape_after_family(
    family: str, rank: int, is_transposed: bool, config: Config, shape: Shape
) -> Shape | None:
    if len(shape) != rank + 1:
        return None
    is_first = config.get("data_format") == "channels_first"
    channels, space = (shape[0], shape[1:]) if is_first else (shape[-1], shape[:-1])
    if "Global" in family and not config.get("keepdims"):
        return (channels,)
    after = _space_after(family, rank, is_transposed, config, space)
    if family == "DepthwiseConv":
        channels = product((channels, number(config.get("depth_multiplier")) or 1))
    elif "Conv" in family:
        channels = number(config.get("filters"))
    return (channels, *after) if is_first else (*after, channels)


def _space_after(
    family: str, rank: int, is_transposed: bool, config: Config, space: Shape
) -> list[int | None]:
    if family in _SIMPLE:
        function, key, settings = _SIMPLE[family]
        return _each(space, function, settings(config.get(key), rank))
    if "Global" in family:
        return [1] * rank
    if family.startswith("Adaptive"):
        return [*per_axis(config.get("output_size"), rank)]
    kernels = per_axis(config.get("kernel_size", config.get("pool_size")), rank)
    strides = per_axis(config.get("strides"), rank, 0)
    strides = [s or (k if "Pool" in family else 1) for s, k in zip(strides, kernels, strict=True)]
    dilations = per_axis(config.get("dilation_rate"), rank)
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, kernels, strict=True)]
    if is_transposed:
        return _each(space, lambda n, k, s: n * s + max(k, s), spans, strides)
    if config.get("padding") in ("same", "causal"):
        return _each(space, lambda n, s: -(-n // s), strides)
    return _each(space, lambda n, k, s: (n - k) // s + 1, spans, strides)


def _each(space: Shape, function: Callable[..., int], *settings: Sequence[int]) -> list[int | None]:
    """Apply a function to each size that is known, with the settings of its axis."""
    return [
        None if size is None else max(0, function(size, *of_axis))
        for size, *of_axis in zip(space, *settings, strict=True)
    ]


def _both_sides(amounts: object, rank: int) -> list[int]:
    """Add up padding or cropping, which is given as one number, one an axis or two an axis."""
    given = amounts if isinstance(amounts, list) else [amounts] * rank
    if rank == 1 and isinstance(amounts, list):
        given = [amounts]
    return [
        sum(number(side) or 0 for side in axis)
        if isinstance(axis, list)
        else 2 * (number(axis) or 0)
        for axis in [*given[:rank], *[0] * (rank - len(given))]
    ]


def _concatenated(config: Config, shapes: Sequence[Shape]) -> Shape | None:
    axis, rank = config.get("axis", -1), len(shapes[0])
    if not isinstance(axis, int) or any(len(shape) != rank for shape in shapes):
        return None
    axis = axis % (rank + 1) - 1  # the batch counts as an axis there
    sizes = [shape[axis] for shape in shapes]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    return (*shapes[0][:axis], total, *shapes[0][axis + 1 :]) if axis >= 0 else None


def _permuted(config: Config, shapes: Sequence[Shape]) -> Shape | None:
    given, shape = config.get("dims"), shapes[0]
    order = [axis for axis in given if isinstance(axis, int)] if isinstance(given, list) else []
    is_order = sorted(order) == list(range(1, len(shape) + 1))
    return tuple(shape[axis - 1] for axis in order) if is_order else None


def _resized(config: Config, shapes: Sequence[Shape]) -> Shape | None:
    shape, size = shapes[0], (number(config.get("height")), number(config.get("width")))
    if len(shape) != 3:
        return None
    is_first = config.get("data_format") == "channels_first"
    return (shape[0], *size) if is_first else (*size, shape[-1])


def _flattened(_config: Config, shapes: Sequence[Shape]) -> Shape:
    return (product(shapes[0]),)


def _widened(config: Config, shapes: Sequence[Shape]) -> Shape:
    return (*shapes[0][:-1], number(config.get("units", last_of(config.get("output_shape")))))


def _after_steps(config: Config, shapes: Sequence[Shape]) -> Shape:
    units = number(config.get("units"))
    return (*shapes[0][:-1], units) if config.get("return_sequences") else (units,)


def _largest(shapes: Sequence[Shape]) -> Shape:
    """Return what shapes are broadcast to."""
    axes = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    return tuple(None if None in axis else max(n or 0 for n in axis) for axis in axes)[::-1]


_OWN_RULES: dict[str, Callable[[Config, Sequence[Shape]], Shape | None]] = {
    "Concatenate": _concatenated,
    "Permute": _permuted,
    "Flatten": _flattened,
    **dict.fromkeys(("Resizing", "CenterCrop", "RandomCrop"), _resized),
    **dict.fromkeys(("Dense", "EinsumDense"), _widened),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), _after_steps),
}
_SIMPLE: dict[str, tuple[Callable[..., int], str, Callable[[object, int], list[int]]]] = {
    "UpSampling": (operator.mul, "size", per_axis),
    "ZeroPadding": (operator.add, "padding", _both_sides),
    "Cropping": (operator.sub, "cropping", _both_sides),
}
