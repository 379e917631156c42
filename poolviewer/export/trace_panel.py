"""The traced pixel in pictures, numbers, and words, under the maps of a figure."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF

from poolviewer.core.annotation import MapName, outlines_of
from poolviewer.core.display import quantise
from poolviewer.core.geometry import Axis, MapGeometry, PixelBox
from poolviewer.core.numbers import format_number
from poolviewer.core.trace import FeatureTrace, InputTrace, PooledTrace, Trace
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.images import bgr_to_image, draw_picture, reduced
from poolviewer.drawing.map_picture import channel_picture
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import draw_outlines
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.values import draw_values
from poolviewer.export.elements import (
    SMALL_PX,
    Canvas,
    Column,
    Element,
    Line,
    Paragraph,
    Row,
    Stack,
    Title,
    baseline_in,
)
from poolviewer.export.maps import cut_marks
from poolviewer.export.request import FigureRequest
from poolviewer.export.style import Style
from poolviewer.export.words import field_words, trace_words

MOST_TILES = 8
TILE = QSizeF(72, 40)
WIDEST_TABLE = 512.0
LABELS_HEIGHT = 20.0
PREVIEW_HEIGHT = 136.0
LABELS_WIDTH = 32.0
LEAST_FOR_ROW, LEAST_FOR_HALF = 640.0, 150.0
LEAST_OUTCOME = 180.0
NUMBER_LARGEST_PX = 16


def trace_panel(
    request: FigureRequest, style: Style, width: float, *, has_preview: bool = True
) -> Element:
    """Return the panel: where it came from, its numbers, what became of it.

    Beside each other where there is room, else under each other.
    """
    trace = request.trace
    preview = [_preview_block(request, trace, style)] if has_preview else []
    if width >= LEAST_FOR_ROW:
        return _row(request, style, width, preview)
    across = (width - style.gap) / 2
    if preview and across >= LEAST_FOR_HALF and _has_all_in(request, style, across, width):
        second, *rest = _blocks(request, style, across, 0.0)
        halves = Row([Column(0, across, preview[0]), Column(across + style.gap, across, second)])
        return Stack([halves, *rest], gap=style.step)
    blocks = _blocks(request, style, width, 0.0)
    return Stack([*preview, *blocks], gap=style.step)


def _has_all_in(request: FigureRequest, style: Style, across: float, width: float) -> bool:
    """Whether a table of a part of the width shows as much as one of the whole width."""
    trace = request.trace
    if not isinstance(trace, PooledTrace):
        return True
    parts = (WindowTable.of(request, trace, style, room, 0.0).part for room in (across, width))
    return next(parts) == next(parts)


def _row(request: FigureRequest, style: Style, width: float, preview: list[Element]) -> Element:
    """Put all of it beside each other, in the columns of the maps if it can."""
    third, gap = (width - 2 * style.gap) / 3, style.gap
    starts = [index * (third + gap) for index in range(3)]
    starts = starts if preview else starts[:2]
    place = len(preview)
    blocks = _blocks(request, style, width - starts[place] - gap - LEAST_OUTCOME, gap * place)
    if isinstance(request.trace, PooledTrace):
        room = width - starts[place] - gap - LEAST_OUTCOME
        table = WindowTable.of(request, request.trace, style, room, LABELS_WIDTH)
        after = starts[place] + table.width + gap
        starts[place + 1 :] = [max(starts[place + 1], after)]
    blocks = [*preview, *blocks]
    ends = [*(start - gap for start in starts[1:]), width]
    columns = zip(starts, ends, blocks, strict=False)
    return Row([Column(left, right - left, block) for left, right, block in columns])


def _blocks(request: FigureRequest, style: Style, width: float, before: float) -> list[Element]:
    """Return what follows the preview.

    Parameters
    ----------
    width
        What there is for the table.
    before
        What is free on its left, for the numbers of its rows.
    """
    trace = request.trace
    if isinstance(trace, PooledTrace):
        table = WindowTable.of(request, trace, style, width, before)
        return [_table_block(table), _outcome_block(trace, style)]
    if isinstance(trace, FeatureTrace):
        words = _words_block("What became of it", trace_words(trace))
        return [_value_block(trace, style), words]
    if isinstance(trace, InputTrace):
        return [_words_block("As the network received it", _channel_words(trace))]
    return []


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole picture as it was taken, with what the traced pixel was made from."""

    request: FigureRequest
    tallest: float = PREVIEW_HEIGHT

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
        image = reduced(picture, mapping.snapped(placement), canvas.photo_ratio or canvas.ratio)
        draw_picture(canvas.painter, image, placement, mapping)
        marks = request.chosen(
            outlines_of(activations.stage, request.trace, is_pinned=request.is_pinned)
        )
        seen = cut_marks(marks.get(MapName.INPUT, ()), placement)
        draw_outlines(canvas.painter, seen, mapping)

    def _size(self, width: float) -> QSizeF:
        height, length = self.request.activations.frame.picture.shape[:2]
        fitted = QSizeF(length, height).scaled(
            QSizeF(width, self.tallest), Qt.AspectRatioMode.KeepAspectRatio
        )
        return fitted.expandedTo(QSizeF(1, 1))


@dataclass(frozen=True, slots=True)
class WindowTable:
    """The numbers under the pool window, as an enlarged part of the feature map.

    Parameters
    ----------
    part
        The part of a large window that is shown.
    tile
        Width of a number's place.
    inset
        What is left free on the left for the numbers of the rows.
    """

    request: FigureRequest
    trace: PooledTrace
    part: PixelBox
    tile: float
    inset: float = 0.0

    @classmethod
    def of(
        cls, request: FigureRequest, trace: PooledTrace, style: Style, room: float, before: float
    ) -> "WindowTable":
        """Return the table for a width; the numbers of its rows may hang in what is before it."""
        inset = max(LABELS_WIDTH - before, 0.0)
        most = min(max(int((room - inset) // style.narrowest_tile), 1), MOST_TILES)
        part = trace.part_of_window(most)
        widest = min(WIDEST_TABLE, room - inset)
        return cls(request, trace, part, min(TILE.width(), widest // part.shape[1]), inset)

    @property
    def width(self) -> float:
        """The width it needs."""
        return self.inset + self.tile * self.part.shape[1]

    def height(self, _width: float) -> float:
        return LABELS_HEIGHT + TILE.height() * self.part.shape[0]

    def draw(self, canvas: Canvas, origin: QPointF, _width: float) -> None:
        request, part = self.request, self.part
        size = QSizeF(self.tile * part.shape[1], TILE.height() * part.shape[0])
        frame = QRectF(origin + QPointF(self.inset, LABELS_HEIGHT), size)
        geometry = _part_of(request.activations.stage.feature_geometry, part)
        mapping = DeviceMapping.filling(
            geometry.extent, frame, is_mirrored=request.display.is_mirrored, ratio=canvas.ratio
        )
        values = request.activations.feature_maps[(*part.slices, request.channel)]
        shades, colours = quantise(values, request.levels[0]), request.display.colour_map
        picture = channel_picture(values, shades, colours, geometry)
        picture.image.draw(canvas.painter, picture.extent, mapping)
        draw_values(
            canvas.painter,
            picture.values,
            mapping,
            frame,
            largest=NUMBER_LARGEST_PX,
            smallest=canvas.smallest_px,
        )
        self._draw_marks(canvas, frame, mapping)
        _draw_labels(canvas, frame, mapping, geometry=geometry, part=part)

    def _draw_marks(self, canvas: Canvas, frame: QRectF, mapping: DeviceMapping) -> None:
        """Draw window and winner; the window's line is cut off where the table is."""
        outlines = outlines_of(self.request.activations.stage, self.trace)
        marks = self.request.chosen(outlines)[MapName.FEATURE]
        canvas.painter.save()
        canvas.painter.setClipRect(frame.adjusted(-SPACING, -SPACING, SPACING, SPACING))
        draw_outlines(canvas.painter, marks, mapping)
        canvas.painter.restore()


def _preview_block(request: FigureRequest, trace: Trace | None, style: Style) -> Element:
    preview = Preview(request, style.preview_height)
    if trace is None or isinstance(trace, InputTrace):
        return Stack([_heading("In the picture"), preview])
    words = Paragraph(field_words(trace, request.activations), tone="muted")
    return Stack([_heading("Receptive field"), preview, words])


def _table_block(table: WindowTable) -> Element:
    part, window = table.part.shape, table.trace.window.shape
    size = f"{window[0]}×{window[1]}"
    shown = "" if part == window else f", {part[0]}×{part[1]} of it shown"
    return Stack([_heading(f"Pool window {size}{shown}"), table])


def _outcome_block(trace: PooledTrace, style: Style) -> Element:
    name = "Maximum" if trace.kind == "max" else "Mean"
    return Stack([*_result(name, trace.value, style), *_said(trace_words(trace), style)])


def _value_block(trace: FeatureTrace, style: Style) -> Element:
    place = f"Row {trace.row}, column {trace.col}, channel {trace.channel}"
    return Stack([*_result("Feature-map pixel", trace.value, style), Paragraph(place)])


def _result(name: str, value: float, style: Style) -> list[Element]:
    """Name a number and write it large, or in the same line where room is dear."""
    if style.is_dense:
        return [Title(name, format_number(value), style.title_px)]
    return [_heading(name), Line(format_number(value), px=style.number_px)]


def _said(lines: tuple[str, ...], style: Style) -> list[Element]:
    """Return one paragraph for each sentence, or one for all where room is dear."""
    is_formula = "=" in lines[0] if lines else False
    if not style.is_dense or not is_formula:
        return [Paragraph(line) for line in lines]
    return [Paragraph(lines[0]), Paragraph(" ".join(lines[1:]))]


def _words_block(heading: str, lines: tuple[str, ...]) -> Element:
    return Stack([_heading(heading), *map(Paragraph, lines)])


def _channel_words(trace: InputTrace) -> tuple[str, ...]:
    return tuple(f"{name} {format_number(value)}" for name, value in trace.values)


def _heading(text: str) -> Paragraph:
    return Paragraph(text, is_bold=True)


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
