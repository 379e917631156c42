"""Where a gradient that enters a pooling from behind lands in its feature map.

As TensorFlow's `GradientTape` has it on the CPU, which the tests hold it against:

- Maximum pooling: the winner takes all, of equal values the first in row-major order. NaN never
  wins against a number, except in the first pixel of a window: that one then takes the gradient,
  though not the pooled value; so it does in a window of nothing but NaN.
- Adaptive maximum pooling is made of two, first along the columns' pixels and then along the rows':
  of equal values the topmost of the leftmost column takes all.
- Global maximum pooling shares equally among equal values; one NaN makes all of it NaN.
- Average pooling shares equally among the pixels of a window that lie within the map.
- What several windows send to one pixel adds up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import PixelBox
from poolviewer.core.pooling import Pooling, first_highest, windows_of

Gradient = NDArray[np.floating]
_Windows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A gradient on a box of a map; outside of it, the gradient is 0.

    Parameters
    ----------
    box
        The pixels that it lies on.
    values
        Of shape (rows, columns, C), those of the box.
    """

    box: PixelBox
    values: Gradient

    @classmethod
    def of_pixel(cls, row: int, col: int, values: NDArray[np.floating]) -> "Patch":
        """Return the gradient that is 0 but at one pixel, given one number for each channel."""
        return cls(PixelBox.of_pixel(row, col), np.asarray(values, np.float64)[np.newaxis, None])

    def over(self, shape: tuple[int, int]) -> Gradient:
        """Return it on a whole map, of shape (H, W, C)."""
        whole = np.zeros((*shape, self.values.shape[2]), self.values.dtype)
        whole[self.box.slices] = self.values
        return whole

    def entries(self, channel: int = 0) -> tuple[tuple[int, int, float], ...]:
        """Return ``(row, col, value)`` of each pixel of the map where it is not 0, row by row."""
        values = self.values[:, :, channel]
        return tuple(
            (self.box.row_start + int(row), self.box.col_start + int(col), float(values[row, col]))
            for row, col in np.argwhere(values != 0)
        )


def pixel_gradient(
    feature_map: NDArray[np.floating], pooling: Pooling, row: int, col: int
) -> Patch:
    """Return where a 1 at one pooled pixel lands in one feature map of shape (H, W).

    The patch lies on the pixel's window and has one channel.
    """
    one = Patch.of_pixel(row, col, np.ones(1))
    return pool_gradient(feature_map[:, :, np.newaxis], pooling, one)


def pool_gradient(maps: NDArray[np.floating], pooling: Pooling, upstream: Patch) -> Patch:
    """Return where a gradient on a box of pooled maps lands in the feature maps.

    Parameters
    ----------
    maps
        The feature maps, of shape (H, W, C).
    upstream
        On the pooled maps, with C channels.
    """
    box, grid = upstream.box, pooling.grid
    source = grid.sources(box)
    rows = windows_of(grid.rows)[slice(box.row_start, box.row_stop)] - source.row_start
    cols = windows_of(grid.cols)[slice(box.col_start, box.col_stop)] - source.col_start
    values = maps[source.slices]
    if not pooling.has_winner:
        return Patch(source, _shared(values.shape, rows, cols, upstream.values))
    if pooling.form == "global":
        return Patch(source, _shared_by_winners(values, upstream.values))
    find = _winners_by_columns if pooling.form == "adaptive" else _winners_by_rows
    return Patch(source, _taken(values.shape, find(values, rows, cols), upstream.values))


def _shared(shape: tuple[int, ...], rows: _Windows, cols: _Windows, upstream: Gradient) -> Gradient:
    """Let every pixel of a window have the same share."""
    counts = np.outer(rows[:, 1] - rows[:, 0], cols[:, 1] - cols[:, 0])
    shares = upstream / counts[:, :, np.newaxis].astype(upstream.dtype)
    by_rows = _spread(shares, rows, shape[0])
    return _spread(by_rows.swapaxes(0, 1), cols, shape[1]).swapaxes(0, 1)


def _spread(values: Gradient, windows: _Windows, size: int) -> Gradient:
    """Give each value along the first axis to every position of its window, adding up."""
    spread = np.zeros((size, *values.shape[1:]), values.dtype)
    starts, stops = windows.T
    for tap in range((stops - starts).max()):
        reaches = starts + tap < stops
        np.add.at(spread, (starts + tap)[reaches], values[reaches])
    return spread


def _shared_by_winners(values: NDArray[np.floating], upstream: Gradient) -> Gradient:
    """Share among the highest values of each channel; behind a NaN, nothing is the highest."""
    are_highest = values == values.max((0, 1), keepdims=True)
    count = are_highest.sum((0, 1), keepdims=True)
    with np.errstate(invalid="ignore"):
        shared: Gradient = are_highest / count.astype(upstream.dtype) * upstream
    return shared


def _taken(
    shape: tuple[int, ...], winners: tuple[_Windows, _Windows], upstream: Gradient
) -> Gradient:
    """Let the winner of each window take all of it."""
    taken = np.zeros(shape, upstream.dtype)
    np.add.at(taken, (*winners, np.arange(shape[2])), upstream)
    return taken


def _winners_by_rows(
    values: NDArray[np.floating], rows: _Windows, cols: _Windows
) -> tuple[_Windows, _Windows]:
    """Return row and column of what takes the gradient of each window and channel."""
    best, col = first_highest(values.swapaxes(0, 1), cols)
    _, row = first_highest(best.swapaxes(0, 1), rows)
    col = np.take_along_axis(col.swapaxes(0, 1), row, axis=0)
    starts = rows[:, 0, np.newaxis, np.newaxis], cols[:, 0, np.newaxis]
    is_nan_first = np.isnan(values[rows[:, 0]][:, cols[:, 0]])
    return np.where(is_nan_first, starts[0], row), np.where(is_nan_first, starts[1], col)


def _winners_by_columns(
    values: NDArray[np.floating], rows: _Windows, cols: _Windows
) -> tuple[_Windows, _Windows]:
    """Return the same for a maximum of each column's pixels, and then one of these."""
    best, row = first_highest(values, rows)
    row = np.where(np.isnan(values[rows[:, 0]]), rows[:, 0, np.newaxis, np.newaxis], row)
    # A maximum of nothing but NaN or −inf is the lowest number there is, and so compared.
    best = np.fmax(best, np.finfo(values.dtype).min)
    _, col = first_highest(best.swapaxes(0, 1), cols)
    col = col.swapaxes(0, 1)
    return np.take_along_axis(row, col, axis=1), col
