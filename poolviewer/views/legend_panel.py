"""What the colours and shapes over the maps mean."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from poolviewer.core.annotation import Role
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.legend import SWATCH, LegendEntry, draw_legend
from poolviewer.drawing.palette import SPACING
from poolviewer.views.theme import TEXT_PX

ENTRIES = tuple(
    LegendEntry(role)
    for role in (Role.FIELD, Role.WINDOW, Role.WINNER, Role.PIXEL, Role.PINNED, None)
)
LINE = SWATCH + SPACING


class LegendPanel(QWidget):
    """Lists every role's swatch and word, under each other and in a second column if need be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font = text_font(TEXT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        return QSize(int(self._entry_width()), int(3 * LINE))

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
        lines = max(int(self.height() // LINE), 1)
        column, line = divmod(number, lines)
        origin = QPointF(column * self._entry_width(), line * LINE)
        return QRectF(origin.x(), origin.y(), self._entry_width(), SWATCH)

    def _entry_width(self) -> float:
        metrics = QFontMetricsF(self._font)
        words = max(metrics.horizontalAdvance(entry.word) for entry in ENTRIES)
        return SWATCH + words + 3 * SPACING
