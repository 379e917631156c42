"""Layers that move pixels: convolutions, poolings, padding, resizing."""

from collections.abc import Sequence

import keras
import numpy as np

from poolviewer.core.axis_rules import (
    AxisRule,
    ChainAxis,
    Interpolation,
    RepeatAxis,
    ResizeAxis,
    ShiftAxis,
    TransposedAxis,
)
from poolviewer.core.pooling import Pooling, PoolKind
from poolviewer.core.windows import Padding, WindowAxis, WindowGrid
from poolviewer.model.layer_use import MapShape, Rules, Shape, Use, layout_of, map_shape

_layers = keras.layers

_SLIDING: dict[type, PoolKind] = {
    _layers.MaxPooling2D: "max",
    _layers.AveragePooling2D: "average",
}
_GLOBAL: dict[type, PoolKind] = {
    _layers.GlobalMaxPooling2D: "max",
    _layers.GlobalAveragePooling2D: "average",
}
_ADAPTIVE: dict[type, PoolKind] = {
    _layers.AdaptiveMaxPooling2D: "max",
    _layers.AdaptiveAveragePooling2D: "average",
}


def pooling_of(layer: keras.Layer, source_shape: Shape, output_shape: Shape) -> Pooling | None:
    """Return how a layer pools a map; None where it is no two-dimensional pooling layer.

    Parameters
    ----------
    layer
        Any layer of Keras.
    source_shape, output_shape
        Shapes of the tensors that enter and leave it, without the batch, in its own data format.
    """
    kind, layout = type(layer), layout_of(layer)
    source = map_shape(source_shape, layout) if len(source_shape) == 3 else None
    if source is None:
        return None
    if kind in _GLOBAL:
        return Pooling.over_all(_GLOBAL[kind], source)
    if kind in _ADAPTIVE:
        pooled = map_shape(output_shape, layout)
        return Pooling.adaptive(_ADAPTIVE[kind], source, pooled) if pooled else None
    if kind in _SLIDING:
        sizes = _pair(layer.pool_size), _pair(layer.strides)
        return Pooling(_SLIDING[kind], WindowGrid.over(source, *sizes, layer.padding))
    return None


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _pooled(use: Use) -> tuple[Rules] | None:
    pooling = pooling_of(use.layer, use.shapes[0], use.output_shape)
    return ((pooling.grid.rows, pooling.grid.cols),) if pooling else None


def _convolved(use: Use) -> tuple[Rules] | None:
    layer = use.layer
    if layer.padding not in ("valid", "same"):
        return None
    size, strides = _pair(layer.kernel_size), _pair(layer.strides)
    grid = WindowGrid.over(use.source, size, strides, layer.padding, _pair(layer.dilation_rate))
    return ((grid.rows, grid.cols),)


def _deconvolved(use: Use) -> tuple[Rules] | None:
    layer = use.layer
    padding: Padding = layer.padding
    size, strides = _pair(layer.kernel_size), _pair(layer.strides)
    back = WindowGrid.over(use.output, size, strides, padding, _pair(layer.dilation_rate))
    rows, cols = (
        TransposedAxis(axis) if isinstance(axis, WindowAxis) else None
        for axis in (back.rows, back.cols)
    )
    return ((rows, cols),)


def _padded(use: Use) -> tuple[Rules] | None:
    return _shifted(use, use.layer.padding, 1)


def _cropped(use: Use) -> tuple[Rules] | None:
    return _shifted(use, use.layer.cropping, -1)


def _shifted(use: Use, ends: Sequence[tuple[int, int]], sign: int) -> tuple[Rules]:
    rows, cols = (ShiftAxis(use.source[i], sign * ends[i][0], sign * ends[i][1]) for i in (0, 1))
    return ((rows, cols),)


def _centred(use: Use) -> tuple[Rules] | None:
    """Return the rules of `CenterCrop`, which crops a map and resizes one that is too small."""
    spare = [use.source[i] - use.output[i] for i in (0, 1)]
    if min(spare) < 0:
        cropped = _to_aspect(use.source, use.output)
        return _resized_from(cropped, use.output, "bilinear", is_smoothed=False)
    rows, cols = (
        ShiftAxis(use.source[i], -(spare[i] // 2), spare[i] // 2 - spare[i]) for i in (0, 1)
    )
    return ((rows, cols),)


def _repeated(use: Use) -> tuple[Rules] | None:
    layer = use.layer
    if layer.interpolation != "nearest":
        return _resized_from(_untouched(use.source), use.output, layer.interpolation, False)
    factors = _pair(layer.size)
    return ((RepeatAxis(use.source[0], factors[0]), RepeatAxis(use.source[1], factors[1])),)


def _resized(use: Use) -> tuple[Rules] | None:
    layer = use.layer
    framed = _untouched(use.source)
    if layer.crop_to_aspect_ratio:
        framed = _to_aspect(use.source, use.output)
    elif layer.pad_to_aspect_ratio:
        framed = _to_aspect(use.source, use.output, is_padded=True)
    return _resized_from(framed, use.output, layer.interpolation, layer.antialias)


def _untouched(source: MapShape) -> tuple[ShiftAxis, ShiftAxis]:
    return ShiftAxis(source[0], 0, 0), ShiftAxis(source[1], 0, 0)


def _to_aspect(
    source: MapShape, target: MapShape, *, is_padded: bool = False
) -> tuple[ShiftAxis, ShiftAxis]:
    """Return how a map is cropped or padded to a target's aspect ratio, rounded as by Keras."""
    wanted = (
        int(np.float32(source[1] * target[0]) / np.float32(target[1])),
        int(np.float32(source[0] * target[1]) / np.float32(target[0])),
    )
    rows, cols = (
        _padded_to(source[i], wanted[i]) if is_padded else _cropped_to(source[i], wanted[i])
        for i in (0, 1)
    )
    return rows, cols


def _padded_to(size: int, wanted: int) -> ShiftAxis:
    end = max(wanted - size, 0) // 2
    return ShiftAxis(size, end, end)


def _cropped_to(size: int, wanted: int) -> ShiftAxis:
    spare = size - max(min(size, wanted), 1)
    return ShiftAxis(size, -(spare // 2), spare // 2 - spare)


def _resized_from(
    framed: tuple[ShiftAxis, ShiftAxis],
    target: MapShape,
    interpolation: Interpolation,
    is_smoothed: bool,
) -> tuple[Rules] | None:
    rules: list[AxisRule] = []
    for frame, count in zip(framed, target, strict=True):
        resize = ResizeAxis(frame.count, count, interpolation, is_smoothed)
        rules.append(ChainAxis(frame, resize) if frame.before or frame.after else resize)
    return ((rules[0], rules[1]),)


SPATIAL = {
    _layers.Conv2D: _convolved,
    _layers.DepthwiseConv2D: _convolved,
    _layers.SeparableConv2D: _convolved,
    _layers.Conv2DTranspose: _deconvolved,
    **dict.fromkeys((*_SLIDING, *_GLOBAL, *_ADAPTIVE), _pooled),
    _layers.ZeroPadding2D: _padded,
    _layers.Cropping2D: _cropped,
    _layers.CenterCrop: _centred,
    _layers.UpSampling2D: _repeated,
    _layers.Resizing: _resized,
}
