"""The lowest and highest number of every channel, with few walks through memory.

Large maps are no longer in the processor's caches when they arrive here, and every walk through
them takes as long as memory does: half as long in two threads.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.pooling import Pooling
from poolviewer.core.together import WORTH_BYTES, together
from poolviewer.core.windows import WindowGrid

Maps = NDArray[np.floating]

LARGE_BYTES = 1 << 20
MOST_UNCOVERED = 4


def extremes(maps: Maps) -> Maps:
    """Return the lowest and highest number of each channel, shape (C, 2); NaN if there is none."""
    return np.stack([reduced(np.fmin, maps), reduced(np.fmax, maps)], axis=1)


def extremes_before(maps: Maps, pooled_maps: Maps, pooling: Pooling) -> Maps:
    """Return the extremes of maps that were pooled to others.

    What maximum pooling leaves holds the maxima of all that it covered, so that only the minima
    are looked for in large maps. A map with anything but numbers in it is searched for both.
    """
    grid = pooling.grid
    is_short = maps.nbytes >= LARGE_BYTES and pooling.has_winner and grid.dilation == (1, 1)
    rows, cols = _uncovered(grid) if is_short else ((), ())
    if not is_short or len(rows) + len(cols) > MOST_UNCOVERED:
        return extremes(maps)
    parts = [pooled_maps, *(maps[[row]] for row in rows), *(maps[:, [col]] for col in cols)]
    high = np.maximum.reduce([reduced(np.maximum, part) for part in parts])
    # Unlike fmin, minimum finds NaN: without any, the pooling has found every maximum.
    ranges = np.stack([reduced(np.minimum, maps), high], axis=1)
    return ranges if np.isfinite(ranges).all() else extremes(maps)


def reduced(operation: np.ufunc, maps: Maps) -> Maps:
    """Reduce rows and columns of maps (H, W, C) to one number for each channel."""
    if maps.nbytes < WORTH_BYTES or len(maps) < 2:
        return _reduced(operation, maps)
    half = len(maps) // 2
    first, second = together(
        lambda: _reduced(operation, maps[:half]), lambda: _reduced(operation, maps[half:])
    )
    both: Maps = operation(first, second)
    return both


def _reduced(operation: np.ufunc, maps: Maps) -> Maps:
    # One axis at a time, because NumPy reduces the first axis of a contiguous array much faster.
    return np.asarray(operation.reduce(operation.reduce(maps, axis=0), axis=0))


@lru_cache(maxsize=8)
def _uncovered(grid: WindowGrid) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return grid.rows.uncovered(), grid.cols.uncovered()
