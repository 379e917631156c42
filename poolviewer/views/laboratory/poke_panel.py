"""Poke: which channel of the input a drag changes, numbers to be added, and what was changed."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.poke import MOST_EDITS, Poke
from poolviewer.core.laboratory.poke_words import edit_words
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.rendering import Rendering
from poolviewer.core.trace import FeatureTrace, InputTrace
from poolviewer.core.view_state import TraceScene
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.laboratory.mode_panel import ModePanel

SHOWN_DIGITS = 13
FIRST_AMOUNT, LARGEST_AMOUNT = 10.0, 1e9
HINT = "Drag a pixel up for more, down for less (Shift: slowly)."
NO_PIN = "Click a pixel of the input or the feature map first"


class AmountBox(QDoubleSpinBox):
    """A number to be added, of either sign; Ctrl and a letter stay shortcuts of the window."""

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(4)
        self.setRange(-LARGEST_AMOUNT, LARGEST_AMOUNT)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.setValue(FIRST_AMOUNT)
        self.setMaximumWidth(16 * SPACING)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().returnPressed.connect(self.confirmed)

    def event(self, event: QEvent) -> bool:
        """Let undo and redo through: they mean the pixels."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            has_control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            event.setAccepted(not has_control)
            if has_control:
                return True
        return super().event(event)

    def textFromValue(self, value: float) -> str:
        """Write no more digits than are needed."""
        return self.locale().toString(value, "g", SHOWN_DIGITS)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel, unless the number was chosen to be changed."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class PokePanel(ModePanel):
    """Offers what the mouse cannot do exactly, and lists the changes, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Poke()
        self._names: tuple[str, ...] = ()
        self._listed: tuple[Edit, ...] = ()
        self._pinned: Pixel | None = None
        self._map_channel = 0
        self.channel, self.amount = ChoiceBox(), AmountBox()
        self.apply = self._button(self.tr("Add to the pinned pixel"), self._on_apply_clicked)
        self.undo = self._button(self.tr("Undo"), self._on_undo_clicked)
        self.redo = self._button(self.tr("Redo"), self._on_redo_clicked)
        self.reset = self._button(self.tr("Reset"), self._on_reset_clicked)
        self.edits = QListWidget()
        self._describe()
        self._build_layout()
        self.channel.activated.connect(self._on_channel_activated)
        self.amount.confirmed.connect(self._on_apply_clicked)
        self._show_names(())
        self._show_pinned()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show which channel is chosen, what was changed, and what can be undone."""
        if not isinstance(experiment, Poke):
            return
        self._experiment = experiment
        self.undo.setEnabled(experiment.can_undo)
        self.redo.setEnabled(experiment.can_redo)
        self.reset.setEnabled(experiment.can_undo)
        self._show_channel()
        self._list(experiment.done)
        self._show_pinned()

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Offer the channels that this network's input has."""
        self._map_channel = channel
        self._show_names(rendering.activations.network.input.channel_names)

    def show_trace(self, scene: TraceScene) -> None:
        """Offer to change the pinned pixel, if it is one that can be changed."""
        trace, self._pinned = scene.trace, None
        if scene.is_pinned and isinstance(trace, InputTrace | FeatureTrace):
            is_input = isinstance(trace, InputTrace)
            name = MapName.INPUT if is_input else MapName.FEATURE
            self._pinned = Pixel(name, trace.row, trace.col)
        self._show_pinned()

    def _describe(self) -> None:
        self.channel.setAccessibleName(self.tr("Channels of the input that are changed"))
        self.channel.setToolTip(self.tr("Which channels of the input a drag changes"))
        self.amount.setAccessibleName(self.tr("Number to be added to the pinned pixel"))
        self.amount.setToolTip(self.tr("What is added to the pinned pixel (Enter adds it)"))
        self.undo.setToolTip(self.tr("Take the last change back (Ctrl+Z)"))
        self.redo.setToolTip(self.tr("Make it again (Ctrl+Shift+Z or Ctrl+Y)"))
        self.reset.setToolTip(self.tr("Take all changes back; Redo makes them again"))
        self.edits.setAccessibleName(self.tr("Changes, the newest first"))
        self.edits.setToolTip(self.tr("What was changed by hand, the newest first"))

    def _build_layout(self) -> None:
        hint = QLabel(self.tr(HINT))
        hint.setObjectName("muted")
        hint.setWordWrap(True)
        controls = QVBoxLayout()
        controls.setSpacing(SPACING)
        controls.addWidget(hint)
        controls.addLayout(_row(QLabel(self.tr("Input channels")), self.channel))
        controls.addLayout(_row(self.amount, self.apply))
        controls.addStretch(1)
        self.edits.setFixedHeight(8 * SPACING)
        changes = QVBoxLayout()
        changes.setSpacing(SPACING)
        changes.addLayout(_row(self.undo, self.redo, self.reset))
        changes.addWidget(self.edits)
        changes.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(controls, 1)
        layout.addLayout(changes, 1)

    def _button(self, text: str, handler: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName("small")
        button.setText(text)
        button.clicked.connect(handler)
        return button

    def _show_names(self, names: tuple[str, ...]) -> None:
        if names == self._names and self.channel.count():
            return
        self._names = names
        with QSignalBlocker(self.channel):
            self.channel.clear()
            self.channel.addItem(self.tr("All together"), None)
            for number, name in enumerate(names):
                self.channel.addItem(name, number)
        self._show_channel()

    def _show_channel(self) -> None:
        """Choose the entry of the channel; a network may lack it."""
        chosen = self._experiment.channel
        number = 0 if chosen is None else chosen + 1
        with QSignalBlocker(self.channel):
            self.channel.setCurrentIndex(number if number < self.channel.count() else -1)

    def _list(self, edits: tuple[Edit, ...]) -> None:
        """List the newest first; while one is dragged, only its line changes."""
        if len(edits) == len(self._listed) and edits[:-1] == self._listed[:-1]:
            if edits:
                self.edits.item(0).setText(self._words(edits[-1]))
        else:
            self.edits.clear()
            self.edits.addItems([self._words(edit) for edit in reversed(edits)])
        self._listed = edits

    def _words(self, edit: Edit) -> str:
        words = edit_words(edit, self._names)
        is_elsewhere = edit.map_name is MapName.FEATURE
        return f"{words} · channel {edit.channel}" if is_elsewhere else words

    def _show_pinned(self) -> None:
        can_apply = self._pinned is not None and not self._experiment.is_full
        self.apply.setEnabled(can_apply)
        tip = self.tr("Add the number to the pinned pixel (Alt+Up and Alt+Down go by steps)")
        if self._experiment.is_full:
            tip = self.tr("No more than {} changes are kept").format(MOST_EDITS)
        elif self._pinned is None:
            tip = self.tr(NO_PIN)
        self.apply.setToolTip(tip)

    def _on_channel_activated(self) -> None:
        changed = self._experiment.with_channel(self.channel.currentData())
        self.experiment_changed.emit(changed)

    def _on_apply_clicked(self) -> None:
        if self._pinned is not None:
            by = self.amount.value()
            changed = self._experiment.dragged(self._pinned, self._map_channel, by)
            self.experiment_changed.emit(changed)

    def _on_undo_clicked(self) -> None:
        self.experiment_changed.emit(self._experiment.undo())

    def _on_redo_clicked(self) -> None:
        self.experiment_changed.emit(self._experiment.redo())

    def _on_reset_clicked(self) -> None:
        self.experiment_changed.emit(self._experiment.cleared())


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACING)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
