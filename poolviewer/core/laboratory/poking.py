"""What pixels changed by hand do to the maps behind them, on plain arrays.

Only what lies behind a changed pixel is made anew: behind the input by the network itself, behind
the feature map by pooling the windows that hold it. All other numbers stay those of the network.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName, geometry_of
from poolviewer.core.input_spec import InputSpec, spread
from poolviewer.core.messages import Activations
from poolviewer.core.pooling import Pooling, winner_in
from poolviewer.core.precision import Precision, rounded

# The largest finite number of each format.
LARGEST: dict[Precision, float] = {
    "bfloat16": (2 - 2.0**-7) * 2.0**127,
    "float16": 65504.0,
    "float32": float(np.finfo(np.float32).max),
    "float64": float(np.finfo(np.float64).max),
}

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


def edited(
    values: NDArray[np.floating], edits: Iterable[Edit], precision: Precision = "float64"
) -> NDArray[np.floating]:
    """Return a read-only copy of values (H, W, C), of the same dtype, with all edits."""
    changed = values.copy()
    for edit in edits:
        place = (edit.row, edit.col, slice(None) if edit.channel is None else edit.channel)
        changed[place] = raised(changed[place], edit.by, precision)
    changed.flags.writeable = False
    return changed


def raised(
    values: NDArray[np.floating], by: float, precision: Precision = "float64"
) -> NDArray[np.floating]:
    """Add a number and round to a precision, but never beyond the largest finite number.

    NaN and infinities stay.
    """
    if by == 0:  # or a negative zero would become a positive one
        return values
    largest = min(float(np.finfo(values.dtype).max), LARGEST[precision])
    with np.errstate(over="ignore", invalid="ignore"):
        sums = np.clip(values.astype(np.float64) + by, -largest, largest)
    sums = rounded(sums, precision)
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
    precision = activations.precisions[-1] if activations.precisions else "float64"
    after, pooled = edited(before, edits, precision), activations.pooled_maps.copy()
    for place in _places_behind(edits, before, after, pooling):
        window = after[(*pooling.grid.window(*place[:2]).slices, place[2])]
        pooled[place] = pooled_value(window, pooling, precision)
    pooled.flags.writeable = False
    return replace(activations, feature_maps=after, pooled_maps=pooled)


def _places_behind(
    edits: list[Edit],
    before: NDArray[np.floating],
    after: NDArray[np.floating],
    pooling: Pooling,
) -> set[tuple[int, int, int]]:
    """Return the pooled pixels (row, col, channel) whose windows hold a changed pixel, each once.

    Windows that overlap hold many pixels, and a window many edits.
    """
    found: set[tuple[int, int, int]] = set()
    for row, col, channel in {(edit.row, edit.col, edit.channel or 0) for edit in edits}:
        # Edits may add up to nothing, and a pixel that is no number stays.
        if differ(before[row, col, channel], after[row, col, channel]):
            found.update((*place, channel) for place in pooling.grid.windows_over(row, col))
    return found


def pooled_value(
    window: NDArray[np.floating], pooling: Pooling, precision: Precision = "float64"
) -> np.floating:
    """Pool one window of shape (rows, cols), which holds a number, in the window's own dtype.

    A maximum is the very number of its winner; an average is rounded once, where TensorFlow
    rounds after each addition.
    """
    if pooling.has_winner:
        winner = winner_in(window)
        return window[winner] if winner else window.dtype.type(np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = rounded(window.mean(dtype=np.float64), precision)
        return window.dtype.type(mean)


def differ(before: NDArray[np.floating], after: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Say where numbers are not the same; NaN is the same as NaN."""
    are_other: NDArray[np.bool_] = (before != after) & ~(np.isnan(before) & np.isnan(after))
    return are_other
