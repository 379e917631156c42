"""The traced pixel in pictures, numbers, and words, under the maps of a figure."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF

from poolviewer.core.annotation import MapName, outlines_of
from poolviewer.core.geometry import Axis, MapGeometry, PixelBox
from poolviewer.core.numbers import format_number
from poolviewer.core.trace import FeatureTrace, InputTrace, PooledTrace, Trace
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.images import bgr_to_image, draw_picture, reduced
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import draw_outlines
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.values import draw_values
from poolviewer.export.elements import (
    NUMBER_PX,
    SMALL_PX,
    Canvas,
    Column,
    Element,
    Line,
    Paragraph,
    Row,
    Stack,
    baseline_in,
)
from poolviewer.export.maps import channel_picture, cut_marks
from poolviewer.export.request import FigureRequest
from poolviewer.export.words import field_words, trace_words

MOST_TILES = 8
TILE = QSizeF(72, 40)
WIDEST_TABLE = 512.0
LABELS_HEIGHT = 20.0
PREVIEW_HEIGHT = 136.0
NUMBER_LARGEST_PX = 16


def trace_panel(request: FigureRequest, lefts: tuple[float, float, float], width: float) -> Element:
    """Return the panel: where it came from, its numbers, what became of it."""
    trace = request.trace
    gap = lefts[1] - lefts[0] - width
    blocks = [_preview_block(request, trace)]
    starts = list(lefts)
    if isinstance(trace, PooledTrace):
        table = WindowTable(request, trace)
        blocks += [_table_block(table), _outcome_block(trace)]
        starts[2] = max(lefts[2], lefts[1] + table.width + gap)
    elif isinstance(trace, FeatureTrace):
        blocks += [_value_block(trace), _words_block("What became of it", trace_words(trace))]
    elif isinstance(trace, InputTrace):
        blocks += [_words_block("As the network received it", _channel_words(trace))]
    end = lefts[2] + width
    ends = [*(start - gap for start in starts[1:]), end]
    columns = zip(starts, ends, blocks, strict=False)
    return Row([Column(left, right - left, block) for left, right, block in columns])


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole picture as it was taken, with what the traced pixel was made from."""

    request: FigureRequest

    def height(self, width: float) -> float:
        return self._size(width).height()

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        request, activations = self.request, self.request.activations
        frame = QRectF(origin, self._size(width))
        placement = activations.prepared.placement
        mapping = DeviceMapping.filling(
            placement, frame, is_mirrored=request.display.is_mirrored, ratio=canvas.ratio
        )
        picture = bgr_to_image(activations.frame.picture)
        image = reduced(picture, mapping.snapped(placement), canvas.ratio)
        draw_picture(canvas.painter, image, placement, mapping)
        marks = outlines_of(activations.stage, request.trace, is_pinned=request.is_pinned)
        seen = cut_marks(marks.get(MapName.INPUT, ()), placement)
        draw_outlines(canvas.painter, seen, mapping)

    def _size(self, width: float) -> QSizeF:
        height, length = self.request.activations.frame.picture.shape[:2]
        fitted = QSizeF(length, height).scaled(
            QSizeF(width, PREVIEW_HEIGHT), Qt.AspectRatioMode.KeepAspectRatio
        )
        return fitted.expandedTo(QSizeF(1, 1))


@dataclass(frozen=True, slots=True)
class WindowTable:
    """The numbers under the pool window, as an enlarged part of the feature map."""

    request: FigureRequest
    trace: PooledTrace

    @property
    def part(self) -> PixelBox:
        """The part of a large window that is shown."""
        return self.trace.part_of_window(MOST_TILES)

    @property
    def width(self) -> float:
        """The width it needs; its row labels hang in the gap before it."""
        return self._tile_width() * self.part.shape[1]

    def height(self, _width: float) -> float:
        return LABELS_HEIGHT + TILE.height() * self.part.shape[0]

    def draw(self, canvas: Canvas, origin: QPointF, _width: float) -> None:
        request, part = self.request, self.part
        size = QSizeF(self._tile_width() * part.shape[1], TILE.height() * part.shape[0])
        frame = QRectF(origin + QPointF(0, LABELS_HEIGHT), size)
        geometry = _part_of(request.activations.stage.feature_geometry, part)
        mapping = DeviceMapping.filling(
            geometry.extent, frame, is_mirrored=request.display.is_mirrored, ratio=canvas.ratio
        )
        values = request.activations.feature_maps[(*part.slices, request.channel)]
        picture = channel_picture(request, values, request.levels[0], geometry)
        draw_picture(canvas.painter, picture.image, picture.extent, mapping)
        draw_values(canvas.painter, picture.values, mapping, frame, largest=NUMBER_LARGEST_PX)
        self._draw_marks(canvas, frame, mapping)
        _draw_labels(canvas, frame, mapping, geometry=geometry, part=part)

    def _draw_marks(self, canvas: Canvas, frame: QRectF, mapping: DeviceMapping) -> None:
        """Draw window and winner; the window's line is cut off where the table is."""
        marks = outlines_of(self.request.activations.stage, self.trace)[MapName.FEATURE]
        canvas.painter.save()
        canvas.painter.setClipRect(frame.adjusted(-SPACING, -SPACING, SPACING, SPACING))
        draw_outlines(canvas.painter, marks, mapping)
        canvas.painter.restore()

    def _tile_width(self) -> float:
        return min(TILE.width(), WIDEST_TABLE // self.part.shape[1])


def _preview_block(request: FigureRequest, trace: Trace | None) -> Element:
    if trace is None or isinstance(trace, InputTrace):
        return Stack([_heading("In the picture"), Preview(request)])
    words = Paragraph(field_words(trace, request.activations), tone="muted")
    return Stack([_heading("Receptive field"), Preview(request), words])


def _table_block(table: WindowTable) -> Element:
    part, window = table.part.shape, table.trace.window.shape
    size = f"{window[0]}×{window[1]}"
    shown = "" if part == window else f", {part[0]}×{part[1]} of it shown"
    return Stack([_heading(f"Pool window {size}{shown}"), table])


def _outcome_block(trace: PooledTrace) -> Element:
    name = "Maximum" if trace.kind == "max" else "Mean"
    return Stack([_heading(name), _number(trace.value), *map(Paragraph, trace_words(trace))])


def _value_block(trace: FeatureTrace) -> Element:
    place = f"Row {trace.row}, column {trace.col}, channel {trace.channel}"
    return Stack([_heading("Feature-map pixel"), _number(trace.value), Paragraph(place)])


def _words_block(heading: str, lines: tuple[str, ...]) -> Element:
    return Stack([_heading(heading), *map(Paragraph, lines)])


def _channel_words(trace: InputTrace) -> tuple[str, ...]:
    return tuple(f"{name} {format_number(value)}" for name, value in trace.values)


def _heading(text: str) -> Line:
    return Line(text, is_bold=True)


def _number(value: float) -> Line:
    return Line(format_number(value), px=NUMBER_PX)


def _part_of(geometry: MapGeometry, part: PixelBox) -> MapGeometry:
    """Return the geometry of a box of a map's pixels, at its place in the world."""
    rows, cols = geometry.rows, geometry.cols
    return MapGeometry(
        replace(rows, size=part.shape[0], offset=rows.offset + part.row_start * rows.stride),
        replace(cols, size=part.shape[1], offset=cols.offset + part.col_start * cols.stride),
    )


def _draw_labels(
    canvas: Canvas,
    frame: QRectF,
    mapping: DeviceMapping,
    *,
    geometry: MapGeometry,
    part: PixelBox,
) -> None:
    """Write the feature map's row and column numbers beside and above the table."""
    metrics = QFontMetricsF(text_font(SMALL_PX))
    for index in range(part.shape[1]):
        text = str(part.col_start + index)
        x = mapping.point(0, _position(geometry.cols, index)).x()
        x -= metrics.horizontalAdvance(text) / 2
        canvas.write(text, QPointF(x, frame.top() - SPACING), SMALL_PX, "muted")
    for index in range(part.shape[0]):
        text = str(part.row_start + index)
        y = mapping.point(_position(geometry.rows, index), 0).y()
        x = frame.left() - SPACING - metrics.horizontalAdvance(text)
        canvas.write(text, QPointF(x, baseline_in(y, 0, SMALL_PX)), SMALL_PX, "muted")


def _position(axis: Axis, index: int) -> float:
    return axis.offset + index * axis.stride
