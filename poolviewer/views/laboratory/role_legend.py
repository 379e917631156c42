"""What one outline of an experiment means: its swatch and its word."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from poolviewer.core.annotation import Role
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.legend import SWATCH, LegendEntry, draw_legend
from poolviewer.drawing.palette import SPACING
from poolviewer.views.theme import SMALL_PX


class RoleLegend(QWidget):
    """Shows one role as it is drawn over the maps."""

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry, self._font = LegendEntry(role), text_font(SMALL_PX)
        self.setAccessibleName(self.tr("Meaning of an outline"))
        self.setAccessibleDescription(self._entry.word)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self._font).horizontalAdvance(self._entry.word)
        return QSize(int(SWATCH + 2 * SPACING + words), int(SWATCH))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_legend(
            painter,
            (self._entry,),
            (QRectF(QPointF(), QPointF(self.width(), SWATCH)),),
            self._font,
            colour=self.palette().windowText().color().name(),
            ratio=self.devicePixelRatioF(),
        )
        painter.end()
