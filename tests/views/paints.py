"""What Qt paints again in some widgets."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QRegion


class Paints(QObject):
    """Remembers the regions of a widget that were painted since it was asked last."""

    def __init__(self, widget):
        super().__init__(widget)
        self._region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self._region = self._region.united(event.region())
        return False

    def take(self):
        """Return the region, and forget it."""
        region, self._region = self._region, QRegion()
        return region
