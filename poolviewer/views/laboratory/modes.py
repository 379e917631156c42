"""The modes of the laboratory, in one table: menu, keys and panels are made from it."""

from collections.abc import Callable
from dataclasses import dataclass

from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.views.laboratory.mode_panel import ModePanel

# ruff: noqa: PLC0415 - a mode is imported when it is first chosen, so that the window opens soon

Parts = tuple[Experiment, type[ModePanel]]


@dataclass(frozen=True, slots=True)
class Mode:
    """One mode: what it is called, how it is reached, and what it begins with.

    Parameters
    ----------
    name
        For programs.
    title
        For people; the ampersand stands before its letter in the menu.
    tip
        What it shows, in one sentence.
    shortcut
        Its key; the same key leaves it.
    load
        Imports it; returns the experiment that it begins with, and the class of its panel.
    """

    name: str
    title: str
    tip: str
    shortcut: str
    load: Callable[[], Parts]

    @property
    def first(self) -> Experiment:
        """The experiment that it begins with."""
        return self.load()[0]

    def make_panel(self) -> ModePanel:
        """Make its panel."""
        return self.load()[1]()


def _stepping() -> Parts:
    from poolviewer.core.laboratory.stepping import Stepping
    from poolviewer.views.laboratory.stepping_panel import SteppingPanel

    return Stepping(), SteppingPanel


def _lost() -> Parts:
    from poolviewer.core.laboratory.lost import Lost
    from poolviewer.views.laboratory.lost_panel import LostPanel

    return Lost(), LostPanel


def _compare() -> Parts:
    from poolviewer.core.laboratory.compare import Compare
    from poolviewer.views.laboratory.compare_panel import ComparePanel

    return Compare(), ComparePanel


def _shift() -> Parts:
    from poolviewer.core.laboratory.shift import Shift
    from poolviewer.views.laboratory.shift_panel import ShiftPanel

    return Shift(), ShiftPanel


def _gradient() -> Parts:
    from poolviewer.core.laboratory.gradient import Backpropagation
    from poolviewer.views.laboratory.gradient_panel import GradientPanel

    return Backpropagation(), GradientPanel


def _poke() -> Parts:
    from poolviewer.core.laboratory.poke import Poke
    from poolviewer.views.laboratory.poke_panel import PokePanel

    return Poke(), PokePanel


def _predict() -> Parts:
    from poolviewer.core.laboratory.predict import Predict
    from poolviewer.views.laboratory.predict_panel import PredictPanel

    return Predict(), PredictPanel


MODES: tuple[Mode, ...] = (
    Mode("stepping", "S&tep-through", "Slide the window over the map, pixel by pixel",
         "Alt+2", _stepping),
    Mode("lost", "What was &lost", "See what pooling threw away, and what the rest still tells",
         "Alt+3", _lost),
    Mode("compare", "&Compare", "Pool the feature map a second way, and see the difference",
         "Alt+4", _compare),
    Mode("shift", "S&hift", "Move the input a little and see how much of each map changes",
         "Alt+5", _shift),
    Mode("gradient", "&Gradient", "Put a 1 at a pooled pixel and see where its gradient lands",
         "Alt+6", _gradient),
    Mode("poke", "Po&ke", "Drag a pixel up or down and watch winners flip",
         "Alt+7", _poke),
    Mode("predict", "&Predict the winner", "Hide the pooled value, and bet on who wins",
         "Alt+9", _predict),
)  # fmt: skip
