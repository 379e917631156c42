"""How time grows: a linear model of each part of a frame, fitted to measurements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PARTS = ("engine", "render", "paint")
TERMS = (
    "a frame",
    "a million input pixels",
    "a million values of the feature maps",
    "100 tiles",
    "a million shades",
)
LEAST_MS = 0.0005  # below it, a factor is a rounding error


@dataclass(frozen=True, slots=True)
class Point:
    """What one size of network took, in milliseconds.

    Parameters
    ----------
    sweep
        Which of the plot's panels it belongs to.
    side
        Rows and columns of the input.
    tiles
        How many tiles each gallery shows.
    shades
        Pixels of both mosaics.
    engine, render, paint
        The network; everything else behind the window (preparing the input, levels, mosaics);
        the window, from the maps' arrival to the end of their paint.
    """

    sweep: str
    side: int
    channels: int
    tiles: int
    shades: int
    engine: float
    render: float
    paint: float

    @property
    def sizes(self) -> tuple[float, ...]:
        """What the terms of the model are multiplied by."""
        pixels = self.side**2 / 1e6
        return 1.0, pixels, pixels * self.channels, self.tiles / 100, self.shades / 1e6


def fit(points: Sequence[Point]) -> dict[str, NDArray[np.float64]]:
    """Return the milliseconds for each of `TERMS`, for each of `PARTS`."""
    sizes = np.array([point.sizes for point in points])
    return {
        part: non_negative_fit(sizes, np.array([getattr(point, part) for point in points]))
        for part in PARTS
    }


def non_negative_fit(sizes: NDArray[np.float64], ms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the factors with the least squares of relative errors; none makes time run back."""
    used = list(range(sizes.shape[1]))
    while True:
        found = np.linalg.lstsq(sizes[:, used] / ms[:, None], np.ones(len(ms)), rcond=None)[0]
        if (found >= 0).all():
            break
        del used[int(found.argmin())]
    factors = np.zeros(sizes.shape[1])
    factors[used] = found
    return factors


def predicted(point: Point, factors: NDArray[np.float64]) -> float:
    """Return the milliseconds that a model says."""
    return float(np.dot(point.sizes, factors))


def median_error(points: Iterable[Point], part: str, factors: NDArray[np.float64]) -> float:
    """Return by how much the model is off, in percent of what was measured."""
    errors = [abs(predicted(p, factors) / getattr(p, part) - 1) for p in points]
    return 100 * float(np.median(errors))


def table(points: Sequence[Point]) -> str:
    """Return the fitted model as a Markdown table."""
    lines = [
        "| ms for | " + " | ".join(TERMS) + " | median error |",
        "|---" * (len(TERMS) + 2) + "|",
    ]
    for part, factors in fit(points).items():
        cells = [f"{factor:.3g}" if factor > LEAST_MS else "–" for factor in factors]
        error = f"{median_error(points, part, factors):.0f} %"
        lines.append("| " + " | ".join([part, *cells, error]) + " |")
    return "\n".join(lines)
