"""The experiments that colour maps on their own, without a person's clicks, by name."""

from collections.abc import Callable, Mapping

from poolviewer.core.errors import ArgumentError
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.shift import Shift

OVERLAYS: Mapping[str, Callable[[], Experiment]] = {
    "lost": Lost,
    "compare": Compare,
    "shift": Shift,
    "gradient": Backpropagation,
}


def overlay_named(name: str) -> Experiment:
    """Return the experiment of a name; raises `ArgumentError` where there is none."""
    if name not in OVERLAYS:
        raise ArgumentError(f"There is no overlay {name}: use {', '.join(OVERLAYS)}.")
    return OVERLAYS[name]()
