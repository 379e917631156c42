"""Pooling on plain arrays: which pixel won, and what the pooled value must be.

Checked against TensorFlow in the tests. Maximum pooling takes the first of equal values in
row-major order and ignores NaN; a window that holds nothing but NaN has no winner.
"""

from dataclasses import dataclass
from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import WindowAxis, WindowGrid

PoolKind = Literal["max", "average"]
NO_WINNER = -1


@dataclass(frozen=True, slots=True)
class Pooling:
    """A pooling layer: its kind and its windows over the feature map."""

    kind: PoolKind
    grid: WindowGrid

    @property
    def has_winner(self) -> bool:
        """Whether one source pixel decides the pooled value."""
        return self.kind == "max"


def winner_in(values: NDArray[np.floating]) -> tuple[int, int] | None:
    """Return the ``(row, col)`` of the winner inside one window of shape (rows, cols)."""
    flat = values.ravel()
    index = int(flat.argmax())  # a NaN counts as largest here, so this tells if there is one
    if isnan(flat[index]):
        numbers = np.flatnonzero(~np.isnan(flat))
        if not numbers.size:
            return None
        index = int(numbers[flat[numbers].argmax()])
    columns: int = values.shape[1]
    return divmod(index, columns)


def winners(maps: NDArray[np.floating], pooling: Pooling) -> NDArray[np.int64]:
    """Find the winner of every window of every channel.

    Parameters
    ----------
    maps
        Feature maps of shape (H, W, C).
    pooling
        The layer that pools them.

    Returns
    -------
    ndarray of int64, shape (h, w, C)
        Flat row-major index into H×W of the winning pixel; -1 where there is none: in an average,
        and in a window of nothing but NaN.
    """
    grid = pooling.grid
    shape = (*grid.shape, maps.shape[2])
    flat = np.full(shape, NO_WINNER, dtype=np.int64)
    if not pooling.has_winner:
        return flat
    best = np.full(shape, np.nan, dtype=maps.dtype)
    for rows in _taps(grid.rows):
        for cols in _taps(grid.cols):
            values = maps[np.ix_(rows, cols)]
            wins = (values > best) | (np.isnan(best) & ~np.isnan(values))
            index = np.add.outer(rows * maps.shape[1], cols)[:, :, np.newaxis]
            flat = np.where(wins, index, flat)
            best = np.where(wins, values, best)
    return flat


def pool(maps: NDArray[np.floating], pooling: Pooling) -> NDArray[np.floating]:
    """Pool feature maps of shape (H, W, C) window by window, in float64, as a reference.

    A maximum over nothing but NaN gives NaN here and one over nothing but -inf gives -inf;
    TensorFlow gives the lowest float for both on the CPU.
    """
    rows, cols = pooling.grid.shape
    pooled = np.empty((rows, cols, maps.shape[2]), dtype=np.float64)
    reduce = np.fmax.reduce if pooling.has_winner else np.mean
    for row in range(rows):
        for col in range(cols):
            window = maps[pooling.grid.window(row, col).slices].astype(np.float64)
            pooled[row, col] = reduce(window.reshape(-1, maps.shape[2]), axis=0)
    return pooled


def _taps(axis: WindowAxis) -> list[NDArray[np.int64]]:
    """Return, for each tap of a window in turn, the source position that it has in every window.

    A tap beyond the map stands on the map's border pixel instead, which is in the window anyway
    and wins no second time.
    """
    starts = np.arange(axis.count, dtype=np.int64) * axis.stride - axis.pad_before
    return [(starts + tap).clip(0, axis.source_size - 1) for tap in range(axis.size)]
