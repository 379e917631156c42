"""All that a figure or a file of numbers was made from, as plain data for JSON."""

from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.core.geometry import PixelBox
from poolviewer.core.layer_graph import Step
from poolviewer.core.messages import Activations
from poolviewer.core.network import Network, NetworkSpec, network_name
from poolviewer.core.origin import origin_of
from poolviewer.core.pooling import Pooling
from poolviewer.core.stage import Stage
from poolviewer.core.trace import FeatureTrace, PooledTrace, Trace
from poolviewer.core.windows import WindowGrid
from poolviewer.export.request import FigureRequest

SCHEMA = 1
MOST_NUMBERS = 64

Json = dict[str, Any]


def metadata(request: FigureRequest) -> Json:
    """Describe a request by numbers, texts, lists, and dictionaries only.

    Numbers that JSON does not know (NaN, infinities) are texts. Ranges of pixels are half-open.
    """
    activations = request.activations
    return {
        "schema": SCHEMA,
        "poolviewer": request.poolviewer,
        "packages": dict(request.versions.packages),
        "device": request.versions.device,
        "source": _source(activations),
        "network": _network(activations.network),
        "seed": activations.network.seed,
        "stage": _stage(activations.stage),
        "shapes": _shapes(activations),
        "alteration": request.alteration,
        "channel": request.channel,
        "pixel": _pixel(request),
        "trace": None if request.conceals(MapName.POOLED) else _trace(request.trace),
        "display": _display(request),
        "figure": _figure(request.spec),
    }


def _figure(spec: FigureSpec) -> Json:
    """Describe what a figure was asked to hold; tuples are lists, as they come back from JSON."""
    return {**asdict(spec), "parts": list(spec.parts)}


def _source(activations: Activations) -> Json:
    frame, placement = activations.frame, activations.prepared.placement
    origin = origin_of(frame)
    return {
        "name": origin.source,
        "kind": origin.kind,
        "picture": origin.picture,
        "frame": origin.index,
        "shape": list(frame.picture.shape),
        "placement": [placement.top, placement.left, placement.bottom, placement.right],
    }


def _network(network: Network) -> Json:
    if isinstance(network, NetworkSpec):
        return {**asdict(network), "preset": network_name(network)}
    return asdict(network)


def _stage(stage: Stage) -> Json:
    return {
        "pooling_layer": stage.name,
        "source_layer": stage.source_layer,
        "pool_kind": stage.pooling.kind,
        "pool": _pool(stage.pooling),
        "layers": [_layer(step) for step in stage.graph.steps],
    }


def _pool(pooling: Pooling) -> Json:
    is_sliding = pooling.form == "window"
    return {"form": pooling.form, **(_grid(pooling.grid) if is_sliding else {})}


def _layer(step: Step) -> Json:
    layer = {"name": step.name, "shape": list(step.shape)}
    return {**layer, **(_grid(step.window) if step.window else {})}


def _grid(grid: WindowGrid) -> Json:
    return {
        "size": list(grid.size),
        "strides": list(grid.strides),
        "padding": grid.padding,
        "dilation": list(grid.dilation),
    }


def _shapes(activations: Activations) -> Json:
    return {
        "input": list(activations.prepared.values.shape),
        "feature_maps": list(activations.feature_maps.shape),
        "pooled_maps": list(activations.pooled_maps.shape),
    }


def _pixel(request: FigureRequest) -> Json | None:
    pixel = request.pixel
    if pixel is None:
        return None
    place = {"map": pixel.map_name.value, "row": pixel.row, "col": pixel.col}
    return {**place, "is_pinned": request.is_pinned}


def _trace(trace: Trace | None) -> Json | None:
    if trace is None:
        return None
    if isinstance(trace, PooledTrace):
        return _pooled_trace(trace)
    if isinstance(trace, FeatureTrace):
        return _feature_trace(trace)
    return {"values": {name: _number(value) for name, value in trace.values}}


def _pooled_trace(trace: PooledTrace) -> Json:
    return {
        "value": _number(trace.value),
        "window": _box(trace.window),
        "values": _values(trace),
        "winner": list(trace.winner) if trace.winner else None,
        "ties": trace.ties,
        **_field(trace),
    }


def _feature_trace(trace: FeatureTrace) -> Json:
    return {
        "value": _number(trace.value),
        "feed_count": trace.feed_count,
        "feeds": [
            {**asdict(feed), "value": _number(feed.value)} for feed in trace.feeds[:MOST_NUMBERS]
        ],
        **_field(trace),
    }


def _field(trace: FeatureTrace | PooledTrace) -> Json:
    box = trace.receptive_field
    return {
        "receptive_field": _box(box) if box else None,
        "field_undefined_by": trace.field_undefined_by,
    }


def _display(request: FigureRequest) -> Json:
    feature, pooled = request.levels
    return {
        "colour_map": request.display.colour_map,
        "levels_mode": request.display.levels_mode,
        "is_mirrored": request.display.is_mirrored,
        "feature_levels": _levels(request, MapName.FEATURE, feature),
        "pooled_levels": _levels(request, MapName.POOLED, pooled),
        "theme": request.theme,
        "scale": request.scale,
    }


def _levels(
    request: FigureRequest, name: MapName, levels: NDArray[np.floating]
) -> list[float | str] | None:
    """Return a map's levels; None where they would tell what is concealed."""
    return None if request.conceals_levels(name) else [_number(level) for level in levels.tolist()]


def _values(trace: PooledTrace) -> list[list[float | str]] | None:
    """Return the window's values; None where they are too many for a caption's data."""
    if trace.values.size > MOST_NUMBERS:
        return None
    return [[_number(value) for value in row] for row in trace.values.tolist()]


def _box(box: PixelBox) -> Json:
    return {"rows": [box.row_start, box.row_stop], "cols": [box.col_start, box.col_stop]}


def _number(value: float) -> float | str:
    return value if isfinite(value) else str(value)
