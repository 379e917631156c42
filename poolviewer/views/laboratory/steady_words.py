"""Sentences that change with every frame and that move nothing around them."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from poolviewer.drawing.fonts import text_font
from poolviewer.views.theme import SMALL_PX

INTERVAL_MS = 200


class SteadyWords(QWidget):
    """Wraps sentences, grows with them, and shrinks only when it is emptied.

    Qt lays out everything around an ordinary label anew at each new text, and nobody reads sixty
    texts a second: the newest is shown at once after a rest, else a few times a second.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        # A child without a layout: its new size is nobody else's matter.
        self._label = QLabel(self)
        self._label.setFont(text_font(SMALL_PX))
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(0)
        self._rest = QTimer(self, singleShot=True, interval=INTERVAL_MS)
        self._rest.timeout.connect(self._on_rest_timeout)

    @property
    def text(self) -> str:
        """The newest text, which may be shown a moment later."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show sentences, one a line; empty takes no room."""
        self._text = text
        if not text:
            self._rest.stop()
            self._label.clear()
            self.setFixedHeight(0)
        elif not self._rest.isActive():
            self._show_newest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setFixedHeight(self._needed() if self._text else 0)
        self._label.setGeometry(self.rect())

    def _on_rest_timeout(self) -> None:
        if self._text != self._label.text():
            self._show_newest()

    def _show_newest(self) -> None:
        if self._text == self._label.text():
            return
        self._label.setText(self._text)
        self._rest.start()
        needed = self._needed()
        if needed > self.height():
            self.setFixedHeight(needed)

    def _needed(self) -> int:
        return self._label.heightForWidth(max(self.width(), 1))
