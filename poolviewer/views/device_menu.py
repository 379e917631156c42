"""The submenu with the devices that can run the network."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from poolviewer.core.device import AUTOMATIC, CPU, Device
from poolviewer.core.text import printable
from poolviewer.views.plain_text import menu_text


class DeviceMenu(QMenu):
    """Offers the devices, and ticks the one that was wished for."""

    device_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QActionGroup(self)
        self.triggered.connect(self._on_triggered)
        self.show_devices((CPU,), AUTOMATIC)

    def show_devices(self, devices: tuple[Device, ...], wish: str) -> None:
        """Offer devices; a wish for one that is not there counts as automatic."""
        self.clear()
        keys = {device.key for device in devices}
        entries = [(AUTOMATIC, self.tr("&Automatic"))]
        entries += [(device.key, menu_text(printable(device.name))) for device in devices]
        for key, text in entries:
            action = self.addAction(text)
            action.setData(key)
            action.setCheckable(True)
            action.setChecked(key == (wish if wish in keys else AUTOMATIC))
            self._group.addAction(action)

    def _on_triggered(self, action: QAction) -> None:
        self.device_chosen.emit(action.data())
