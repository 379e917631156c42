"""A line of plain text that shortens a part of itself to the room that there is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from poolviewer.views.plain_text import plain_tip


class ElidedLabel(QLabel):
    """Shows three texts in a row, of which only the middle one is shortened.

    The whole text is in the tooltip as long as a part of it is missing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = ("", "", "")
        self._tip = ""
        self._mode = Qt.TextElideMode.ElideMiddle
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, tip: str = "") -> None:
        """Show one text, of which the end is left out."""
        self._mode = Qt.TextElideMode.ElideRight
        self.show_parts("", text, "", tip)

    def show_parts(self, before: str, middle: str, after: str, tip: str = "") -> None:
        """Show three texts; ``tip`` is the tooltip where nothing is missing."""
        if (before, middle, after) != self._parts or tip != self._tip:
            self._parts, self._tip = (before, middle, after), tip
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        before, middle, after = self._parts
        whole = f"{before}{middle}{after}"
        margins = self.contentsMargins()
        # One pixel less, because widths are rounded down.
        room = self.width() - margins.left() - margins.right() - 1
        taken = self.fontMetrics().horizontalAdvance(f"{before}{after}")
        text = f"{before}{self.fontMetrics().elidedText(middle, self._mode, room - taken)}{after}"
        self.setText(text)
        self.setToolTip(plain_tip(self._tip if text == whole else f"{whole}\n{self._tip}".rstrip()))
