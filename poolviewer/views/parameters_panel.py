"""The network's parameters; every change takes effect at once."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from poolviewer.core.network import (
    ACTIVATIONS,
    MAX_FILTERS,
    MAX_SEED,
    MAX_SIDE,
    InputSpec,
    NetworkSpec,
    Problem,
)
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox

PADDINGS = {"valid": "valid", "same": "same"}
POOL_KINDS = {"max": "max", "average": "average"}
CHANNEL_ORDERS = {"bgr": "BGR (OpenCV)", "rgb": "RGB", "grey": "grey"}
SCALINGS = {"0-255": "0 … 255", "0-1": "0 … 1", "-1-1": "\N{MINUS SIGN}1 … 1"}
FITS = {"stretch": "stretch", "crop": "crop", "letterbox": "letterbox"}
GREATEST_SEED_SPIN = 2**31 - 1


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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = (SpinBox(1, MAX_SIDE), SpinBox(1, MAX_SIDE))
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
        for value, word in words.items():
            self.addItem(word, value)
        self.currentIndexChanged.connect(self.value_changed)

    def value(self) -> str:
        return str(self.currentData())

    def set_value(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))


class ParametersPanel(QScrollArea):
    """A form of all parameters; what is impossible is said under the field at fault."""

    network_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._network = NetworkSpec()
        self._problems: dict[str, QLabel] = {}
        self._fields: dict[str, PairField | NumberField | ChoiceField] = {
            "size": PairField(),
            "channel_order": ChoiceField(CHANNEL_ORDERS),
            "scaling": ChoiceField(SCALINGS),
            "fit": ChoiceField(FITS),
            "filters": NumberField(1, MAX_FILTERS),
            "kernel_size": PairField(),
            "strides": PairField(),
            "padding": ChoiceField(PADDINGS),
            "activation": ChoiceField({name: name for name in ACTIVATIONS}),
            "seed": NumberField(0, min(MAX_SEED, GREATEST_SEED_SPIN)),
            "pool_kind": ChoiceField(POOL_KINDS),
            "pool_size": PairField(),
            "pool_strides": PairField(),
            "pool_padding": ChoiceField(PADDINGS),
        }
        self._build_form()
        # A sentence that has just appeared has its place only after the next layout.
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(self._on_reveal_timeout)
        for field in self._fields.values():
            field.value_changed.connect(self._on_field_value_changed)

    def show_network(self, network: NetworkSpec, problems: tuple[Problem, ...]) -> None:
        """Show parameters and, under the fields at fault, what is impossible."""
        self._network = network
        for name, value in _values(network).items():
            field = self._fields[name]
            if field.value() != value:
                with QSignalBlocker(field):
                    field.set_value(value)
        sentences = {problem.parameter: problem.sentence for problem in problems}
        for name, label in self._problems.items():
            label.setText(sentences.get(name, ""))
            label.setVisible(name in sentences)
        if problems:
            self._reveal.start()

    def problem_of(self, parameter: str) -> str:
        """Return the sentence under a field, or nothing."""
        return self._problems[parameter].text()

    def field(self, parameter: str) -> PairField | NumberField | ChoiceField:
        return self._fields[parameter]

    def _build_form(self) -> None:
        content = QWidget()
        form = QFormLayout(content)
        form.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING)
        form.setHorizontalSpacing(2 * SPACING)
        form.setVerticalSpacing(SPACING // 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for heading, rows in self._sections():
            form.addRow(_heading(heading))
            for name, label, tip in rows:
                self._add_row(form, name, label, tip)
        self.setWidget(content)

    def _add_row(self, form: QFormLayout, name: str, label: str, tip: str) -> None:
        problem = QLabel()
        problem.setObjectName("problem")
        problem.setTextFormat(Qt.TextFormat.PlainText)
        problem.setWordWrap(True)
        problem.hide()
        self._problems[name] = problem
        field = self._fields[name]
        field.setToolTip(tip)
        field.setAccessibleName(label)
        cell = QVBoxLayout()
        cell.setSpacing(2)
        cell.addWidget(field)
        cell.addWidget(problem)
        text = QLabel(label)
        text.setToolTip(tip)
        text.setBuddy(field)
        form.addRow(text, cell)

    def _sections(self) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
        return (
            (
                self.tr("Input"),
                (
                    ("size", self.tr("Size"), self.tr("Rows × columns that the network receives")),
                    ("channel_order", self.tr("Channels"), self.tr("Order of the colour channels")),
                    ("scaling", self.tr("Scaling"), self.tr("Range that 0–255 is mapped to")),
                    ("fit", self.tr("Fit"), self.tr("How a picture is made to fit the size")),
                ),
            ),
            (
                self.tr("Convolution"),
                (
                    ("filters", self.tr("Filters"), self.tr("Number of feature maps, 1 to 1024")),
                    ("kernel_size", self.tr("Kernel"), self.tr("Rows × columns of the kernel")),
                    ("strides", self.tr("Strides"), self.tr("Pixels from one kernel to the next")),
                    ("padding", self.tr("Padding"), self.tr("same pads so that edges count")),
                    ("activation", self.tr("Activation"), self.tr("Function after the sum")),
                    (
                        "seed",
                        self.tr("Seed"),
                        self.tr("Decides the random weights: 0 to 2147483647"),
                    ),
                ),
            ),
            (
                self.tr("Pooling"),
                (
                    ("pool_kind", self.tr("Kind"), self.tr("Maximum or average of a window")),
                    ("pool_size", self.tr("Size"), self.tr("Rows × columns of the pool window")),
                    ("pool_strides", self.tr("Strides"), self.tr("Pixels between windows")),
                    ("pool_padding", self.tr("Padding"), self.tr("same lets windows overhang")),
                ),
            ),
        )

    def _on_reveal_timeout(self) -> None:
        shown = [label for label in self._problems.values() if label.text()]
        if shown:
            self.ensureWidgetVisible(shown[0], 0, 6 * SPACING)
            chosen = QApplication.focusWidget()
            if chosen is not None and self.isAncestorOf(chosen):
                self.ensureWidgetVisible(chosen)

    def _on_field_value_changed(self) -> None:
        values: dict[str, Any] = {name: field.value() for name, field in self._fields.items()}
        height, width = values.pop("size")
        inputs = {name: values.pop(name) for name in ("channel_order", "scaling", "fit")}
        spec = InputSpec(height, width, **inputs)
        self.network_changed.emit(replace(self._network, input=spec, **values))


def _values(network: NetworkSpec) -> dict[str, Any]:
    """Return the value of every field."""
    spec = network.input
    inputs = {name: getattr(spec, name) for name in ("channel_order", "scaling", "fit")}
    names = ("filters", "kernel_size", "strides", "padding", "activation", "seed")
    pools = ("pool_kind", "pool_size", "pool_strides", "pool_padding")
    rest = {name: getattr(network, name) for name in names + pools}
    return {"size": (spec.height, spec.width), **inputs, **rest}


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("title")
    label.setContentsMargins(0, SPACING // 2, 0, 0)
    return label
