"""Which layer each numbered step of a chain is."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from poolviewer.core.chain_scene import ChainScene
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.drawing.fonts import elided, text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.step_marks import draw_number
from poolviewer.export.elements import TEXT_PX, Canvas, baseline_in, line_height
from poolviewer.export.request import FigureRequest

SIGN = 16.0


@dataclass(frozen=True, slots=True)
class StepLegend:
    """The sign of every step that is outlined, and its layer.

    Parameters
    ----------
    entries
        Number and name.
    """

    entries: tuple[tuple[int, str], ...]

    def height(self, width: float) -> float:
        places = self._places(width)
        return places[-1].bottom() if places else 0.0

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        for (number, name), place in zip(self.entries, self._places(width), strict=True):
            rect = place.translated(origin)
            top = rect.center().y() - SIGN / 2
            canvas.painter.save()
            draw_number(canvas.painter, QRectF(rect.left(), top, SIGN, SIGN), number)
            canvas.painter.restore()
            text = elided(name, text_font(TEXT_PX), rect.width() - SIGN - SPACING + 1)
            baseline = baseline_in(rect.top(), rect.height(), TEXT_PX)
            canvas.write(text, QPointF(rect.left() + SIGN + SPACING, baseline), TEXT_PX, "text")

    def _places(self, width: float) -> list[QRectF]:
        metrics, high = QFontMetricsF(text_font(TEXT_PX)), line_height(TEXT_PX)
        places: list[QRectF] = []
        x = y = 0.0
        for _, name in self.entries:
            needed = min(SIGN + SPACING + metrics.horizontalAdvance(name), width)
            if x > 0 and x + needed > width:
                x, y = 0.0, y + high
            places.append(QRectF(x, y, needed, high))
            x += needed + 2 * SPACING
        return places


def step_legend(request: FigureRequest) -> StepLegend:
    """Return the legend of the steps that a figure outlines."""
    scene = request.chain
    if not isinstance(scene, ChainScene) or scene.chain is None:
        return StepLegend(())
    numbers = sorted({mark.number for mark in request.step_marks})
    steps = scene.chain.steps
    names = ((number, printable(steps[number - 1].layer, MAX_NAME)) for number in numbers)
    return StepLegend(tuple(names))
