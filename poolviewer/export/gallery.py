"""All channels of both maps as tiles, as the window's gallery shows them, but on one page."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from poolviewer.core.annotation import MapName
from poolviewer.core.display import LevelsMode
from poolviewer.core.mosaics import Mosaics, mosaics_of
from poolviewer.core.numbers import times
from poolviewer.core.ordering import TileOrder
from poolviewer.core.tiles import Page, Room, Shape, tile_size, whole_page
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.mapping import snap
from poolviewer.drawing.mosaic import TileGrid, draw_mosaic, draw_tile_frame
from poolviewer.drawing.overlay_image import overlay_table
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.export.elements import SMALL_PX, Canvas, Element, Line, Paragraph, Stack, Title
from poolviewer.export.request import FigureRequest
from poolviewer.export.style import Style

LEAST_FOR_NUMBERS = 3.0  # of the size of their text
LEAST_BESIDE = 320.0
MAPS = MapName.FEATURE, MapName.POOLED
TITLES: Mapping[MapName, str] = {
    MapName.FEATURE: "Feature maps",
    MapName.POOLED: "Pooled maps",
}
ORDER_WORDS: Mapping[TileOrder, str] = {
    "index": "",
    "mean": ", by mean",
    "maximum": ", by maximum",
    "zeros": ", by zeros",
}


LEVELS_WORDS: Mapping[LevelsMode, str] = {
    "channel": "each in its own range",
    "shared": "all in one range",
}


@dataclass(frozen=True, slots=True)
class TilePlan:
    """Where the tiles of both maps go in a width.

    Parameters
    ----------
    across
        The width of one map's block, in units.
    room
        Of the tiles of one map, in logical pixels.
    unit
        Logical pixels in a unit.
    """

    across: float
    is_beside: bool
    page: Page
    room: Room
    unit: float

    def tile(self, shape: Shape) -> QSizeF:
        """Return the size in units of a map's tile: whole logical pixels."""
        height, width = tile_size(self.page, shape, self.room.height, self.room.width)
        return QSizeF(width, height) / self.unit

    def height(self, shape: Shape) -> float:
        """Return the height in units of all tiles of a map."""
        return self.page.rows * self.tile(shape).height()


@dataclass(frozen=True, slots=True)
class Gallery:
    """The tiles of the feature maps and, beside or under them, those of the pooled maps.

    Parameters
    ----------
    tallest
        What the tiles of one map may take of the height, in units.
    """

    request: FigureRequest
    style: Style
    tallest: float

    def height(self, width: float) -> float:
        plan = self._plan(width)
        title = self._title_height(plan.across)
        blocks = [title + plan.height(shape) for shape in self._shapes]
        return max(blocks) if plan.is_beside else sum(blocks) + SPACING

    def tile(self, width: float) -> float:
        """Return the longer side of a feature map's tile in units."""
        tile = self._plan(width).tile(self._shapes[0])
        return max(tile.width(), tile.height())

    def draw(self, canvas: Canvas, origin: QPointF, width: float) -> None:
        plan = self._plan(width)
        mosaics = self._mosaics(plan)
        shades, title = (mosaics.feature, mosaics.pooled), self._title_height(plan.across)
        for name, shape, found in zip(MAPS, self._shapes, shades, strict=True):
            self._title_of(name, shape, plan.across).draw(canvas, origin, plan.across)
            start = origin + QPointF(0, title)
            grid = _grid(plan, shape, snap(QRectF(start, start), canvas.ratio).topLeft())
            self._draw_tiles(canvas, grid, name, found)
            below = title + plan.height(shape) + SPACING
            step = (plan.across + self.style.gap, 0.0) if plan.is_beside else (0.0, below)
            origin += QPointF(*step)

    @property
    def _shapes(self) -> tuple[Shape, Shape]:
        stage = self.request.activations.stage
        return stage.feature_shape, stage.pooled_shape

    def _title_height(self, width: float) -> float:
        titles = zip(MAPS, self._shapes, strict=True)
        return max(self._title_of(*title, width).height(width) for title in titles) + SPACING

    def _title_of(self, name: MapName, shape: Shape, width: float) -> Element:
        """Say what the tiles are, and of which range their shades."""
        count, display = self.request.activations.stage.channels, self.request.display
        order, levels = ORDER_WORDS[display.order], LEVELS_WORDS[display.levels_mode]
        about = f"{count} × {times(*shape)}{order}"
        title = Title(TITLES[name], about, self.style.title_px)
        if title.width <= width:
            return Stack([title, Paragraph(levels, SMALL_PX, "muted")], gap=0)
        short = Line(TITLES[name], self.style.title_px, is_bold=True)
        return Stack([short, Paragraph(f"{about}, {levels}", SMALL_PX, "muted")], gap=0)

    def _plan(self, width: float) -> TilePlan:
        is_beside, unit = width >= LEAST_BESIDE, self.style.unit
        across = (width - self.style.gap) / 2 if is_beside else width
        room = Room(
            max(int(self.tallest * unit), 1), max(int(across * unit), 1), self.request.scale
        )
        count = self.request.activations.stage.channels
        page = whole_page(count, self._shapes[0], room)
        return TilePlan(across, is_beside, page, room, unit)

    def _mosaics(self, plan: TilePlan) -> Mosaics:
        """Return the shades; of large maps every n-th row and column, as in the window."""
        request, activations = self.request, self.request.activations
        return mosaics_of(
            (activations.feature_maps, activations.pooled_maps),
            request.all_levels,
            request.ordering.channels,
            plan.page,
            plan.room,
            is_mirrored=request.display.is_mirrored,
        )

    def _draw_tiles(
        self, canvas: Canvas, grid: TileGrid, name: MapName, shades: NDArray[np.uint8]
    ) -> None:
        request, painter = self.request, canvas.painter
        background = QColor(canvas.theme.background)
        if request.is_concealed and name is MapName.POOLED:
            canvas.painter.fillRect(grid.target, QColor.fromRgba(overlay_table("cover")[1]))
            return
        image = ScreenImage.of_shades(shades, request.display.colour_map).image
        painter.save()
        painter.setRenderHint(painter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        draw_mosaic(painter, image, grid, background, canvas.ratio)
        channels = request.ordering.channels
        if min(grid.height, grid.width) >= LEAST_FOR_NUMBERS * self.style.tag_px:
            _draw_numbers(canvas, grid, channels.tolist(), self.style.tag_px)
        chosen = grid.rect(request.ordering.place_of(request.channel))
        draw_tile_frame(painter, chosen, QColor(canvas.theme.accent), background, grid.line)
        painter.restore()


def _grid(plan: TilePlan, shape: Shape, origin: QPointF) -> TileGrid:
    tile = plan.tile(shape)
    return TileGrid(plan.page, tile.height(), tile.width(), origin, 1 / plan.unit)


def _draw_numbers(canvas: Canvas, grid: TileGrid, channels: list[int], px: float) -> None:
    """Write each channel's number in a corner of its tile, on a ground of its own."""
    metrics = QFontMetricsF(text_font(px))
    high = metrics.capHeight() + 4
    for place, channel in enumerate(channels):
        corner = grid.rect(place).topLeft()
        ground = QSizeF(metrics.horizontalAdvance(str(channel)) + 4, high)
        canvas.fill(QRectF(corner, ground), canvas.theme.background)
        canvas.write(str(channel), corner + QPointF(2, high - 2), px, "text")
