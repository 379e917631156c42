"""What is worth a flag in a feature map: ties, NaN and infinities."""

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.laboratory.contest import Contest, Values, holders
from poolviewer.core.pooling import NO_WINNER
from poolviewer.core.windows import WindowGrid

WON_TIE, LOST_TIE, IS_NAN, ONLY_NAN, INFINITE, MINUS_INFINITE = range(1, 7)
FLAG_WORDS = (
    "won a tie", "lost a tie", "NaN", "in a window of nothing but NaN", "∞", "\N{MINUS SIGN}∞",
)  # fmt: skip
AVERAGE_WORDS = ("", "", "NaN", "", "∞", "\N{MINUS SIGN}∞")


def flags_of(values: Values, outcome: Contest | None, grid: WindowGrid) -> NDArray[np.uint8]:
    """Flag the pixels of one map (H, W); 0 for none.

    A pixel that won a tie in one window and lost one in another has won. Without an outcome, as
    in an average, nothing ties.
    """
    flags = np.zeros(values.shape, np.uint8)
    if not np.isfinite(values).all():
        flags[np.isnan(values)] = IS_NAN
        flags[values == np.inf] = INFINITE
        flags[values == -np.inf] = MINUS_INFINITE
    if outcome is not None:
        _flag_only_nan(flags, outcome, grid)
        _flag_ties(flags, values, outcome, grid)
    return flags


def _flag_only_nan(flags: NDArray[np.uint8], outcome: Contest, grid: WindowGrid) -> None:
    has_none = outcome.winners == NO_WINNER
    if has_none.any():
        for rows, cols, is_inside in _windows_over(grid):
            flags[is_inside & has_none[rows][:, cols]] = ONLY_NAN


def _flag_ties(
    flags: NDArray[np.uint8], values: Values, outcome: Contest, grid: WindowGrid
) -> None:
    is_tied = outcome.is_tied
    if not is_tied.any():
        return
    # NaN is equal to nothing: only windows with a tie can match.
    best = np.where(is_tied, outcome.best, np.nan)
    for rows, cols, is_inside in _windows_over(grid):
        flags[is_inside & (values == best[rows][:, cols])] = LOST_TIE
    flags.ravel()[outcome.winners[is_tied]] = WON_TIE


def _windows_over(
    grid: WindowGrid,
) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]]:
    """Return the first, second … window over every pixel, as rows, columns and if there is one."""
    return [
        (rows, cols, (rows >= 0)[:, np.newaxis] & (cols >= 0))
        for rows in holders(grid.rows)
        for cols in holders(grid.cols)
    ]
