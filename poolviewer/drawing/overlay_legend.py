"""What the colours and signs of an overlay mean: a swatch and a word each, or a scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter

from poolviewer.core.laboratory.experiment import Overlay, OverlayColours
from poolviewer.core.numbers import format_number
from poolviewer.drawing.fonts import elided
from poolviewer.drawing.legend import SWATCH_GROUND, UNCOVERED
from poolviewer.drawing.marks import draw_sign
from poolviewer.drawing.outlines import draw_hatched
from poolviewer.drawing.overlay_image import overlay_table
from poolviewer.drawing.palette import SPACING

LINE = 20.0
SWATCH = 16.0
STRIP = 96.0
GAP = 2.0 * SPACING


@dataclass(frozen=True, slots=True)
class OverlayEntry:
    """One meaning.

    Parameters
    ----------
    word
        What is meant.
    colours, code
        The colour of a code, or with ``limits`` the whole scale.
    mark
        A sign instead of a colour.
    limits
        The texts at both ends of a scale.
    is_hatched
        It is what no window covers.
    """

    word: str
    colours: OverlayColours = "veil"
    code: int = 0
    mark: int = 0
    limits: tuple[str, str] | None = None
    is_hatched: bool = False

    def width(self, metrics: QFontMetricsF) -> float:
        """Return its width in logical pixels."""
        words = (self.word, *self.limits) if self.limits else (self.word,)
        swatch = STRIP + SPACING * (2 if self.word else 1) if self.limits else SWATCH
        return swatch + SPACING + sum(map(metrics.horizontalAdvance, words))


def overlay_entries(
    overlays: Iterable[Overlay], *, has_uncovered: bool = False
) -> tuple[OverlayEntry, ...]:
    """Return what some overlays mean, each meaning once, those of colours first."""
    shown = tuple(overlays)
    entries = [entry for overlay in shown for entry in _colour_entries(overlay)]
    entries += [
        OverlayEntry(word, mark=mark)
        for overlay in shown
        for mark, word in enumerate(overlay.mark_legend, 1)
        if word
    ]
    if has_uncovered:
        entries.append(OverlayEntry(UNCOVERED, is_hatched=True))
    return tuple(dict.fromkeys(entries))


def entry_places(
    entries: Sequence[OverlayEntry], font: QFont, width: float
) -> tuple[list[QRectF], float]:
    """Lay entries out from left to right in lines of at most ``width``; return the height, too."""
    metrics = QFontMetricsF(font)
    places: list[QRectF] = []
    x = y = 0.0
    for entry in entries:
        needed = entry.width(metrics)
        if x > 0 and x + needed > width:
            x, y = 0.0, y + LINE
        places.append(QRectF(x, y, min(needed, width), LINE))
        x += needed + GAP
    return places, y + LINE if places else 0.0


def draw_entry(
    painter: QPainter, entry: OverlayEntry, place: QRectF, font: QFont, colour: QColor
) -> None:
    """Draw one entry where `entry_places` put it."""
    painter.setFont(font)
    swatch = QRectF(place.left(), place.center().y() - SWATCH / 2, SWATCH, SWATCH)
    words = QRectF(place)
    if entry.limits:
        words.setLeft(_draw_scale(painter, entry, place, font, colour) + SPACING)
    else:
        _draw_swatch(painter, entry, swatch)
        words.setLeft(swatch.right() + SPACING)
    painter.setPen(colour)
    painter.drawText(words, _LEFT, elided(entry.word, font, words.width() + 1))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip


def _colour_entries(overlay: Overlay) -> list[OverlayEntry]:
    if overlay.limits is not None:
        low, high = map(format_number, overlay.limits)
        word = overlay.legend[0] if overlay.legend else ""
        return [OverlayEntry(word, overlay.colours, limits=(low, high))]
    return [
        OverlayEntry(word, overlay.colours, code)
        for code, word in enumerate(overlay.legend, 1)
        if word
    ]


def _draw_swatch(painter: QPainter, entry: OverlayEntry, rect: QRectF) -> None:
    """Draw a colour as it looks over a dark and over a bright pixel."""
    if entry.mark:
        painter.fillRect(rect, SWATCH_GROUND)
        draw_sign(painter, entry.mark, rect.adjusted(4, 4, -4, -4))
    elif entry.is_hatched:
        painter.fillRect(rect, SWATCH_GROUND)
        draw_hatched(painter, rect)
    else:
        middle = rect.center().x()
        painter.fillRect(rect, QColor("black"))
        painter.fillRect(QRectF(QPointF(middle, rect.top()), rect.bottomRight()), QColor("white"))
        painter.fillRect(rect, QColor.fromRgba(overlay_table(entry.colours)[entry.code]))


def _draw_scale(
    painter: QPainter, entry: OverlayEntry, place: QRectF, font: QFont, colour: QColor
) -> float:
    """Draw a strip between its two numbers; return where it ends."""
    low, high = entry.limits or ("", "")
    metrics = QFontMetricsF(font)
    painter.setPen(colour)
    painter.drawText(place, _LEFT, low)
    left = place.left() + metrics.horizontalAdvance(low) + SPACING
    strip = QRectF(left, place.center().y() - SWATCH / 4, STRIP, SWATCH / 2)
    gradient = QLinearGradient(strip.topLeft(), strip.topRight())
    table = overlay_table(entry.colours)
    for code in range(1, 256, 6):
        gradient.setColorAt((code - 1) / 254, QColor.fromRgba(table[code]))
    painter.fillRect(strip, SWATCH_GROUND)
    painter.fillRect(strip, gradient)
    end = QRectF(place)
    end.setLeft(strip.right() + SPACING)
    painter.drawText(end, _LEFT, high)
    return end.left() + metrics.horizontalAdvance(high)
