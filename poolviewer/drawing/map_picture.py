"""What a map is drawn of, on the screen and in a figure: its shades, colours, and numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from poolviewer.core.display import ColourMapName
from poolviewer.core.geometry import MapGeometry, Rect
from poolviewer.core.laboratory.experiment import ExtraMap, Overlay
from poolviewer.core.messages import Activations
from poolviewer.drawing.colour_maps import are_dark, dark_shades
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.overlay_image import OverlayImage
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.drawing.values import SMALLEST_PX, ValueGrid, draw_values, pixels_within

LEAST_FOR_VALUES = 24


@dataclass(frozen=True, slots=True, eq=False)
class MapPicture:
    """One map ready to be drawn.

    Parameters
    ----------
    extent
        Where it lies in the world.
    make_grid
        Makes the numbers on its pixels; called when they are first wanted.
    """

    image: ScreenImage
    extent: Rect
    make_grid: Callable[[], ValueGrid]
    _grids: list[ValueGrid] = field(default_factory=list)

    @property
    def values(self) -> ValueGrid:
        """The numbers on its pixels."""
        if not self._grids:
            self._grids.append(self.make_grid())
        return self._grids[0]

    def has_room_for_values(self, mapping: DeviceMapping) -> bool:
        """Whether a pixel is so wide that a number could stand on it."""
        width = mapping.rect(self.extent).width()
        return width / max(self.image.image.width(), 1) >= LEAST_FOR_VALUES


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """What is laid over a map.

    Parameters
    ----------
    overlay
        Colours between the map and its numbers, and the same as an image.
    has_values
        Whether numbers are written where there is room.
    """

    overlay: Overlay | None = None
    image: OverlayImage | None = None
    has_values: bool = True

    @classmethod
    def of(cls, overlay: Overlay | None, *, has_values: bool) -> "Laid":
        """Lay an overlay over a map, or none."""
        return cls(overlay, None if overlay is None else OverlayImage(overlay), has_values)


def draw_map(
    painter: QPainter,
    picture: MapPicture,
    laid: Laid,
    mapping: DeviceMapping,
    dirty: QRectF,
    *,
    smallest: int = SMALLEST_PX,
) -> None:
    """Draw a map, the colours over it, and its numbers; only what is dirty need be drawn.

    Numbers are left out where they would be smaller than ``smallest`` logical pixels.
    """
    picture.image.draw(painter, picture.extent, mapping)
    if laid.image is not None:
        laid.image.draw(painter, picture.extent, mapping, dirty)
    if not laid.has_values or not picture.has_room_for_values(mapping):
        return
    grid = picture.values
    hidden = laid.overlay.hidden if laid.overlay else None
    if hidden is not None and hidden.shape != grid.values.shape[:2]:
        hidden = None  # colours of another map's size hide none
    if laid.image is not None:
        box = pixels_within(grid.geometry, mapping, dirty)
        grid = laid.image.readable(grid, picture.image, box)
    draw_values(painter, grid, mapping, dirty, smallest=smallest, hidden=hidden)


def input_picture(activations: Activations) -> MapPicture:
    """Return what the network received."""
    prepared, spec = activations.prepared, activations.network.input
    # Repeated channels would say the same again.
    names = spec.order_names[: spec.shape[2]]
    labels = names if len(names) > 1 else ()
    geometry = activations.stage.input_geometry

    def make_grid() -> ValueGrid:
        rgb = prepared.pixels[:, :, ::-1] if spec.channel_order == "bgr" else prepared.pixels
        is_dark = are_dark(np.broadcast_to(rgb, (*rgb.shape[:2], 3)))
        return ValueGrid(prepared.values[:, :, : len(names)], is_dark, geometry, labels)

    image = ScreenImage.of_pixels(prepared.pixels, spec.channel_order)
    return MapPicture(image, geometry.extent, make_grid)


def channel_picture(
    values: NDArray[np.floating],
    shades: NDArray[np.uint8],
    colours: ColourMapName,
    geometry: MapGeometry,
) -> MapPicture:
    """Return one channel of a map, or a part of it, of shape (H, W), in its shades."""

    def make_grid() -> ValueGrid:
        return ValueGrid(values, dark_shades(colours)[shades], geometry)

    return MapPicture(ScreenImage.of_shades(shades, colours), geometry.extent, make_grid)


def extra_picture(extra: ExtraMap) -> MapPicture:
    """Return a map that an experiment made."""
    return channel_picture(extra.values, extra.shades, extra.colours, extra.geometry)
