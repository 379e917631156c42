"""One page of channels as tiles in one picture: on the screen and in a figure."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from poolviewer.core.tiles import Page
from poolviewer.drawing.images import draw_image

FRAME, FRAME_HALO = 2.0, 4.0


@dataclass(frozen=True, slots=True)
class TileGrid:
    """Where the tiles of a page lie.

    Parameters
    ----------
    height, width
        Of one tile, in the painter's logical pixels.
    origin
        The upper left corner of the first.
    line
        Width of a gap between tiles.
    """

    page: Page
    height: float
    width: float
    origin: QPointF
    line: float = 1.0

    @property
    def target(self) -> QRectF:
        """Where the whole grid lies, empty places included."""
        x, y = self.origin.x(), self.origin.y()
        return QRectF(x, y, self.width * self.page.columns, self.height * self.page.rows)

    def rect(self, number: int) -> QRectF:
        """Return where the tile of a number on its page lies."""
        row, column = divmod(number, self.page.columns)
        x, y = self.origin.x() + column * self.width, self.origin.y() + row * self.height
        return QRectF(x, y, self.width, self.height)


def draw_mosaic(
    painter: QPainter, image: QImage, grid: TileGrid, background: QColor, ratio: float = 1.0
) -> None:
    """Draw the tiles with gaps between them, and nothing where there are none."""
    draw_image(painter, image, grid.target, ratio)
    _draw_gaps(painter, grid, background)


def draw_tile_frame(
    painter: QPainter, tile: QRectF, colour: QColor, background: QColor, line: float = 1.0
) -> None:
    """Draw the frame of the chosen tile within it."""
    frame = tile.adjusted(0, 0, -line, -line)
    for shade, width in ((background, FRAME_HALO), (colour, FRAME)):
        painter.setPen(QPen(shade, width * line))
        painter.drawRect(frame)


def _draw_gaps(painter: QPainter, grid: TileGrid, background: QColor) -> None:
    page, line, target = grid.page, grid.line, grid.target
    x, y = target.left(), target.top()
    for column in range(1, page.columns):
        left = x + column * grid.width - line
        painter.fillRect(QRectF(left, y, line, target.height()), background)
    for row in range(1, page.rows):
        top = y + row * grid.height - line
        painter.fillRect(QRectF(x, top, target.width(), line), background)
    first = grid.rect(page.count)  # of the places that stay empty
    if page.count % page.columns:
        rest = QRectF(first.left(), first.top(), target.right() - first.left(), grid.height)
        painter.fillRect(rest, background)
        first.translate(0, grid.height)
    below = QRectF(x, first.top(), target.width(), target.bottom() - first.top())
    painter.fillRect(below, background)
