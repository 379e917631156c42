"""The experiments that colour maps on their own, without a person's clicks, by name."""

from collections.abc import Callable, Mapping

from poolviewer.core.errors import ArgumentError
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.laboratory.stepping import Stepping

NEEDS_A_PERSON = ("poke", "predict")
OVERLAYS: Mapping[str, Callable[[], Experiment]] = {
    "stepping": Stepping,
    "lost": Lost,
    "compare": Compare,
    "shift": Shift,
    "gradient": Backpropagation,
}


def overlay_named(name: str) -> Experiment:
    """Return the experiment of a name; raises `ArgumentError` where there is none."""
    known = ", ".join(OVERLAYS)
    if name in NEEDS_A_PERSON:
        raise ArgumentError(f"The mode {name} needs somebody at the window: choose one of {known}.")
    if name not in OVERLAYS:
        raise ArgumentError(f"There is no mode {name}: choose one of {known}.")
    return OVERLAYS[name]()
