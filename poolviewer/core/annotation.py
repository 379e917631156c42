"""What is drawn over each map for a trace: the same on the screen and in every file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from poolviewer.core.geometry import MapGeometry, PixelBox, Rect
from poolviewer.core.messages import Activations
from poolviewer.core.stage import Stage
from poolviewer.core.trace import (
    FeatureTrace,
    InputTrace,
    PooledTrace,
    Trace,
    trace_feature,
    trace_input,
    trace_pooled,
)


class MapName(Enum):
    """The three linked maps."""

    INPUT = "input"
    FEATURE = "feature"
    POOLED = "pooled"


class Role(Enum):
    """What an outline means; each role has one colour and one shape everywhere."""

    WINDOW = "pool window"
    WINNER = "winner"
    FIELD = "receptive field"
    PIXEL = "hovered"
    PINNED = "pinned"
    EDITED = "changed by hand"
    FLIPPED = "winner flipped"
    SECOND = "second window"


@dataclass(frozen=True, slots=True)
class Pixel:
    """One pixel of one of the three maps."""

    map_name: MapName
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A rectangle of the world and what it means."""

    rect: Rect
    role: Role


Outlines = Mapping[MapName, tuple[Outline, ...]]


def trace_of(activations: Activations, channel: int, pixel: Pixel) -> Trace | None:
    """Trace a pixel of any map; None where this frame's map has no such channel or pixel."""
    rows, cols = geometry_of(activations.stage, pixel.map_name).shape
    is_inside = 0 <= pixel.row < rows and 0 <= pixel.col < cols
    if not (is_inside and 0 <= channel < activations.stage.channels):
        return None
    if pixel.map_name is MapName.POOLED:
        return trace_pooled(activations, channel, pixel.row, pixel.col)
    if pixel.map_name is MapName.FEATURE:
        return trace_feature(activations, channel, pixel.row, pixel.col)
    return trace_input(activations, pixel.row, pixel.col)


def geometry_of(stage: Stage, map_name: MapName) -> MapGeometry:
    """Return where the pixels of one of the three maps lie."""
    if map_name is MapName.INPUT:
        return stage.input_geometry
    return stage.feature_geometry if map_name is MapName.FEATURE else stage.pooled_geometry


def outlines_of(stage: Stage, trace: Trace | None, *, is_pinned: bool = False) -> Outlines:
    """Return what to draw over each of the three maps for a trace."""
    own = Role.PINNED if is_pinned else Role.PIXEL
    if isinstance(trace, PooledTrace):
        return _pooled_outlines(stage, trace, own)
    if isinstance(trace, FeatureTrace):
        return _feature_outlines(stage, trace, own)
    if isinstance(trace, InputTrace):
        tile = stage.input_geometry.tile(trace.row, trace.col)
        return {MapName.INPUT: (Outline(tile, own),)}
    return {}


def united(below: Outlines, above: Outlines) -> Outlines:
    """Return what two sets of outlines draw together, the first below the second."""
    return {name: (*below.get(name, ()), *above.get(name, ())) for name in MapName}


def uncovered_rects(stage: Stage) -> tuple[Rect, ...]:
    """Return the rows and columns of the feature map that no pool window covers."""
    grid, geometry = stage.pooling.grid, stage.feature_geometry
    height, width = stage.feature_shape
    rows = [PixelBox(start, 0, stop, width) for start, stop in _runs(grid.rows.uncovered())]
    cols = [PixelBox(0, start, height, stop) for start, stop in _runs(grid.cols.uncovered())]
    return tuple(geometry.rect(box) for box in rows + cols)


def _pooled_outlines(stage: Stage, trace: PooledTrace, own: Role) -> Outlines:
    feature = stage.feature_geometry
    marks = [Outline(feature.rect(trace.window), Role.WINDOW)]
    if trace.winner:
        marks.append(Outline(feature.tile(*trace.winner), Role.WINNER))
    return {
        MapName.INPUT: _field(stage, trace.receptive_field),
        MapName.FEATURE: tuple(marks),
        MapName.POOLED: (Outline(stage.pooled_geometry.tile(trace.row, trace.col), own),),
    }


def _feature_outlines(stage: Stage, trace: FeatureTrace, own: Role) -> Outlines:
    pooled = stage.pooled_geometry
    fed = [
        Outline(pooled.tile(feed.row, feed.col), Role.WINNER if feed.has_won else Role.WINDOW)
        for feed in trace.feeds
    ]
    if trace.fed and trace.feed_count > len(trace.feeds):
        fed = [Outline(pooled.rect(trace.fed), Role.WINDOW)]  # thousands would only be a blot
    return {
        MapName.INPUT: _field(stage, trace.receptive_field),
        MapName.FEATURE: (Outline(stage.feature_geometry.tile(trace.row, trace.col), own),),
        MapName.POOLED: tuple(fed),
    }


def _field(stage: Stage, box: PixelBox | None) -> tuple[Outline, ...]:
    return (Outline(stage.input_geometry.rect(box), Role.FIELD),) if box else ()


def _runs(positions: tuple[int, ...]) -> list[tuple[int, int]]:
    """Join neighbouring positions into half-open runs."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
