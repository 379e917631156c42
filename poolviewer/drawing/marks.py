"""Signs on the pixels of a map, each told by its shape and by its colour."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from poolviewer.core.geometry import Rect
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.palette import HALO

LEAST_FOR_MARKS = 8.0
LARGEST_SIGN = 12.0

# Strokes from corner (0, 0) to (1, 1), with their colour: three bars and two, a cross without and
# with a frame, a hat and its reverse.
_FRAME = ((0, 0, 1, 0), (1, 0, 1, 1), (1, 1, 0, 1), (0, 1, 0, 0))
_CROSS = ((0, 0, 1, 1), (0, 1, 1, 0))
SIGNS: tuple[tuple[str, tuple[tuple[float, float, float, float], ...]], ...] = (
    ("#F0E442", ((0, 0, 1, 0), (0, 0.5, 1, 0.5), (0, 1, 1, 1))),
    ("#E69F00", ((0, 0.25, 1, 0.25), (0, 0.75, 1, 0.75))),
    ("#CC79A7", _CROSS),
    ("#D55E00", (*_CROSS, *_FRAME)),
    ("#56B4E9", ((0, 0.9, 0.5, 0.1), (0.5, 0.1, 1, 0.9))),
    ("#009E73", ((0, 0.1, 0.5, 0.9), (0.5, 0.9, 1, 0.1))),
)


def mark_colours() -> tuple[str, ...]:
    """Return the colours of the marks 1, 2, 3 …"""
    return tuple(colour for colour, _ in SIGNS)


def draw_marks(
    painter: QPainter,
    marks: NDArray[np.uint8],
    rect: Rect,
    mapping: DeviceMapping,
    dirty: QRectF | None = None,
) -> None:
    """Draw the signs of a map's pixels (H, W) over its rectangle, in their lower right corners.

    Where a dirty rectangle is given, only those in it.
    """
    rows, cols = marks.shape
    whole = mapping.rect(rect)
    width, height = whole.width() / cols, whole.height() / rows
    side = min(LARGEST_SIGN, 0.4 * width, 0.4 * height)
    row, col = np.nonzero(marks)
    found = marks[row, col]
    col = cols - 1 - col if mapping.is_mirrored else col
    right, bottom = whole.left() + (col + 1) * width, whole.top() + (row + 1) * height
    seen = dirty or QRectF(whole)
    is_seen = (right >= seen.left()) & (right - width <= seen.right())
    is_seen &= (bottom >= seen.top()) & (bottom - height <= seen.bottom())
    inset = side / 2
    lefts, tops = right - inset - side, bottom - inset - side
    for mark in np.unique(found[is_seen]).tolist():
        chosen = is_seen & (found == mark)
        places = list(zip(lefts[chosen].tolist(), tops[chosen].tolist(), strict=True))
        _draw_signs(painter, mark, places, side)


def draw_sign(painter: QPainter, mark: int, rect: QRectF) -> None:
    """Draw one sign into a square; for legends."""
    _draw_signs(painter, mark, [(rect.left(), rect.top())], rect.width())


def _draw_signs(
    painter: QPainter, mark: int, places: Sequence[tuple[float, float]], side: float
) -> None:
    """Draw one sign at many places, given by their upper left corners."""
    colour, strokes = SIGNS[(mark - 1) % len(SIGNS)]
    lines = [
        QLineF(x + x1 * side, y + y1 * side, x + x2 * side, y + y2 * side)
        for x, y in places
        for x1, y1, x2, y2 in strokes
    ]
    thin = max(side / 6, 1.0)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for shade, width in ((HALO, thin + 1.5), (colour, thin)):
        painter.setPen(QPen(QColor(shade), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        painter.drawLines(lines)
    painter.restore()
