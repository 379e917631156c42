"""PNG files from images, several times faster than Qt's own writer and no larger.

A figure's rows are mostly those above them: the difference to the row above, which NumPy takes of
many rows at once, leaves zeros that even zlib's fastest search packs well.
"""

import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from poolviewer.core.errors import ExportError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LEVEL = 3  # of zlib's nine: the last of its fast ones
STRIP_BYTES = 2**20  # what is filtered at once stays in the processor's cache
LARGEST_CHUNK = 2**20

_FILTER_UP = 2
_COLOUR, _COLOUR_AND_ALPHA = 2, 6
_PER_METRE = 1
_ZLIB_HEADER = b"\x78\x01"


def encode_png(image: QImage, extra: bytes = b"") -> bytes:
    """Return an image as a PNG with eight bits a colour; its resolution is kept.

    Parameters
    ----------
    extra
        Complete chunks that are put between the header and the pixels.

    Raises
    ------
    ExportError
        There is no image, or not enough memory for it.
    """
    has_alpha = image.hasAlphaChannel()
    formats = QImage.Format
    plain = image.convertToFormat(formats.Format_RGBA8888 if has_alpha else formats.Format_RGB888)
    if plain.isNull():
        raise ExportError("The figure could not be turned into a PNG: try a smaller scale.")
    colours = _COLOUR_AND_ALPHA if has_alpha else _COLOUR
    parts = [SIGNATURE, chunk(b"IHDR", _header(plain, colours)), extra]
    parts += [chunk(b"pHYs", _resolution(image)), *_pixels(plain, 4 if has_alpha else 3)]
    return b"".join([*parts, chunk(b"IEND", b"")])


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _header(image: QImage, colours: int) -> bytes:
    return struct.pack(">IIBBBBB", image.width(), image.height(), 8, colours, 0, 0, 0)


def _resolution(image: QImage) -> bytes:
    return struct.pack(">IIB", image.dotsPerMeterX(), image.dotsPerMeterY(), _PER_METRE)


def _pixels(image: QImage, channels: int) -> Iterator[bytes]:
    """Return the chunks that hold the pixels."""
    row_bytes = image.width() * channels
    memory = np.frombuffer(image.constBits(), np.uint8)  # of the image, which outlives it here
    rows = memory.reshape(image.height(), image.bytesPerLine())[:, :row_bytes]
    packed, size = [_ZLIB_HEADER], 0
    for part in _packed(_filtered(rows)):
        packed.append(part)
        size += len(part)
        if size >= LARGEST_CHUNK:
            yield chunk(b"IDAT", b"".join(packed))
            packed, size = [], 0
    yield chunk(b"IDAT", b"".join(packed))


def _packed(strips: Iterator[NDArray[np.uint8]]) -> Iterator[bytes]:
    """Compress filtered rows.

    A row that is the one above it is all zeros: most are, and they are not compressed again and
    again. Each part ends with a full flush, so that it refers to nothing before it.
    """
    packer, check = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, 9), 1
    for strip in strips:
        check = zlib.adler32(strip.data, check)
        for part, is_repeated in _runs(strip):
            if is_repeated:
                yield _repeated(*part.shape)
            else:
                yield packer.compress(part.data) + packer.flush(zlib.Z_FULL_FLUSH)
    yield packer.flush() + struct.pack(">I", check)


def _runs(strip: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.uint8], bool]]:
    """Cut filtered rows where those end, or begin, that are the same as the row above."""
    is_repeated = np.logical_not(np.any(strip[:, 1:], axis=1))
    places = np.flatnonzero(is_repeated[1:] != is_repeated[:-1]) + 1
    for part in np.split(strip, places):
        yield part, bool(not part[0, 1:].any())


@lru_cache(maxsize=1024)
def _repeated(count: int, width: int) -> bytes:
    """Return so many compressed rows that are the same as the row above."""
    rows = np.zeros((count, width), np.uint8)
    rows[:, 0] = _FILTER_UP
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(rows.data) + packer.flush(zlib.Z_FULL_FLUSH)


def _filtered(rows: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Return strips of rows less the row above, each row behind its filter's number."""
    height, width = rows.shape
    step = max(1, STRIP_BYTES // (width + 1))
    strip = np.full((min(step, height), width + 1), _FILTER_UP, np.uint8)
    above = np.zeros(width, np.uint8)
    for start in range(0, height, step):
        part = rows[start : start + step]
        filtered = strip[: len(part), 1:]
        np.subtract(part[0], above, out=filtered[0])
        np.subtract(part[1:], part[:-1], out=filtered[1:])
        above = part[-1]
        yield strip[: len(part)]
