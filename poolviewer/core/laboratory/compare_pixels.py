"""The pixels of both poolings that belong together, their windows, and their numbers in words."""

import numpy as np

from poolviewer.core.annotation import MapName, Outline, Pixel, Role
from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.laboratory.comparison import KIND_NAMES, Comparison
from poolviewer.core.laboratory.related import Beside, Related
from poolviewer.core.laboratory.second_pooling import NOWHERE, difference
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import format_number
from poolviewer.core.stage import Stage
from poolviewer.core.trace import FeatureTrace, PooledTrace, Trace, in_arithmetic

Place = tuple[int, int]


def beside_at(comparison: Comparison, row: int, col: int) -> Beside | None:
    """Return the point of a second pixel, with the first pixel under it; None outside the map."""
    rows, cols = comparison.geometry.shape
    if not (0 <= row < rows and 0 <= col < cols):
        return None
    first = _first_under(comparison, (row, col))
    pixel = None if first is None else Pixel(MapName.POOLED, *first)
    return Beside(*comparison.geometry.tile(row, col).centre, pixel)


def related_pixels(
    comparison: Comparison,
    activations: Activations,
    channel: int,
    trace: Trace | None,
    *,
    beside: Beside | None,
    own: Role,
) -> Related:
    """Find what of the second pooling belongs to a trace, or to a point of the second map.

    Parameters
    ----------
    beside
        Which of several second pixels is meant; without it, that under the centre of the first.
    own
        How the pixel itself is outlined.
    """
    stage = activations.stage
    if beside is None and isinstance(trace, FeatureTrace):
        return _fed(comparison, trace)
    second = _second_of(comparison, stage, trace, beside)
    first = trace if isinstance(trace, PooledTrace) else None
    if second is None:
        missing = ("The second map has no pixel here.",) if first else ()
        return Related(sentences=missing)
    window = stage.feature_geometry.rect(comparison.grid.window(*second))
    return Related(
        {MapName.FEATURE: (Outline(window, Role.SECOND),)},
        _on_both(comparison.geometry.tile(*second), own),
        _numbers(comparison, activations, channel, first, second),
    )


def _second_of(
    comparison: Comparison, stage: Stage, trace: Trace | None, beside: Beside | None
) -> Place | None:
    if beside is not None:
        return comparison.geometry.pixel_at(beside.y, beside.x)
    if isinstance(trace, PooledTrace):
        centre = stage.pooled_geometry.tile(trace.row, trace.col).centre
        return comparison.geometry.pixel_at(*centre)
    return None


def _first_under(comparison: Comparison, second: Place) -> Place | None:
    row, col = (int(places[i]) for places, i in zip(comparison.places, second, strict=True))
    return None if NOWHERE in (row, col) else (row, col)


def _fed(comparison: Comparison, trace: FeatureTrace) -> Related:
    """Outline all second pixels whose windows hold a pixel of the feature map."""
    fed = comparison.grid.windows_over(trace.row, trace.col)
    if not fed:
        return Related(sentences=("No second window holds this pixel.",))
    box = PixelBox(*fed[0], fed[-1][0] + 1, fed[-1][1] + 1)
    return Related(beside=_on_both(comparison.geometry.rect(box), Role.SECOND))


def _on_both(rect: Rect, role: Role) -> tuple[tuple[Outline, ...], ...]:
    """Outline the same in the second map and in the difference."""
    return ((Outline(rect, role),),) * 2


def _numbers(
    comparison: Comparison,
    activations: Activations,
    channel: int,
    first: PooledTrace | None,
    second: Place,
) -> tuple[str, ...]:
    values = activations.feature_maps[(*comparison.grid.window(*second).slices, channel)]
    value = comparison.values[second]
    if comparison.settings.kind == "first":
        values = values[:1, :1]
    name = KIND_NAMES[comparison.settings.kind or "max"]
    told = f"Second ({second[0]}, {second[1]}): {in_arithmetic(name, values, float(value))}"
    if first is None:
        return "The first map has no pixel here.", told
    place = first.row, first.col
    found = _subtracted(activations.pooled_maps[(*place, channel)], value)
    words = [f"First ({first.row}, {first.col}): {first.arithmetic}", told]
    words.append(f"Second less first: {_signed(found)}")
    other = _first_under(comparison, second)
    if other is not None and other != place:
        words.append(
            f"The difference map compares it with ({other[0]}, {other[1]}), which lies under its "
            "centre."
        )
    return tuple(words)


def _subtracted(first: np.floating, second: np.floating) -> float:
    here = np.zeros(1, np.int64)
    pixels = np.array([[first]]), np.array([[second]])
    return float(difference(*pixels, (here, here))[0, 0])


def _signed(number: float) -> str:
    return f"+{format_number(number)}" if number > 0 else format_number(number)
