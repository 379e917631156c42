"""The modes of the laboratory, in one table: menu, keys and panels are made from it."""

from collections.abc import Callable
from dataclasses import dataclass

from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.laboratory.stepping import Stepping
from poolviewer.views.laboratory.compare_panel import ComparePanel
from poolviewer.views.laboratory.gradient_panel import GradientPanel
from poolviewer.views.laboratory.lost_panel import LostPanel
from poolviewer.views.laboratory.mode_panel import ModePanel
from poolviewer.views.laboratory.poke_panel import PokePanel
from poolviewer.views.laboratory.predict_panel import PredictPanel
from poolviewer.views.laboratory.shift_panel import ShiftPanel
from poolviewer.views.laboratory.stepping_panel import SteppingPanel


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
    first
        The experiment that it begins with; its class tells whose panel shows a state.
    make_panel
        Makes its panel.
    """

    name: str
    title: str
    tip: str
    shortcut: str
    first: Experiment
    make_panel: Callable[[], ModePanel]


MODES: tuple[Mode, ...] = (
    Mode("stepping", "S&tep-through", "Slide the window over the map, pixel by pixel",
         "Alt+2", Stepping(), SteppingPanel),
    Mode("lost", "What was &lost", "See what pooling threw away, and what the rest still tells",
         "Alt+3", Lost(), LostPanel),
    Mode("compare", "&Compare", "Pool the feature map a second way, and see the difference",
         "Alt+4", Compare(), ComparePanel),
    Mode("shift", "S&hift", "Move the input a little and see how much of each map changes",
         "Alt+5", Shift(), ShiftPanel),
    Mode("gradient", "&Gradient", "Put a 1 at a pooled pixel and see where its gradient lands",
         "Alt+6", Backpropagation(), GradientPanel),
    Mode("poke", "Po&ke", "Drag a pixel up or down and watch winners flip",
         "Alt+7", Poke(), PokePanel),
    Mode("predict", "&Predict the winner", "Hide the pooled value, and bet on who wins",
         "Alt+9", Predict(), PredictPanel),
)  # fmt: skip
