"""Trace one pooled pixel back to the input: what ``poolviewer trace`` prints."""

import json
from dataclasses import dataclass
from typing import Any

from poolviewer.core.device import AUTOMATIC
from poolviewer.core.errors import NetworkError
from poolviewer.core.stage import Stage
from poolviewer.core.trace_report import as_data, report_on
from poolviewer.core.trace_table import as_text
from poolviewer.core.view_wish import ViewWish
from poolviewer.headless import compute, read_frame


@dataclass(frozen=True, slots=True)
class TraceWish:
    """What ``poolviewer trace`` is asked for; its view has a source and a pin."""

    view: ViewWish
    frame: int | None = None
    is_json: bool = False


def trace(wish: TraceWish) -> str:
    """Trace the pinned pixel of one frame, for people or for programs.

    Raises
    ------
    PoolViewerError
        With one sentence.
    """
    view = wish.view
    assert view.source is not None  # noqa: S101 - the command line asks for both
    assert view.pin is not None  # noqa: S101
    frame = read_frame(view.source, wish.frame)
    device = view.device or AUTOMATIC
    activations, _ = compute(frame, view.model_file, device, has_steps=True)
    _check(activations.stage, view.channel, view.pin)
    report = report_on(activations, view.channel, *view.pin)
    return _json(as_data(report)) if wish.is_json else as_text(report)


def _check(stage: Stage, channel: int, pin: tuple[int, int]) -> None:
    (row, col), (rows, cols) = pin, stage.pooled_shape
    if not 0 <= channel < stage.channels:
        raise NetworkError(
            f"{stage.name} has no channel {channel}: choose 0 to {stage.channels - 1}."
        )
    if not (0 <= row < rows and 0 <= col < cols):
        raise NetworkError(
            f"{stage.name} has no pooled pixel {row},{col}: choose 0,0 to {rows - 1},{cols - 1}."
        )


def _json(data: dict[str, Any]) -> str:
    """Write one line for each key and for each step, so that people can read it too."""
    steps = ",\n    ".join(_line(step) for step in data["steps"])
    lines = [f"{_line(key)}: {_line(value)}" for key, value in data.items() if key != "steps"]
    lines.append(f'"steps": [\n    {steps}\n  ]')
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def _line(value: object) -> str:
    return json.dumps(value, allow_nan=False)
