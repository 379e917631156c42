"""What a pooling throws away: which pixels did not win."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName
from poolviewer.core.laboratory.experiment import Experiment, Finding, Overlay, Subject
from poolviewer.core.pooling import NO_WINNER, winners

LostView = Literal["losers"]


@dataclass(frozen=True, slots=True)
class Lost(Experiment):
    """Shade what a maximum pooling lost.

    Parameters
    ----------
    view
        ``"losers"`` shades every pixel of the feature map that won in no window.
    """

    view: LostView = "losers"

    def conduct(self, subject: Subject) -> Finding:
        """Find the losers of the channel that is shown."""
        activations, channel = subject.activations, subject.channel
        if not activations.stage.pooling.has_winner:
            obstacle = "Average pooling has no winner: every pixel of a window counts the same."
            return Finding(self, channel, obstacle=obstacle)
        has_lost = losers(activations.feature_maps[:, :, channel : channel + 1], subject)
        count, whole = int(has_lost.sum()), has_lost.size
        overlay = Overlay(has_lost.astype(np.uint8), "veil", ("did not win",))
        return Finding(
            self,
            channel,
            sentences=(f"{count:,} of {whole:,} pixels won in no window.",),
            overlays={MapName.FEATURE: overlay},
        )


def losers(maps: NDArray[np.floating], subject: Subject) -> NDArray[np.bool_]:
    """Say of each pixel of a feature map (H, W, 1) whether it won in no window."""
    has_lost = np.ones(maps.shape[:2], np.bool_)
    found = winners(maps, subject.activations.stage.pooling).ravel()
    has_lost.flat[found[found != NO_WINNER]] = False
    return has_lost
