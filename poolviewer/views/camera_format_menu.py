"""The submenu of sizes and rates that a camera can be asked for."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from poolviewer.core.camera_format import AS_DELIVERED, RATES, SIZES, CameraFormat


class CameraFormatMenu(QObject):
    """Fills an action with a submenu; the chosen size and the chosen rate are ticked.

    Parameters
    ----------
    action
        Gets the submenu.
    parent
        The window.
    """

    format_chosen = Signal(object)

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self._format = AS_DELIVERED
        self._menu = QMenu(parent)
        action.setMenu(self._menu)
        self._sizes, self._rates = QActionGroup(self), QActionGroup(self)
        for width, height in SIZES:
            text = f"{width} × {height}" if width else self.tr("&Size as the camera likes")
            self._add(self._sizes, text, (width, height))
        self._menu.addSeparator()
        for rate in RATES:
            text = self.tr("{} fps").format(rate) if rate else self.tr("&Rate as the camera likes")
            self._add(self._rates, text, rate)
        self._sizes.triggered.connect(self._on_size_triggered)
        self._rates.triggered.connect(self._on_rate_triggered)
        self.show_format(AS_DELIVERED)

    def show_format(self, chosen: CameraFormat) -> None:
        """Tick a size and a rate."""
        self._format = chosen
        for action in self._sizes.actions():
            action.setChecked(tuple(action.data()) == chosen.size)
        for action in self._rates.actions():
            action.setChecked(action.data() == chosen.rate)

    def _add(self, group: QActionGroup, text: str, data: object) -> None:
        action = self._menu.addAction(text)
        action.setCheckable(True)
        action.setData(data)
        group.addAction(action)

    def _on_size_triggered(self, action: QAction) -> None:
        width, height = action.data()
        self.format_chosen.emit(replace(self._format, width=width, height=height))

    def _on_rate_triggered(self, action: QAction) -> None:
        self.format_chosen.emit(replace(self._format, rate=action.data()))
