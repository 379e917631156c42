"""A label whose text changes with every frame and that moves nothing around it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class SteadyLabel(QLabel):
    """Grows with its text but shrinks only when it is empty.

    Qt lays out everything around an ordinary label anew at each new text, which takes longer than
    to paint it; one of a fixed size is left alone.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedWidth(0)

    def show_text(self, text: str) -> None:
        """Show one line."""
        if text == self.text():
            return
        # A word's width is rounded, and some letters lean out of it.
        needed = self.fontMetrics().horizontalAdvance(text) + 2
        if not text:
            self.setFixedWidth(0)
        elif needed > self.width():
            self.setFixedSize(needed, self.fontMetrics().height())
        self.setText(text)
