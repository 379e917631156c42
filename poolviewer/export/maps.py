"""The maps of a figure, at one scale and the same place of the world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from poolviewer.core.annotation import MapName, Outline, geometry_of, uncovered_rects
from poolviewer.core.chain_scene import StepMark
from poolviewer.core.display import quantise
from poolviewer.core.geometry import Rect
from poolviewer.core.laboratory.experiment import ExtraMap, Overlay
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import times
from poolviewer.core.stage import MARGIN
from poolviewer.drawing.images import bgr_to_image, draw_picture
from poolviewer.drawing.map_picture import (
    Laid,
    MapPicture,
    channel_picture,
    draw_map,
    extra_picture,
    input_picture,
)
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import draw_outlines, draw_uncovered
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.step_marks import draw_step_marks
from poolviewer.export.colour_bar import Range, range_of, range_of_extra
from poolviewer.export.elements import Canvas
from poolviewer.export.request import FigureRequest
from poolviewer.export.words import MAP_TITLES, making_words, shape_words

CONTEXT_OPACITY = 0.35
LARGEST_PIXEL = 128.0
# From which size of a pixel on into how many parts of a step it is rounded.
PARTS_OF_STEPS = (4, 1), (2, 2), (1, 4)


@dataclass(frozen=True, slots=True, eq=False)
class MapCell:
    """One map of a figure with its words.

    Parameters
    ----------
    about, making
        Its shape, and what made it.
    make_picture
        Makes what is drawn; only called when it is.
    name
        Which of the three it is; None for a map of the laboratory.
    """

    title: str
    about: str
    making: str
    make_picture: Callable[[], MapPicture]
    laid: Laid
    outlines: tuple[Outline, ...]
    range: Range
    name: MapName | None = None


def cells_of(request: FigureRequest) -> list[MapCell]:
    """Return the maps that a figure shall have, those of the laboratory last."""
    cells = [_cell(request, name) for name in MapName if request.spec.has(name.value)]
    related = request.related
    beside = related.beside if related else ()
    for number, extra in enumerate(request.extra_maps):
        outlines = beside[number] if number < len(beside) else ()
        cells.append(_extra_cell(request, extra, outlines))
    return cells


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


def even_scale(scale: float, steps: int = 1) -> float:
    """Round a scale down to one that gives every pixel of a map the same size, if it can.

    Small pixels are even in pictures of two or four times the size, for whole steps would leave
    much of the room empty. Maps that are reduced are averaged, and fill all of it.

    Parameters
    ----------
    steps
        Into how many parts a pixel of the device is cut.
    """
    fine = scale * steps
    if fine < 1:
        return scale
    parts = next((parts for least, parts in PARTS_OF_STEPS if fine >= least), 1)
    return min(floor(fine * parts) / parts / steps, LARGEST_PIXEL)


def picture_of(request: FigureRequest, map_name: MapName) -> MapPicture:
    """Return one of the three maps in the colours of the request."""
    if map_name is MapName.INPUT:
        return input_picture(request.activations)
    is_feature, activations = map_name is MapName.FEATURE, request.activations
    maps = activations.feature_maps if is_feature else activations.pooled_maps
    levels = request.levels[0 if is_feature else 1]
    values = maps[:, :, request.channel]
    geometry = geometry_of(activations.stage, map_name)
    shades = without_covered(quantise(values, levels), request.overlay_of(map_name))
    return channel_picture(values, shades, request.display.colour_map, geometry)


def without_covered(shades: NDArray[np.uint8], overlay: Overlay | None) -> NDArray[np.uint8]:
    """Leave out what an overlay covers: out of an SVG or a PDF the cover could be taken."""
    if overlay is None or overlay.colours != "cover":
        return shades
    codes = overlay.codes
    is_covered = codes > 0 if codes.shape == shades.shape else np.ones(shades.shape, np.bool_)
    return np.where(is_covered, 0, shades).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class MapView:
    """One map with everything that is drawn over it."""

    request: FigureRequest
    cell: MapCell
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
        if self.cell.name is not None:
            canvas.places[self.cell.name] = mapping
        canvas.fill(frame, canvas.theme.surface)
        self._draw_map(canvas, frame, mapping)
        self._draw_marks(canvas, frame, mapping)

    def _draw_map(self, canvas: Canvas, frame: QRectF, mapping: DeviceMapping) -> None:
        cell, painter, least = self.cell, canvas.painter, canvas.smallest_px
        painter.save()
        painter.setClipRect(frame)
        if cell.name is MapName.INPUT:
            self._draw_context(painter, mapping)
        draw_map(painter, cell.make_picture(), cell.laid, mapping, frame, smallest=least)
        if cell.name is MapName.FEATURE:
            draw_uncovered(painter, uncovered_rects(self.request.activations.stage), mapping)
        painter.restore()

    def _draw_context(self, painter: QPainter, mapping: DeviceMapping) -> None:
        """Show the whole picture, faintly, where the network sees less of it."""
        activations = self.request.activations
        if activations.prepared.placement == activations.stage.input_geometry.extent:
            return  # the map covers all of it
        image = bgr_to_image(activations.frame.picture)
        painter.setOpacity(CONTEXT_OPACITY)
        draw_picture(painter, image, activations.prepared.placement, mapping)
        painter.setOpacity(1)

    def _draw_marks(self, canvas: Canvas, frame: QRectF, mapping: DeviceMapping) -> None:
        """Draw the outlines, cut to what is seen; those at its edge reach a little over it."""
        painter, width = canvas.painter, canvas.line_width
        world = visible_world(self.request.activations)
        painter.save()
        painter.setClipRect(frame.adjusted(-SPACING, -SPACING, SPACING, SPACING))
        if self.cell.name is not None:
            draw_step_marks(painter, _cut_steps(self.request.step_marks, world), mapping)
        draw_outlines(painter, cut_marks(self.cell.outlines, world), mapping, width=width)
        painter.restore()

    def _size(self) -> tuple[float, float]:
        world = visible_world(self.request.activations)
        return world.width * self.scale, world.height * self.scale


def _cut_steps(marks: Iterable[StepMark], limits: Rect) -> list[StepMark]:
    cut = [replace(mark, rect=mark.rect.cut(limits)) for mark in marks]
    return [mark for mark in cut if min(mark.rect.height, mark.rect.width) > 0]


def _cell(request: FigureRequest, name: MapName) -> MapCell:
    is_open = request.spec.has_values and not request.conceals(name)
    return MapCell(
        MAP_TITLES[name],
        shape_words(request, name),
        making_words(request.activations, name),
        lambda: picture_of(request, name),
        Laid.of(request.overlay_of(name), has_values=is_open),
        request.marks.get(name, ()),
        range_of(request, name),
        name,
    )


def _extra_cell(request: FigureRequest, extra: ExtraMap, outlines: tuple[Outline, ...]) -> MapCell:
    kept = request.chosen({MapName.POOLED: outlines})[MapName.POOLED]
    return MapCell(
        extra.title,
        times(*extra.geometry.shape),
        extra.making,
        lambda: extra_picture(extra),
        Laid.of(None, has_values=request.spec.has_values and not request.is_concealed),
        kept,
        range_of_extra(request, extra),
    )
