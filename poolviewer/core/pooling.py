"""Pooling on plain arrays: which pixel won, and what the pooled value must be.

Checked against TensorFlow in the tests. Maximum pooling takes the first of equal values in
row-major order and ignores NaN; a window that holds nothing but NaN has no winner.
"""

from dataclasses import dataclass
from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.numbers import times
from poolviewer.core.windows import AdaptiveAxis, WindowAxis, WindowGrid

PoolKind = Literal["max", "average"]
PoolForm = Literal["window", "global", "adaptive"]
NO_WINNER = -1


@dataclass(frozen=True, slots=True)
class Pooling:
    """A pooling layer: its arithmetic and its windows over the feature map.

    Parameters
    ----------
    kind
        What is made of a window's values.
    grid
        The windows.
    form
        How they come about: ``"window"`` slides, ``"global"`` is one over the whole map, and
        ``"adaptive"`` are as many as are wanted, whatever the map's size.
    """

    kind: PoolKind
    grid: WindowGrid
    form: PoolForm = "window"

    @classmethod
    def over_all(cls, kind: PoolKind, source_shape: tuple[int, int]) -> "Pooling":
        """Return global pooling of a map."""
        return cls(kind, WindowGrid.over_all(source_shape), "global")

    @classmethod
    def adaptive(
        cls, kind: PoolKind, source_shape: tuple[int, int], shape: tuple[int, int]
    ) -> "Pooling":
        """Return adaptive pooling of a map to ``shape``."""
        return cls(kind, WindowGrid.adaptive(source_shape, shape), "adaptive")

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
    grid, (_, width, channels) = pooling.grid, maps.shape
    if not pooling.has_winner:
        return np.full((*grid.shape, channels), NO_WINNER, dtype=np.int64)
    # First the winner of each window's every row, then the first row that holds the highest: as
    # many steps as a window has rows and columns, where a global one has 50,000 pixels.
    best, col = first_highest(maps.swapaxes(0, 1), windows_of(grid.cols))
    best, row = first_highest(best.swapaxes(0, 1), windows_of(grid.rows))
    col = np.take_along_axis(col.swapaxes(0, 1), row, axis=0)
    return np.where(np.isnan(best), NO_WINNER, row * width + col)


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


def in_words(pooling: Pooling) -> str:
    """Write how a layer pools, such as ``2×2, strides 2×2, valid`` or ``adaptive to 7×7``."""
    if pooling.form == "global":
        return "global: the whole map"
    if pooling.form == "adaptive":
        return f"adaptive to {times(*pooling.grid.shape)}"
    return pooling.grid.in_words()


def windows_of(axis: WindowAxis | AdaptiveAxis) -> NDArray[np.int64]:
    """Return the half-open range of source positions of every window, of shape (count, 2)."""
    return np.array([axis.window(index) for index in range(axis.count)], dtype=np.int64)


def first_highest(
    values: NDArray[np.floating], windows: NDArray[np.int64]
) -> tuple[NDArray[np.floating], NDArray[np.int64]]:
    """Find along the first axis each window's highest value, and the first position that has it.

    Where a window holds nothing but NaN, that is its value.

    Parameters
    ----------
    values
        Of shape (positions, …, C), of three axes.
    windows
        Half-open ranges of positions, of shape (count, 2).
    """
    taps = _taps(windows)
    best = values[taps[0]]
    found = np.broadcast_to(taps[0][:, np.newaxis, np.newaxis], best.shape)
    for positions in taps[1:]:
        others = values[positions]
        wins = (others > best) | (np.isnan(best) & ~np.isnan(others))
        best = np.where(wins, others, best)
        found = np.where(wins, positions[:, np.newaxis, np.newaxis], found)
    return best, found


def _taps(windows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return, for each tap of a window in turn, the source position that it has in every window.

    A tap beyond a window stands on its last pixel instead, which wins no second time.
    """
    starts, stops = windows.T
    return [np.minimum(starts + tap, stops - 1) for tap in range((stops - starts).max())]
