"""Boxes of choices that a passing mouse wheel does not change, and that shorten what is long."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

MARGINS = 2


class ChoiceBox(QComboBox):
    """Takes the wheel only while it has the focus; else what it stands in scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as Qt does, but a choice that is too long without its middle."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        box = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(box, option, field, self).width() - MARGINS
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideMiddle, room
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class BoxWithWish(ChoiceBox):
    """Its last entry opens a dialog, and so is chosen from the list only, never by an arrow key."""

    def add_wish(self, text: str, data: str) -> None:
        """Add the last entry, below a line."""
        self.insertSeparator(self.count())
        self.addItem(text, data)
        self._set_wish_enabled(is_enabled=False)

    def showPopup(self) -> None:
        self._set_wish_enabled(is_enabled=True)
        super().showPopup()

    def hidePopup(self) -> None:
        super().hidePopup()
        self._set_wish_enabled(is_enabled=False)

    def _set_wish_enabled(self, *, is_enabled: bool) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)  # noqa: S101 - for the type checker
        model.item(self.count() - 1).setEnabled(is_enabled)
