"""What pixels changed by hand do to the maps behind them, on plain arrays.

Only what lies behind a changed pixel is made anew: behind the input by the network itself, behind
the feature map by pooling the windows that hold it. All other numbers stay those of the network.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName, Outline, Outlines, Role, geometry_of
from poolviewer.core.input_spec import InputSpec, spread
from poolviewer.core.laboratory.experiment import Overlay
from poolviewer.core.messages import Activations
from poolviewer.core.pooling import Pooling, winner_in, winners
from poolviewer.core.stage import Stage

MOST_OUTLINES = 256
MOST_SINGLE_PLACES = 16

Rerun = Callable[[NDArray[np.float32]], Activations]


@dataclass(frozen=True, slots=True)
class Edit:
    """A number that is added to one pixel.

    Parameters
    ----------
    map_name
        The input or the feature map.
    row, col, channel
        The pixel; on the input, None is every channel.
    by
        What is added: on the input, in the units that the network receives.
    """

    map_name: MapName
    row: int
    col: int
    channel: int | None
    by: float


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
    pooled: NDArray[np.intp] = field(default_factory=lambda: np.empty((0, 2), np.intp))
    flipped: NDArray[np.intp] = field(default_factory=lambda: np.empty((0, 2), np.intp))


def is_inside(edit: Edit, activations: Activations) -> bool:
    """Return whether the maps of this network have the pixel that an edit changes."""
    rows, cols = geometry_of(activations.stage, edit.map_name).shape
    is_input = edit.map_name is MapName.INPUT
    channels = activations.stage.input_shape[2] if is_input else activations.stage.channels
    return edit.row < rows and edit.col < cols and (edit.channel or 0) < channels


def altered_by(edits: Iterable[Edit], activations: Activations, rerun: Rerun) -> Activations:
    """Return the maps with all edits; ``rerun`` is asked only if one changes the input."""
    by_map: dict[MapName, list[Edit]] = {name: [] for name in MapName}
    for edit in edits:
        by_map[edit.map_name].append(edit)
    altered = activations
    if by_map[MapName.INPUT]:
        altered = _with_input(activations, by_map[MapName.INPUT], rerun)
    if by_map[MapName.FEATURE]:
        altered = _with_features(altered, by_map[MapName.FEATURE])
    return altered


def edited(values: NDArray[np.floating], edits: Iterable[Edit]) -> NDArray[np.floating]:
    """Return a read-only copy of values (H, W, C), of the same dtype, with all edits."""
    changed = values.copy()
    for edit in edits:
        place = (edit.row, edit.col, slice(None) if edit.channel is None else edit.channel)
        changed[place] = raised(changed[place], edit.by)
    changed.flags.writeable = False
    return changed


def raised(values: NDArray[np.floating], by: float) -> NDArray[np.floating]:
    """Add a number, but never beyond the largest finite one; NaN and infinities stay."""
    if by == 0:  # or a negative zero would become a positive one
        return values
    largest = float(np.finfo(values.dtype).max)
    with np.errstate(over="ignore", invalid="ignore"):
        sums = np.clip(values.astype(np.float64) + by, -largest, largest)
    return np.where(np.isfinite(values), sums, values).astype(values.dtype)


def picture_pixels(values: NDArray[np.floating], spec: InputSpec) -> NDArray[np.uint8]:
    """Return what a picture shows where the network receives ``values`` (…, channels), clipped.

    The inverse of scaling, mean and deviation, for the first channels of the order.
    """
    count, names = values.shape[-1], len(spec.order_names)
    mean, deviation = spread(spec.mean, names, 0), spread(spec.deviation, names, 1)
    scaled = values.astype(np.float64) * deviation[:count] + mean[:count]
    if spec.scaling == "0-1":
        scaled = scaled * 255
    elif spec.scaling == "-1-1":
        scaled = (scaled + 1) * 127.5
    return np.rint(np.clip(np.nan_to_num(scaled), 0, 255)).astype(np.uint8)


def changes_between(before: Activations, after: Activations, channel: int) -> Changes:
    """Compare one channel of the maps before and after."""
    maps = before.feature_maps[:, :, channel], after.feature_maps[:, :, channel]
    is_other = _differ(*maps)
    pooled = _differ(before.pooled_maps[:, :, channel], after.pooled_maps[:, :, channel])
    places = np.argwhere(is_other)
    flipped = _flipped(*maps, places, before.stage.pooling)
    return Changes(channel, len(places), np.argwhere(pooled), flipped)


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


def _with_input(activations: Activations, edits: list[Edit], rerun: Rerun) -> Activations:
    values = edited(activations.prepared.values, edits).astype(np.float32, copy=False)
    altered = rerun(values)
    # What the network received, which may have cast the numbers.
    received, pixels = altered.prepared.values, activations.prepared.pixels.copy()
    count = min(received.shape[2], pixels.shape[2])
    for row, col in {(edit.row, edit.col) for edit in edits}:
        spec = activations.network.input
        pixels[row, col, :count] = picture_pixels(received[row, col, :count], spec)
    pixels.flags.writeable = False
    return replace(altered, prepared=replace(altered.prepared, pixels=pixels))


def _with_features(activations: Activations, edits: list[Edit]) -> Activations:
    before, pooling = activations.feature_maps, activations.stage.pooling
    after, pooled = edited(before, edits), activations.pooled_maps.copy()
    for row, col, channel in {(edit.row, edit.col, edit.channel) for edit in edits}:
        if not _differ(before[row, col, channel], after[row, col, channel]):
            continue  # edits that add up to nothing, or a pixel that is no number
        for place in pooling.grid.windows_over(row, col):
            window = after[(*pooling.grid.window(*place).slices, channel)]
            pooled[(*place, channel)] = pooled_value(window, pooling)
    pooled.flags.writeable = False
    return replace(activations, feature_maps=after, pooled_maps=pooled)


def pooled_value(window: NDArray[np.floating], pooling: Pooling) -> np.floating:
    """Pool one window of shape (rows, cols), which holds a number, in the window's own dtype.

    A maximum is the very number of its winner; an average is rounded once, where TensorFlow
    rounds after each addition.
    """
    if pooling.has_winner:
        winner = winner_in(window)
        return window[winner] if winner else window.dtype.type(np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        mean: np.floating = window.mean(dtype=np.float64).astype(window.dtype)
    return mean


def _differ(before: NDArray[np.floating], after: NDArray[np.floating]) -> NDArray[np.bool_]:
    are_other: NDArray[np.bool_] = (before != after) & ~(np.isnan(before) & np.isnan(after))
    return are_other


def _flipped(
    before: NDArray[np.floating],
    after: NDArray[np.floating],
    places: NDArray[np.intp],
    pooling: Pooling,
) -> NDArray[np.intp]:
    """Return where another pixel wins, given which pixels of a map (H, W) changed."""
    if not pooling.has_winner or not len(places):
        return np.empty((0, 2), np.intp)
    if len(places) > MOST_SINGLE_PLACES:
        old, new = (winners(each[:, :, np.newaxis], pooling)[:, :, 0] for each in (before, after))
        return np.argwhere(old != new)
    grid = pooling.grid
    touched = {pooled for place in places.tolist() for pooled in grid.windows_over(*place)}
    flipped = [
        place
        for place in sorted(touched)
        if winner_in(before[grid.window(*place).slices])
        != winner_in(after[grid.window(*place).slices])
    ]
    return np.array(flipped, np.intp).reshape(-1, 2)
