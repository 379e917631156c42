"""Where a gradient at the feature map lands in the input, layer by layer backwards.

The vector-Jacobian product of each layer's operation (`core/operations.py`), with the ties of
TensorFlow's `GradientTape`. Each is worked out only on the box of its map that the gradient
reaches, and on all channels; the box grows on the way like the receptive field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.convolving import convolution_gradient, convolved
from poolviewer.core.element_functions import derivative, is_known
from poolviewer.core.geometry import PixelBox
from poolviewer.core.gradient import Patch, pool_gradient
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.messages import Activations
from poolviewer.core.operations import (
    Activation,
    Concatenation,
    Convolution,
    ElementFunction,
    Identity,
    Merge,
    MergeKind,
    Normalisation,
    Pad,
    Pool,
    Scaling,
    SeparableConvolution,
)

Maps = NDArray[np.floating]
_Passed = tuple[Patch | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class InputGradient:
    """What arrives at the input.

    Parameters
    ----------
    patch
        On the input; None where nothing arrives.
    stopped_by
        Name of a layer through which it cannot be followed; None where there is none.
    """

    patch: Patch | None
    stopped_by: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Site:
    """Where a layer stands: what arrives behind it, the maps that enter it, and its own."""

    patch: Patch
    sources: tuple[Maps, ...]
    output: Maps

    @property
    def values(self) -> Maps:
        return self.patch.values

    @property
    def box(self) -> PixelBox:
        return self.patch.box

    def passed(self, values: Maps) -> _Passed:
        """Return another gradient on the same pixels, for the only map that is read."""
        return (Patch(self.box, values),)


def input_gradient(
    activations: Activations, upstream: Patch, channel: int | None = None
) -> InputGradient:
    """Follow a gradient on the feature map back to the input, in the feature map's precision.

    The maps of the layers on the way must be at hand.

    Parameters
    ----------
    upstream
        On all channels of the feature map, or on ``channel`` alone.
    """
    steps, operations = activations.stage.graph.steps, activations.operations
    arriving = {len(steps) - 1: _begun(activations, upstream, channel)}
    for index in range(len(steps) - 1, INPUT, -1):
        patch = _trimmed(arriving.pop(index, None))
        if patch is None:
            continue
        site = _site(activations, index, patch)
        rule = _RULES.get(type(operations[index])) if index < len(operations) else None
        passed = rule(operations[index], site) if rule and site else None
        if passed is None:
            return InputGradient(None, steps[index].name)
        for link, part in zip(steps[index].links, passed, strict=True):
            if part is not None:
                before = arriving.get(link.source)
                arriving[link.source] = part if before is None else _added(before, part)
    return InputGradient(_trimmed(arriving.get(INPUT)))


def _begun(activations: Activations, upstream: Patch, channel: int | None) -> Patch:
    maps = activations.feature_maps
    values = upstream.values.astype(maps.dtype, copy=False)
    if channel is None:
        return Patch(upstream.box, values)
    whole = np.zeros((*upstream.box.shape, maps.shape[2]), maps.dtype)
    whole[:, :, channel] = values[:, :, 0]
    return Patch(upstream.box, whole)


def _site(activations: Activations, index: int, patch: Patch) -> _Site | None:
    links = activations.stage.graph.steps[index].links
    maps = [activations.map_of(step) for step in (index, *(link.source for link in links))]
    found = tuple(values for values in maps if values is not None)
    return _Site(patch, found[1:], found[0]) if len(found) == len(maps) else None


def _trimmed(patch: Patch | None) -> Patch | None:
    """Cut off what is 0 around a gradient; None where all of it is."""
    if patch is None:
        return None
    is_reached = (patch.values != 0).any(axis=2)
    rows, cols = (np.flatnonzero(is_reached.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    row, col = int(rows[0]), int(cols[0])
    height, width = int(rows[-1]) - row + 1, int(cols[-1]) - col + 1
    row_start, col_start = patch.box.row_start + row, patch.box.col_start + col
    box = PixelBox(row_start, col_start, row_start + height, col_start + width)
    return Patch(box, patch.values[row : row + height, col : col + width])


def _added(first: Patch, second: Patch) -> Patch:
    """Add two gradients on the same map."""
    boxes = first.box, second.box
    box = PixelBox(
        min(box.row_start for box in boxes),
        min(box.col_start for box in boxes),
        max(box.row_stop for box in boxes),
        max(box.col_stop for box in boxes),
    )
    values = np.zeros((*box.shape, first.values.shape[2]), first.values.dtype)
    for patch in (first, second):
        row, col = patch.box.row_start - box.row_start, patch.box.col_start - box.col_start
        rows, cols = patch.box.shape
        values[row : row + rows, col : col + cols] += patch.values
    return Patch(box, values)


def _convolution(operation: Convolution, site: _Site) -> _Passed | None:
    gradient = site.values
    if operation.function is not None:
        slope = _slope(operation, operation.function, site)
        if slope is None:
            return None
        gradient = gradient * slope.astype(gradient.dtype, copy=False)
    found = convolution_gradient(operation, gradient, site.box)
    return (None if found is None else Patch(found[1], found[0]),)


def _slope(operation: Convolution, function: ElementFunction, site: _Site) -> Maps | None:
    """Return the derivative of the function behind a convolution's sums; None if not known."""
    if function.name == "relu" and not function.parameters:
        # The sums need not be made again.
        return (site.output[site.box.slices] > 0).astype(site.values.dtype)
    if not is_known(function):
        return None
    if function.name == "linear":
        return np.ones(1)
    return derivative(function, convolved(operation, site.sources[0], site.box))


def _normalisation(operation: Normalisation, site: _Site) -> _Passed:
    scale = operation.gamma / np.sqrt(operation.variance + operation.epsilon)
    return site.passed(site.values * scale.astype(site.values.dtype))


def _scaling(operation: Scaling, site: _Site) -> _Passed:
    return site.passed(site.values * operation.factor.astype(site.values.dtype))


def _activation(operation: Activation, site: _Site) -> _Passed | None:
    if not is_known(operation.function):
        return None
    slope = derivative(operation.function, site.sources[0][site.box.slices])
    return site.passed(site.values * slope.astype(site.values.dtype))


def _pool(operation: Pool, site: _Site) -> _Passed:
    return (pool_gradient(site.sources[0], operation.pooling, site.patch),)


def _pad(operation: Pad, site: _Site) -> _Passed:
    (rows, cols), box = operation.before, site.box
    height, width = site.sources[0].shape[:2]
    start = max(box.row_start - rows, 0), max(box.col_start - cols, 0)
    stop = min(box.row_stop - rows, height), min(box.col_stop - cols, width)
    if start[0] >= stop[0] or start[1] >= stop[1]:
        return (None,)
    row, col = start[0] + rows - box.row_start, start[1] + cols - box.col_start
    inside = PixelBox(*start, *stop)
    height, width = inside.shape
    return (Patch(inside, site.values[row : row + height, col : col + width]),)


def _identity(operation: Identity, site: _Site) -> _Passed:
    del operation
    return site.passed(site.values)


def _concatenation(operation: Concatenation, site: _Site) -> _Passed:
    del operation
    ends = np.cumsum([maps.shape[2] for maps in site.sources])
    parts = np.split(site.values, ends[:-1], axis=2)
    return tuple(Patch(site.box, part) for part in parts)


def _merge(operation: Merge, site: _Site) -> _Passed:
    sources = [_on(site.box, maps) for maps in site.sources]
    parts = _MERGED[operation.kind](site.values, sources)
    return tuple(
        _gathered(site.box, part, maps) for part, maps in zip(parts, site.sources, strict=True)
    )


def _on(box: PixelBox, maps: Maps) -> Maps:
    """Return a map on a box; one row or column counts for all."""
    rows, cols = box.slices
    one = slice(0, 1)
    return maps[one if maps.shape[0] == 1 else rows, one if maps.shape[1] == 1 else cols]


def _gathered(box: PixelBox, gradient: Maps, maps: Maps) -> Patch:
    """Return the gradient of one of the merged maps; what counted for all gets all of it."""
    height, width, channels = maps.shape
    if channels == 1:
        gradient = gradient.sum(axis=2, keepdims=True)
    if height == 1:
        gradient = gradient.sum(axis=0, keepdims=True)
        box = PixelBox(0, box.col_start, 1, box.col_stop)
    if width == 1:
        gradient = gradient.sum(axis=1, keepdims=True)
        box = PixelBox(box.row_start, 0, box.row_stop, 1)
    return Patch(box, gradient)


def _added_up(gradient: Maps, sources: list[Maps]) -> list[Maps]:
    return [gradient] * len(sources)


def _subtracted(gradient: Maps, sources: list[Maps]) -> list[Maps]:
    return [gradient, *(-gradient for _ in sources[1:])]


def _averaged(gradient: Maps, sources: list[Maps]) -> list[Maps]:
    return [gradient / len(sources)] * len(sources)


def _multiplied(gradient: Maps, sources: list[Maps]) -> list[Maps]:
    numbers = range(len(sources))
    others = ([sources[other] for other in numbers if other != number] for number in numbers)
    return [reduce(np.multiply, factors, gradient) for factors in others]


def _largest(gradient: Maps, sources: list[Maps]) -> list[Maps]:
    """Let the first of the largest take all."""
    winner = np.argmax(np.stack(np.broadcast_arrays(*sources)), axis=0)
    return [gradient * (winner == number) for number in range(len(sources))]


def _smallest(gradient: Maps, sources: list[Maps]) -> list[Maps]:
    return _largest(gradient, [-maps for maps in sources])


_MERGED: dict[MergeKind, Callable[[Maps, list[Maps]], list[Maps]]] = {
    "add": _added_up,
    "subtract": _subtracted,
    "average": _averaged,
    "multiply": _multiplied,
    "maximum": _largest,
    "minimum": _smallest,
}
_RULES: dict[type, Callable[[Any, _Site], _Passed | None]] = {
    Activation: _activation,
    Concatenation: _concatenation,
    Convolution: _convolution,
    Identity: _identity,
    Merge: _merge,
    Normalisation: _normalisation,
    Pad: _pad,
    Pool: _pool,
    Scaling: _scaling,
    SeparableConvolution: _convolution,
}
