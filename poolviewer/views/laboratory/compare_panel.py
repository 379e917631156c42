"""Compare: how the second pooling works, and what it makes of the explained pixel."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QWidget

from poolviewer.core.annotation import Role
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.comparison import KIND_WORDS
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.rendering import Rendering
from poolviewer.core.view_state import TraceScene
from poolviewer.drawing.palette import SPACING
from poolviewer.views.fields import ChoiceField, PairField
from poolviewer.views.laboratory.mode_panel import ModePanel
from poolviewer.views.laboratory.role_legend import RoleLegend
from poolviewer.views.laboratory.steady_words import SteadyWords

LARGEST = 4096
PADDINGS = {"valid": "valid", "same": "same"}
HINT = "Point at a pixel of any pooled map to see both windows and both sums."


class ComparePanel(ModePanel):
    """Offers kind, size, strides and padding of the second pooling.

    What was not chosen follows the network, and is shown as the network has it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Compare()
        kinds = {str(kind): self.tr(word) for kind, word in KIND_WORDS.items()}
        self.fields: dict[str, ChoiceField | PairField] = {
            "kind": ChoiceField(kinds),
            "size": PairField(LARGEST),
            "strides": PairField(LARGEST),
            "padding": ChoiceField(PADDINGS),
        }
        self.words = SteadyWords()
        for name, tip in self._tips().items():
            field = self.fields[name]
            field.setToolTip(tip)
            field.setAccessibleName(tip)
            field.value_changed.connect(self._on_field_changed)
        self._build_layout()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what was chosen of the second pooling."""
        if isinstance(experiment, Compare):
            self._experiment = experiment
            self._show(experiment)

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show what the network has where nothing was chosen."""
        self._show(self._experiment.settled(rendering.activations.stage.pooling))

    def show_trace(self, scene: TraceScene) -> None:
        """Tell both numbers of the explained pixel."""
        sentences = scene.related.sentences if scene.related else ()
        self.words.show_text("\n".join(sentences) or self.tr(HINT))

    def _show(self, settings: Compare) -> None:
        for name, field in self.fields.items():
            value = getattr(settings, name)
            if value is not None and value != field.value():
                with QSignalBlocker(field):
                    field.set_value(value)

    def _build_layout(self) -> None:
        """Put the padding, which needs little room, and the legend into one row."""
        last = QWidget()
        row = QHBoxLayout(last)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.fields["padding"], 1)
        row.addWidget(RoleLegend(Role.SECOND))
        last.setFocusProxy(self.fields["padding"])
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addRow(self.tr("&Kind"), self.fields["kind"])
        layout.addRow(self.tr("Si&ze"), self.fields["size"])
        layout.addRow(self.tr("St&rides"), self.fields["strides"])
        layout.addRow(self.tr("Pa&dding"), last)
        layout.addRow(self.words)

    def _tips(self) -> dict[str, str]:
        return {
            "kind": self.tr("What the second pooling makes of a window"),
            "size": self.tr("Rows × columns of the second pool window"),
            "strides": self.tr("Pixels between the second pool windows"),
            "padding": self.tr("same lets the second windows overhang"),
        }

    def _on_field_changed(self) -> None:
        name = next(name for name, field in self.fields.items() if field is self.sender())
        changes: dict[str, Any] = {name: self.fields[name].value()}
        self.experiment_changed.emit(replace(self._experiment, **changes))
