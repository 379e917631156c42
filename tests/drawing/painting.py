"""Painted pixels as arrays."""

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter


def painted(draw, width=100, height=80, ratio=1.0, ground="#808080"):
    """Return what a function of a painter draws, as RGB of shape (H · ratio, W · ratio, 3)."""
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    draw(painter)
    painter.end()
    return pixels_of(image)


def pixels_of(image):
    """Return an image as RGB of shape (H, W, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def indexed(shades, table):
    """Return shades (H, W) as Qt itself shows them in the colours of a table."""
    rows = np.ascontiguousarray(shades)
    height, width = rows.shape
    image = QImage(rows.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.copy()


def is_colour(pixels, colour):
    """Return where pixels (H, W, 3) have exactly a colour ``#RRGGBB``."""
    wanted = QColor(colour)
    return (pixels == [wanted.red(), wanted.green(), wanted.blue()]).all(axis=-1)


def bounds(mask):
    """Return ``(top, left, bottom, right)`` of what is true, half-open."""
    rows, cols = np.nonzero(mask)
    return int(rows.min()), int(cols.min()), int(rows.max()) + 1, int(cols.max()) + 1
