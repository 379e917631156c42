"""Outlines over the maps: each role has one colour and one shape, at a constant screen width.

Everything is filled rectangles on whole device pixels, without antialiasing, so that lines are
crisp at every zoom and ratio. What marks a group of pixels stands around it; the winner's mark
stands inside its pixel, so that window and winner never hide each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from poolviewer.core.annotation import Outline, Role
from poolviewer.core.geometry import Rect
from poolviewer.drawing.mapping import DeviceMapping, snap, snap_length
from poolviewer.drawing.palette import HALO, ROLE_COLOURS

Shape = Literal["solid", "dashed", "brackets", "ticks", "dotted", "corner"]
DASH, GAP = 3.0, 2.0
SMALLEST_INSET = 5.0
HATCH_STEP = 8.0
VEIL = QColor(128, 128, 128, 140)
HATCH = QColor(20, 22, 26, 170)


@dataclass(frozen=True, slots=True)
class RoleStyle:
    """How a role is drawn: its shape, and its line in logical pixels at a width of 1."""

    shape: Shape
    line: float
    is_inside: bool = False


ROLE_STYLES: dict[Role, RoleStyle] = {
    Role.WINDOW: RoleStyle("solid", 2),
    Role.WINNER: RoleStyle("corner", 3, is_inside=True),
    Role.FIELD: RoleStyle("dashed", 2),
    Role.PIXEL: RoleStyle("solid", 1),
    Role.PINNED: RoleStyle("brackets", 3),
    Role.EDITED: RoleStyle("ticks", 3),
    Role.FLIPPED: RoleStyle("dashed", 2, is_inside=True),
    # Inside, so that two windows that are the same are both seen.
    Role.SECOND: RoleStyle("dotted", 2, is_inside=True),
}


def draw_outlines(
    painter: QPainter,
    outlines: Iterable[Outline],
    mapping: DeviceMapping,
    *,
    width: float = 1.0,
) -> None:
    """Draw outlines of the world, later ones over earlier ones.

    Parameters
    ----------
    painter
        In the logical pixels that ``mapping`` leads to; its pen, brush and hints are restored.
    width
        Factor for all line widths: 1 gives lines of 1 to 3 logical pixels.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for outline in outlines:
        draw_mark(painter, mapping.snapped(outline.rect), outline.role, mapping.ratio, width)
    painter.restore()


def draw_mark(
    painter: QPainter, rect: QRectF, role: Role, ratio: float = 1.0, width: float = 1.0
) -> None:
    """Draw one role's outline for a rectangle of the device; for legends, too."""
    style = ROLE_STYLES[role]
    line, halo = _widths(style, ratio, width)
    inner = _placed(snap(rect, ratio), style, line, halo)
    colour = QColor(ROLE_COLOURS[role])
    bars = _bars(inner, style, line)
    for bar in _frame(inner, line) if style.shape in ("dashed", "dotted") else bars:
        painter.fillRect(bar.adjusted(-halo, -halo, halo, halo), QColor(HALO))
    for bar in bars:
        painter.fillRect(bar, colour)
    if style.shape == "corner":
        _fill_corner(painter, inner, line, colour)


def mark_bounds(rect: QRectF, role: Role, ratio: float = 1.0, width: float = 1.0) -> QRectF:
    """Return a rectangle of the device that holds what `draw_mark` draws, to a pixel or two."""
    style = ROLE_STYLES[role]
    line, halo = _widths(style, ratio, width)
    inner = _placed(snap(rect, ratio), style, line, halo)
    crossing = max(-inner.width(), -inner.height(), 0.0)  # of lines inside a tiny pixel
    reach = line + halo + crossing + 1 / ratio
    return inner.adjusted(-reach, -reach, reach, reach)


def draw_uncovered(
    painter: QPainter,
    rects: Iterable[Rect],
    mapping: DeviceMapping,
    *,
    width: float = 1.0,
) -> None:
    """Dim and hatch the parts of the world that no pool window covers."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for rect in rects:
        draw_hatched(painter, mapping.snapped(rect), width)
    painter.restore()


def draw_hatched(painter: QPainter, rect: QRectF, width: float = 1.0) -> None:
    """Dim and hatch one rectangle of the device, and nothing beside it."""
    painter.fillRect(rect, VEIL)
    # Slanted lines end in corners that would stick out.
    inner = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setPen(QPen(HATCH, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLines(hatch_lines(inner, HATCH_STEP * width))


def hatch_lines(rect: QRectF, step: float) -> list[QLineF]:
    """Return the rising diagonals ``x + y = n · step`` within a rectangle."""
    first = int((rect.left() + rect.top()) // step) + 1
    last = int((rect.right() + rect.bottom()) // step)
    return [_diagonal(rect, n * step) for n in range(first, last + 1)]


def _diagonal(rect: QRectF, total: float) -> QLineF:
    left = max(rect.left(), total - rect.bottom())
    right = min(rect.right(), total - rect.top())
    return QLineF(left, total - left, right, total - right)


def _widths(style: RoleStyle, ratio: float, width: float) -> tuple[float, float]:
    """Return the widths of a line and of its halo, in whole device pixels."""
    line, halo = (
        max(snap_length(length, ratio), 1 / ratio) for length in (style.line * width, width)
    )
    return line, halo


def _placed(rect: QRectF, style: RoleStyle, line: float, halo: float) -> QRectF:
    """Return the rectangle that the line runs around, on its outside."""
    if not style.is_inside:
        return rect.adjusted(-halo, -halo, halo, halo)
    inner = rect.adjusted(line + halo, line + halo, -line - halo, -line - halo)
    missing_x, missing_y = (
        max(SMALLEST_INSET - 2 * line - side, 0) / 2 for side in (inner.width(), inner.height())
    )
    return inner.adjusted(-missing_x, -missing_y, missing_x, missing_y)


def _bars(inner: QRectF, style: RoleStyle, line: float) -> Sequence[QRectF]:
    frame = _frame(inner, line)
    if style.shape == "dashed":
        return [dash for bar in frame for dash in _dashes(bar, line)]
    if style.shape == "dotted":
        return [dot for bar in frame for dot in _dashes(bar, line, 1.0)]
    if style.shape == "brackets":
        return [end for bar in frame for end in _ends(bar, line)]
    if style.shape == "ticks":
        return [_middle(bar) for bar in frame]
    return frame


def _frame(inner: QRectF, line: float) -> tuple[QRectF, QRectF, QRectF, QRectF]:
    """Return the four bars around a rectangle: top, bottom, left, right."""
    outer = inner.adjusted(-line, -line, line, line)
    return (
        QRectF(outer.left(), outer.top(), outer.width(), line),
        QRectF(outer.left(), inner.bottom(), outer.width(), line),
        QRectF(outer.left(), outer.top(), line, outer.height()),
        QRectF(inner.right(), outer.top(), line, outer.height()),
    )


def _dashes(bar: QRectF, line: float, dash_lines: float = DASH) -> list[QRectF]:
    """Cut a bar into an odd number of equal parts and keep every second: both ends are dashes."""
    length = max(bar.width(), bar.height())
    parts = 2 * round((length / line + GAP) / (dash_lines + GAP)) - 1
    parts = max(parts, 3)
    dash = length / ((parts + 1) / 2 * dash_lines + (parts - 1) / 2 * GAP) * dash_lines
    period = dash * (1 + GAP / dash_lines)
    return [_part(bar, i * period, dash) for i in range((parts + 1) // 2)]


def _ends(bar: QRectF, line: float) -> list[QRectF]:
    """Keep the two ends of a bar, a third of it but not less than the line can show."""
    length = max(bar.width(), bar.height())
    end = max(length * 0.3, 2 * line)
    return [bar] if 2 * end + line > length else [_part(bar, s, end) for s in (0, length - end)]


def _middle(bar: QRectF) -> QRectF:
    """Keep the middle of a bar, a third of it: what brackets leave free."""
    length = max(bar.width(), bar.height())
    return _part(bar, length / 3, length / 3)


def _part(bar: QRectF, start: float, length: float) -> QRectF:
    if bar.width() >= bar.height():
        return QRectF(bar.left() + start, bar.top(), length, bar.height())
    return QRectF(bar.left(), bar.top() + start, bar.width(), length)


def _fill_corner(painter: QPainter, inner: QRectF, line: float, colour: QColor) -> None:
    """Fill the top left corner, so that the winner is told by its shape, too."""
    side = min(4 * line, inner.width(), inner.height())
    corner = inner.topLeft()
    painter.setPen(QPen(QColor(0, 0, 0, 0)))
    painter.setBrush(colour)
    triangle = [corner, corner + QPointF(side, 0), corner + QPointF(0, side)]
    painter.drawPolygon(QPolygonF(triangle))
