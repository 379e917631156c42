"""The feature map as it is rebuilt from the pooled values alone."""

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.display import DisplaySpec, levels_of, quantise
from poolviewer.core.laboratory.contest import Contest, Values, holders, scattered
from poolviewer.core.laboratory.experiment import ExtraMap, Subject
from poolviewer.core.windows import WindowGrid


def unpooled(pooled: Values, outcome: Contest, shape: tuple[int, int]) -> Values:
    """Put the pooled values (h, w) where the winners stood, and 0 everywhere else.

    What won in several windows gets the same value from each of them.
    """
    return scattered(outcome, pooled, shape)


def spread(pooled: Values, grid: WindowGrid) -> Values:
    """Give every pixel the mean of the pooled values of all windows over it; 0 where none is."""
    total, count = np.zeros(grid.source_shape), np.zeros(grid.source_shape)
    for rows in holders(grid.rows):
        for cols in holders(grid.cols):
            is_inside = (rows >= 0)[:, np.newaxis] & (cols >= 0)
            total += np.where(is_inside, pooled[rows][:, cols], 0)
            count += is_inside
    return (total / np.maximum(count, 1)).astype(pooled.dtype)


def kept_share(values: Values, rebuilt: Values) -> float | None:
    """Return how much of a map's sum of squares a rebuilt one has; None where that is no number."""
    with np.errstate(over="ignore", invalid="ignore"):
        whole, kept = (float(np.vdot(part, part)) for part in (values, rebuilt))
    return kept / whole if 0 < whole < np.inf and np.isfinite(kept) else None


def rebuilt_map(subject: Subject, values: Values, rebuilt: Values) -> ExtraMap:
    """Show a rebuilt map in the shades of the feature map's values; these reach to 0."""
    maps = values[:, :, np.newaxis], rebuilt[:, :, np.newaxis]
    low, high = levels_of(*maps, DisplaySpec()).feature[0].tolist()
    levels = min(low, 0.0), max(high, 0.0)
    shades: NDArray[np.uint8] = quantise(rebuilt, np.array(levels))
    geometry = subject.activations.stage.feature_geometry
    return ExtraMap("Rebuilt", geometry, rebuilt, shades, levels)
