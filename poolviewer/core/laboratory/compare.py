"""Compare: a second pooling of the same feature map, and how it differs from the network's."""

from dataclasses import dataclass

import numpy as np

from poolviewer.core.annotation import Role
from poolviewer.core.display import quantise
from poolviewer.core.geometry import MapGeometry
from poolviewer.core.laboratory.compare_pixels import beside_at, related_pixels
from poolviewer.core.laboratory.comparison import Comparison
from poolviewer.core.laboratory.experiment import Experiment, ExtraMap, Finding, Subject
from poolviewer.core.laboratory.related import Beside, Related
from poolviewer.core.laboratory.second_pooling import (
    SecondKind,
    Values,
    difference,
    is_same_pooling,
    places_under,
    pooled_channel,
)
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import format_number, times
from poolviewer.core.pooling import Pooling
from poolviewer.core.trace import Trace
from poolviewer.core.windows import Padding, WindowGrid

KIND_WORDS: dict[SecondKind, str] = {
    "max": "maximum",
    "average": "average",
    "first": "first pixel of each window",
}


@dataclass(frozen=True, slots=True)
class Compare(Experiment):
    """Pool the visible channel once more, and subtract the network's own pooled map.

    Parameters
    ----------
    kind, size, strides, padding
        The second pooling; ``(rows, columns)`` in pixels of the feature map. What is None follows
        the network: its windows, and an average where it takes the maximum, else a maximum.
    """

    mode = "compare"
    kind: SecondKind | None = None
    size: tuple[int, int] | None = None
    strides: tuple[int, int] | None = None
    padding: Padding | None = None

    def settled(self, pooling: Pooling) -> "Compare":
        """Return the same with what is None as it is beside a network's pooling."""
        other: SecondKind = "average" if pooling.has_winner else "max"
        grid = pooling.grid
        return Compare(
            self.kind or other,
            self.size or grid.size,
            self.strides or grid.strides,
            self.padding or grid.padding,
        )

    def conduct(self, subject: Subject) -> Finding:
        """Pool the channel that is shown, and compare.

        Where both poolings are the same, the network's own numbers are taken: a mean that
        TensorFlow sums up in float32 would else differ in its last digits.
        """
        activations, channel = subject.activations, subject.channel
        stage = activations.stage
        settings, grid = self.settled(stage.pooling), self._grid(stage.pooling)
        kind = settings.kind or "max"
        first = np.asarray(activations.pooled_maps[:, :, channel])
        if 0 in grid.shape:
            sentence = _too_large(grid)
            return Finding(self, channel, obstacle=sentence)
        if is_same_pooling(stage.pooling, kind, grid):
            second, geometry = first, stage.pooled_geometry
        else:
            values = np.asarray(activations.feature_maps[:, :, channel])
            second = pooled_channel(values, kind, grid)
            geometry = grid.output_geometry(stage.feature_geometry)
        places = places_under(stage.pooled_geometry, geometry)
        signed = difference(first, second, places)
        return Finding(
            self,
            channel,
            sentences=_sentences(signed, is_same_grid=geometry == stage.pooled_geometry),
            maps=(
                _second_map(first, second, geometry, f"{KIND_WORDS[kind]}: {grid.in_words()}"),
                _signed_map(signed, geometry),
            ),
            details=Comparison(settings, grid, second, geometry, places),
        )

    def beside(self, row: int, col: int, finding: Finding) -> Beside | None:
        """Return the point of a pixel of the second map or of the difference."""
        details = finding.details
        return beside_at(details, row, col) if isinstance(details, Comparison) else None

    def related(
        self,
        finding: Finding,
        activations: Activations,
        trace: Trace | None,
        beside: Beside | None,
        *,
        is_pinned: bool,
    ) -> Related | None:
        """Return the second pixel and its window, and both numbers in words."""
        details = finding.details
        if not isinstance(details, Comparison):
            return None
        own = Role.PINNED if is_pinned else Role.PIXEL
        return related_pixels(details, activations, finding.channel, trace, beside=beside, own=own)

    def _grid(self, pooling: Pooling) -> WindowGrid:
        """Return the windows: the network's own, adaptive ones too, if none others were chosen."""
        settings, grid = self.settled(pooling), pooling.grid
        windows = settings.size or (1, 1), settings.strides or (1, 1), settings.padding or "valid"
        if windows == (grid.size, grid.strides, grid.padding):
            return grid
        return WindowGrid.over(grid.source_shape, *windows)


def _too_large(grid: WindowGrid) -> str:
    return (
        f"A pool of {times(*grid.size)} does not fit into the feature map of "
        f"{times(*grid.source_shape)}: make it smaller, or the padding same."
    )


def _sentences(signed: Values, *, is_same_grid: bool) -> tuple[str, ...]:
    compared = signed[~np.isnan(signed)]
    if not compared.size:
        return ("No pixel of both maps can be compared.",)
    count = int(np.count_nonzero(compared))
    with np.errstate(over="ignore"):
        sizes = np.abs(compared.astype(np.float64))
    words = [f"{count:,} of {signed.size:,} pixels differ"]
    if count:
        words.append(
            f"by {format_number(float(sizes.max()))} at most, "
            f"{format_number(float(sizes.mean()))} on average"
        )
    where = (
        ""
        if is_same_grid
        else ("Each pixel of the second map is compared with that of the first under its centre.")
    )
    return tuple(filter(None, (f"{', '.join(words)}.", where)))


def _second_map(first: Values, second: Values, geometry: MapGeometry, making: str) -> ExtraMap:
    """Show the second map in the shades of the first: equal shades are equal numbers."""
    levels = _range(first)
    shades = quantise(second, np.array(levels))
    return ExtraMap("Second pooling", geometry, second, shades, levels, making=making)


def _signed_map(signed: Values, geometry: MapGeometry) -> ExtraMap:
    reach = max(map(abs, _range(signed))) or 1.0
    levels = -reach, reach
    shades = quantise(signed, np.array(levels))
    making = "second pooling − pooled map"
    return ExtraMap("Difference", geometry, signed, shades, levels, "diverging", making)


def _range(values: Values) -> tuple[float, float]:
    """Return the lowest and the highest number that is neither infinite nor the lowest float."""
    largest = np.finfo(values.dtype).max
    usual = values[np.abs(values) < largest]
    return (float(usual.min()), float(usual.max())) if usual.size else (0.0, 0.0)
