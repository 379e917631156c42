"""The maps above the gallery, shared out so that the maps are square."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from poolviewer.views.gallery import Gallery
from poolviewer.views.maps_panel import MapsPanel

LEAST_GALLERY_SHARE = 0.28


class MapsAndGallery(QSplitter):
    """Gives the maps the height at which they are square, until a person moves the border."""

    def __init__(self, maps: MapsPanel, gallery: Gallery, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._maps = maps
        self._is_moved = False
        self.addWidget(maps)
        self.addWidget(gallery)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_splitter_moved)
        # Once more later: before the window is shown, the maps do not know what is around them.
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._share_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()
        self._again.start()

    def _share_out(self) -> None:
        if not self._is_moved:
            most = int(self.height() * (1 - LEAST_GALLERY_SHARE))
            upper = min(self._maps.height_for(self.width()), most)
            self.setSizes([upper, self.height() - upper])

    def _on_splitter_moved(self) -> None:
        self._is_moved = True
