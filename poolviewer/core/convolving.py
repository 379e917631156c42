"""Convolutions on a box of their maps, forwards and backwards, tap by tap of the kernel.

What lies in padding counts as 0. In the precision of the maps that are given.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import PixelBox
from poolviewer.core.operations import Convolution, SeparableConvolution, Weights
from poolviewer.core.windows import AdaptiveAxis, WindowAxis, WindowGrid

Maps = NDArray[np.floating]


def convolved(operation: Convolution, source: Maps, box: PixelBox) -> Maps:
    """Return the sums, with the bias, on a box of the map that leaves a convolution.

    Parameters
    ----------
    source
        The whole map that enters it, of shape (H, W, C).
    """
    if isinstance(operation, SeparableConvolution):
        first, second = _parts(operation)
        middle = np.zeros((*first.grid.shape, second.kernel.shape[2]), source.dtype)
        middle[box.slices] = convolved(first, source, box)
        return convolved(second, middle, box)
    reach = _reach(operation.grid, box)
    inside = _clipped(reach, operation.grid)
    padded = np.zeros((*reach.shape, source.shape[2]), source.dtype)
    padded[_relative(inside, reach).slices] = source[inside.slices]
    sums: Maps = np.zeros((*box.shape, operation.kernel.shape[3]), source.dtype)
    for row, col, taps in _taps(operation.grid, box):
        sums += _times(padded[taps], operation.kernel[row, col], operation.groups)
    return sums if operation.bias is None else sums + operation.bias.astype(sums.dtype)


def convolution_gradient(
    operation: Convolution, gradient: Maps, box: PixelBox
) -> tuple[Maps, PixelBox] | None:
    """Return where a gradient behind the sums lands in the source map, and on which box of it.

    None where it lands in padding alone.

    Parameters
    ----------
    gradient
        Of shape (rows, columns, channels), on ``box`` of the map that leaves the convolution.
    """
    if isinstance(operation, SeparableConvolution):
        first, second = _parts(operation)
        middle = convolution_gradient(second, gradient, box)
        return None if middle is None else convolution_gradient(first, *middle)
    reach = _reach(operation.grid, box)
    inside = _clipped(reach, operation.grid)
    if min(inside.shape) <= 0:
        return None
    channels = operation.kernel.shape[2] * operation.groups
    padded = np.zeros((*reach.shape, channels), gradient.dtype)
    for row, col, taps in _taps(operation.grid, box):
        padded[taps] += _back(gradient, operation.kernel[row, col], operation.groups)
    return padded[_relative(inside, reach).slices], inside


def _parts(operation: SeparableConvolution) -> tuple[Convolution, Convolution]:
    """Return the two convolutions, one behind the other, that a separable one consists of."""
    rows, cols, sources, multiplier = operation.depthwise.shape
    kernel = operation.depthwise.reshape(rows, cols, 1, sources * multiplier)
    across = operation.pointwise.reshape(1, 1, sources * multiplier, -1)
    pixelwise = WindowGrid.over(operation.grid.shape, (1, 1), (1, 1), "valid")
    return (
        Convolution(operation.grid, kernel, groups=sources),
        Convolution(pixelwise, across, operation.bias),
    )


def _reach(grid: WindowGrid, box: PixelBox) -> PixelBox:
    """Return the source pixels under the windows of a box, and the padding."""
    rows = _reach_along(grid.rows, box.row_start, box.row_stop)
    cols = _reach_along(grid.cols, box.col_start, box.col_stop)
    return PixelBox(rows[0], cols[0], rows[1], cols[1])


def _reach_along(axis: WindowAxis | AdaptiveAxis, start: int, stop: int) -> tuple[int, int]:
    if isinstance(axis, AdaptiveAxis):
        return axis.sources(start, stop)
    first = start * axis.stride - axis.pad_before
    return first, first + (stop - start - 1) * axis.stride + axis.span


def _clipped(box: PixelBox, grid: WindowGrid) -> PixelBox:
    height, width = grid.source_shape
    ends = min(box.row_stop, height), min(box.col_stop, width)
    return PixelBox(max(box.row_start, 0), max(box.col_start, 0), *ends)


def _relative(box: PixelBox, origin: PixelBox) -> PixelBox:
    row, col = origin.row_start, origin.col_start
    return PixelBox(
        box.row_start - row, box.col_start - col, box.row_stop - row, box.col_stop - col
    )


def _taps(grid: WindowGrid, box: PixelBox) -> Iterator[tuple[int, int, tuple[slice, slice]]]:
    """Yield each tap of the kernel and what the box's windows hold there, within their reach."""
    (rows, cols), strides, dilation = box.shape, grid.strides, grid.dilation
    for row in range(grid.size[0]):
        for col in range(grid.size[1]):
            yield (
                row,
                col,
                (
                    _along(row * dilation[0], rows, strides[0]),
                    _along(col * dilation[1], cols, strides[1]),
                ),
            )


def _along(start: int, count: int, stride: int) -> slice:
    return slice(start, start + (count - 1) * stride + 1, stride)


def _times(values: Maps, tap: Weights, groups: int) -> Maps:
    """Multiply pixels (rows, columns, source channels) with one tap of a kernel."""
    tap = tap.astype(values.dtype, copy=False)
    sources, channels = tap.shape
    if groups == 1:
        sums: Maps = values.reshape(-1, sources) @ tap
    elif sources == 1:
        sums = values[:, :, :, np.newaxis] * tap.reshape(groups, -1)
    else:
        each = tap.reshape(sources, groups, -1).swapaxes(0, 1)
        by_group = values.reshape(-1, groups, sources).swapaxes(0, 1)
        sums = (by_group @ each).swapaxes(0, 1)
    return sums.reshape(*values.shape[:2], channels)


def _back(gradient: Maps, tap: Weights, groups: int) -> Maps:
    """Multiply a gradient (rows, columns, channels) with one tap of a kernel, transposed."""
    tap = tap.astype(gradient.dtype, copy=False)
    sources, channels = tap.shape
    by_group = gradient.reshape(-1, groups, channels // groups)
    if groups == 1:
        found: Maps = by_group[:, 0] @ tap.T
    elif sources == 1:
        found = (by_group * tap.reshape(groups, -1)).sum(axis=2)
    else:
        each = tap.reshape(sources, groups, -1).transpose(1, 2, 0)
        found = (by_group.swapaxes(0, 1) @ each).swapaxes(0, 1)
    return found.reshape(*gradient.shape[:2], groups * sources)
