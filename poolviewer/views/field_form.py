"""A form: each field has its name, its tip, and below it what is wrong with its value."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from poolviewer.core.network import Problem
from poolviewer.drawing.palette import SPACING

Row = tuple[str, str, str]


class FieldForm(QScrollArea):
    """A form whose every change is a wish; what is impossible is said under the field at fault."""

    network_changed = Signal(object)

    def __init__(self, fields: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fields = fields
        self._problems: dict[str, QLabel] = {}
        self._rows: dict[str, int] = {}
        content = QWidget()
        self.form = QFormLayout(content)
        self.form.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING)
        self.form.setHorizontalSpacing(2 * SPACING)
        self.form.setVerticalSpacing(SPACING // 2)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.setWidget(content)
        # A sentence that has just appeared has its place only after the next layout.
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(self._on_reveal_timeout)

    def field(self, parameter: str) -> Any:  # noqa: ANN401 - each field has its own kind
        return self._fields[parameter]

    def problem_of(self, parameter: str) -> str:
        """Return the sentence under a field, or nothing."""
        return self._problems[parameter].text()

    def show_values(self, values: dict[str, Any]) -> None:
        """Show the value of every field that has another one."""
        for name, value in values.items():
            field = self._fields[name]
            if field.value() != value:
                with QSignalBlocker(field):
                    field.set_value(value)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Say under the fields at fault what is impossible, and scroll there."""
        sentences = {problem.parameter: problem.sentence for problem in problems}
        for name, label in self._problems.items():
            label.setText(sentences.get(name, ""))
            label.setVisible(name in sentences)
        if sentences:
            self._reveal.start()

    def add_section(self, heading: str, rows: Iterable[Row]) -> None:
        """Add a heading and, for each row, the field of its name with its label and its tip."""
        title = QLabel(heading)
        title.setObjectName("group")
        title.setIndent(0)
        self.form.addRow(title)
        for name, label, tip in rows:
            self._add_row(name, label, tip)

    def set_row_visible(self, name: str, *, is_visible: bool) -> None:
        self.form.setRowVisible(self._rows[name], is_visible)

    def _add_row(self, name: str, label: str, tip: str) -> None:
        problem = self._problems[name] = QLabel()
        problem.setObjectName("problem")
        problem.setTextFormat(Qt.TextFormat.PlainText)
        problem.setWordWrap(True)
        problem.hide()
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
        self._rows[name] = self.form.rowCount()
        self.form.addRow(text, cell)

    def _on_reveal_timeout(self) -> None:
        shown = [label for label in self._problems.values() if label.text()]
        if shown:
            self.ensureWidgetVisible(shown[0], 0, 6 * SPACING)
            chosen = QApplication.focusWidget()
            if chosen is not None and self.isAncestorOf(chosen):
                self.ensureWidgetVisible(chosen)
