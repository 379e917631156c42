"""Arrays as images in the screen's own format, which Qt paints fastest.

Qt scales that format four to eight times as fast as indexed or packed colours, and smooths it as
fast; converting costs less than a single scaled paint of the others.
"""

from sys import byteorder

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from poolviewer.core.display import ColourMapName
from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.input_spec import ChannelOrder
from poolviewer.drawing.colour_maps import colour_table
from poolviewer.drawing.images import PIXEL_FORMATS, draw_upright, mirrored
from poolviewer.drawing.mapping import DeviceMapping


class ScreenImage:
    """An image that owns its pixels, and is mirrored once, when that is first needed."""

    def __init__(self, image: QImage | None = None) -> None:
        self.image = (image or QImage()).convertToFormat(QImage.Format.Format_RGB32)
        self._mirrored: QImage | None = None

    @classmethod
    def of_shades(cls, shades: NDArray[np.uint8], colours: ColourMapName) -> "ScreenImage":
        """Show shades of shape (H, W) in the colours of a map."""
        if colours == "grey":
            return cls(_borrowed(shades, QImage.Format.Format_Grayscale8))
        image = _borrowed(shades, QImage.Format.Format_Indexed8)
        image.setColorTable(colour_table(colours))
        return cls(image)

    @classmethod
    def of_pixels(cls, pixels: NDArray[np.uint8], order: ChannelOrder) -> "ScreenImage":
        """Show a picture of shape (H, W, 3) or (H, W, 1)."""
        return cls(_borrowed(pixels, PIXEL_FORMATS[order]))

    def draw(self, painter: QPainter, rect: Rect, mapping: DeviceMapping) -> None:
        """Draw it over a rectangle of the world as `images.draw_picture` does."""
        draw_upright(painter, self._turned(mapping), rect, mapping)

    def rgb(self, box: PixelBox) -> NDArray[np.uint8]:
        """Return the colours (rows, columns, 3) of some of its pixels."""
        shape = self.image.height(), self.image.width(), 4
        pixels = np.frombuffer(self.image.constBits(), np.uint8).reshape(shape)
        # A pixel is 0xFFRRGGBB in the machine's own order of bytes.
        order = slice(2, None, -1) if byteorder == "little" else slice(1, None)
        return pixels[box.slices][:, :, order].copy()

    def _turned(self, mapping: DeviceMapping) -> QImage:
        if not mapping.is_mirrored:
            return self.image
        if self._mirrored is None:
            self._mirrored = mirrored(self.image)
        return self._mirrored


def _borrowed(pixels: NDArray[np.uint8], pixel_format: QImage.Format) -> QImage:
    """Return an image over an array's own memory: only to be converted at once."""
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels).reshape(height, -1)
    return QImage(rows.data, width, height, rows.shape[1], pixel_format)
