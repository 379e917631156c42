"""What one map view draws, through the same functions that draw the exported figure."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QRegion

from poolviewer.core.annotation import Outline
from poolviewer.core.chain_scene import StepMark
from poolviewer.core.geometry import Rect
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import draw_outlines, draw_uncovered, mark_bounds
from poolviewer.drawing.overlay_image import OverlayImage
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.drawing.step_marks import draw_step_marks, step_mark_bounds
from poolviewer.drawing.values import ValueGrid, draw_values, pixels_within

LARGEST_BACKDROP = 2048
LEAST_FOR_VALUES = 24
MOST_RECTS = 8


class PictureLayer:
    """A map or the network's input, with its numbers where there is room for them.

    Attributes
    ----------
    overlay
        Colours between the map and its numbers.
    is_concealed, hidden
        Whether the numbers must not be seen; or of which pixels, bool of the map's shape.
    """

    def __init__(self) -> None:
        self._picture = ScreenImage()
        self._rect = Rect(0, 0, 0, 0)
        self._make_grid: Callable[[], ValueGrid] | None = None
        self._grid: ValueGrid | None = None
        self.overlay: OverlayImage | None = None
        self.is_concealed = False
        self.hidden: NDArray[np.bool_] | None = None

    @property
    def has_picture(self) -> bool:
        return not self._picture.image.isNull()

    def show_image(
        self, image: ScreenImage, rect: Rect, make_grid: Callable[[], ValueGrid] | None = None
    ) -> None:
        """Take an image; ``make_grid`` is called when the numbers are wanted."""
        self._picture, self._rect = image, rect
        self._make_grid, self._grid = make_grid, None

    def paint(self, painter: QPainter, mapping: DeviceMapping, dirty: QRectF) -> None:
        """Paint the image, then its numbers."""
        self._picture.draw(painter, self._rect, mapping)
        if self.overlay is not None:
            self.overlay.draw(painter, self._rect, mapping, dirty)
        if self._make_grid is None or self.is_concealed:
            return
        if self._shows_pixels(mapping):
            self._grid = self._grid or self._make_grid()
            values = self._readable(self._grid, mapping, dirty)
            draw_values(painter, values, mapping, dirty, hidden=self._hidden_of(self._grid))

    def _readable(self, grid: ValueGrid, mapping: DeviceMapping, dirty: QRectF) -> ValueGrid:
        """Return numbers whose colour stands out on the overlay, too, where it is dirty."""
        if self.overlay is None:
            return grid
        box = pixels_within(grid.geometry, mapping, dirty)
        return self.overlay.readable(grid, self._picture, box)

    def _hidden_of(self, grid: ValueGrid) -> NDArray[np.bool_] | None:
        """Return which numbers are hidden; colours of another map's size hide none."""
        hidden = self.hidden
        return hidden if hidden is not None and hidden.shape == grid.values.shape[:2] else None

    def _shows_pixels(self, mapping: DeviceMapping) -> bool:
        """Whether a pixel is so wide that a number could stand on it."""
        width = mapping.rect(self._rect).width()
        return width / max(self._picture.image.width(), 1) >= LEAST_FOR_VALUES


class BackdropLayer:
    """The whole picture behind or over the network's input, converted only when it is seen."""

    def __init__(self) -> None:
        self._picture: NDArray[np.uint8] | None = None
        self._screen: ScreenImage | None = None
        self._placement = Rect(0, 0, 0, 0)
        self._hidden_by: Rect | None = None

    def show_picture(
        self, picture: NDArray[np.uint8], placement: Rect, hidden_by: Rect | None
    ) -> None:
        """Take a BGR picture at its place; nothing is painted if another rectangle covers it."""
        self._picture, self._screen = picture, None
        self._placement, self._hidden_by = placement, hidden_by

    def paint(self, painter: QPainter, mapping: DeviceMapping, dirty: QRectF) -> None:
        """Paint the picture, unless it is hidden."""
        if self._picture is None or self._is_hidden():
            return
        if self._screen is None:
            step = max(self._picture.shape) // LARGEST_BACKDROP + 1
            self._screen = ScreenImage.of_pixels(self._picture[::step, ::step], "bgr")
        self._screen.draw(painter, self._placement, mapping)

    def _is_hidden(self) -> bool:
        return self._hidden_by is not None and self._hidden_by.united(self._placement) == (
            self._hidden_by
        )


class OverlayLayer:
    """Outlines and what no window covers, over one map."""

    def __init__(self) -> None:
        self.outlines: Sequence[Outline] = ()
        self.marks: Sequence[StepMark] = ()
        self.uncovered: Sequence[Rect] = ()

    def bounds(self, mapping: DeviceMapping) -> QRegion:
        """Return what the outlines cover; of many, the rectangle around all of them."""
        rects = [
            mark_bounds(mapping.snapped(outline.rect), outline.role, mapping.ratio).toAlignedRect()
            for outline in self.outlines
        ]
        return _covered(rects)

    def mark_bounds(self, mapping: DeviceMapping) -> QRegion:
        """Return what the steps of a chain cover, likewise."""
        return _covered(
            [step_mark_bounds(mapping.snapped(mark.rect)).toAlignedRect() for mark in self.marks]
        )

    def paint(self, painter: QPainter, mapping: DeviceMapping, dirty: QRectF) -> None:
        """Paint the hatching and the steps of a chain under the outlines."""
        draw_uncovered(painter, self.uncovered, mapping)
        draw_step_marks(painter, self.marks, mapping)
        draw_outlines(painter, self.outlines, mapping)


def _covered(rects: Sequence[QRect]) -> QRegion:
    region = QRegion()
    for rect in rects:
        region += rect
    return region if len(rects) <= MOST_RECTS else QRegion(region.boundingRect())
