"""Lines of text that change with every frame and move nothing around them."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
HIGHEST = 10_000


class WrappedText(QWidget):
    """Wraps its text, and grows with it but shrinks only when it is empty.

    Qt lays out everything around a label anew at each new text, which takes longer than all else
    that a frame changes in a panel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Show one line or several; nothing where there is none."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        if bool(text) == self.isHidden():
            self.setFixedHeight(self._needed())
            self.setVisible(bool(text))
        elif self._needed() > self.height():
            self.setFixedHeight(self._needed())
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setFixedHeight(self._needed())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), WRAPPED, self._text)
        painter.end()

    def _needed(self) -> int:
        room = QRect(0, 0, max(self.width(), 1), HIGHEST)
        return self.fontMetrics().boundingRect(room, WRAPPED, self._text).height()
