"""Shift: how far the input is moved, and the plot of what that changes."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSpinBox, QToolButton, QWidget

from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.shift import Shift, ShiftCurve
from poolviewer.core.laboratory.shifting import FURTHEST
from poolviewer.core.rendering import Rendering
from poolviewer.drawing.palette import SPACING
from poolviewer.views.laboratory.mode_panel import ModePanel
from poolviewer.views.laboratory.shift_plot import ShiftPlot

PLOT_HEIGHT = 18 * SPACING
MEASURE = (
    "How much a map changed, for the channel that is shown: the sum of |moved − unmoved| over its "
    "pixels, in percent of the sum of |unmoved − its mean|. 0 % is the same map; 100 % is as much "
    "as the map itself varies."
)


class ShiftPanel(ModePanel):
    """Offers how far the input is moved to the right and down, and plots what changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Shift()
        self.right = self._box(self.tr("How many input pixels to the right; less than 0 is left"))
        self.down = self._box(self.tr("How many input pixels down; less than 0 is up"))
        self.back = QToolButton()
        self.back.setObjectName("small")
        self.back.setText(self.tr("&Back to 0"))
        self.back.setToolTip(self.tr("Show the input where it was"))
        self.back.clicked.connect(self._on_back_clicked)
        self.plot = ShiftPlot()
        self.plot.setFixedHeight(PLOT_HEIGHT)
        self.plot.setToolTip(self.tr(MEASURE))
        self._build_layout()
        self.show_experiment(self._experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show how far the input is moved."""
        if not isinstance(experiment, Shift):
            return
        self._experiment = experiment
        for box, by in ((self.right, experiment.right), (self.down, experiment.down)):
            with QSignalBlocker(box):
                box.setValue(by)
        self.back.setEnabled(experiment.step != (0, 0))

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Plot what was found."""
        del channel
        finding = rendering.finding
        if finding is not None and isinstance(finding.details, ShiftCurve):
            self.plot.show_curve(finding.details)

    def _box(self, tip: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(-FURTHEST, FURTHEST)
        box.setToolTip(tip)
        box.setAccessibleName(tip)
        box.valueChanged.connect(self._on_box_value_changed)
        return box

    def _build_layout(self) -> None:
        controls = QGridLayout()
        controls.setSpacing(SPACING)
        rows = ((self.tr("&Right"), self.right), (self.tr("&Down"), self.down))
        for row, (text, box) in enumerate(rows):
            label = QLabel(text)
            label.setBuddy(box)
            controls.addWidget(label, row, 0)
            controls.addWidget(box, row, 1)
        controls.addWidget(self.back, 2, 1)
        controls.setRowStretch(3, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(controls)
        layout.addWidget(self.plot, 1)

    def _on_box_value_changed(self) -> None:
        wish = self._experiment.with_step(self.down.value(), self.right.value())
        self.experiment_changed.emit(wish)

    def _on_back_clicked(self) -> None:
        self.experiment_changed.emit(self._experiment.with_step(0, 0))
