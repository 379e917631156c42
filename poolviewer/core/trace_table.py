"""All that is known of one pooled pixel, as a table to read: ``poolviewer trace``."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.chain_step import ChainStep, WindowTaps
from poolviewer.core.chain_words import in_words
from poolviewer.core.geometry import PixelBox
from poolviewer.core.numbers import format_number, times
from poolviewer.core.precision import epsilon
from poolviewer.core.text import in_columns
from poolviewer.core.trace_report import TraceReport, kind_of

MOST_SHOWN = 8  # rows, columns, channels and pixels
INDENT = "  "
AGREES = {True: "yes", False: "no", None: "not known"}


def as_text(report: TraceReport) -> str:
    """Write everything as a table; large windows and kernels in part."""
    blocks = [_facts(report), _window(report), _products(report), _steps(report)]
    lines = [line for block in blocks if block for line in (*block, "")]
    return "\n".join((*lines, report.chain.ending, ""))


def _facts(report: TraceReport) -> list[str]:
    trace, made = report.trace, report.made
    field = _box_words(trace.receptive_field) if trace.receptive_field else "not known"
    rows = [
        ("pooled", format_number(trace.value)),
        ("stage", report.stage.name),
        ("pixel", f"row {trace.row}, column {trace.col}, channel {trace.channel}"),
        ("window", _box_words(trace.window)),
        ("winner", _winner_words(report)),
        ("receptive field", field),
        ("gradient", _gradient_words(report.gradient)),
    ]
    if made is not None:
        rows.append(("made of", in_words(made)))
    return in_columns(rows)


def _winner_words(report: TraceReport) -> str:
    trace = report.trace
    if trace.winner is None:
        return "none: every pixel counts the same" if trace.kind == "average" else "none: all NaN"
    ties = f" ({trace.ties} tie; the first in reading order wins)" if trace.ties > 1 else ""
    return f"row {trace.winner[0]}, column {trace.winner[1]}{ties}"


def _gradient_words(gradient: Sequence[tuple[int, int, float]]) -> str:
    named = [f"{format_number(value)} at ({row}, {col})" for row, col, value in gradient]
    more = len(named) - MOST_SHOWN
    return ", ".join(named[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _window(report: TraceReport) -> list[str]:
    """Write the window's values, the winner in brackets."""
    trace = report.trace
    part, window = trace.part_of_window(MOST_SHOWN), trace.window
    rows, cols = part.slices
    top, left = window.row_start, window.col_start
    shown = trace.values[rows.start - top : rows.stop - top, cols.start - left : cols.stop - left]
    words = _words(shown)
    if trace.winner is not None:
        row, col = trace.winner[0] - part.row_start, trace.winner[1] - part.col_start
        words[row][col] = f"[{words[row][col]}]"
    left_out = "" if part == window else f", {_box_words(part)} of them"
    return [f"values in the window{left_out}", *_grid(words)]


def _products(report: TraceReport) -> list[str]:
    """Write the products that make the winner, channel by channel of what the layer reads."""
    step = report.convolution
    if step is None or step.products is None:
        return []
    rows, cols, channels = step.products.shape
    is_part = channels > MOST_SHOWN
    some = f", of the {MOST_SHOWN} channels that count most" if is_part else ""
    lines = [f"{times(rows, cols, channels)} products of {step.layer}{some}"]
    first = step.taps.origin[2] if isinstance(step.taps, WindowTaps) else 0
    for channel in _main_channels(step.products):
        words = _words(step.products[:MOST_SHOWN, :MOST_SHOWN, channel])
        total = format_number(float(step.products[:, :, channel].sum()))
        lines += [f"{INDENT}channel {first + channel}: together {total}", *_grid(words, 2)]
    bias = "" if step.bias is None else f" + bias {format_number(step.bias)}"
    total = format_number(step.preactivation or 0.0)
    return [*lines, f"{INDENT}sum {format_number(step.summed or 0.0)}{bias} = {total}"]


def _main_channels(products: NDArray[np.float64]) -> list[int]:
    sizes = np.abs(products).sum((0, 1))
    chosen = np.argsort(-sizes, kind="stable")[:MOST_SHOWN]
    return sorted(int(channel) for channel in chosen)


def _steps(report: TraceReport) -> list[str]:
    head = ("layer", "kind", "pixel", "map says", "worked out", "agrees", "made from")
    rows = [_step_row(report, step) for step in report.chain.steps]
    return in_columns([head, *rows])


def _step_row(report: TraceReport, step: ChainStep) -> tuple[str, ...]:
    computed = "–" if step.computed is None else format_number(step.computed)
    source = report.source_name(step)
    made_from = f"{_box_words(step.box)} of {source}" if step.box and source else "–"
    return (
        step.layer,
        kind_of(step.operation),
        "({}, {}, {})".format(*step.pixel),
        format_number(step.map_value),
        computed,
        _agreement(step),
        made_from,
    )


def _agreement(step: ChainStep) -> str:
    is_coarse = epsilon(step.precision) > epsilon("float32")
    return AGREES[step.agrees] + (f" at {step.precision}" if is_coarse else "")


def _words(values: NDArray[np.floating]) -> list[list[str]]:
    return [[format_number(float(value)) for value in row] for row in values]


def _grid(words: list[list[str]], depth: int = 1) -> Iterator[str]:
    """Write a grid of numbers, right-aligned."""
    width = max(len(word) for row in words for word in row)
    for row in words:
        yield INDENT * depth + INDENT.join(word.rjust(width) for word in row)


def _box_words(box: PixelBox) -> str:
    rows = _range_words("row", box.row_start, box.row_stop)
    return f"{rows}, {_range_words('column', box.col_start, box.col_stop)}"


def _range_words(name: str, start: int, stop: int) -> str:
    return f"{name} {start}" if stop == start + 1 else f"{name}s {start}–{stop - 1}"
