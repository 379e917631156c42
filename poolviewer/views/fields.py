"""The fields that forms are made of: each shows a value and tells when a person changed it."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox

MINUS = "\N{MINUS SIGN}"
CHANNEL_ORDERS = {"bgr": "BGR (OpenCV)", "rgb": "RGB", "grey": "grey"}
SCALINGS = {"0-255": "0 … 255", "0-1": "0 … 1", "-1-1": f"{MINUS}1 … 1"}
FITS = {"stretch": "stretch", "crop": "crop", "letterbox": "letterbox"}


class SpinBox(QSpinBox):
    """A number that counts on Enter, Tab or an arrow, not on each digit typed.

    Keys that cannot be part of a number stay shortcuts of the window, such as Space.
    """

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(7 * SPACING)

    def event(self, event: QEvent) -> bool:
        """Let shortcuts of one letter through."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            text = event.text()
            is_letter = bool(text) and text.isprintable() and not text.isdigit()
            if is_letter or event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                event.ignore()
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel, unless the number was chosen to be changed."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class PairField(QWidget):
    """Two numbers: rows × columns."""

    value_changed = Signal()

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = (SpinBox(1, most), SpinBox(1, most))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        for box, name in zip(self._boxes, (self.tr("rows"), self.tr("columns")), strict=True):
            if layout.count():
                layout.addWidget(QLabel("×"))
            box.setToolTip(name)
            box.setAccessibleName(name)
            box.valueChanged.connect(self.value_changed)
            layout.addWidget(box, 1)
        self.setFocusProxy(self._boxes[0])

    def value(self) -> tuple[int, int]:
        """Return ``(rows, columns)``."""
        return self._boxes[0].value(), self._boxes[1].value()

    def set_value(self, value: tuple[int, int]) -> None:
        for box, number in zip(self._boxes, value, strict=True):
            box.setValue(number)

    def set_free(self, are_free: tuple[bool, bool]) -> None:
        """Let rows and columns be changed, or not."""
        for box, is_free in zip(self._boxes, are_free, strict=True):
            box.setEnabled(is_free)


class NumberField(SpinBox):
    """One whole number."""

    value_changed = Signal()

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(low, high, parent)
        self.valueChanged.connect(self.value_changed)

    def set_value(self, value: int) -> None:
        self.setValue(value)


class ChoiceField(ChoiceBox):
    """One of a few words."""

    value_changed = Signal()

    def __init__(self, words: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A long word must not make the whole form wider than its panel.
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.offer(words)
        self.currentIndexChanged.connect(self.value_changed)

    def offer(self, words: dict[str, str]) -> None:
        """Offer values, each by its word, instead of those before."""
        if words != {self.itemData(i): self.itemText(i) for i in range(self.count())}:
            with QSignalBlocker(self):
                self.clear()
                for value, word in words.items():
                    self.addItem(word, value)
                    self.setItemData(self.count() - 1, word, Qt.ItemDataRole.ToolTipRole)

    def value(self) -> str:
        return str(self.currentData())

    def set_value(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))


class TickField(QCheckBox):
    """Yes or no."""

    value_changed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Space freezes, even after a click here
        self.toggled.connect(self.value_changed)

    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        self.setChecked(value)


class NumbersField(QLineEdit):
    """Numbers with commas between them, or none; they count on Enter or Tab."""

    value_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before: tuple[float, ...] | None = ()
        self.editingFinished.connect(self._on_editing_finished)

    def value(self) -> tuple[float, ...] | None:
        """Return the numbers; None where the text is something else."""
        return numbers_in(self.text())

    def set_value(self, value: tuple[float, ...]) -> None:
        self._before = value
        self.setText(", ".join(_written(number) for number in value))

    def _on_editing_finished(self) -> None:
        if self.value() != self._before:
            self._before = self.value()
            self.value_changed.emit()


def numbers_in(text: str) -> tuple[float, ...] | None:
    """Return the numbers of a text, with commas, semicolons or spaces between; None if it errs."""
    for separator in ",;":
        text = text.replace(separator, " ")
    try:
        return tuple(float(word.replace(MINUS, "-")) for word in text.split())
    except ValueError:
        return None


def _written(number: float) -> str:
    return repr(float(number)).removesuffix(".0").replace("-", MINUS)
