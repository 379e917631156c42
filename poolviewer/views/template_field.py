"""A text with words in braces that stand for what is exported."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from poolviewer.core.exporting import template_problem
from poolviewer.core.templates import FIELDS
from poolviewer.drawing.palette import SPACING


class TemplateField(QWidget):
    """A line of text, a menu of what can be inserted, and below them what is wrong."""

    value_changed = Signal()

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setToolTip(tip)
        self.line.setMaxLength(2000)
        self._problem = QLabel()
        self._problem.setObjectName("problem")
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.hide()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.line, 0, 0)
        layout.addWidget(self._insert_button(name), 0, 1)
        layout.addWidget(self._problem, 1, 0, 1, 2)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._on_line_text_changed)

    @property
    def problem(self) -> str:
        """What is wrong; empty where the template is sound."""
        return template_problem(self.line.text())

    def value(self) -> str:
        return self.line.text()

    def set_value(self, value: str) -> None:
        with QSignalBlocker(self.line):
            self.line.setText(value)
            self.line.setCursorPosition(0)
        self._show_problem()

    def _insert_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("small")
        button.setText("{ }")
        button.setToolTip(self.tr("Insert a word that stands for what is exported"))
        button.setAccessibleName(self.tr("Insert into {}").format(name))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for field, words in FIELDS.items():
            menu.addAction(f"{{{field}}}  {words}").setData(field)
        menu.triggered.connect(self._on_menu_triggered)
        button.setMenu(menu)
        return button

    def _on_menu_triggered(self, action: QAction) -> None:
        self.line.insert(f"{{{action.data()}}}")
        self.line.setFocus()

    def _on_line_text_changed(self) -> None:
        self._show_problem()
        self.value_changed.emit()

    def _show_problem(self) -> None:
        self._problem.setText(self.problem)
        self._problem.setVisible(bool(self.problem))
