"""The network's layers and stages, with what a person should know of it above them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.model_info import InputInfo, ModelInfo, ModelSpec
from poolviewer.core.network import Network, network_name
from poolviewer.core.text import printable
from poolviewer.drawing.palette import SPACING
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.layer_tree import LayerTree, in_words

MOST_NOTES = 3
ROOMY = 60 * SPACING
MOST_INPUTS = 4
NO_NETWORK = "The parameters make no network yet: what is wrong stands below them."
HINT = "Enter or a double click on a stage shows it."


class NetworkBrowser(QWidget):
    """Shows the structure of a network; built only once it is looked at."""

    stage_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = LayerTree()
        self.tree.stage_chosen.connect(self.stage_chosen)
        self._name, self._summary = ElidedLabel(), QLabel()
        self._obstacle, self._hint = QLabel(), QLabel(self.tr(HINT))
        self._notes, self._whole_notes = [ElidedLabel() for _ in range(MOST_NOTES)], QLabel()
        self._listed: ModelInfo | None = None
        self._shown: ModelInfo | None = None
        self._stage, self._in_use = "", ""
        self._name.setObjectName("title")
        for label in (self._summary, *self._notes, self._whole_notes, self._hint):
            label.setObjectName("muted")
        for label in (self._summary, self._obstacle, self._whole_notes, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        for label in (self._summary, self._obstacle, self._whole_notes):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._build_stages_only()
        self._build_layout()
        self._refresh()

    @property
    def words(self) -> str:
        """What stands above the layers."""
        labels = (self._summary, self._obstacle, *self._notes, self._whole_notes)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def show_layers(self, listed: ModelInfo | None, network: Network) -> None:
        """List a network's layers, and mark the stage in use if it is this network's own."""
        self._listed = listed
        self._stage = _stage_in_use(listed, network)
        self._in_use = network_name(network)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_notes(self._listed.notes if self._listed else ())

    def _build_stages_only(self) -> None:
        self._stages_only = QToolButton()
        self._stages_only.setObjectName("small")
        self._stages_only.setText(self.tr("Stages only"))
        self._stages_only.setToolTip(self.tr("Leave out the layers that are no pooling stage"))
        self._stages_only.setCheckable(True)
        self._stages_only.toggled.connect(self.tree.show_stages_only)

    def _build_layout(self) -> None:
        header = QHBoxLayout()
        header.addWidget(self._name, 1)
        header.addWidget(self._stages_only)
        self._frame = QFrame()
        self._frame.setObjectName("noticeError")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        inside.addWidget(self._obstacle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(header)
        for part in (self._summary, self._frame, *self._notes, self._whole_notes):
            layout.addWidget(part)
        layout.addWidget(self.tree, 1)
        self.tree.setMinimumHeight(6 * SPACING)
        layout.addWidget(self._hint)

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        self._show_header(self._listed)
        if self._listed is not None and self._listed != self._shown:
            self._shown = self._listed
            self.tree.show_model(self._listed)
            # What cannot be unticked is not ticked.
            is_only = self._stages_only.isChecked() and not self._stages_only.isHidden()
            self.tree.show_stages_only(is_only)
        self.tree.mark(self._stage)

    def _show_header(self, listed: ModelInfo | None) -> None:
        stages = len(listed.stages) if listed else 0
        self._name.show_text(printable(listed.name) if listed else self.tr("No network"))
        self._summary.setText(_summary(listed) if listed else self.tr(NO_NETWORK))
        self._frame.setVisible(listed is not None and bool(listed.obstacle))
        if listed and listed.obstacle:
            self._obstacle.setText(
                self.tr("{}\nThe maps still show the network {}.").format(
                    printable(listed.obstacle), printable(self._in_use)
                )
            )
        self._show_notes(listed.notes if listed else ())
        self.tree.setVisible(listed is not None and bool(listed.layers))
        self._hint.setVisible(stages > 1)
        self._stages_only.setVisible(stages > 0 and listed is not None and len(listed.layers) > 2)

    def _show_notes(self, notes: tuple[str, ...]) -> None:
        """Show the notes whole if there is room; else a line for each, and tips that are whole."""
        lines = [printable(note) for note in notes]
        has_room = self.height() >= ROOMY
        self._whole_notes.setText("\n".join(lines))
        self._whole_notes.setVisible(has_room and bool(lines))
        first, rest = lines[: MOST_NOTES - 1], " ".join(lines[MOST_NOTES - 1 :])
        shown = [*first, rest, *[""] * MOST_NOTES]
        for label, line in zip(self._notes, shown, strict=False):
            label.show_text(line)
            label.setVisible(not has_room and bool(line))


def _stage_in_use(listed: ModelInfo | None, network: Network) -> str:
    if listed is None:
        return ""
    if isinstance(network, ModelSpec):
        return network.stage if network.digest == listed.digest else ""
    return network.stage.name if not listed.digest else ""


def _summary(model: ModelInfo) -> str:
    """Say what goes in, and how much there is."""
    parts = [_input_words(info) for info in model.inputs[:MOST_INPUTS]]
    if len(model.inputs) > MOST_INPUTS:
        parts.append(f"… {len(model.inputs) - MOST_INPUTS} more inputs")
    parts += [_counted(len(model.layers), "layer"), _counted(len(model.stages), "stage")]
    return " · ".join(parts)


def _input_words(info: InputInfo) -> str:
    shape = in_words(info.shape) or "scalar"
    return f"{printable(info.name)} {shape} {printable(info.dtype)}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
