"""What the colours over the maps mean, below the words of an experiment."""

from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.overlay_legend import OverlayEntry, draw_entry, entry_places
from poolviewer.views.theme import SMALL_PX


class OverlayLegend(QWidget):
    """Shows entries side by side, in as many lines as they need; none takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font = text_font(SMALL_PX)
        self._entries: tuple[OverlayEntry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Meaning of the colours"))
        self.setFixedHeight(0)

    @property
    def entries(self) -> tuple[OverlayEntry, ...]:
        return self._entries

    def show_entries(self, entries: tuple[OverlayEntry, ...]) -> None:
        """Show other meanings; numbers that change at every frame move nothing around."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleDescription(", ".join(entry.word for entry in entries if entry.word))
            self._fit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self.palette().windowText().color()
        places, _ = entry_places(self._entries, self._font, self.width())
        for entry, place in zip(self._entries, places, strict=True):
            draw_entry(painter, entry, place, self._font, colour)
        painter.end()

    def _fit(self) -> None:
        needed = round(entry_places(self._entries, self._font, self.width())[1])
        if needed != self.height():
            self.setFixedHeight(needed)
