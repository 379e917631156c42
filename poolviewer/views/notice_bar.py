"""One sentence above the maps, until it is dismissed or outdated."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from poolviewer.core.view_state import Notice
from poolviewer.drawing.palette import SPACING


class NoticeBar(QFrame):
    """Shows what happened and what to do; hidden while there is nothing to say."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setText("✕")
        close.setToolTip(self.tr("Dismiss this message"))
        close.setAccessibleName(self.tr("Dismiss"))
        close.clicked.connect(self.dismissed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.addWidget(self._label, 1)
        layout.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, or nothing."""
        return self._label.text()

    def show_notice(self, notice: Notice | None) -> None:
        """Show a sentence, marked by a coloured edge and a word if it is an error."""
        self._label.setText(notice.sentence if notice else "")
        self.setObjectName("noticeError" if notice and notice.is_error else "noticeInfo")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setVisible(notice is not None)
