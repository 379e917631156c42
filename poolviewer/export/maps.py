"""The three maps of a figure, at one scale and the same place of the world."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QImage

from poolviewer.core.annotation import MapName, Outline, geometry_of, uncovered_rects
from poolviewer.core.display import quantise
from poolviewer.core.geometry import MapGeometry, Rect
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import MINUS, format_number
from poolviewer.core.stage import MARGIN
from poolviewer.drawing.colour_maps import are_dark, colour_table, dark_shades
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.images import (
    bgr_to_image,
    draw_picture,
    pixels_to_image,
    to_indexed_image,
)
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import draw_outlines, draw_uncovered
from poolviewer.drawing.overlay_image import OverlayImage
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.drawing.values import ValueGrid, draw_values, font_size_for, pixels_within
from poolviewer.export.elements import SMALL_PX, Canvas, baseline_in, line_height
from poolviewer.export.request import FigureRequest
from poolviewer.export.words import levels_words

CONTEXT_OPACITY = 0.35
LARGEST_PIXEL = 128.0
BAR_HEIGHT = 10.0
NARROWEST_BAR = 160.0


@dataclass(frozen=True, slots=True, eq=False)
class MapPicture:
    """One map ready to be drawn: its image and the numbers on it."""

    image: QImage
    values: ValueGrid

    @property
    def extent(self) -> Rect:
        return self.values.geometry.extent


def visible_world(activations: Activations) -> Rect:
    """Return the part of the world that every map shows.

    All three maps, and what of the picture was cropped away; but not more than a quarter of the
    input on each side, however far a wide stride makes the tiles reach.
    """
    stage = activations.stage
    whole = activations.prepared.placement.united(stage.extent)
    return whole.cut(stage.input_geometry.extent.grown(MARGIN))


def cut_marks(marks: Iterable[Outline], limits: Rect) -> list[Outline]:
    """Cut outlines to a rectangle of the world, and drop those outside it."""
    cut = [replace(mark, rect=mark.rect.cut(limits)) for mark in marks]
    return [mark for mark in cut if min(mark.rect.height, mark.rect.width) > 0]


def even_scale(scale: float) -> float:
    """Round a scale down to one that gives every pixel of a map the same size, if it can."""
    if scale >= 2:
        return min(floor(scale), LARGEST_PIXEL)
    return floor(scale * 2) / 2 if scale >= 1 else 1 / ceil(1 / scale)


def picture_of(request: FigureRequest, map_name: MapName) -> MapPicture:
    """Return one of the three maps in the colours of the request."""
    geometry = geometry_of(request.activations.stage, map_name)
    if map_name is MapName.INPUT:
        return _input_picture(request.activations, geometry)
    feature_levels, pooled_levels = request.levels
    if map_name is MapName.FEATURE:
        values = request.activations.feature_maps[:, :, request.channel]
        return channel_picture(request, values, feature_levels, geometry)
    values = request.activations.pooled_maps[:, :, request.channel]
    return channel_picture(request, values, pooled_levels, geometry)


def channel_picture(
    request: FigureRequest,
    values: NDArray[np.float32],
    levels: NDArray[np.float32],
    geometry: MapGeometry,
) -> MapPicture:
    """Return one channel, or a part of it, of shape (H, W), between levels of shape (2,)."""
    shades = quantise(values, levels)
    name = request.display.colour_map
    image = to_indexed_image(shades, colour_table(name))
    return MapPicture(image, ValueGrid(values, dark_shades(name)[shades], geometry))


def _input_picture(activations: Activations, geometry: MapGeometry) -> MapPicture:
    pixels, spec = activations.prepared.pixels, activations.network.input
    rgb = pixels[:, :, ::-1] if spec.channel_order == "bgr" else pixels
    is_dark = are_dark(np.broadcast_to(rgb, (*rgb.shape[:2], 3)))
    labels = spec.order_names[: spec.shape[2]] if len(spec.order_names) > 1 else ()
    values = activations.prepared.values[:, :, : max(len(labels), 1)]
    grid = ValueGrid(values, is_dark, geometry, labels)
    return MapPicture(pixels_to_image(pixels, spec.channel_order), grid)


@dataclass(frozen=True, slots=True)
class MapView:
    """One map with everything that is drawn over it."""

    request: FigureRequest
    map_name: MapName
    scale: float

    def height(self, _width: float) -> float:
        return self._size()[1]

    def draw(self, canvas: Canvas, origin: QPointF, _width: float) -> None:
        frame = QRectF(origin.x(), origin.y(), *self._size())
        mapping = DeviceMapping.filling(
            visible_world(self.request.activations),
            frame,
            is_mirrored=self.request.display.is_mirrored,
            ratio=canvas.ratio,
        )
        canvas.places[self.map_name] = mapping
        canvas.fill(frame, canvas.theme.surface)
        self._draw_map(canvas, frame, mapping)
        self._draw_marks(canvas, frame, mapping)

    def _draw_map(self, canvas: Canvas, frame: QRectF, mapping: DeviceMapping) -> None:
        painter = canvas.painter
        painter.save()
        painter.setClipRect(frame)
        if self.map_name is MapName.INPUT:
            self._draw_context(canvas, mapping)
        picture = picture_of(self.request, self.map_name)
        overlay = self.request.overlay_of(self.map_name)
        hidden = overlay.hidden if overlay else None
        draw_picture(painter, picture.image, picture.extent, mapping)
        if self.map_name is MapName.FEATURE:
            draw_uncovered(painter, uncovered_rects(self.request.activations.stage), mapping)
        if overlay is not None:
            OverlayImage(overlay).draw(painter, picture.extent, mapping)
        if not self.request.conceals(self.map_name):
            values = self._readable(picture, mapping, frame)
            draw_values(painter, values, mapping, frame, hidden=hidden)
        painter.restore()

    def _readable(self, picture: MapPicture, mapping: DeviceMapping, frame: QRectF) -> ValueGrid:
        """Return the numbers in colours that stand out on the overlay, too."""
        grid, overlay = picture.values, self.request.overlay_of(self.map_name)
        if overlay is None or font_size_for(grid, mapping) is None:
            return grid
        box = pixels_within(grid.geometry, mapping, frame)
        return OverlayImage(overlay).readable(grid, ScreenImage(picture.image), box)

    def _draw_context(self, canvas: Canvas, mapping: DeviceMapping) -> None:
        """Show the whole picture, faintly, where the network sees less of it."""
        activations = self.request.activations
        if activations.prepared.placement == activations.stage.input_geometry.extent:
            return  # the map covers all of it
        image = bgr_to_image(activations.frame.picture)
        canvas.painter.setOpacity(CONTEXT_OPACITY)
        draw_picture(canvas.painter, image, activations.prepared.placement, mapping)
        canvas.painter.setOpacity(1)

    def _draw_marks(self, canvas: Canvas, frame: QRectF, mapping: DeviceMapping) -> None:
        """Draw the outlines, cut to what is seen; those at its edge reach a little over it."""
        request, world = self.request, visible_world(self.request.activations)
        seen = cut_marks(request.marks.get(self.map_name, ()), world)
        canvas.painter.save()
        canvas.painter.setClipRect(frame.adjusted(-SPACING, -SPACING, SPACING, SPACING))
        draw_outlines(canvas.painter, seen, mapping)
        canvas.painter.restore()

    def _size(self) -> tuple[float, float]:
        world = visible_world(self.request.activations)
        return world.width * self.scale, world.height * self.scale


HIDDEN = "?"


@dataclass(frozen=True, slots=True)
class ColourBar:
    """The shades from low to high, and the numbers at both ends."""

    request: FigureRequest
    map_name: MapName
    map_width: float

    def height(self, _width: float) -> float:
        return BAR_HEIGHT + line_height(SMALL_PX)

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        length = min(max(self.map_width, NARROWEST_BAR), width)
        bar = QRectF(origin.x(), origin.y(), length, BAR_HEIGHT)
        inner = bar.adjusted(1, 1, -1, -1)
        mapping = DeviceMapping.filling(Rect(0, 0, 1, 1), inner, ratio=canvas.ratio)
        canvas.fill(bar, canvas.theme.border)
        draw_picture(canvas.painter, self._shades(), Rect(0, 0, 1, 1), mapping)
        low, high = self._ends()
        for text, share in ((low, 0.0), (self._middle(length), 0.5), (high, 1.0)):
            _write_aligned(canvas, text, bar.bottomLeft() + QPointF(share * length, 0), share)

    def _shades(self) -> QImage:
        is_input = self.map_name is MapName.INPUT
        table = colour_table("grey" if is_input else self.request.display.colour_map)
        return to_indexed_image(np.arange(256, dtype=np.uint8)[np.newaxis], table)

    def _ends(self) -> tuple[str, str]:
        if self.map_name is MapName.INPUT:
            low, high = self.request.activations.network.input.value_range
            return _short(low), _short(high)
        if self.map_name is MapName.POOLED and self.request.conceals(self.map_name):
            return HIDDEN, HIDDEN
        feature, pooled = self.request.levels
        ends = feature if self.map_name is MapName.FEATURE else pooled
        return format_number(float(ends[0])), format_number(float(ends[1]))

    def _middle(self, length: float) -> str:
        """Say what the range is of, where there is room between its ends."""
        is_input = self.map_name is MapName.INPUT
        text = (
            "as the network received it" if is_input else levels_words(self.request, self.map_name)
        )
        taken = 2 * max(map(_width, self._ends())) + _width(text)
        return text if taken + 2 * SPACING <= length else ""


def _short(number: float) -> str:
    """Write an end of the input's range: whole numbers as such."""
    return f"{number:g}".replace("-", MINUS) if number == round(number) else format_number(number)


def _write_aligned(canvas: Canvas, text: str, place: QPointF, share: float) -> None:
    """Write a small text whose left end (0), middle (0.5), or right end (1) is at a place."""
    baseline = baseline_in(place.y(), line_height(SMALL_PX), SMALL_PX)
    left = place.x() - share * _width(text)
    canvas.write(text, QPointF(left, baseline), SMALL_PX, "muted")


def _width(text: str) -> float:
    return QFontMetricsF(text_font(SMALL_PX)).horizontalAdvance(text)
