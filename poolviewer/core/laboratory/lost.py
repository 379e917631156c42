"""What a pooling throws away: who did not win, how close it was, and what is left to rebuild."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName
from poolviewer.core.laboratory.contest import Contest, Values, contest, holders
from poolviewer.core.laboratory.experiment import Experiment, Finding, Overlay, Subject
from poolviewer.core.laboratory.flags import AVERAGE_WORDS, FLAG_WORDS, flags_of
from poolviewer.core.laboratory.lost_words import (
    AVERAGE,
    losers_in_words,
    nan_in_words,
    rebuilt_in_words,
    ties_in_words,
    uncovered_in_words,
)
from poolviewer.core.laboratory.offsets import offset_codes, offset_words
from poolviewer.core.laboratory.rebuilt import kept_share, rebuilt_map, spread, unpooled
from poolviewer.core.pooling import NO_WINNER
from poolviewer.core.windows import WindowGrid

LostView = Literal["losers", "offsets", "margin", "nothing"]
Codes = NDArray[np.uint8]
MARGIN_WORDS, LOSER_WORDS = ("margin to the runner-up",), ("did not win",)


@dataclass(frozen=True, slots=True)
class Lost(Experiment):
    """Colour what a maximum pooling lost, and rebuild the map from what it kept.

    Only the visible channel is looked at.

    Parameters
    ----------
    view
        ``"losers"`` shades every pixel of the feature map that won in no window; ``"offsets"``
        gives winners the colour of their position in the window; ``"margin"`` gives windows the
        colour of how far the winner lies above the runner-up.
    has_flags
        Whether ties, NaN and infinities are flagged besides.
    """

    mode = "lost"
    view: LostView = "losers"
    has_flags: bool = False

    def conduct(self, subject: Subject) -> Finding:
        """Find what the channel that is shown has lost."""
        activations, channel = subject.activations, subject.channel
        grid = activations.stage.pooling.grid
        values = activations.feature_maps[:, :, channel]
        pooled = np.ascontiguousarray(activations.pooled_maps[:, :, channel])
        if 0 in grid.shape or not values.size:
            return Finding(self, channel, obstacle="There is no pooled pixel to look at.")
        values = np.ascontiguousarray(values, np.result_type(values, np.float32))
        if activations.stage.pooling.has_winner:
            outcome = contest(values, grid)
            rebuilt = unpooled(pooled, outcome, grid.source_shape)
            overlays = self._overlays(values, outcome, grid)
        else:
            outcome, rebuilt = None, spread(pooled, grid)
            overlays = self._flags_alone(values, grid)
        return Finding(
            self,
            channel,
            sentences=_sentences(values, outcome, grid, kept_share(values, rebuilt)),
            overlays=overlays,
            maps=(rebuilt_map(subject, values, rebuilt),),
        )

    def _overlays(
        self, values: Values, outcome: Contest, grid: WindowGrid
    ) -> dict[MapName, Overlay]:
        marks = flags_of(values, outcome, grid) if self.has_flags else None
        words = FLAG_WORDS if self.has_flags else ()
        if self.view == "margin":
            pooled_codes, limits = margin_codes(outcome)
            codes = over_windows(pooled_codes, grid)
            return {
                MapName.FEATURE: Overlay(codes, "viridis", MARGIN_WORDS, limits, marks, words),
                MapName.POOLED: Overlay(pooled_codes, "viridis", MARGIN_WORDS, limits),
            }
        if self.view == "offsets":
            codes, legend = offset_codes(outcome, grid), offset_words(grid)
            return {MapName.FEATURE: Overlay(codes, "offsets", legend, None, marks, words)}
        if self.view == "losers":
            codes = loser_codes(outcome, grid)
            return {MapName.FEATURE: Overlay(codes, "veil", LOSER_WORDS, None, marks, words)}
        return {} if marks is None else {MapName.FEATURE: _signs_alone(marks, words)}

    def _flags_alone(self, values: Values, grid: WindowGrid) -> dict[MapName, Overlay]:
        if not self.has_flags:
            return {}
        return {MapName.FEATURE: _signs_alone(flags_of(values, None, grid), AVERAGE_WORDS)}


def _signs_alone(marks: Codes, words: tuple[str, ...]) -> Overlay:
    return Overlay(np.zeros_like(marks), "veil", (), None, marks, words)


def loser_codes(outcome: Contest, grid: WindowGrid) -> Codes:
    """Return 1 for each pixel of the map that won in no window, 0 for the others."""
    codes = np.ones(grid.source_shape, np.uint8)
    winners = outcome.winners
    codes.ravel()[winners[winners != NO_WINNER]] = 0
    return codes


def margin_codes(outcome: Contest) -> tuple[Codes, tuple[float, float]]:
    """Return each window's margin between 1 and 255, 0 where nobody came second, and its limits.

    The scale begins at 0, a tie, and ends at the largest margin that is a number; an infinite one
    has the code of its end.
    """
    margins = outcome.margins
    highest = float(margins.max(initial=0, where=np.isfinite(margins)))
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = 1.5 + np.minimum(margins / (highest or 1.0), 1) * 254
    codes = np.where(np.isnan(margins), 0, scaled).astype(np.uint8)
    return codes, (0.0, highest)


def over_windows(codes: Codes, grid: WindowGrid) -> Codes:
    """Give every pixel the code of the first window over it, 0 where there is none."""
    rows, cols = holders(grid.rows)[0], holders(grid.cols)[0]
    found: Codes = codes.take(np.maximum(rows, 0), axis=0).take(np.maximum(cols, 0), axis=1)
    found[rows < 0] = 0
    found[:, cols < 0] = 0
    return found


def _sentences(
    values: Values, outcome: Contest | None, grid: WindowGrid, share: float | None
) -> tuple[str, ...]:
    before = [AVERAGE] if outcome is None else losers_in_words(outcome, grid)
    ties = ties_in_words(outcome) if outcome is not None else []
    rebuilt = rebuilt_in_words(share, is_average=outcome is None)
    nan, uncovered = nan_in_words(values, outcome), uncovered_in_words(grid)
    return (*before, *uncovered, *ties, *nan, *rebuilt)
