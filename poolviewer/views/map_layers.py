"""What one map view draws, through the same functions that draw the exported figure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QRegion

from poolviewer.core.annotation import Outline
from poolviewer.core.chain_scene import StepMark
from poolviewer.core.geometry import Rect
from poolviewer.drawing.map_picture import Laid, MapPicture, draw_map
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import draw_outlines, draw_uncovered, mark_bounds
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.drawing.step_marks import draw_step_marks, step_mark_bounds

LARGEST_BACKDROP = 2048
MOST_RECTS = 8


class PictureLayer:
    """A map or the network's input, with its numbers where there is room for them."""

    def __init__(self) -> None:
        self.picture: MapPicture | None = None
        self.laid = Laid()

    def paint(self, painter: QPainter, mapping: DeviceMapping, dirty: QRectF) -> None:
        """Paint the image, what lies over it, and its numbers."""
        if self.picture is not None:
            draw_map(painter, self.picture, self.laid, mapping, dirty)


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
