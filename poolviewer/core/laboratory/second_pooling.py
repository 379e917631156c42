"""Another pooling of one feature map, beside the network's own; checked against TensorFlow."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import Axis, MapGeometry
from poolviewer.core.pooling import Pooling
from poolviewer.core.windows import AdaptiveAxis, WindowAxis, WindowGrid

SecondKind = Literal["max", "average", "first"]
Values = NDArray[np.floating]
Places = NDArray[np.int64]
NOWHERE = -1


def pooled_channel(values: Values, kind: SecondKind, grid: WindowGrid) -> Values:
    """Pool one channel of a feature map.

    Parameters
    ----------
    values
        Of shape (H, W).
    kind
        ``"max"`` and ``"average"`` as TensorFlow has them: the maximum ignores NaN, and of a
        window without any number above −inf it is the lowest float; the average is summed up in
        float64. ``"first"`` takes the first pixel of every window: subsampling without pooling.
    grid
        The windows.

    Returns
    -------
    ndarray of shape ``grid.shape``, of the kind of ``values``
    """
    rows, cols = _ranges(grid.rows), _ranges(grid.cols)
    if kind == "first":
        return values[np.ix_(rows[0], cols[0])]
    with np.errstate(invalid="ignore", over="ignore"):
        if kind == "max":
            highest = _joined(_joined(values, rows, np.fmax, np.nan).T, cols, np.fmax, np.nan).T
            return np.fmax(highest, np.finfo(values.dtype).min)
        exact = values.astype(np.float64)
        # -0.0 is what changes no number at all.
        sums = _joined(_joined(exact, rows, np.add, -0.0).T, cols, np.add, -0.0).T
        counts = np.outer(rows[1] - rows[0], cols[1] - cols[0])
        return (sums / counts).astype(values.dtype)


def is_same_pooling(pooling: Pooling, kind: SecondKind, grid: WindowGrid) -> bool:
    """Whether a pooling layer makes the same of every map as a kind over windows."""
    axes = (pooling.grid.rows, grid.rows), (pooling.grid.cols, grid.cols)
    return pooling.kind == kind and all(
        np.array_equal(_ranges(mine), _ranges(other)) for mine, other in axes
    )


def places_under(first: MapGeometry, second: MapGeometry) -> tuple[Places, Places]:
    """Return, for each row and each column of a second map, that of the first under its centre.

    In the world; `NOWHERE` where the first map has none.
    """
    return _under(first.rows, second.rows), _under(first.cols, second.cols)


def difference(first: Values, second: Values, places: tuple[Places, Places]) -> Values:
    """Subtract from each pixel of a second map that of the first under its centre.

    Equal numbers, NaN and infinities among them, differ by 0. NaN where the first map has no
    pixel, and where only one of both is NaN.
    """
    rows, cols = places
    beside = first[np.ix_(np.maximum(rows, 0), np.maximum(cols, 0))]
    is_equal = (beside == second) | (np.isnan(beside) & np.isnan(second))
    with np.errstate(invalid="ignore", over="ignore"):
        found: Values = np.where(is_equal, 0, second - beside)
    found[rows == NOWHERE] = np.nan
    found[:, cols == NOWHERE] = np.nan
    return found


def _under(first: Axis, second: Axis) -> Places:
    centres = second.offset + np.arange(second.size) * second.stride
    places = np.floor((centres - first.edge(0)) / first.stride).astype(np.int64)
    is_inside = (places >= 0) & (places < first.size)
    return np.where(is_inside, places, NOWHERE)


def _ranges(axis: WindowAxis | AdaptiveAxis) -> Places:
    """Return the half-open ranges of all windows, of shape (2, windows)."""
    return np.array([axis.window(index) for index in range(axis.count)], np.int64).reshape(-1, 2).T


def _joined(values: Values, ranges: Places, join: np.ufunc, nothing: float) -> Values:
    """Join the lines of each window along the first axis, beginning with ``nothing``.

    A window is a few blocks whose lengths are powers of two, each joined of two smaller ones, so
    that the work grows with the logarithm of the windows' length.
    """
    starts, stops = ranges
    lengths, places = stops - starts, starts.copy()
    total = np.full((len(starts), *values.shape[1:]), nothing, values.dtype)
    block, size = values, 1  # block[i] joins values[i : i + size]
    while True:
        has_block = (lengths & size) > 0
        total[has_block] = join(total[has_block], block[places[has_block]])
        places[has_block] += size
        if 2 * size > lengths.max():
            return total
        block, size = join(block[:-size], block[size:]), 2 * size
