"""The figure as a picture of pixels: PNG, JPEG and WebP."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from poolviewer.core.errors import ExportError
from poolviewer.export.files import json_text
from poolviewer.export.png import chunk, encode_png
from poolviewer.sessions.carriers import png_chunk

KEYWORD = "poolviewer"
LONGEST_SIDES = {"JPEG": 65_500, "WebP": 16_383}  # in pixels
DEFAULT_DOTS_PER_METRE = round(96 / 0.0254)


def png_bytes(image: QImage, metadata: Mapping[str, Any], session: bytes = b"") -> bytes:
    """Return a PNG with its resolution, and with metadata as JSON in an ASCII text chunk.

    An encoded session goes into a chunk of its own.
    """
    text = KEYWORD.encode() + b"\0" + json_text(metadata).encode("ascii")
    carried = png_chunk(session) if session else b""
    return encode_png(_with_resolution(image), chunk(b"tEXt", text) + carried)


def jpeg_bytes(image: QImage, quality: int) -> bytes:
    """Return a JPEG; from a quality of 95 on its colours are as fine as its shades (4:4:4)."""
    return _written(image, "JPEG", quality=quality)


def webp_bytes(image: QImage, quality: int) -> bytes:
    """Return a still WebP; at a quality of 100 every pixel is exact."""
    return _written(image, "WebP", quality=quality)


def _written(image: QImage, name: str, *, quality: int) -> bytes:
    longest = max(image.width(), image.height())
    if longest > LONGEST_SIDES[name]:
        raise ExportError(
            f"A {name} can have {LONGEST_SIDES[name]} pixels on a side, and the figure has "
            f"{longest}: choose a smaller scale or a PNG."
        )
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, name.lower().encode())
    writer.setQuality(quality)
    if not writer.write(_with_resolution(image)):
        raise ExportError(f"The figure could not be turned into a {name}: try a smaller scale.")
    return bytes(data.data())


def _with_resolution(image: QImage) -> QImage:
    plain = QImage(image)
    if not plain.dotsPerMeterX():
        plain.setDotsPerMeterX(DEFAULT_DOTS_PER_METRE)
        plain.setDotsPerMeterY(DEFAULT_DOTS_PER_METRE)
    return plain
