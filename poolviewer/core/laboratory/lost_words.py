"""What was lost, in sentences."""

import numpy as np

from poolviewer.core.laboratory.contest import Contest, Values, holders
from poolviewer.core.pooling import NO_WINNER
from poolviewer.core.windows import WindowGrid

AVERAGE = "Average pooling has no winner: every pixel of a window counts the same."


def losers_in_words(outcome: Contest, grid: WindowGrid) -> list[str]:
    """Say how many pixels did not win, and how many won more than once."""
    whole = grid.source_shape[0] * grid.source_shape[1]
    winners = outcome.winners
    found = winners[winners != NO_WINNER]
    if len(holders(grid.rows)) == len(holders(grid.cols)) == 1:  # no two windows share a pixel
        return [f"{whole - found.size:,} of {whole:,} pixels won in no window."]
    wins = np.bincount(found, minlength=whole)
    sentences = [f"{np.count_nonzero(wins == 0):,} of {whole:,} pixels won in no window."]
    several = int(np.count_nonzero(wins > 1))
    if several:
        most = f"one of them in {wins.max():,}" if several > 1 else f"in {wins.max():,}"
        sentences.append(f"{_count(several, 'pixel')} won in several windows, {most}.")
    return sentences


def ties_in_words(outcome: Contest) -> list[str]:
    """Say in how many windows the winner was only the first of equals."""
    ties = np.count_nonzero(outcome.is_tied)
    if not ties:
        return []
    where = "1 window holds" if ties == 1 else f"{ties:,} windows hold"
    return [f"{where} the highest value more than once: the first of them wins."]


def nan_in_words(values: Values, outcome: Contest | None) -> list[str]:
    """Say how many pixels are NaN, and how many windows have no winner for it."""
    count = np.count_nonzero(np.isnan(values))
    if not count:
        return []
    what = "1 pixel is NaN" if count == 1 else f"{count:,} pixels are NaN"
    if outcome is None:
        return [f"{what}: so is the average of a window that holds one."]
    empty = np.count_nonzero(outcome.winners == NO_WINNER)
    if not empty:
        return [f"{what}, which never wins."]
    where = "1 window holds" if empty == 1 else f"{empty:,} windows hold"
    return [f"{what}, which never wins. {where} nothing else: no winner."]


def uncovered_in_words(grid: WindowGrid) -> list[str]:
    """Say which rows and columns no window holds."""
    rows, cols = (np.flatnonzero(holders(axis)[0] < 0) for axis in (grid.rows, grid.cols))
    named = [
        _named(positions.tolist(), word) for positions, word in ((rows, "row"), (cols, "column"))
    ]
    if not any(named):
        return []
    height, width = grid.source_shape
    pixels = height * width - (height - rows.size) * (width - cols.size)
    is_one = rows.size + cols.size == 1
    what = " and ".join(filter(None, named))
    verb = "lies" if is_one else "lie"
    return [f"{what[0].upper()}{what[1:]} {verb} in no window: {_count(pixels, 'pixel')}."]


def rebuilt_in_words(share: float | None, *, is_average: bool) -> list[str]:
    """Say how much of the map its pooled values still tell."""
    if share is None:
        return []
    percent = f"{100 * share:.0f} %" if share >= 0.095 or share == 0 else f"{100 * share:.1g} %"
    if is_average:
        how = "every average spread over its window"
    else:
        how = "the pooled values at the winners' places and 0 elsewhere"
    return [f"Rebuilt, with {how}, the map keeps {percent} of its sum of squares."]


def _named(positions: list[int], word: str) -> str:
    if not positions:
        return ""
    return f"{word} {positions[0]}" if len(positions) == 1 else f"{len(positions):,} {word}s"


def _count(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number:,} {word}s"
