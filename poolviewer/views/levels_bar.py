"""The range of numbers that a map's shades stand for."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from poolviewer.core.display import ColourMapName
from poolviewer.core.numbers import format_number
from poolviewer.drawing.fonts import elided, text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.views.theme import SMALL_PX

BAR_HEIGHT = 8
SHADES = np.arange(256, dtype=np.uint8)[np.newaxis]


class LevelsBar(QWidget):
    """A strip of the colour map between the lowest and the highest number, or a plain text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font = text_font(SMALL_PX)
        self._low, self._high, self._text = "", "", ""
        self._concealed = ""
        self._colours: ColourMapName | None = None
        self._strip = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedHeight(2 * SPACING + 2)

    def show_levels(self, low: float, high: float, colours: ColourMapName) -> None:
        texts = format_number(low), format_number(high)
        if (*texts, colours) != (self._low, self._high, self._colours):
            if colours != self._colours:
                self._strip = QPixmap.fromImage(ScreenImage.of_shades(SHADES, colours).image)
            (self._low, self._high), self._colours = texts, colours
            self.setToolTip(self._concealed or self._tip())
            self.update()

    def show_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.update()

    def conceal(self, text: str) -> None:
        """Show a text instead of the levels; empty shows them again."""
        if text != self._concealed:
            self._concealed = text
            self.setToolTip(text or self._tip())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        painter.setFont(self._font)
        painter.setPen(self.palette().placeholderText().color())
        metrics = QFontMetricsF(self._font)
        baseline = (self.height() + metrics.capHeight()) / 2
        if self._colours is None or self._concealed:
            text = self._concealed or self._text
            painter.drawText(0, round(baseline), elided(text, self._font, self.width()))
        else:
            self._paint_strip(painter, metrics, round(baseline))
        painter.end()

    def _tip(self) -> str:
        return self.tr("Shades run from {} to {}").format(self._low, self._high)

    def _paint_strip(self, painter: QPainter, metrics: QFontMetricsF, baseline: int) -> None:
        left = metrics.horizontalAdvance(self._low) + SPACING
        right = self.width() - metrics.horizontalAdvance(self._high) - SPACING
        painter.drawText(0, baseline, self._low)
        painter.drawText(round(right) + SPACING, baseline, self._high)
        top = (self.height() - BAR_HEIGHT) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(left, top, right - left, BAR_HEIGHT)
        painter.drawPixmap(place, self._strip, QRectF(self._strip.rect()))
