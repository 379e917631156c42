"""What stands in place of numbers that are asked for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

CONCEALED = "A question is open: what would answer it is hidden here."


class ConcealedLabel(QLabel):
    """Says why there is nothing to see; hidden at first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setText(self.tr(CONCEALED))
        self.hide()
