"""Size and wholeness of pictures, read from their bytes before anything is decoded."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator

from poolviewer.core.errors import SourceError
from poolviewer.sources.formats import Format
from poolviewer.sources.tiff import measured_values, tiff_size, tiff_walk
from poolviewer.sources.wholeness import CutOffError, DamagedError, cut_off, damaged, need

MAX_PIXELS = 100_000_000
_MAX_STEPS = 1_000_000  # no sound picture has more parts; a hostile one could keep us for minutes


def check_picture(data: bytes, found: Format, name: str) -> None:
    """Refuse a picture that is cut off, contradicts itself or has too many pixels.

    Parameters
    ----------
    data
        The whole file.
    found
        Its format.
    name
        What the sentence calls it.

    Raises
    ------
    SourceError
        With the figure where there are more than `MAX_PIXELS`.
    """
    try:
        _check(data, found.name, name)
    except (CutOffError, struct.error, IndexError) as error:
        raise SourceError(cut_off(name)) from error
    except DamagedError as error:
        raise SourceError(damaged(name)) from error


def _check(data: bytes, format_name: str, name: str) -> None:
    width, height = _SIZES[format_name](data)
    if width <= 0 or height <= 0:
        raise DamagedError
    if width * height > MAX_PIXELS:
        raise SourceError(too_large(name, width, height))
    values = measured_values(data) if format_name == "TIFF" else None
    if values:
        raise SourceError(
            f"{name} holds measured values ({values}): save it with 8 or 16 bits a channel."
        )
    _WALKS[format_name](data)


def too_large(name: str, width: int, height: int) -> str:
    """Return the sentence for a picture or video of more than `MAX_PIXELS`."""
    return (
        f"{name} has {width}×{height} pixels, {width * height / 1e6:.0f} million, and the limit "
        f"is {MAX_PIXELS / 1e6:.0f} million: make it smaller first."
    )


def _png_size(data: bytes) -> tuple[int, int]:
    length, kind, width, height = struct.unpack_from(">I4sII", data, 8)
    if kind != b"IHDR" or length != 13:
        raise DamagedError
    return width, height


def _png_walk(data: bytes) -> None:
    at = 8
    for _ in range(_MAX_STEPS):
        length, kind = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        need(data, at)
        if kind[:1].isupper() and not _is_png_chunk_sound(data, at, length):
            raise DamagedError
        if kind == b"IEND":
            return
    raise DamagedError


def _is_png_chunk_sound(data: bytes, end: int, length: int) -> bool:
    written = int.from_bytes(data[end - 4 : end], "big")
    return written == zlib.crc32(data[end - 8 - length : end - 4])


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield marker and position of every segment up to the end-of-image marker."""
    at = 2
    for _ in range(_MAX_STEPS):
        marker = _JPEG_MARKER.search(data, at)
        if marker is None:
            raise CutOffError
        code, at = data[marker.end() - 1], marker.end()
        yield code, at
        if code == _JPEG_END:
            return
        if code != _JPEG_BARE:
            at += struct.unpack_from(">H", data, at)[0]
    raise DamagedError


# Inside a scan FF 00 is a value and FF D0 to FF D7 are restarts: neither begins a segment.
_JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_END, _JPEG_BARE, _JPEG_SCAN = 0xD9, 0x01, 0xDA
_JPEG_HUFFMAN = frozenset((0xC0, 0xC1, 0xC2))
_MOST_PIXELS_A_BYTE = 8 * 64  # each 8×8 pixels take one bit at least
_MAX_SCANS = 200  # progressive pictures have ten or so; each is a pass over all pixels


def _jpeg_size(data: bytes) -> tuple[int, int]:
    for code, at in _jpeg_segments(data):
        if code in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            return width, height
    raise DamagedError


def _jpeg_walk(data: bytes) -> None:
    """Refuse fewer bytes than the pixels need, and scans that only cost time."""
    codes = [code for code, _ in _jpeg_segments(data)]
    if codes.count(_JPEG_SCAN) > _MAX_SCANS:
        raise DamagedError
    width, height = _jpeg_size(data)
    if _JPEG_HUFFMAN.intersection(codes) and width * height > _MOST_PIXELS_A_BYTE * len(data):
        raise CutOffError


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _gif_walk(data: bytes) -> None:
    """Walk to the end of the first image: no other is shown."""
    at = 13 + _gif_table_bytes(data[10])
    for _ in range(_MAX_STEPS):
        if data[at] != 0x21:
            break
        at = _gif_blocks_end(data, at + 2)
    if data[at] != 0x2C:
        raise DamagedError
    left, top, width, height, flags = struct.unpack_from("<HHHHB", data, at + 1)
    if left + width > _gif_size(data)[0] or top + height > _gif_size(data)[1]:
        raise DamagedError
    _gif_blocks_end(data, at + 11 + _gif_table_bytes(flags))


def _gif_table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_blocks_end(data: bytes, at: int) -> int:
    for _ in range(_MAX_STEPS):
        if not data[at]:
            return at + 1
        at += 1 + data[at]
    raise DamagedError


def _webp_size(data: bytes) -> tuple[int, int]:
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[n : n + 3], "little") for n in (4, 7))
        return width + 1, height + 1
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", body, 1)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise CutOffError if len(kind) < 4 else DamagedError


def _webp_walk(data: bytes) -> None:
    need(data, 8 + struct.unpack_from("<I", data, 4)[0])


def _bmp_size(data: bytes) -> tuple[int, int]:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", data, 18)
        return width, height
    width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _bmp_walk(data: bytes) -> None:
    width, height = _bmp_size(data)
    start, header = struct.unpack_from("<II", data, 10)
    bits_at, is_old = (24, True) if header == 12 else (28, False)
    bits = struct.unpack_from("<H", data, bits_at)[0]
    compression = 0 if is_old else struct.unpack_from("<I", data, 30)[0]
    if compression in (0, 3):
        need(data, start + (width * bits + 31) // 32 * 4 * height)
    else:
        need(data, struct.unpack_from("<I", data, 2)[0])


_SIZES: dict[str, Callable[[bytes], tuple[int, int]]] = {
    "PNG": _png_size,
    "JPEG": _jpeg_size,
    "GIF": _gif_size,
    "WebP": _webp_size,
    "BMP": _bmp_size,
    "TIFF": tiff_size,
}
_WALKS: dict[str, Callable[[bytes], None]] = {
    "PNG": _png_walk,
    "JPEG": _jpeg_walk,
    "GIF": _gif_walk,
    "WebP": _webp_walk,
    "BMP": _bmp_walk,
    "TIFF": tiff_walk,
}
