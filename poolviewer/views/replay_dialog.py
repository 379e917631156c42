"""The dialog about how much of a live picture is kept."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from poolviewer.core.ring import (
    DEFAULT_BYTES,
    DEFAULT_SECONDS,
    LEAST_BYTES,
    MOST_BYTES,
    MOST_SECONDS,
)
from poolviewer.core.timeline import ReplayLimits
from poolviewer.views.dialogs import show_dialog
from poolviewer.views.form_dialog import lay_out_form

MEGABYTE = 2**20


class ReplayDialogs(QObject):
    """Asks how much of a live picture is kept to look back."""

    limits_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._limits = ReplayLimits(DEFAULT_SECONDS, DEFAULT_BYTES)

    def show_limits(self, limits: ReplayLimits) -> None:
        """Begin with these limits when they are asked for."""
        self._limits = limits

    def ask(self) -> None:
        """Ask for both limits."""
        dialog = ReplayDialog(self._limits, self._window)
        dialog.limits_chosen.connect(self.limits_chosen)
        show_dialog(dialog)


class ReplayDialog(QDialog):
    """Two fields: seconds and megabytes."""

    limits_chosen = Signal(object)

    def __init__(self, limits: ReplayLimits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Replay memory"))
        text = QLabel(
            self.tr(
                "The last frames of a camera or stream are kept, so that you can freeze the "
                "picture and look back. Whichever limit is reached first counts."
            )
        )
        self._seconds = self._field(0, MOST_SECONDS, 1, self.tr(" s"), self.tr("seconds"))
        self._seconds.setSpecialValueText(self.tr("nothing"))
        self._megabytes = self._field(
            LEAST_BYTES // MEGABYTE, MOST_BYTES // MEGABYTE, 64, self.tr(" MB"), self.tr("memory")
        )
        self._seconds.setValue(limits.seconds)
        self._megabytes.setValue(limits.max_bytes // MEGABYTE)
        form = QFormLayout()
        form.addRow(self.tr("&Keep at most"), self._seconds)
        form.addRow(self.tr("&Memory at most"), self._megabytes)
        self.accepted.connect(self._on_accepted)
        lay_out_form(self, text, form)

    def _field(self, least: int, most: int, step: int, unit: str, name: str) -> QSpinBox:
        field = QSpinBox()
        field.setRange(least, most)
        field.setSingleStep(step)
        field.setSuffix(unit)
        field.setGroupSeparatorShown(True)
        field.setAccessibleName(name)
        return field

    def _on_accepted(self) -> None:
        size = self._megabytes.value() * MEGABYTE
        self.limits_chosen.emit(ReplayLimits(self._seconds.value(), size))
