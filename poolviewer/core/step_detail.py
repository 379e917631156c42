"""One step of a chain in full: its taps with their arithmetic, and the lines from sum to map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviewer.core.chain_step import ChainStep, Numbers
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.numbers import format_number, times
from poolviewer.core.operations import (
    Activation,
    Concatenation,
    Convolution,
    ElementFunction,
    Identity,
    Merge,
    Normalisation,
    Pad,
    Pool,
    Scaling,
)
from poolviewer.core.text import MAX_NAME, printable

MOST_SIDE = 5
FEW_CHANNELS, MOST_CHANNELS = 4, 3
SIGNS = {"add": " + ", "subtract": " \N{MINUS SIGN} ", "multiply": " · "}
NAMES = {"average": "mean", "maximum": "max", "minimum": "min"}
MOST_TERMS = 4


@dataclass(frozen=True, slots=True)
class TapGrid:
    """Some taps of a step as a table.

    Parameters
    ----------
    title
        What stands above it.
    taps
        For each row and column the tap, as `ChainStep.tap`.
    cells
        For each of these the lines that stand in its place.
    followed
        Row and column of the tap that the chain goes on with; None where it is not among them.
    outside
        Rows and columns of taps that lie in padding.
    """

    title: str
    taps: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[tuple[str, ...], ...], ...]
    followed: tuple[int, int] | None
    outside: frozenset[tuple[int, int]] = frozenset()

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.taps), len(self.taps[0])


@dataclass(frozen=True, slots=True)
class StepDetail:
    """What is seen of an unfolded step.

    Parameters
    ----------
    title
        The layer and what it does.
    grids
        Its taps; of many input channels, those whose products weigh most.
    lines
        From the sum to what the map says; the first says what the grids leave out.
    """

    title: str
    grids: tuple[TapGrid, ...]
    lines: tuple[str, ...]


def detail_of(step: ChainStep, input_channels: Sequence[str] = ()) -> StepDetail:
    """Put a step into tables and lines."""
    names = input_channels if step.source == INPUT else ()
    grids, rest = _grids(step, names)
    lines = [*rest, *_lines(step), _map_line(step)]
    if step.ending:
        lines.append(step.ending)
    title = f"{printable(step.layer, MAX_NAME)}: {kind_of(step)}"
    return StepDetail(title, grids, tuple(lines))


def kind_of(step: ChainStep) -> str:
    """Say what a layer does, such as ``convolution 3×3, strides 1×1, valid``."""
    operation = step.operation
    if isinstance(operation, Convolution):
        return f"convolution {operation.grid.in_words()}{_behind(operation.function)}"
    if isinstance(operation, Pool):
        return f"{operation.pooling.kind} pooling"
    if isinstance(operation, Activation):
        return operation.function.name
    if isinstance(operation, Merge):
        return f"{operation.kind} maps"
    names = (
        (Normalisation, "batch normalisation"),
        (Scaling, "scaling"),
        (Pad, "padding"),
        (Concatenation, "maps joined"),
        (Identity, "passes numbers on"),
    )
    return next((name for kind, name in names if isinstance(operation, kind)), "not followed")


def agreement(step: ChainStep) -> tuple[str, str]:
    """Return a sign and a word for whether the map holds what was worked out."""
    if step.agrees is None:
        return "?", "not worked out"
    return ("✓", "agrees") if step.agrees else ("≠", "differs")


def row_in_words(number: int, step: ChainStep) -> str:
    """Say a step of the list in full, for a tip and for screen readers."""
    row, col, channel = step.pixel
    _, word = agreement(step)
    layer = printable(step.layer, MAX_NAME)
    return (
        f"Step {number}: {layer}, {kind_of(step)}. Pixel ({row}, {col}) of channel {channel} = "
        f"{format_number(step.map_value)}, {word}."
    )


def _behind(function: ElementFunction | None) -> str:
    return f", {function.name}" if function is not None and function.name != "linear" else ""


def _map_line(step: ChainStep) -> str:
    sign, word = agreement(step)
    computed = "" if step.computed is None else f"{format_number(step.computed)}, "
    return f"{computed}map says {format_number(step.map_value)} {sign} {word}"


def _grids(step: ChainStep, names: Sequence[str]) -> tuple[tuple[TapGrid, ...], list[str]]:
    """Return the tables, and a line for what they leave out."""
    if step.values is None or not step.values.size:
        return (), []
    if step.products is not None:
        return _channel_grids(step, step.products, names)
    flat = step.values.reshape(-1, step.values.shape[-1])
    taps = np.arange(flat.size).reshape(flat.shape)
    return (_grid(step, "", taps),), []


def _channel_grids(
    step: ChainStep, products: Numbers, names: Sequence[str]
) -> tuple[tuple[TapGrid, ...], list[str]]:
    """Return a table for each input channel, or for those whose sums are largest."""
    sums = products.sum(axis=(0, 1))
    chosen = _chosen(step, sums)
    taps = np.arange(products.size).reshape(products.shape)
    grids = []
    for channel in chosen:
        name = names[channel] if channel < len(names) else ""
        label = f"Channel {channel}" + (f" ({name})" if name and name != str(channel) else "")
        title = f"{label}: sum {format_number(float(sums[channel]))}"
        grids.append(_grid(step, title, taps[:, :, channel]))
    others = len(sums) - len(chosen)
    if not others:
        return tuple(grids), []
    rest = float(np.delete(sums, chosen).sum())
    plural = "s" if others > 1 else ""
    return tuple(grids), [f"… and {others} more channel{plural}: sum {format_number(rest)}"]


def _chosen(step: ChainStep, sums: Numbers) -> list[int]:
    if len(sums) <= FEW_CHANNELS:
        return list(range(len(sums)))
    weights = np.abs(np.nan_to_num(sums, nan=np.inf))
    if step.tap is not None:
        weights[step.tap % len(sums)] = np.inf  # the channel that the chain goes on in
    largest = np.argpartition(weights, -MOST_CHANNELS)[-MOST_CHANNELS:]
    return sorted(int(channel) for channel in largest)


def _grid(step: ChainStep, title: str, taps: np.ndarray) -> TapGrid:
    """Return a table of at most 5×5 taps, around the one that is followed."""
    found = np.argwhere(taps == step.tap) if step.tap is not None else np.empty((0, 2), int)
    at = (int(found[0][0]), int(found[0][1])) if len(found) else None
    row, col = at or (0, 0)
    top, left = (
        min(max(place - MOST_SIDE // 2, 0), max(size - MOST_SIDE, 0))
        for place, size in zip((row, col), taps.shape, strict=True)
    )
    part = taps[top : top + MOST_SIDE, left : left + MOST_SIDE]
    if part.shape != taps.shape:
        title = f"{title} ({times(*part.shape)} of {times(*taps.shape)})".strip()
    kept: tuple[tuple[int, ...], ...] = tuple(map(tuple, part.tolist()))
    outside = (
        (r, c)
        for r, line in enumerate(kept)
        for c, tap in enumerate(line)
        if step.taps is not None and step.taps.at(tap) is None
    )
    cells = tuple(tuple(_cell(step, tap) for tap in line) for line in kept)
    followed = (row - top, col - left) if at else None
    return TapGrid(title, kept, cells, followed, frozenset(outside))


def _cell(step: ChainStep, tap: int) -> tuple[str, ...]:
    assert step.values is not None  # noqa: S101 - for the type checker
    value = format_number(float(step.values.flat[tap]))
    if step.kernel is None or step.products is None:
        return (value,)
    weight = format_number(float(step.kernel.flat[tap]))
    return value, f"× {weight}", f"= {format_number(float(step.products.flat[tap]))}"


def _lines(step: ChainStep) -> list[str]:
    operation = step.operation
    if isinstance(operation, Convolution) and step.preactivation is not None:
        return _convolution_lines(step, operation)
    if step.values is None or step.computed is None or not step.values.size:
        return []
    x, result = format_number(float(step.values.flat[0])), format_number(step.computed)
    if isinstance(operation, Pool):
        name = "max" if operation.pooling.has_winner else "mean"
        return [f"{name} of {step.values.size:,} values = {result}"]
    if isinstance(operation, Merge):
        return [_merged(operation, step.values, result)]
    return _pointwise_lines(step, x, result)


def _pointwise_lines(step: ChainStep, x: str, result: str) -> list[str]:
    operation = step.operation
    if isinstance(operation, Normalisation):
        return [_normalised(operation, step.pixel[2], x, result)]
    if isinstance(operation, Scaling):
        factor, offset = (
            format_number(float(part[step.pixel[2]]))
            for part in (operation.factor, operation.offset)
        )
        return [f"{x} · {factor} + {offset} = {result}"]
    if isinstance(operation, Activation):
        return [f"{operation.function.name}({x}) = {result}"]
    return []


def _convolution_lines(step: ChainStep, operation: Convolution) -> list[str]:
    assert step.products is not None  # noqa: S101 - a convolution that was worked out
    assert step.summed is not None  # noqa: S101
    assert step.preactivation is not None  # noqa: S101
    count = step.products.size
    plural = "s" if count > 1 else ""
    lines = [f"Sum of {count:,} product{plural} = {format_number(step.summed)}"]
    before = format_number(step.preactivation)
    if step.bias is not None:
        lines.append(f"+ bias {format_number(step.bias)} = {before}")
    if _behind(operation.function) and operation.function and step.computed is not None:
        lines.append(f"{operation.function.name}({before}) = {format_number(step.computed)}")
    return lines


def _merged(operation: Merge, values: Numbers, result: str) -> str:
    terms = [format_number(float(value)) for value in values.flat[:MOST_TERMS]]
    if values.size > MOST_TERMS:
        terms.append(f"… {values.size - MOST_TERMS} more")
    if operation.kind in SIGNS:
        return f"{SIGNS[operation.kind].join(terms)} = {result}"
    return f"{NAMES[operation.kind]}({', '.join(terms)}) = {result}"


def _normalised(operation: Normalisation, channel: int, x: str, result: str) -> str:
    gamma, mean, variance, beta = (
        format_number(float(part[channel]))
        for part in (operation.gamma, operation.mean, operation.variance, operation.beta)
    )
    epsilon = format_number(operation.epsilon)
    return f"{gamma} · ({x} \N{MINUS SIGN} {mean}) / √({variance} + {epsilon}) + {beta} = {result}"
