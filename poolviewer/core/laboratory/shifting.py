"""A picture moved by some pixels, and how much a map differs from what it was, on plain arrays."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.messages import PreparedInput

FURTHEST = 4

# By how many input pixels a picture is moved, as (down, right).
Step = tuple[int, int]
UNMOVED: Step = (0, 0)


def moved(values: NDArray[np.generic], step: Step) -> NDArray[np.generic]:
    """Return a read-only, contiguous copy of values (H, W, C) moved by a step.

    What comes in at an edge repeats the pixels of that edge.
    """
    rows, cols = (
        np.clip(np.arange(length) - by, 0, length - 1)
        for length, by in zip(values.shape[:2], step, strict=True)
    )
    copy = np.ascontiguousarray(values[rows[:, np.newaxis], cols])
    copy.flags.writeable = False
    return copy


def moved_picture(before: PreparedInput, received: PreparedInput, step: Step) -> PreparedInput:
    """Return what the network received, with the pixels moved alike; the original stays."""
    return replace(received, pixels=moved(before.pixels, step).astype(np.uint8, copy=False))


def steps_along(step: Step) -> tuple[Step, ...]:
    """Return the steps of 0, 1, 2 … `FURTHEST` pixels in the direction of a step, rounded.

    The longer of both distances counts. A step of no length has no direction.
    """
    length = length_of(step)
    if not length:
        return (UNMOVED,)
    down, right = step
    reach = range(FURTHEST + 1)
    return tuple((round(down * k / length), round(right * k / length)) for k in reach)


def length_of(step: Step) -> int:
    """Return the longer of both distances, in pixels."""
    return max(abs(step[0]), abs(step[1]))


def changed_share(before: NDArray[np.floating], after: NDArray[np.floating]) -> float | None:
    """Return how much a map changed, in percent of how much it varies.

    It is 100 · Σ|after − before| / Σ|before − mean(before)|, in float64. Pixels that are not
    finite in either map are left out. None where nothing is left or what is left is the same
    everywhere: there is nothing to compare with.
    """
    is_finite = np.isfinite(before) & np.isfinite(after)
    old, new = (values[is_finite].astype(np.float64) for values in (before, after))
    if not old.size or old.min() == old.max():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        variation = np.abs(old - old.mean()).sum()
        share = 100 * (np.abs(new - old).sum() / variation) if variation else np.nan
    return float(share) if np.isfinite(share) else None
