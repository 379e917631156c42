"""Trace one pixel: a pooled pixel back to its window, a feature-map pixel on to its pools."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import PixelBox
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import format_number
from poolviewer.core.pooling import winner_in

MAX_TERMS = 16


@dataclass(frozen=True, slots=True, eq=False)
class PooledTrace:
    """Where one pooled pixel came from.

    Parameters
    ----------
    row, col, channel
        The pooled pixel.
    value
        What the network's pooling layer gave.
    window
        Its source pixels in the feature map, clipped to the map.
    values
        Their values, of shape ``window.shape``.
    winner
        ``(row, col)`` of the winning pixel in the feature map; None where there is no winner.
    ties
        How many pixels of the window hold the winning value; 0 without a winner.
    receptive_field
        The input pixels that the window was made from; None where there are none or where
        nothing is known of a layer on the way.
    field_undefined_by
        The name of that layer.
    field_unites
        Whether the receptive field unites that of several branches.
    kind
        ``"max"`` or ``"average"``.
    """

    row: int
    col: int
    channel: int
    value: float
    window: PixelBox
    values: NDArray[np.floating]
    winner: tuple[int, int] | None
    ties: int
    receptive_field: PixelBox | None
    kind: str
    field_undefined_by: str | None = None
    field_unites: bool = False

    @property
    def arithmetic(self) -> str:
        """The pooling in words, such as ``max(1.000, 3.000) = 3.000``."""
        return in_arithmetic("max" if self.kind == "max" else "mean", self.values, self.value)

    def part_of_window(self, most: int) -> PixelBox:
        """Return at most ``most`` rows and columns of the window, around the winner if any."""
        window = self.window
        row, col = self.winner or (window.row_start, window.col_start)
        row_start, row_stop = _around(row, window.row_start, window.row_stop, most)
        col_start, col_stop = _around(col, window.col_start, window.col_stop, most)
        return PixelBox(row_start, col_start, row_stop, col_stop)


@dataclass(frozen=True, slots=True)
class Feed:
    """One pooled pixel that a feature-map pixel feeds."""

    row: int
    col: int
    value: float
    winner: tuple[int, int] | None
    has_won: bool


MOST_FEEDS = 256


@dataclass(frozen=True, slots=True)
class FeatureTrace:
    """What became of one feature-map pixel.

    Parameters
    ----------
    row, col, channel
        The feature-map pixel.
    value
        Its value.
    feeds
        The pooled pixels whose windows hold it, but no more than `MOST_FEEDS`; empty where no
        window covers it.
    fed
        All pooled pixels whose windows hold it, as a box; None where no window covers it.
    receptive_field, field_undefined_by
        The input pixels it was made from, as in `PooledTrace`.
    kind
        ``"max"`` or ``"average"``.
    """

    row: int
    col: int
    channel: int
    value: float
    feeds: tuple[Feed, ...]
    fed: PixelBox | None
    receptive_field: PixelBox | None
    kind: str
    field_undefined_by: str | None = None
    field_unites: bool = False

    @property
    def feed_count(self) -> int:
        """How many pooled pixels it feeds."""
        return self.fed.shape[0] * self.fed.shape[1] if self.fed else 0


@dataclass(frozen=True, slots=True)
class InputTrace:
    """The values of one input pixel, as the network received them, by channel name."""

    row: int
    col: int
    values: tuple[tuple[str, float], ...]


Trace = PooledTrace | FeatureTrace | InputTrace


def trace_pooled(activations: Activations, channel: int, row: int, col: int) -> PooledTrace:
    """Trace pooled pixel ``(row, col)`` of a channel back to the input."""
    stage = activations.stage
    window = stage.pooling.grid.window(row, col)
    values = activations.feature_maps[(*window.slices, channel)]
    winner = _winner_of(activations, channel, window)
    return PooledTrace(
        row=row,
        col=col,
        channel=channel,
        value=float(activations.pooled_maps[row, col, channel]),
        window=window,
        values=values,
        winner=winner,
        ties=_count(values, activations.feature_maps[(*winner, channel)]) if winner else 0,
        receptive_field=stage.receptive_field(window),
        kind=stage.pooling.kind,
        field_undefined_by=stage.field_undefined_by,
        field_unites=stage.has_branches,
    )


def trace_feature(activations: Activations, channel: int, row: int, col: int) -> FeatureTrace:
    """Trace feature-map pixel ``(row, col)`` of a channel on to the pooled pixels it feeds."""
    stage = activations.stage
    fed = stage.pooling.grid.windows_over(row, col)
    return FeatureTrace(
        row=row,
        col=col,
        channel=channel,
        value=float(activations.feature_maps[row, col, channel]),
        feeds=tuple(_feed(activations, channel, pooled, (row, col)) for pooled in fed[:MOST_FEEDS]),
        fed=PixelBox(*fed[0], fed[-1][0] + 1, fed[-1][1] + 1) if fed else None,
        receptive_field=stage.receptive_field(PixelBox.of_pixel(row, col)),
        kind=stage.pooling.kind,
        field_undefined_by=stage.field_undefined_by,
        field_unites=stage.has_branches,
    )


def trace_input(activations: Activations, row: int, col: int) -> InputTrace:
    """Read input pixel ``(row, col)`` as the network received it."""
    names = activations.network.input.channel_names
    values = activations.prepared.values[row, col]
    return InputTrace(row, col, tuple((n, float(v)) for n, v in zip(names, values, strict=True)))


def in_arithmetic(name: str, values: NDArray[np.floating], value: float) -> str:
    """Write a window and what is made of it, such as ``max(1.000, 3.000) = 3.000``."""
    terms = [format_number(float(v)) for v in values.flat[:MAX_TERMS]]
    if values.size > MAX_TERMS:
        terms.append(f"… {values.size - MAX_TERMS} more")
    return f"{name}({', '.join(terms)}) = {format_number(value)}"


def _feed(
    activations: Activations, channel: int, pooled: tuple[int, int], pixel: tuple[int, int]
) -> Feed:
    winner = _winner_of(activations, channel, activations.stage.pooling.grid.window(*pooled))
    value = float(activations.pooled_maps[(*pooled, channel)])
    return Feed(*pooled, value, winner, winner == pixel)


def _winner_of(activations: Activations, channel: int, window: PixelBox) -> tuple[int, int] | None:
    """Return the winner of a window as ``(row, col)`` of the feature map."""
    if not activations.stage.pooling.has_winner:
        return None
    inside = winner_in(activations.feature_maps[(*window.slices, channel)])
    return inside and (window.row_start + inside[0], window.col_start + inside[1])


def _count(values: NDArray[np.floating], value: np.floating) -> int:
    return int(np.count_nonzero(values == value))


def _around(position: int, start: int, stop: int, most: int) -> tuple[int, int]:
    """Return at most ``most`` of a range, with a position in the middle where possible."""
    first = min(max(position - most // 2, start), max(stop - most, start))
    return first, min(first + most, stop)
