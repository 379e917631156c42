"""What became of one channel of the maps: what changed, which winners flipped, where to mark it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName, Outline, Outlines, Role, geometry_of
from poolviewer.core.laboratory.experiment import Overlay
from poolviewer.core.laboratory.poking import Edit, differ
from poolviewer.core.messages import Activations
from poolviewer.core.pooling import Pooling, winner_in, winners
from poolviewer.core.stage import Stage

MOST_OUTLINES = 256
MOST_SINGLE_PLACES = 64

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What became of one channel.

    Parameters
    ----------
    channel
        Which of the feature map's.
    features
        How many pixels of the feature map have another value.
    pooled
        Rows and columns of the pooled pixels that have another value, of shape (n, 2).
    flipped
        The same of those whose winner is another pixel.
    """

    channel: int
    features: int = 0
    pooled: Places = field(default_factory=lambda: np.empty((0, 2), np.intp))
    flipped: Places = field(default_factory=lambda: np.empty((0, 2), np.intp))


def changes_of(
    edits: Sequence[Edit], before: Activations, after: Activations, channel: int
) -> Changes:
    """Compare one channel of the maps before and after some edits.

    What edits of the feature map can have changed is known; behind the input it is everything.
    """
    maps = before.feature_maps[:, :, channel], after.feature_maps[:, :, channel]
    pooled = before.pooled_maps[:, :, channel], after.pooled_maps[:, :, channel]
    pooling = before.stage.pooling
    if any(edit.map_name is MapName.INPUT for edit in edits):
        places = np.argwhere(differ(*maps))
        return Changes(
            channel, len(places), np.argwhere(differ(*pooled)), _flipped(*maps, places, pooling)
        )
    edited = _as_places({(edit.row, edit.col) for edit in edits if edit.channel == channel})
    places = _differing(edited, *maps)
    touched = _differing(_touched(places, pooling), *pooled)
    return Changes(channel, len(places), touched, _flipped(*maps, places, pooling))


def overlay_of_flips(changes: Changes, stage: Stage) -> Mapping[MapName, Overlay]:
    """Return colours over the pooled pixels whose winner is another one; none without any."""
    if not len(changes.flipped):
        return {}
    codes = np.zeros(stage.pooled_shape, np.uint8)
    codes[tuple(changes.flipped.T)] = 1
    return {MapName.POOLED: Overlay(codes, "flips", ("winner flipped",))}


def outlines_of_changes(edits: Sequence[Edit], changes: Changes, stage: Stage) -> Outlines:
    """Return outlines of the edited pixels of a channel and of the flipped ones, if they are few.

    Thousands of flipped pixels are told by their colour alone.
    """
    inputs = {(e.row, e.col) for e in edits if e.map_name is MapName.INPUT}
    features = {
        (e.row, e.col)
        for e in edits
        if e.map_name is MapName.FEATURE and e.channel == changes.channel
    }
    outlines = {
        MapName.INPUT: _around(inputs, MapName.INPUT, stage, Role.EDITED),
        MapName.FEATURE: _around(features, MapName.FEATURE, stage, Role.EDITED),
    }
    if len(changes.flipped) <= MOST_OUTLINES:
        flipped = (tuple(place) for place in changes.flipped.tolist())
        outlines[MapName.POOLED] = _around(flipped, MapName.POOLED, stage, Role.FLIPPED)
    return outlines


def _around(
    places: Iterable[tuple[int, ...]], name: MapName, stage: Stage, role: Role
) -> tuple[Outline, ...]:
    geometry = geometry_of(stage, name)
    return tuple(Outline(geometry.tile(row, col), role) for row, col in places)


def _as_places(places: Iterable[tuple[int, int]]) -> Places:
    return np.array(sorted(places), np.intp).reshape(-1, 2)


def _differing(places: Places, before: NDArray[np.floating], after: NDArray[np.floating]) -> Places:
    """Keep the places of a map (H, W) where its numbers are not the same."""
    rows, cols = places.T
    return places[differ(before[rows, cols], after[rows, cols])]


def _touched(places: Places, pooling: Pooling) -> Places:
    """Return the pooled pixels whose windows hold any of some pixels."""
    windows_over = pooling.grid.windows_over
    return _as_places({pooled for place in places.tolist() for pooled in windows_over(*place)})


def _flipped(
    before: NDArray[np.floating], after: NDArray[np.floating], places: Places, pooling: Pooling
) -> Places:
    """Return where another pixel wins, given which pixels of a map (H, W) changed."""
    if not pooling.has_winner:
        return _as_places(())
    if len(places) > MOST_SINGLE_PLACES:
        old, new = (winners(each[:, :, np.newaxis], pooling)[:, :, 0] for each in (before, after))
        return np.argwhere(old != new)

    def is_flipped(row: int, col: int) -> bool:
        window = pooling.grid.window(row, col).slices
        return winner_in(before[window]) != winner_in(after[window])

    touched = _touched(places, pooling).tolist()
    return _as_places((row, col) for row, col in touched if is_flipped(row, col))
