"""The arithmetic of one layer at one pixel, in float64, and how far rounding may put it off.

A sum of n products that is computed at a precision whose epsilon is ε is off by at most about
n · ε/2 · Σ|product|, in whatever order it is summed up (Higham, Accuracy and Stability of Numerical
Algorithms, 2002, section 4.2). Twice that is allowed, and a few roundings more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.chain_step import BranchTaps, ChainStep, Numbers, Place, WindowTaps
from poolviewer.core.element_functions import is_known, value
from poolviewer.core.operations import (
    Activation,
    Concatenation,
    Convolution,
    ElementFunction,
    Identity,
    Merge,
    Normalisation,
    Pad,
    Pool,
    Scaling,
)
from poolviewer.core.pooling import winner_in
from poolviewer.core.precision import Precision, epsilon, rounded, smallest
from poolviewer.core.windows import WindowAxis

MORE = 4  # roundings besides those of a sum: of a bias, of the weights, of what is stored
# TensorFlow takes 1 from an exponential for these: near 0, that leaves the exponential's rounding.
_LESS_ONE = ("celu", "elu", "selu")
NO_NUMBER = "Its window holds nothing but NaN: nothing won, so the chain ends here."
ALL_PADDING = "It is made of padding alone, so the chain ends here."
IN_PADDING = "This tap lies in padding: it counts as 0 and comes from nothing."


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A map that a layer reads, of shape (H, W, C), and the step that it leaves."""

    step: int
    maps: NDArray[np.floating]

    @property
    def shape(self) -> tuple[int, int]:
        rows, cols = self.maps.shape[:2]
        return rows, cols

    def one(self, place: Place) -> WindowTaps | None:
        """Return the one pixel at a place; None outside the map."""
        sizes = zip(place, self.maps.shape, strict=True)
        is_inside = all(0 <= index < size for index, size in sizes)
        return WindowTaps(self.step, self.shape, place) if is_inside else None


def worked_out(bare: ChainStep, sources: Sequence[Source], choice: int | None = None) -> ChainStep:
    """Work out what a layer makes at a pixel.

    Parameters
    ----------
    bare
        The layer, its pixel and what the map holds there.
    sources
        What it reads, in its order.
    choice
        The tap that a person follows; without one, or where there is no such tap, the one that
        counts most.
    """
    with np.errstate(all="ignore"):  # NaN and infinity are shown as they come
        found = _worked_out(bare, sources)
    if found is None:
        return unknown(bare)
    if found.values is None or found.taps is None:
        return found
    if choice is not None and 0 <= choice < found.values.size:
        is_padding = found.taps.at(choice) is None
        found = replace(found, tap=choice, ending=IN_PADDING if is_padding else "")
    return found


def unknown(bare: ChainStep) -> ChainStep:
    """Return the end of a chain at a layer whose arithmetic is not followed."""
    ending = f"Layer {bare.layer}: nothing is known of its arithmetic, so the chain ends here."
    return replace(bare, ending=ending)


def _worked_out(bare: ChainStep, sources: Sequence[Source]) -> ChainStep | None:
    """Return the step, or None where the layer is unknown or does not fit what it reads."""
    operation = bare.operation
    if isinstance(operation, Merge):
        return _merged(bare, operation, sources)
    if isinstance(operation, Concatenation):
        return _joined(bare, sources)
    return _of_source(bare, sources[0]) if len(sources) == 1 else None


def _of_source(bare: ChainStep, source: Source) -> ChainStep | None:
    operation = bare.operation
    if isinstance(operation, Convolution):
        return _convolved(bare, operation, source)
    if isinstance(operation, Pool):
        return _pooled(bare, operation, source)
    if isinstance(operation, Pad):
        return _padded(bare, operation, source)
    return _pointwise(bare, source)


def _convolved(bare: ChainStep, operation: Convolution, source: Source) -> ChainStep | None:
    channel = bare.pixel[2]
    kernel = operation.kernel_of(channel).astype(np.float64)
    taps = _kernel_taps(bare.pixel, operation, kernel, source)
    if taps is None:
        return None
    values = _read(taps.patch(source.maps), bare.precision, source)
    products = values * kernel
    summed = float(products.sum())
    bias = None if operation.bias is None else float(operation.bias[channel])
    preactivation = summed + (bias or 0.0)
    size = float(np.abs(products).sum()) + abs(bias or 0.0)
    off = _rounding(products.size, size, bare.precision)
    computed, off = _through(operation.function, channel, preactivation, off, bare.precision)
    tap = _most(products, taps.inside) if taps.box else None
    return replace(
        bare,
        computed=computed,
        tolerance=off,
        taps=taps,
        values=values,
        kernel=kernel,
        products=products,
        summed=summed,
        bias=bias,
        preactivation=preactivation,
        tap=tap,
        ending=ALL_PADDING if tap is None else "",
    )


def _kernel_taps(
    pixel: Place, operation: Convolution, kernel: Numbers, source: Source
) -> WindowTaps | None:
    """Return where a kernel's taps lie; None where the layer does not fit what it reads."""
    rows, cols = operation.grid.rows, operation.grid.cols
    height, width, depth = kernel.shape
    if not (
        isinstance(rows, WindowAxis)
        and isinstance(cols, WindowAxis)
        and operation.grid.source_shape == source.shape
        and depth * operation.groups == source.maps.shape[2]
    ):
        return None
    row = pixel[0] * rows.stride - rows.pad_before
    col = pixel[1] * cols.stride - cols.pad_before
    first = 0
    if operation.groups > 1:
        first = pixel[2] * operation.groups // operation.kernel.shape[3] * depth
    spacing = operation.grid.dilation
    return WindowTaps(source.step, source.shape, (row, col, first), (height, width, depth), spacing)


def _pooled(bare: ChainStep, operation: Pool, source: Source) -> ChainStep | None:
    pooling = operation.pooling
    row, col, channel = bare.pixel
    if pooling.grid.source_shape != source.shape or channel >= source.maps.shape[2]:
        return None
    box = pooling.grid.window(row, col)
    origin = box.row_start, box.col_start, channel
    taps = WindowTaps(source.step, source.shape, origin, (*box.shape, 1))
    values = taps.patch(source.maps)[:, :, 0]
    bare = replace(bare, taps=taps, values=values)
    if not values.size:
        return replace(bare, ending=ALL_PADDING)
    if pooling.has_winner:
        return _won(bare, values)
    off = _rounding(values.size, float(np.abs(values).mean()), bare.precision)
    return replace(bare, computed=float(values.mean()), tolerance=off, tap=_most(values))


def _won(bare: ChainStep, values: Numbers) -> ChainStep:
    winner = winner_in(values)
    if winner is None:
        return replace(bare, computed=float("nan"), ending=NO_NUMBER)
    tap = winner[0] * values.shape[1] + winner[1]
    return replace(bare, computed=float(values[winner]), tap=tap)


def _padded(bare: ChainStep, operation: Pad, source: Source) -> ChainStep:
    row, col, channel = bare.pixel
    taps = source.one((row - operation.before[0], col - operation.before[1], channel))
    if taps is None:
        return replace(bare, computed=0.0, ending=ALL_PADDING)
    return _of_one(bare, source, taps)


def _pointwise(bare: ChainStep, source: Source) -> ChainStep | None:
    taps = source.one(bare.pixel)
    if taps is None:
        return None
    found = _of_one(bare, source, taps)
    assert found.computed is not None  # noqa: S101 - for the type checker
    after = passed_on(bare, found.computed, 0.0)
    return None if after is None else replace(found, computed=after[0], tolerance=after[1])


def passed_on(
    step: ChainStep, number: float, tolerance: float
) -> tuple[float | None, float] | None:
    """Return what a layer makes of one number, and how far rounding may put that off.

    None for a layer that does not make one number of one.

    Parameters
    ----------
    tolerance
        By how much the number itself may be off.
    """
    operation, channel = step.operation, step.pixel[2]
    if isinstance(operation, Normalisation | Scaling):
        factor, shift, size = _line(operation, channel)
        off = _rounding(MORE, abs(number * factor) + size, step.precision)
        return number * factor + shift, abs(factor) * tolerance + off
    if isinstance(operation, Activation):
        return _through(operation.function, channel, number, tolerance, step.precision)
    return (number, tolerance) if isinstance(operation, Identity | Pad) else None


def _line(operation: Normalisation | Scaling, channel: int) -> tuple[float, float, float]:
    """Return a factor, what is added, and the size of all of which that is the sum."""
    if isinstance(operation, Scaling):
        shift = float(operation.offset[channel])
        return float(operation.factor[channel]), shift, abs(shift)
    deviation = np.sqrt(np.float64(operation.variance[channel]) + operation.epsilon)
    factor = float(operation.gamma[channel] / deviation)
    beta, mean = float(operation.beta[channel]), float(operation.mean[channel]) * factor
    return factor, beta - mean, abs(beta) + abs(mean)


def _through(
    function: ElementFunction | None,
    channel: int,
    number: float,
    tolerance: float,
    precision: Precision,
) -> tuple[float | None, float]:
    """Return a function of a number, and by how much rounding may put it off."""
    if function is None or function.name == "linear":
        return number, tolerance
    if not is_known(function):
        return None, 0.0
    function = function.of_channel(channel)
    around = np.array([number, number - tolerance, number + tolerance])
    found, *ends = value(function, around).tolist()
    spread = max(abs(end - found) for end in ends)
    size = max(abs(found), abs(number))
    if function.name in _LESS_ONE:
        size = max(size, 1.0, *(abs(float(part)) for _, part in function.parameters))
    return found, spread + _rounding(MORE, size, precision)


def _rounding(count: int, size: float, precision: Precision) -> float:
    """Return how far off a result of some size may be after some roundings, and a few more."""
    return (count + MORE) * (epsilon(precision) * size + smallest(precision))


def _read(values: Numbers, precision: Precision, source: Source) -> Numbers:
    """Return values as a layer reads them: rounded to the format that it computes in."""
    is_double = source.maps.dtype == np.float64
    is_held = precision == "float64" or (precision == "float32" and not is_double)
    return values if is_held else rounded(values, precision)


def _of_one(bare: ChainStep, source: Source, taps: WindowTaps) -> ChainStep:
    """Return a step that is made from one number, and gives it on."""
    values = _read(np.array([float(source.maps[taps.origin])]), bare.precision, source)
    return replace(bare, computed=float(values[0]), taps=taps, values=values, tap=0)


def _merged(bare: ChainStep, operation: Merge, sources: Sequence[Source]) -> ChainStep | None:
    places = []
    for source in sources:
        # One row, column or channel counts for all.
        sizes = zip(bare.pixel, source.maps.shape, strict=True)
        place = tuple(0 if size == 1 else index for index, size in sizes)
        places.append((source.step, (place[0], place[1], place[2])))
    found = [source.one(place) for source, (_, place) in zip(sources, places, strict=True)]
    if None in found or not found:
        return None
    held = [float(source.maps[place]) for source, (_, place) in zip(sources, places, strict=True)]
    values = np.array(held)
    computed, size, tap = _together(operation, values)
    off = _rounding(len(held), size, bare.precision)
    taps = BranchTaps(tuple(places))
    return replace(bare, computed=computed, tolerance=off, taps=taps, values=values, tap=tap)


def _together(operation: Merge, values: Numbers) -> tuple[float, float, int]:
    """Return what a merge makes of numbers, how large its roundings are, and the main number."""
    largest = _most(values)
    size = float(np.abs(values).sum())
    if operation.kind == "add":
        return float(values.sum()), size, largest
    if operation.kind == "average":
        return float(values.mean()), size / len(values), largest
    if operation.kind == "subtract":
        return float(values[0] - values[1:].sum()), size, largest
    if operation.kind == "multiply":
        product = float(values.prod())
        return product, abs(product), largest
    tap = int(values.argmax() if operation.kind == "maximum" else values.argmin())
    return float(values[tap]), 0.0, tap


def _joined(bare: ChainStep, sources: Sequence[Source]) -> ChainStep | None:
    """Find the map that holds the channel, among several one behind the other."""
    row, col, channel = bare.pixel
    for source in sources:
        count = source.maps.shape[2]
        if channel < count:
            taps = source.one((row, col, channel))
            return None if taps is None else _of_one(bare, source, taps)
        channel -= count
    return None


def _most(values: Numbers, part: tuple[slice, slice] | None = None) -> int:
    """Return the flat index of the largest in size, of a part of the values or of all.

    The first NaN, where there is any: it makes the result.
    """
    if part is None:
        return int(np.abs(values).argmax())
    inner = np.abs(values[part])
    row, col, channel = (int(i) for i in np.unravel_index(inner.argmax(), inner.shape))
    place = row + part[0].start, col + part[1].start, channel
    return int(np.ravel_multi_index(place, values.shape))
