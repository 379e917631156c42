"""Numbers written on the pixels of a map, where its tiles are large enough to read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from poolviewer.core.geometry import Axis, MapGeometry, PixelBox
from poolviewer.core.numbers import format_number
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.mapping import DeviceMapping

LARGEST_PX = 14
SMALLEST_PX = 9
TYPICAL = "\N{MINUS SIGN}0.01234"
PADDING = 3.0

_BLACK, _WHITE = QColor(0, 0, 0), QColor(255, 255, 255)
_ANY_DIGIT = str.maketrans("123456789", "000000000")


@dataclass(frozen=True, slots=True, eq=False)
class ValueGrid:
    """The numbers of one map and where they stand.

    Parameters
    ----------
    values
        Of shape (H, W), or (H, W, C): C lines on each pixel.
    is_dark
        bool of shape (H, W): the pixel is so dark that its numbers are written in white.
    geometry
        Where the pixels lie.
    labels
        A word before the number of each line, such as ``("B", "G", "R")``; or none.
    """

    values: NDArray[np.float32]
    is_dark: NDArray[np.bool_]
    geometry: MapGeometry
    labels: Sequence[str] = ()


def draw_values(
    painter: QPainter,
    grid: ValueGrid,
    mapping: DeviceMapping,
    visible: QRectF,
    *,
    largest: int = LARGEST_PX,
    smallest: int = SMALLEST_PX,
    hidden: NDArray[np.bool_] | None = None,
) -> bool:
    """Write the numbers of the pixels within ``visible``; return False if they would not fit.

    Parameters
    ----------
    visible
        The part of the device that is seen, in the painter's logical pixels.
    largest, smallest
        Text size in logical pixels where there is room for it, and the least for typical numbers.
    hidden
        bool of shape (H, W): pixels whose numbers are left out.
    """
    size = font_size_for(grid, mapping, largest, smallest)
    if size is None:
        return False
    box = pixels_within(grid.geometry, mapping, visible)
    centres = _centres(grid.geometry, mapping, box)
    is_dark = grid.is_dark[box.slices].ravel().tolist()
    room = mapping.rect(grid.geometry.tile(0, 0)).width() - 2 * PADDING
    painter.save()
    writer = _Writer(painter, size, room)
    is_left_out = [False] * len(is_dark) if hidden is None else hidden[box.slices].ravel().tolist()
    pixels = zip(is_dark, centres, _texts(grid, box), is_left_out, strict=True)
    for dark, centre, lines, left_out in pixels:
        if left_out:
            continue
        painter.setPen(_WHITE if dark else _BLACK)
        writer.write(lines, *centre)
    painter.restore()
    return True


def font_size_for(
    grid: ValueGrid,
    mapping: DeviceMapping,
    largest: int = LARGEST_PX,
    smallest: int = SMALLEST_PX,
) -> int | None:
    """Return the size in logical pixels at which typical numbers fit, or None if too small.

    It depends on the zoom alone, not on the numbers, so that it is steady while they change.
    """
    tile = mapping.rect(grid.geometry.tile(0, 0))
    lines = 1 if grid.values.ndim == 2 else grid.values.shape[2]
    label = max((f"{label} " for label in grid.labels), key=len, default="")
    metrics = QFontMetricsF(text_font(largest))
    room_x = (tile.width() - 2 * PADDING) / metrics.horizontalAdvance(label + TYPICAL)
    room_y = (tile.height() - 2 * PADDING) / (lines * metrics.height())
    size = int(largest * min(room_x, room_y, 1))
    return size if size >= smallest else None


def pixels_within(geometry: MapGeometry, mapping: DeviceMapping, visible: QRectF) -> PixelBox:
    """Return the pixels whose tiles touch a rectangle of the device."""
    world = mapping.world(visible)
    row_start, row_stop = _touched(geometry.rows, world.top, world.bottom)
    col_start, col_stop = _touched(geometry.cols, world.left, world.right)
    return PixelBox(row_start, col_start, row_stop, col_stop)


def _touched(axis: Axis, low: float, high: float) -> tuple[int, int]:
    start = int(np.floor((low - axis.edge(0)) / axis.stride))
    stop = int(np.ceil((high - axis.edge(0)) / axis.stride))
    start = min(max(start, 0), axis.size)
    return start, min(max(stop, start), axis.size)


def _centres(
    geometry: MapGeometry, mapping: DeviceMapping, box: PixelBox
) -> Iterator[tuple[float, float]]:
    """Yield ``(x, y)`` of every pixel's middle on the device, row by row."""
    rows, cols = geometry.rows, geometry.cols
    xs = [
        mapping.left + mapping.scale_x * (cols.offset + cols.stride * col)
        for col in range(box.col_start, box.col_stop)
    ]
    for row in range(box.row_start, box.row_stop):
        y = mapping.top + mapping.scale_y * (rows.offset + rows.stride * row)
        for x in xs:
            yield x, y


def _texts(grid: ValueGrid, box: PixelBox) -> list[list[str]]:
    values = grid.values[box.slices]
    # Not −1 for the last: of no pixel at all NumPy could not tell it.
    lines = values.reshape(box.shape[0] * box.shape[1], *values.shape[2:] or (1,)).tolist()
    if not grid.labels:
        return [[format_number(value) for value in line] for line in lines]
    return [
        [f"{label} {format_number(value)}" for label, value in zip(grid.labels, line, strict=True)]
        for line in lines
    ]


class _Writer:
    """Writes centred lines; digits are equally wide, so that few widths must be measured."""

    def __init__(self, painter: QPainter, size: int, room: float) -> None:
        self._painter = painter
        self._size = size
        self._room = room
        self._font = text_font(size)
        self._metrics = QFontMetricsF(self._font)
        self._height = self._metrics.height()
        self._rise = self._metrics.capHeight() / 2
        self._widths: dict[str, float] = {}
        painter.setFont(self._font)

    def write(self, lines: Sequence[str], x: float, y: float) -> None:
        """Write lines with their middle at a point; one too wide for its tile is set smaller."""
        y += self._rise - self._height * (len(lines) - 1) / 2
        for line in lines:
            width = self._width(line)
            if width <= self._room:
                self._painter.drawText(QPointF(x - width / 2, y), line)
            else:
                self._write_smaller(line, self._room / width, QPointF(x, y))
            y += self._height

    def _write_smaller(self, line: str, factor: float, middle: QPointF) -> None:
        font = text_font(max(int(self._size * factor), 1))
        self._painter.setFont(font)
        width = QFontMetricsF(font).horizontalAdvance(line)
        self._painter.drawText(middle - QPointF(width / 2, 0), line)
        self._painter.setFont(self._font)

    def _width(self, line: str) -> float:
        pattern = line.translate(_ANY_DIGIT)
        if pattern not in self._widths:
            self._widths[pattern] = self._metrics.horizontalAdvance(pattern)
        return self._widths[pattern]
