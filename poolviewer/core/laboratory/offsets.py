"""Which position in its window won: a code for each, and its words."""

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.laboratory.contest import AnyAxis, Contest, lengths, scattered, starts
from poolviewer.core.windows import WindowGrid

MOST_PARTS = 3
_ROWS = {1: ("",), 2: ("top", "bottom"), 3: ("top", "", "bottom")}
_COLS = {1: ("",), 2: ("left", "right"), 3: ("left", "", "right")}


def parts(axis: AnyAxis) -> int:
    """Return into how many parts a window is divided along an axis: its pixels, or thirds."""
    return min(int(lengths(axis).max(initial=1)), MOST_PARTS)


def offset_words(grid: WindowGrid) -> tuple[str, ...]:
    """Return what the codes 1, 2, 3 … of `offset_codes` mean, row by row of a window."""
    sizes = parts(grid.rows), parts(grid.cols)
    is_coarse = max(lengths(grid.rows).max(), lengths(grid.cols).max()) > MOST_PARTS
    names = [
        " ".join(filter(None, (row, col))) or "centre"
        for row in _ROWS[sizes[0]]
        for col in _COLS[sizes[1]]
    ]
    return tuple(f"{name} third" if is_coarse else name for name in names)


def offset_codes(outcome: Contest, grid: WindowGrid) -> NDArray[np.uint8]:
    """Return the code of every pixel that won, uint8 of the map's shape; 0 for all others.

    A pixel that won in several windows has the code of the first of them in row-major order.
    """
    row = _part(outcome.rows - starts(grid.rows)[:, np.newaxis], grid.rows, 0)
    col = _part(outcome.cols - starts(grid.cols), grid.cols, 1)
    codes = (1 + row * parts(grid.cols) + col).astype(np.uint8)
    return scattered(outcome, codes, grid.source_shape)


def _part(taps: NDArray[np.int64], axis: AnyAxis, dimension: int) -> NDArray[np.int64]:
    size = lengths(axis)
    if size.max(initial=1) <= MOST_PARTS and size.min(initial=1) == size.max(initial=1):
        return taps
    whole = size if dimension else size[:, np.newaxis]
    found: NDArray[np.int64] = taps * parts(axis) // whole
    return found
