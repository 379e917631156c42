"""The laboratory's modes that make sense in a file, with the settings that they begin with."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from poolviewer.core.errors import ExportError

if TYPE_CHECKING:
    from poolviewer.core.laboratory.experiment import Experiment

# ruff: noqa: PLC0415 - a mode is imported when it is wanted

NEEDS_A_PERSON = ("poke", "predict")


def experiment_of(mode: str) -> "Experiment":
    """Return what a mode begins with; raises `ExportError` for one that cannot be in a file."""
    if mode in NEEDS_A_PERSON:
        raise ExportError(
            f"The mode {mode} needs somebody at the window: choose one of {', '.join(OVERLAYS)}."
        )
    if mode not in OVERLAYS:
        raise ExportError(f"There is no mode {mode}: choose one of {', '.join(OVERLAYS)}.")
    return OVERLAYS[mode]()


def _stepping() -> "Experiment":
    from poolviewer.core.laboratory.stepping import Stepping

    return Stepping()


def _lost() -> "Experiment":
    from poolviewer.core.laboratory.lost import Lost

    return Lost()


def _compare() -> "Experiment":
    from poolviewer.core.laboratory.compare import Compare

    return Compare()


def _shift() -> "Experiment":
    from poolviewer.core.laboratory.shift import Shift

    return Shift()


def _gradient() -> "Experiment":
    from poolviewer.core.laboratory.gradient import Backpropagation

    return Backpropagation()


OVERLAYS: Mapping[str, Callable[[], "Experiment"]] = {
    "stepping": _stepping,
    "lost": _lost,
    "compare": _compare,
    "shift": _shift,
    "gradient": _gradient,
}
