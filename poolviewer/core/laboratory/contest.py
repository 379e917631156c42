"""Who won in every window of one map and who came second, and which windows hold a pixel.

Everything here works on whole maps at a time, in as many steps as a window has rows and columns,
because it is done for every frame of a film.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.pooling import NO_WINNER
from poolviewer.core.windows import AdaptiveAxis, WindowAxis, WindowGrid

Values = NDArray[np.floating]
Positions = NDArray[np.int64]
Taps = NDArray[np.int32]
Kind = TypeVar("Kind", bound=np.generic)
AnyAxis = WindowAxis | AdaptiveAxis


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """The outcome in every window, each array of the pooled map's shape (h, w).

    Parameters
    ----------
    rows, cols
        Where in the map the winner stands; meaningless where there is none.
    best, second
        The winner's value and the next highest of the others, NaN where there is none. Equal
        values tie: the second is then as high as the best.
    winners
        Flat row-major indices into the map, as `pooling.winners` gives them.
    """

    rows: Positions
    cols: Positions
    best: Values
    second: Values
    winners: Positions

    @property
    def is_tied(self) -> NDArray[np.bool_]:
        """Whether another pixel is as high as the winner."""
        return np.equal(self.best, self.second)

    @property
    def margins(self) -> Values:
        """How far the winner lies above the second: 0 in a tie, NaN without a second."""
        with np.errstate(invalid="ignore", over="ignore"):  # infinities that tie
            return np.where(self.is_tied, 0, self.best - self.second)


@dataclass(frozen=True, slots=True, eq=False)
class Tap:
    """One tap of every window of an axis.

    Parameters
    ----------
    where
        The positions that it has.
    is_inside, is_whole
        Whether it belongs to each window and lies in the map, and whether in all of them.
    """

    where: slice | Positions
    is_inside: NDArray[np.bool_]
    is_whole: bool


def contest(values: Values, grid: WindowGrid) -> Contest:
    """Let the pixels of one map (H, W) compete in every window of a maximum pooling.

    NaN never wins; of equal values the first in row-major order does.
    """
    if values.itemsize < 4:
        values = values.astype(np.float32)  # exact, and faster than half precision
    # What is not a number takes longer: a sum tells, faster than a look at each, if there is any.
    values = np.ascontiguousarray(values)
    with np.errstate(invalid="ignore", over="ignore"):
        is_plain = bool(np.isfinite(values.sum()))
    best, second, col = _across(values, grid.cols, is_plain=is_plain)
    best, second, row, col = _down(best, second, col, grid.rows, is_plain=is_plain)
    first_row, first_col = starts(grid.rows)[:, np.newaxis], starts(grid.cols)
    rows: Positions = first_row + row
    cols: Positions = first_col + col
    winners = rows * values.shape[1] + cols
    winners[np.isnan(best)] = NO_WINNER
    return Contest(rows, cols, best, second, winners)


def scattered(outcome: Contest, values: NDArray[Kind], shape: tuple[int, int]) -> NDArray[Kind]:
    """Put what belongs to the windows (h, w) where their winners stand in a map of zeros.

    Where a pixel won in several windows, the first of them counts.
    """
    found, winners = np.zeros(shape, values.dtype), outcome.winners.ravel()[::-1]
    # In reverse, because the last of several assignments stays.
    has_winner = winners != NO_WINNER
    if has_winner.all():
        found.ravel()[winners] = values.ravel()[::-1]
    else:
        found.ravel()[winners[has_winner]] = values.ravel()[::-1][has_winner]
    return found


def holders(axis: AnyAxis) -> Positions:
    """Return the windows over every position of an axis, of shape (most, positions).

    Row *m* holds the *m*-th window over each position, -1 where it has no so many; there is at
    least one row.
    """
    return _holders(axis)


def starts(axis: AnyAxis) -> Positions:
    """Return where every window begins; that of a clipped one lies outside the map."""
    if isinstance(axis, WindowAxis):
        return np.arange(axis.count, dtype=np.int64) * axis.stride - axis.pad_before
    return np.array([axis.window(i)[0] for i in range(axis.count)], dtype=np.int64)


def lengths(axis: AnyAxis) -> Positions:
    """Return how many positions every window spans, those outside the map included."""
    if isinstance(axis, WindowAxis):
        return np.full(axis.count, axis.span, dtype=np.int64)
    windows = np.array([axis.window(i) for i in range(axis.count)], dtype=np.int64)
    return windows[:, 1] - windows[:, 0]


def _across(values: Values, axis: AnyAxis, *, is_plain: bool) -> tuple[Values, Values | None, Taps]:
    """Merge the columns of every window, row by row: the highest, the second, and which tap won."""
    taps = _taps(axis)
    is_plain = is_plain and all(tap.is_whole for tap in taps)
    best = _tap_of(values, taps[0], 1)
    tap_of_best = np.zeros(best.shape, np.int32)
    second: Values | None = None
    for number, tap in enumerate(taps[1:], 1):
        new = _tap_of(values, tap, 1)
        wins, best, lower = _matched(best, new, is_plain=is_plain)
        second = lower if second is None else np.fmax(second, lower)
        np.copyto(tap_of_best, np.int32(number), where=wins)
    return best, second, tap_of_best


def _down(
    values: Values, seconds: Values | None, cols: Taps, axis: AnyAxis, *, is_plain: bool
) -> tuple[Values, Values, Taps, Taps]:
    """Merge the rows of every window; return the taps that won as (row, column), too."""
    taps = _taps(axis)
    is_plain = is_plain and all(tap.is_whole for tap in taps)
    best, col = _tap_of(values, taps[0], 0), cols[taps[0].where].copy()
    second = None if seconds is None else _tap_of(seconds, taps[0], 0)
    row = np.zeros(best.shape, np.int32)
    for number, tap in enumerate(taps[1:], 1):
        new = _tap_of(values, tap, 0)
        wins, best, lower = _matched(best, new, is_plain=is_plain)
        second = lower if second is None else np.fmax(second, lower)
        if seconds is not None:
            second = np.fmax(second, _tap_of(seconds, tap, 0))
        np.copyto(row, np.int32(number), where=wins)
        np.copyto(col, cols[tap.where], where=wins)
    return best, np.full_like(best, np.nan) if second is None else second, row, col


def _matched(
    best: Values, new: Values, *, is_plain: bool
) -> tuple[NDArray[np.bool_], Values, Values]:
    """Say where new values win over the best so far; return the higher and the lower of both."""
    wins: NDArray[np.bool_] = new > best
    if is_plain:
        return wins, np.maximum(best, new), np.minimum(best, new)
    wins |= np.isnan(best) & ~np.isnan(new)
    return wins, np.where(wins, new, best), np.where(wins, best, new)


def _tap_of(values: Values, tap: Tap, dimension: int) -> Values:
    """Return what one tap of every window sees; NaN where it lies outside."""
    found = values[tap.where] if dimension == 0 else values[:, tap.where]
    if tap.is_whole:
        return found
    is_inside = tap.is_inside if dimension else tap.is_inside[:, np.newaxis]
    return np.where(is_inside, found, np.array(np.nan, values.dtype))


@lru_cache(maxsize=16)
def _taps(axis: AnyAxis) -> tuple[Tap, ...]:
    first, span = starts(axis), lengths(axis)
    return tuple(_tap(axis, first + tap, tap < span) for tap in range(int(span.max(initial=0))))


def _tap(axis: AnyAxis, places: Positions, is_part: NDArray[np.bool_]) -> Tap:
    is_inside = is_part & (places >= 0) & (places < axis.source_size)
    is_whole = bool(is_inside.all())
    if is_whole and isinstance(axis, WindowAxis):
        return Tap(slice(int(places[0]), int(places[-1]) + 1, axis.stride), is_inside, is_whole)
    return Tap(np.clip(places, 0, axis.source_size - 1), is_inside, is_whole)


@lru_cache(maxsize=16)
def _holders(axis: AnyAxis) -> Positions:
    windows = [axis.windows_over(position) for position in range(axis.source_size)]
    most = max(1, *map(len, windows)) if windows else 1
    found = np.full((most, axis.source_size), -1, dtype=np.int64)
    for position, over in enumerate(windows):
        found[: len(over), position] = over
    return found
