"""All that is known of one pooled pixel, as data for programs: ``poolviewer trace --json``."""

from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.chain import chain_of
from poolviewer.core.chain_step import Chain, ChainStep
from poolviewer.core.chain_words import MadeOf, convolved, made_of
from poolviewer.core.geometry import PixelBox
from poolviewer.core.gradient import pixel_gradient
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.messages import Activations
from poolviewer.core.operations import (
    Activation,
    Concatenation,
    Convolution,
    ElementFunction,
    Identity,
    Merge,
    Normalisation,
    Operation,
    Pad,
    Pool,
    Scaling,
    Unknown,
)
from poolviewer.core.stage import Stage
from poolviewer.core.trace import PooledTrace, trace_pooled

_KINDS: dict[type, str] = {
    Convolution: "convolution",
    Normalisation: "normalisation",
    Scaling: "scaling",
    Activation: "activation",
    Pad: "padding",
    Merge: "merge",
    Concatenation: "concatenation",
    Identity: "identity",
    Unknown: "unknown",
}


@dataclass(frozen=True, slots=True, eq=False)
class TraceReport:
    """A pooled pixel, and all behind it.

    Parameters
    ----------
    gradient
        ``(row, col, value)`` of each pixel of the feature map in which a gradient of 1 at the
        pooled pixel lands.
    """

    stage: Stage
    trace: PooledTrace
    chain: Chain
    gradient: tuple[tuple[int, int, float], ...]

    @property
    def convolution(self) -> ChainStep | None:
        """The convolution that makes the winner, perhaps with more behind it; None if none does."""
        if self.trace.winner is None:
            return None
        group = convolved(self.chain)
        return group[-1] if group else None

    @property
    def made(self) -> MadeOf | None:
        """What made the winner's number, from the products to the map."""
        return None if self.trace.winner is None else made_of(self.chain)

    def source_name(self, step: ChainStep) -> str | None:
        """Name the layer whose map a step is made from; ``"input"`` for the input."""
        if step.source is None:
            return None
        return "input" if step.source == INPUT else self.stage.graph.steps[step.source].name


def report_on(activations: Activations, channel: int, row: int, col: int) -> TraceReport:
    """Find out all about one pooled pixel; its channel and place must exist."""
    chain = chain_of(activations, channel, Pixel(MapName.POOLED, row, col))
    assert chain is not None  # noqa: S101 - it was asked for a pixel that exists
    stage = activations.stage
    patch = pixel_gradient(activations.feature_maps[:, :, channel], stage.pooling, row, col)
    trace = trace_pooled(activations, channel, row, col)
    return TraceReport(stage, trace, chain, patch.entries())


def as_data(report: TraceReport) -> dict[str, Any]:
    """Return what JSON can hold: exact numbers, boxes half-open, null for what there is not.

    Numbers that JSON has no word for are the strings ``"NaN"``, ``"Infinity"`` and
    ``"-Infinity"``, which `float` reads.
    """
    trace, made_by = report.trace, report.convolution
    winner = trace.winner
    data = {
        "pooled": trace.value,
        "window": _box(trace.window),
        "values": trace.values,
        "winner": winner,
        "receptive_field": _box(trace.receptive_field),
        "gradient": report.gradient,
        "products": made_by and made_by.products,
        "bias": made_by and made_by.bias,
        "preactivation": made_by and made_by.preactivation,
        "map_value": None if winner is None else _at(trace, winner),
        "steps": [_step_data(report, step) for step in report.chain.steps],
    }
    plain: dict[str, Any] = _plain(data)
    return plain


def kind_of(operation: Operation) -> str:
    """Name what a layer does."""
    if isinstance(operation, Pool):
        return f"{operation.pooling.kind} pooling"
    return next(name for kind, name in _KINDS.items() if isinstance(operation, kind))


def _step_data(report: TraceReport, step: ChainStep) -> dict[str, Any]:
    return {
        "layer": step.layer,
        "kind": kind_of(step.operation),
        "parameters": _parameters(step.operation, step.pixel[2]),
        "pixel": step.pixel,
        "map_value": step.map_value,
        "computed": step.computed,
        "tolerance": step.tolerance,
        "precision": step.precision,
        "agrees": step.agrees,
        "source": report.source_name(step),
        "box": _box(step.box),
        "values": step.values,
        "kernel": step.kernel,
        "products": step.products,
        "sum": step.summed,
        "bias": step.bias,
        "preactivation": step.preactivation,
        "followed": step.followed,
        "ending": step.ending or None,
    }


def _parameters(operation: Operation, channel: int) -> dict[str, Any]:
    """Return the numbers that one channel is made with, but for kernel and bias."""
    if isinstance(operation, Normalisation):
        parts = ("mean", "variance", "gamma", "beta")
        numbers = {name: float(getattr(operation, name)[channel]) for name in parts}
        return {**numbers, "epsilon": operation.epsilon}
    if isinstance(operation, Scaling):
        factor, offset = operation.factor[channel], operation.offset[channel]
        return {"factor": float(factor), "offset": float(offset)}
    if isinstance(operation, Convolution | Activation) and operation.function:
        return _function(operation.function, channel)
    if isinstance(operation, Pad):
        return {"before": operation.before}
    return {"merge": operation.kind} if isinstance(operation, Merge) else {}


def _function(function: ElementFunction, channel: int) -> dict[str, Any]:
    return {"function": function.name, **dict(function.of_channel(channel).parameters)}


def _at(trace: PooledTrace, place: tuple[int, int]) -> float:
    """Return what the feature map holds at a pixel of the window."""
    row, col = place
    return float(trace.values[row - trace.window.row_start, col - trace.window.col_start])


def _box(box: PixelBox | None) -> list[int] | None:
    return [box.row_start, box.col_start, box.row_stop, box.col_stop] if box else None


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return a value as JSON's own kinds."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
