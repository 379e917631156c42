"""What the colours and shapes over the maps mean."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from poolviewer.core.annotation import Role
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.legend import SWATCH, LegendEntry, draw_legend
from poolviewer.drawing.palette import SPACING
from poolviewer.views.theme import TEXT_PX

# What only the laboratory marks is explained there; it takes the place of this legend.
ELSEWHERE = (Role.EDITED, Role.FLIPPED, Role.SECOND)
ENTRIES = (
    *(LegendEntry(role) for role in Role if role not in ELSEWHERE),
    LegendEntry(None),
)
LARGEST_PITCH = SWATCH + SPACING


class LegendPanel(QWidget):
    """Lists every role's swatch and word under each other, closer together where it is low."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font = text_font(TEXT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        return QSize(int(self._entry_width()), int(len(ENTRIES) * SWATCH))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_legend(
            painter,
            ENTRIES,
            [self._rect(number) for number in range(len(ENTRIES))],
            self._font,
            colour=self.palette().windowText().color().name(),
            ratio=self.devicePixelRatioF(),
        )
        painter.end()

    def _rect(self, number: int) -> QRectF:
        pitch = min(self.height() // len(ENTRIES), LARGEST_PITCH)
        return QRectF(0, number * pitch, self._entry_width(), SWATCH)

    def _entry_width(self) -> float:
        metrics = QFontMetricsF(self._font)
        words = max(metrics.horizontalAdvance(entry.word) for entry in ENTRIES)
        return SWATCH + words + SPACING
