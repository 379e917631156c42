"""What the colours and shapes over the maps mean: a swatch and a word each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from poolviewer.core.annotation import Outlines, Role
from poolviewer.drawing.fonts import elided
from poolviewer.drawing.mapping import snap
from poolviewer.drawing.outlines import draw_hatched, draw_mark
from poolviewer.drawing.palette import SPACING

SWATCH = 24.0
SWATCH_GROUND = QColor(128, 128, 128)
UNCOVERED = "in no window"


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A word and what it stands for; None is what no window covers."""

    role: Role | None

    @property
    def word(self) -> str:
        return self.role.value if self.role else UNCOVERED


def legend_entries(outlines: Outlines, *, has_uncovered: bool = False) -> tuple[LegendEntry, ...]:
    """Return the roles that are drawn anywhere, in one order everywhere."""
    used = {outline.role for marks in outlines.values() for outline in marks}
    entries = [LegendEntry(role) for role in Role if role in used]
    return (*entries, LegendEntry(None)) if has_uncovered else tuple(entries)


def draw_swatch(painter: QPainter, entry: LegendEntry, rect: QRectF, ratio: float = 1.0) -> None:
    """Draw what an entry stands for on a grey ground, as over a map."""
    painter.save()
    ground = snap(rect, ratio)
    painter.fillRect(ground, SWATCH_GROUND)
    if entry.role is None:
        draw_hatched(painter, ground)
    else:
        inset = ground.height() * (0.1 if entry.role is Role.WINNER else 0.25)
        draw_mark(painter, ground.adjusted(inset, inset, -inset, -inset), entry.role, ratio)
    painter.restore()


def legend_rects(
    entries: Sequence[LegendEntry], font: QFont, origin: QPointF, width: float
) -> list[QRectF]:
    """Lay entries out from left to right, in lines of at most ``width``."""
    metrics = QFontMetricsF(font)
    rects: list[QRectF] = []
    x, y = origin.x(), origin.y()
    for entry in entries:
        needed = SWATCH + SPACING + metrics.horizontalAdvance(entry.word)
        if x > origin.x() and x + needed > origin.x() + width:
            x, y = origin.x(), y + SWATCH + SPACING
        rects.append(QRectF(x, y, min(needed, width), SWATCH))
        x += needed + 3 * SPACING
    return rects


def draw_legend(
    painter: QPainter,
    entries: Iterable[LegendEntry],
    rects: Iterable[QRectF],
    font: QFont,
    *,
    colour: str,
    ratio: float = 1.0,
) -> None:
    """Draw entries where `legend_rects` put them."""
    painter.setFont(font)
    ascent = QFontMetricsF(font).capHeight()
    for entry, rect in zip(entries, rects, strict=True):
        draw_swatch(
            painter, entry, QRectF(rect.topLeft(), rect.topLeft() + QPointF(SWATCH, SWATCH)), ratio
        )
        painter.setPen(QColor(colour))
        baseline = rect.center().y() + ascent / 2
        word = elided(entry.word, font, rect.width() - SWATCH - SPACING + 1)
        painter.drawText(QPointF(rect.left() + SWATCH + SPACING, baseline), word)
