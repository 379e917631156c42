"""What one map view draws, through the same functions that draw the exported figure."""

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from poolviewer.core.annotation import Outline
from poolviewer.core.geometry import Rect
from poolviewer.drawing.images import bgr_to_image, draw_picture
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.outlines import draw_outlines, draw_uncovered
from poolviewer.drawing.values import ValueGrid, draw_values

LARGEST_BACKDROP = 2048


class WorldItem(pg.GraphicsObject):
    """An item that paints in the view's logical pixels, with a mapping from the world."""

    def boundingRect(self) -> QRectF:
        """Return the part of the world that the view shows; the item clips itself to it."""
        view = self.getViewBox()
        return QRectF() if view is None else view.viewRect()

    def viewRangeChanged(self) -> None:
        """Follow the view: the bounding rectangle is what it shows."""
        self.prepareGeometryChange()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Paint without the world's transform, so that lines and text keep their size."""
        ratio = painter.device().devicePixelRatioF()
        mapping = DeviceMapping.of_transform(painter.worldTransform(), ratio)
        painter.save()
        painter.resetTransform()
        self.paint_world(painter, mapping)
        painter.restore()

    def paint_world(self, painter: QPainter, mapping: DeviceMapping) -> None:
        """Paint in logical pixels."""
        raise NotImplementedError


class PictureItem(WorldItem):
    """An image that fills a rectangle of the world, with numbers on its pixels if they fit."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._rect = Rect(0, 0, 0, 0)
        self._make_grid: Callable[[], ValueGrid] | None = None

    @property
    def has_picture(self) -> bool:
        return not self._image.isNull()

    def show_image(
        self, image: QImage, rect: Rect, make_grid: Callable[[], ValueGrid] | None = None
    ) -> None:
        """Show an image; ``make_grid`` is called when the numbers are wanted."""
        self._image, self._rect, self._make_grid = image, rect, make_grid
        self.update()

    def paint_world(self, painter: QPainter, mapping: DeviceMapping) -> None:
        """Paint the image, then its numbers."""
        draw_picture(painter, self._image, self._rect, mapping)
        if self._make_grid is not None and self._shows_pixels(mapping):
            draw_values(painter, self._make_grid(), mapping, mapping.rect(_world(self)))

    def _shows_pixels(self, mapping: DeviceMapping) -> bool:
        """Whether a pixel is so wide that a number could stand on it."""
        return mapping.rect(self._rect).width() / max(self._image.width(), 1) >= 24


class BackdropItem(WorldItem):
    """The whole picture behind or over the network's input, converted only when it is seen."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._placement = Rect(0, 0, 0, 0)
        self._hidden_by: Rect | None = None

    def show_picture(
        self, picture: NDArray[np.uint8], placement: Rect, hidden_by: Rect | None
    ) -> None:
        """Show a BGR picture at its place; nothing is painted if another rectangle covers it."""
        self._picture, self._image = picture, QImage()
        self._placement, self._hidden_by = placement, hidden_by
        self.update()

    def paint_world(self, painter: QPainter, mapping: DeviceMapping) -> None:
        """Paint the picture, unless it is hidden."""
        if self._picture is None or self._is_hidden():
            return
        if self._image.isNull():
            step = max(self._picture.shape) // LARGEST_BACKDROP + 1
            self._image = bgr_to_image(self._picture[::step, ::step])
        draw_picture(painter, self._image, self._placement, mapping)

    def _is_hidden(self) -> bool:
        return self._hidden_by is not None and self._hidden_by.united(self._placement) == (
            self._hidden_by
        )


class OverlayItem(WorldItem):
    """Outlines and what no window covers, over one map."""

    def __init__(self) -> None:
        super().__init__()
        self._outlines: Sequence[Outline] = ()
        self._uncovered: Sequence[Rect] = ()
        self.setZValue(10)

    def show_outlines(self, outlines: Sequence[Outline]) -> None:
        if outlines or self._outlines:
            self._outlines = outlines
            self.update()

    def show_uncovered(self, rects: Sequence[Rect]) -> None:
        if rects != self._uncovered:
            self._uncovered = rects
            self.update()

    def paint_world(self, painter: QPainter, mapping: DeviceMapping) -> None:
        """Paint the hatching under the outlines."""
        draw_uncovered(painter, self._uncovered, mapping)
        draw_outlines(painter, self._outlines, mapping)


def _world(item: WorldItem) -> Rect:
    seen = item.boundingRect()
    return Rect(seen.top(), seen.left(), seen.bottom(), seen.right())
