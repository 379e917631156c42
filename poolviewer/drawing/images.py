"""Between arrays and Qt's images; every image owns its pixels."""

from math import ceil, floor, sqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import ChannelOrder
from poolviewer.drawing.mapping import DeviceMapping

PIXEL_FORMATS: dict[ChannelOrder, QImage.Format] = {
    "bgr": QImage.Format.Format_BGR888,
    "rgb": QImage.Format.Format_RGB888,
    "grey": QImage.Format.Format_Grayscale8,
}

FINENESS = 4  # pixels of an image in a drawing for each logical pixel
FINENESS_OF_PICTURES = 3  # of those that have more: 288 to the inch
MOST_ENLARGED = 2**22


def bgr_to_image(picture: NDArray[np.uint8]) -> QImage:
    """Make an image of a picture of shape (H, W, 3) in BGR order."""
    return pixels_to_image(picture, "bgr")


def pixels_to_image(pixels: NDArray[np.uint8], order: ChannelOrder) -> QImage:
    """Make an image of what the network received: uint8 of shape (H, W, 3) or (H, W, 1)."""
    return _copied(pixels, PIXEL_FORMATS[order])


def image_to_bgr(image: QImage) -> NDArray[np.uint8]:
    """Return an image's pixels as uint8 of shape (H, W, 3), BGR; alpha is dropped.

    Dropped, not blended, because OpenCV drops it when it reads the same picture from a file: a
    pasted picture gives the same maps as an opened one.
    """
    # Through straight alpha first: a premultiplied image holds darkened colours.
    straight = image.convertToFormat(QImage.Format.Format_ARGB32)
    plain = straight.convertToFormat(QImage.Format.Format_BGR888)
    return _rows_of(plain)[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def draw_picture(painter: QPainter, image: QImage, rect: Rect, mapping: DeviceMapping) -> None:
    """Draw an image over a rectangle of the world: crisp if enlarged, smoothed if reduced."""
    draw_upright(painter, mirrored(image) if mapping.is_mirrored else image, rect, mapping)


def draw_upright(painter: QPainter, image: QImage, rect: Rect, mapping: DeviceMapping) -> None:
    """Draw an image that is already mirrored where the mapping is."""
    draw_image(painter, image, mapping.snapped(rect), mapping.ratio)


def draw_image(painter: QPainter, image: QImage, target: QRectF, ratio: float) -> None:
    """Draw an image into a rectangle: crisp if enlarged, smoothed if reduced."""
    if target.isEmpty() or image.isNull():
        return
    is_reduced = target.width() * ratio < image.width() or target.height() * ratio < image.height()
    if painter.testRenderHint(QPainter.RenderHint.LosslessImageRendering):
        image = for_any_viewer(image, target)
    before = painter.testRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_reduced)
    painter.drawImage(target, image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, before)


def for_any_viewer(image: QImage, target: QRectF) -> QImage:
    """Return an image as it goes into a drawing: crisp in viewers that smooth what they enlarge.

    Each pixel is repeated a whole number of times, so that what is smeared between two of them is
    as narrow as a quarter of a logical pixel. What is finer than a print shows is averaged.
    """
    wide, high = (
        FINENESS * target.width() / image.width(),
        FINENESS * target.height() / image.height(),
    )
    if max(wide, high) < FINENESS / FINENESS_OF_PICTURES:
        return reduced(image, target, FINENESS_OF_PICTURES)
    most = max(MOST_ENLARGED / (image.width() * image.height()), 1.0)
    # Even where the memory is short, in the same measure for both.
    short = max(sqrt(max(wide, 1) * max(high, 1) / most), 1.0)
    times_x, times_y = (max(floor(ceil(share) / short), 1) for share in (wide, high))
    return image if times_x == times_y == 1 else _repeated(image, times_x, times_y)


def _repeated(image: QImage, times_x: int, times_y: int) -> QImage:
    """Repeat every pixel; Qt's own scaling goes astray by some of the new ones."""
    if image.depth() != 8:
        has_alpha = image.hasAlphaChannel()
        image = image.convertToFormat(
            QImage.Format.Format_ARGB32 if has_alpha else QImage.Format.Format_RGB32
        )
    step = image.depth() // 8
    rows = _rows_of(image)[:, : step * image.width()].reshape(image.height(), -1, step)
    larger = _copied(rows.repeat(times_y, 0).repeat(times_x, 1), image.format())
    larger.setColorTable(image.colorTable())
    return larger


def mirrored(image: QImage) -> QImage:
    """Exchange left and right."""
    return image.transformed(QTransform.fromScale(-1, 1))


def reduced(image: QImage, target: QRectF, ratio: float) -> QImage:
    """Average a picture down to a rectangle of the device where that is smaller; slow, but fine."""
    width, height = round(target.width() * ratio), round(target.height() * ratio)
    if width >= image.width() or height >= image.height():
        return image
    return image.scaled(
        max(width, 1),
        max(height, 1),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _copied(pixels: NDArray[np.uint8], pixel_format: QImage.Format) -> QImage:
    """Copy an array into an image of its own, whose rows are padded to four bytes."""
    height, width = pixels.shape[:2]
    image = QImage(width, height, pixel_format)
    rows = pixels.reshape(height, -1)
    _rows_of(image)[:, : rows.shape[1]] = rows
    return image


def _rows_of(image: QImage) -> NDArray[np.uint8]:
    """Return a view of an image's memory, valid only as long as the image, of (H, row bytes)."""
    return np.frombuffer(image.bits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
