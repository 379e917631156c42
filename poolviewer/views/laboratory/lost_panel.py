"""What was lost: what to shade on the feature map."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.views.laboratory.mode_panel import ModePanel


class LostPanel(ModePanel):
    """Says what is shaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(self.tr("Pixels that did not win are shaded on the feature map."))
        label.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)

    def show_experiment(self, experiment: Experiment) -> None:
        """There is nothing to choose."""
