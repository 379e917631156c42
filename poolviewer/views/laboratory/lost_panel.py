"""What was lost: what is coloured on the feature map."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.lost import Lost
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.laboratory.mode_panel import ModePanel

VIEWS = {
    "losers": ("what did not win", "Shade the pixels of the feature map that won in no window"),
    "offsets": ("which position won", "Colour the winners by their position in the pool window"),
    "margin": (
        "margin to the runner-up",
        "Colour the pool windows by how far the winner lies above the next value; a tie is 0",
    ),
    "nothing": ("nothing", "Leave the maps as they are"),
}


class LostPanel(ModePanel):
    """Offers what is coloured, and flags besides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Lost()
        self.view = ChoiceBox()
        for number, (value, (word, tip)) in enumerate(VIEWS.items()):
            self.view.addItem(self.tr(word), value)
            self.view.setItemData(number, self.tr(tip), Qt.ItemDataRole.ToolTipRole)
        self.view.setAccessibleName(self.tr("What is coloured on the feature map"))
        self.view.setToolTip(self.tr("What is coloured on the feature map"))
        self.flags = QCheckBox(self.tr("F&lag ties and NaN"))
        self.flags.setToolTip(
            self.tr("Mark equal highest values, NaN and infinities; zoom in to see the signs")
        )
        self.view.activated.connect(self._on_view_activated)
        self.flags.clicked.connect(self._on_flags_clicked)
        label = QLabel(self.tr("&Colour"))
        label.setBuddy(self.view)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for part in (label, self.view, self.flags):
            layout.addWidget(part)
        layout.addStretch(1)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what is coloured and flagged."""
        if isinstance(experiment, Lost):
            self._experiment = experiment
            with QSignalBlocker(self.view):
                self.view.setCurrentIndex(self.view.findData(experiment.view))
            self.flags.setChecked(experiment.has_flags)

    def _on_view_activated(self) -> None:
        self.experiment_changed.emit(replace(self._experiment, view=self.view.currentData()))

    def _on_flags_clicked(self, has_flags: bool) -> None:
        self.experiment_changed.emit(replace(self._experiment, has_flags=has_flags))
