"""What the panels of all modes have in common."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from poolviewer.core.annotation import MapName
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import SourceInfo
from poolviewer.core.rendering import Rendering
from poolviewer.core.view_state import TraceScene


class ModePanel(QWidget):
    """The settings of one mode, and what only this mode shows of its finding.

    What a finding says in words, the meaning of its colours and its extra maps are shown by the
    laboratory itself.
    """

    # The same experiment with other settings.
    experiment_changed = Signal(object)
    # A pixel to pin.
    pin_requested = Signal(object)
    # The present frame shall stand still.
    freeze_requested = Signal()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the settings of an experiment of this mode."""
        raise NotImplementedError

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show what was found on the newest frame; its finding may be of older settings."""

    def show_trace(self, scene: TraceScene) -> None:
        """Show what is traced."""

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        """Show where frames come from and whether they stand still."""

    def show_sight(self, boxes: Mapping[MapName, PixelBox]) -> None:
        """Tell which pixels of the three maps are in view."""

    def leave(self) -> None:
        """Stop what is running: another mode was chosen, or none."""
