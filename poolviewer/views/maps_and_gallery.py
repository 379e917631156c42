"""The maps above the gallery or the laboratory, shared out so that the maps are square."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from poolviewer.views.maps_panel import MapsPanel

LEAST_GALLERY_SHARE = 0.28


class MapsAndGallery(QSplitter):
    """Gives the maps the height at which they are square, until a person moves the border."""

    def __init__(
        self, maps: MapsPanel, gallery: QWidget, laboratory: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._maps = maps
        self._is_moved = False
        self.addWidget(maps)
        self._lower = QStackedWidget()
        self._lower.addWidget(gallery)
        self._lower.addWidget(laboratory)
        self.addWidget(self._lower)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_splitter_moved)
        # Once more later: before the window is shown, the maps do not know what is around them.
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._share_out)

    def show_laboratory(self, *, is_open: bool) -> None:
        """Show the laboratory in the gallery's place, or the gallery again."""
        self._lower.setCurrentIndex(1 if is_open else 0)

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
