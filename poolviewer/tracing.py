"""Trace one pooled pixel back to the input: what ``poolviewer trace`` prints."""

import json
from dataclasses import dataclass
from typing import Any

from poolviewer.batch.networks import Networks
from poolviewer.core.annotation import MapName
from poolviewer.core.errors import NetworkError
from poolviewer.core.session import Session
from poolviewer.core.stage import Stage
from poolviewer.core.trace_report import as_data, report_on
from poolviewer.core.trace_table import as_text
from poolviewer.core.view_wish import ViewWish
from poolviewer.headless import read_frame

NO_PIN = "--pin is missing, the pooled pixel to trace, as in --pin 4,7."


@dataclass(frozen=True, slots=True)
class TraceWish:
    """What ``poolviewer trace`` is asked for; its view has a source.

    Parameters
    ----------
    has_channel
        Whether the first channel was asked for, which a view does not tell.
    """

    view: ViewWish
    frame: int | None = None
    is_json: bool = False
    has_channel: bool = False


def trace(wish: TraceWish) -> str:
    """Trace the pinned pixel of one frame, for people or for programs.

    Of a saved view, network, channel and pin are those that were saved where none is asked for.

    Raises
    ------
    PoolViewerError
        With one sentence.
    """
    view = wish.view
    assert view.source is not None  # noqa: S101 - the command line asks for it
    frame = read_frame(view.source, wish.frame)
    session = frame.source.session
    is_own = wish.has_channel or session is None or "channel" in view.explicit
    channel = view.channel if is_own or session is None else session.channel
    row, col = view.pin or _saved_pin(session)
    networks = Networks(view)
    activations = networks.run(frame, networks.network_for(frame), has_steps=True)
    _check(activations.stage, channel, (row, col))
    report = report_on(activations, channel, row, col)
    return _json(as_data(report)) if wish.is_json else as_text(report)


def _saved_pin(session: Session | None) -> tuple[int, int]:
    pin = session.pin if session else None
    if pin is None or pin.map_name is not MapName.POOLED:
        raise NetworkError(NO_PIN)
    return pin.row, pin.col


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
