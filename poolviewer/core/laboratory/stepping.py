"""Step-through: a window slides over a map, and the map behind it fills pixel by pixel."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.chain import chain_of
from poolviewer.core.chain_words import in_words, made_of
from poolviewer.core.explanation import explain
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.experiment import Experiment, Finding, Overlay, Subject
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import format_number
from poolviewer.core.operations import Activation, Convolution, Identity, Normalisation, Scaling
from poolviewer.core.stage import Stage
from poolviewer.core.trace import FeatureTrace, PooledTrace, trace_feature, trace_pooled
from poolviewer.core.windows import AdaptiveAxis, WindowAxis

SteppingKind = Literal["pooling", "convolution"]
NO_CONVOLUTION = (
    "The feature map of this stage is not made by a convolution: step through the pooling instead."
)
LEGEND = ("not filled yet",)
_TARGETS: dict[SteppingKind, MapName] = {
    "pooling": MapName.POOLED,
    "convolution": MapName.FEATURE,
}


@dataclass(frozen=True, slots=True)
class Walk:
    """Which pixels of a map are filled one after the other, in reading order, and how far it is.

    Parameters
    ----------
    target
        The map that fills.
    box
        The part of it that is walked; the rest counts as filled.
    position
        Number of the pixel that is filled last, from 0.
    stage
        Whose map it is.
    """

    target: MapName
    box: PixelBox
    position: int
    stage: Stage

    @property
    def count(self) -> int:
        """How many pixels there are to fill."""
        return self.box.shape[0] * self.box.shape[1]

    @property
    def pixel(self) -> Pixel:
        """The pixel that is filled last."""
        row, col = divmod(self.position, self.box.shape[1])
        return Pixel(self.target, self.box.row_start + row, self.box.col_start + col)

    def position_of(self, row: int, col: int) -> int | None:
        """Return the number of a pixel of the map; None outside the part that is walked."""
        if not self.box.contains(row, col):
            return None
        return (row - self.box.row_start) * self.box.shape[1] + col - self.box.col_start

    @property
    def is_empty(self) -> NDArray[np.bool_]:
        """Which pixels of the target map are not filled yet, of its shape."""
        empty = np.zeros(geometry_of(self.stage, self.target).shape, np.bool_)
        part = np.arange(self.count).reshape(self.box.shape)
        empty[self.box.slices] = part > self.position
        return empty


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a step-through goes on.

    Parameters
    ----------
    title
        For people.
    interval_ms
        Milliseconds from one move to the next; a screen shows no more than some thirty a second.
    pixels
        How many pixels one move fills; 0 for the rest of a row, and the next one.
    """

    title: str
    interval_ms: int
    pixels: int = 1

    def after(self, position: int, walk: Walk) -> int:
        """Return the position that follows, at most the last."""
        row_length = walk.box.shape[1]
        end_of_row = (position // row_length + 1) * row_length - 1
        step = self.pixels or end_of_row - position or row_length
        return min(position + step, walk.count - 1)


SPEEDS = (
    Speed("1 pixel per second", 1000),
    Speed("4 pixels per second", 250),
    Speed("16 pixels per second", 62),
    Speed("60 pixels per second", 33, 2),
    Speed("Whole rows", 125, 0),
)


@dataclass(frozen=True, slots=True)
class Stepping(Experiment):
    """Fill a map up to one position.

    Parameters
    ----------
    kind
        ``"pooling"`` slides the pool window over the feature map and fills the pooled map;
        ``"convolution"`` slides the feature-map pixel's receptive field over the input and fills
        the feature map, and the pooled map as far as its windows are full.
    position
        Number of the pixel that is filled last, in reading order of the part, from 0; one behind
        the last counts as the last.
    part
        The part of the map that is walked; None for all of it.
    """

    mode = "stepping"
    kind: SteppingKind = "pooling"
    position: int = 0
    part: PixelBox | None = None
    needs_still = True

    @property
    def needs_steps(self) -> bool:  # type: ignore[override]
        """Whether the maps of all layers are wanted, to add up what a convolution made."""
        return self.kind == "convolution"

    @property
    def target(self) -> MapName:
        """The map that fills."""
        return _TARGETS[self.kind]

    def walk(self, stage: Stage) -> Walk:
        """Return what is walked on a stage, and how far it is."""
        rows, cols = geometry_of(stage, self.target).shape
        box = _cut(self.part, rows, cols)
        last = box.shape[0] * box.shape[1] - 1
        return Walk(self.target, box, min(max(self.position, 0), last), stage)

    def positions(self, stage: Stage) -> range:
        """Return all positions on a stage, for those who draw them one after the other."""
        return range(self.walk(stage).count)

    def at(self, position: int) -> "Stepping":
        """Return the same at another position."""
        return replace(self, position=position)

    def seen(self, part: PixelBox | None, walk: Walk | None) -> "Stepping":
        """Return the same for another part of the map; a pixel that is still in it stays."""
        there = replace(self, part=part, position=0)
        if walk is None or walk.target is not self.target:
            return there
        found = there.walk(walk.stage).position_of(walk.pixel.row, walk.pixel.col)
        return there.at(found or 0)

    def conduct(self, subject: Subject) -> Finding:
        """Hide what is not filled yet, and trace what is filled last."""
        activations, channel = subject.activations, subject.channel
        if self.kind == "convolution" and not made_by_convolution(activations):
            return Finding(self, channel, obstacle=NO_CONVOLUTION)
        walk = self.walk(activations.stage)
        return Finding(
            self,
            channel,
            sentences=_sentences(activations, channel, walk),
            overlays=_overlays(walk),
            traced=walk.pixel,
            details=walk,
        )

    def clicked(self, pixel: Pixel, finding: Finding | None) -> "Experiment | None":
        """Go to the pixel that was clicked, or to the first window that holds it."""
        walk = walk_of(finding)
        if walk is None:
            return self
        targets = [(pixel.row, pixel.col)] if pixel.map_name is walk.target else []
        if self.kind == "pooling" and pixel.map_name is MapName.FEATURE:
            targets = list(walk.stage.pooling.grid.windows_over(pixel.row, pixel.col))
        found = (walk.position_of(*target) for target in targets)
        position = next((each for each in found if each is not None), walk.position)
        return self.at(position)

    def moved(self, rows: int, cols: int, finding: Finding | None) -> "Experiment | None":
        """Go to the pixel beside the last, within the part that is walked."""
        walk = walk_of(finding)
        if walk is None:
            return self
        box, pixel = walk.box, walk.pixel
        row = min(max(pixel.row + rows, box.row_start), box.row_stop - 1)
        col = min(max(pixel.col + cols, box.col_start), box.col_stop - 1)
        return self.at(walk.position_of(row, col) or 0)


def walk_of(finding: Finding | None) -> Walk | None:
    """Return how far a step-through is; None without one, and where it does not apply."""
    details = finding.details if finding else None
    return details if isinstance(details, Walk) else None


def made_by_convolution(activations: Activations) -> bool:
    """Whether a convolution made the feature map, but for a function of every number alone."""
    steps, operations = activations.stage.graph.steps, activations.operations
    if not operations:
        return activations.stage.source_window is not None
    index = len(steps) - 1
    while index != INPUT and isinstance(
        operations[index], Normalisation | Scaling | Activation | Identity
    ):
        index = steps[index].links[0].source
    return index != INPUT and isinstance(operations[index], Convolution)


def _cut(part: PixelBox | None, rows: int, cols: int) -> PixelBox:
    """Return the part of a map that exists; all of it where none does."""
    whole = PixelBox(0, 0, rows, cols)
    if part is None:
        return whole
    cut = PixelBox(
        max(part.row_start, 0),
        max(part.col_start, 0),
        min(part.row_stop, rows),
        min(part.col_stop, cols),
    )
    return cut if min(cut.shape) > 0 else whole


def _overlays(walk: Walk) -> dict[MapName, Overlay]:
    empty = walk.is_empty
    overlays = {walk.target: Overlay(empty.astype(np.uint8), "cover", LEGEND)}
    if walk.target is MapName.FEATURE:
        # A window is full once its last pixel is: reading order comes to that one last.
        grid, box = walk.stage.pooling.grid, walk.box
        last_rows = _last_walked(grid.rows, box.row_start, box.row_stop)
        last_cols = _last_walked(grid.cols, box.col_start, box.col_stop)
        behind = empty[np.ix_(last_rows, last_cols)]
        overlays[MapName.POOLED] = Overlay(behind.astype(np.uint8), "cover", LEGEND)
    return overlays


def _last_walked(axis: WindowAxis | AdaptiveAxis, start: int, stop: int) -> list[int]:
    """Return of each window the last source position that is walked, or any that is not."""
    windows = (axis.window(index) for index in range(axis.count))
    return [
        max(min(last, stop) if first < stop and start < last else last, 1) - 1
        for first, last in windows
    ]


def _sentences(activations: Activations, channel: int, walk: Walk) -> tuple[str, ...]:
    """Say what is calculated for the pixel that is filled last."""
    row, col = walk.pixel.row, walk.pixel.col
    if walk.target is MapName.POOLED:
        pooled = trace_pooled(activations, channel, row, col)
        result = f"{pooled.arithmetic} → pooled ({row}, {col})"
        return _numbered(walk, result), *_remarks(pooled)
    feature = trace_feature(activations, channel, row, col)
    chain = chain_of(activations, channel, walk.pixel)
    made = made_of(chain) if chain else None
    sum_words = in_words(made) if made else format_number(feature.value)
    result = f"{sum_words} → feature map ({row}, {col})"
    return _numbered(walk, result), _field(feature)


def _numbered(walk: Walk, result: str) -> str:
    part = " in view" if walk.box.shape != geometry_of(walk.stage, walk.target).shape else ""
    return f"Window {walk.position + 1:,} of {walk.count:,}{part}: {result}."


def _remarks(trace: PooledTrace) -> tuple[str, ...]:
    """Say who won, or why nobody did: all but where the window and its field are."""
    return explain(trace).sentences[1:-1]


def _field(trace: FeatureTrace) -> str:
    return explain(trace).sentences[-1]
