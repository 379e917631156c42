"""A button that offers ways to copy what is shown."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget


class CopyButton(QToolButton):
    """Opens a menu of actions that belong to the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("small")
        self.setText(self.tr("Copy"))
        tip = self.tr("Copy the window of the pooled pixel as a table, or as Python that proves it")
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def offer(self, actions: Sequence[QAction]) -> None:
        """Offer actions, in their order."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(actions)
        self.setMenu(menu)
