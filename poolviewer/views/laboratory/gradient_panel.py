"""Gradient: where it begins, and which channels of the input are shown."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.rendering import Rendering
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.laboratory.mode_panel import ModePanel


class GradientPanel(ModePanel):
    """Offers where the gradient begins, and what is shown of it in the input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Backpropagation()
        self._names: tuple[str, ...] = ()
        self.start, self.view = ChoiceBox(), ChoiceBox()
        self.start.addItem(self.tr("the traced pixel"), False)
        self.start.addItem(self.tr("all pooled pixels"), True)
        self.start.setAccessibleName(self.tr("Where the gradient begins"))
        self.start.setToolTip(
            self.tr("Begin with a 1 at the pinned or hovered pixel, or at all pooled pixels")
        )
        self.view.setAccessibleName(self.tr("What is shown of the gradient in the input"))
        self.view.setToolTip(self.tr("The input has several channels: show their sum, or one"))
        self._offer(())
        self.start.activated.connect(self._on_start_activated)
        self.view.activated.connect(self._on_view_activated)
        self._build_layout()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show where the gradient begins and what is shown of it."""
        if isinstance(experiment, Backpropagation):
            self._experiment = experiment
            with QSignalBlocker(self.start):
                self.start.setCurrentIndex(self.start.findData(experiment.is_everywhere))
            self._choose_view()

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Offer the channels that this network's input has."""
        del channel
        self._offer(rendering.activations.network.input.channel_names)

    def _build_layout(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        rows = ((self.tr("A &1 at"), self.start), (self.tr("&Input shows"), self.view))
        for row, (text, box) in enumerate(rows):
            label = QLabel(text)
            label.setBuddy(box)
            layout.addWidget(label, row, 0)
            layout.addWidget(box, row, 1)
        layout.setColumnStretch(2, 1)

    def _offer(self, names: Sequence[str]) -> None:
        if self.view.count() and tuple(names) == self._names:
            return
        self._names = tuple(names)
        self.view.clear()
        self.view.addItem(self.tr("sum of the channels"), "sum")
        self.view.addItem(self.tr("largest of the channels"), "largest")
        for number, name in enumerate(self._names):
            self.view.addItem(self.tr("channel {}").format(name), number)
        self._choose_view()

    def _choose_view(self) -> None:
        with QSignalBlocker(self.view):
            self.view.setCurrentIndex(max(self.view.findData(self._experiment.view), 0))

    def _on_start_activated(self) -> None:
        is_everywhere = self.start.currentData()
        self.experiment_changed.emit(replace(self._experiment, is_everywhere=is_everywhere))

    def _on_view_activated(self) -> None:
        self.experiment_changed.emit(replace(self._experiment, view=self.view.currentData()))
