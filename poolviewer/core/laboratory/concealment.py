"""What may be seen of the maps while a mode is on, on the screen and in figures alike."""

from collections.abc import Mapping

import numpy as np

from poolviewer.core.annotation import MapName
from poolviewer.core.laboratory.experiment import Experiment, Finding, Overlay

# Stretched over a whole map, of whatever shape.
COVER = Overlay(np.ones((1, 1), np.uint8), "cover")


def belonging(
    finding: Finding | None, experiment: Experiment | None, channel: int
) -> Finding | None:
    """Return a finding if it is of this mode and channel, though its settings may be older."""
    is_its = finding is not None and type(finding.experiment) is type(experiment)
    return finding if finding and is_its and finding.channel == channel else None


def seen_overlays(
    experiment: Experiment | None, finding: Finding | None
) -> Mapping[MapName, Overlay]:
    """Return the colours over the three maps; what is concealed is covered from the first."""
    if finding is None and experiment is not None and experiment.conceals:
        return {MapName.POOLED: COVER}
    return finding.overlays if finding else {}


def conceals_numbers(experiment: Experiment | None, name: MapName) -> bool:
    """Whether the numbers of one of the three maps must not be seen."""
    if experiment is None or name is MapName.INPUT:
        return False
    return experiment.conceals if name is MapName.POOLED else experiment.conceals_source
