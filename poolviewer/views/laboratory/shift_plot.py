"""How much of both maps changed, over how far the input was moved."""

from math import nan

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from poolviewer.core.laboratory.shift import ShiftCurve
from poolviewer.core.laboratory.shifting import FURTHEST
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.theme import SMALL_PX

LEAST_TOP = 10.0  # percent
MARKER_PX, CHOSEN_PX = 7, 11


class ShiftPlot(pg.GraphicsLayoutWidget):
    """Two curves over 0 … 4 pixels; the marks of the step that is shown are larger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setBackground(None)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("How much of both maps changed, over the distance"))
        # No PlotItem: it makes a dozen menus, which outlive it.
        self.legend = self.addLabel("", 0, 1)
        self.plane = self.addViewBox(1, 1, enableMenu=False)
        self.axes = [pg.AxisItem("left"), pg.AxisItem("bottom")]
        self.feature, self.pooled = pg.PlotDataItem(symbol="o"), pg.PlotDataItem(symbol="s")
        self._arrange()
        self._dress()

    def show_curve(self, curve: ShiftCurve) -> None:
        """Plot a curve; where there is nothing to compare it has a gap."""
        distances = np.array([point.distance for point in curve.points], np.float64)
        features = np.array([_number(point.change.feature) for point in curve.points])
        pooled = np.array([_number(point.change.pooled) for point in curve.points])
        sizes = [CHOSEN_PX if d == curve.chosen else MARKER_PX for d in distances]
        self.feature.setData(distances, features, symbolSize=sizes)
        self.pooled.setData(distances, pooled, symbolSize=sizes)
        both = np.concatenate([features, pooled])
        top = max(both.max(initial=0, where=np.isfinite(both)), LEAST_TOP)
        self.plane.setYRange(0, top * 1.1, padding=0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "pooled"):
            self._dress()

    def _arrange(self) -> None:
        for axis, place in zip(self.axes, ((1, 0), (2, 1)), strict=True):
            self.addItem(axis, *place)
            axis.linkToView(self.plane)
            axis.setStyle(tickFont=text_font(SMALL_PX))
            axis.enableAutoSIPrefix(False)
        self.axes[0].setWidth(7 * SPACING)
        self.axes[1].setTicks([[(k, str(k)) for k in range(FURTHEST + 1)]])
        self.plane.setMouseEnabled(False, False)
        self.plane.setXRange(-0.15, FURTHEST + 0.15, padding=0)
        self.plane.setYRange(0, LEAST_TOP, padding=0)
        for curve in (self.feature, self.pooled):
            self.plane.addItem(curve)

    def _dress(self) -> None:
        """Take the theme's colours, which pyqtgraph does not follow, and keeps the old ground."""
        palette = self.palette()
        self.setBackgroundBrush(palette.window())
        self.resetCachedContent()
        muted = palette.placeholderText().color()
        words = self.tr("changed (%)"), self.tr("moved by (pixels of the input)")
        for axis, text in zip(self.axes, words, strict=True):
            axis.setPen(QPen(palette.mid().color()))
            axis.setTextPen(QPen(muted))
            axis.setLabel(text, **{"color": muted.name(), "font-size": f"{SMALL_PX}px"})
        colours = palette.windowText().color(), palette.highlight().color()
        styles = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        for item, colour, style in zip((self.feature, self.pooled), colours, styles, strict=True):
            item.setPen(_cosmetic(colour, style))
            item.setSymbolBrush(colour)
            item.setSymbolPen(None)
        first, second = (colour.name() for colour in colours)
        self.legend.setText(
            f'<span style="color:{first}">● ━━ {self.tr("feature map")}</span>&nbsp;&nbsp; '
            f'<span style="color:{second}">■ ━ ━ {self.tr("pooled map")}</span>',
            size=f"{SMALL_PX}px",
        )


def _number(share: float | None) -> float:
    return nan if share is None else share


def _cosmetic(colour: QColor, style: Qt.PenStyle) -> QPen:
    pen = QPen(colour, 2, style)
    pen.setCosmetic(True)
    return pen
