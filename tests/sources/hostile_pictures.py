"""Hostile and broken pictures, written byte by byte while the tests run."""

import struct
import zlib

import numpy as np

from tests import media

PNG, JPEG, GIF = media.encoded(".png"), media.encoded(".jpg"), media.encoded(".gif")
WEBP, BMP = media.encoded(".webp"), media.encoded(".bmp")
WHITE_JPEG = media.encoded(".jpg", np.full((24, 40, 3), 255, np.uint8))
WHOLE = {
    "PNG": PNG, "JPEG": JPEG, "GIF": GIF, "WebP": WEBP, "BMP": BMP,
    "TIFF": media.tiff(media.gradient()),
}  # fmt: skip


def png_of(*chunks: bytes, rows: bytes | None = None, width: int = 40, height: int = 24) -> bytes:
    """Write a grey PNG with chunks of its own before its pixels."""
    return media.png(
        width, height, bytes(height * (width + 1)) if rows is None else rows, 0, *chunks
    )


def text_bomb(size: int) -> bytes:
    return png_of(media.png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(size), 9)))


def profile_bomb(size: int) -> bytes:
    return png_of(media.png_chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(size), 9)))


def animated_png(frames: int, width: int = 40, height: int = 24) -> bytes:
    """Write an APNG that claims any number of frames and holds one."""
    control = media.png_chunk(b"acTL", struct.pack(">II", frames, 0))
    first = struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 25, 0, 0)
    return png_of(control, media.png_chunk(b"fcTL", first), width=width, height=height)


def jpeg_of_size(width: int, height: int) -> bytes:
    """Return a sound JPEG whose header claims another size."""
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


def jpeg_of_scans(count: int, width: int, height: int) -> bytes:
    """Write a progressive JPEG of empty scans: each costs its reader a pass over all pixels."""
    table = b"\xff\xc4\0\x14\0" + b"\x01" + bytes(15) + b"\0"
    frame = b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\0"
    quantisation = b"\xff\xdb\0\x43\0" + b"\x01" * 64
    scan = b"\xff\xda\0\x08\x01\x01\0\0\0\0"
    return b"\xff\xd8" + quantisation + frame + table + scan * count + b"\xff\xd9"


def gif_of_frames(count: int, width: int = 40, height: int = 24) -> bytes:
    """Write a GIF whose every frame is one pixel."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes((0, 0, 0, 255, 255, 255))
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return b"GIF89a" + screen + frame * count + b";"


def gif_of_size(width: int, height: int) -> bytes:
    return GIF[:6] + struct.pack("<HH", width, height) + GIF[10:]


def bmp_of_size(width: int, height: int) -> bytes:
    return BMP[:18] + struct.pack("<ii", width, height) + BMP[26:]


def webp_of_size(width: int, height: int, *chunks: bytes, flags: int = 0) -> bytes:
    """Write the header of an extended WebP."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X\x0a\0\0\0" + bytes((flags, 0, 0, 0)) + sides + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def animated_webp(count: int, width: int, height: int) -> bytes:
    """Write a WebP animation of many still frames on one canvas."""
    control = b"ANIM" + struct.pack("<IIH", 6, 0, 0)
    frame = (
        bytes(6) + (39).to_bytes(3, "little") + (23).to_bytes(3, "little") + bytes(4) + WEBP[12:]
    )
    one = b"ANMF" + struct.pack("<I", len(frame)) + frame + bytes(len(frame) % 2)
    return webp_of_size(width, height, control, one * count, flags=2)


def tiff_of(
    width: int,
    height: int,
    data: bytes,
    *,
    bits: int = 8,
    samples: int = 1,
    compression: int = 1,
    tile: tuple[int, int] | None = None,
    kind: int = 1,
    next_page: int = 0,
    rows: int | None = None,
) -> bytes:
    """Write a TIFF of one strip or one tile; ``kind`` 3 is floating point."""
    tags = [(256, width), (257, height), (258, bits), (259, compression), (262, 1)]
    if tile is None:
        tags += [(273, 0), (277, samples), (278, rows or height), (279, len(data))]
    else:
        tags += [(277, samples), (322, tile[1]), (323, tile[0]), (324, 0), (325, len(data))]
    tags += [(339, kind)]
    start = 8 + 2 + 12 * len(tags) + 4
    values = [(tag, start if tag in (273, 324) else value) for tag, value in tags]
    entries = b"".join(
        struct.pack("<HHII", tag, 4 if tag not in (258, 277, 259, 262, 339) else 3, 1, value)
        for tag, value in values
    )
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", next_page)
    return b"II*\0\x08\0\0\0" + directory + data


def tiff_of_tags(count: int) -> bytes:
    """Write a TIFF of one tag again and again, each as long as the file."""
    tag = struct.pack("<HHII", 273, 4, count * 3, 8)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + tag * count + bytes(16)


def zero_jpeg(width: int, height: int) -> bytes:
    """Write a sound JPEG of one grey in as few bytes as there can be: two bits for 8×8 pixels."""
    tables = b"".join(
        b"\xff\xc4\0\x14" + kind + b"\x01" + bytes(15) + b"\0" for kind in (b"\0", b"\x10")
    )
    frame = b"\xff\xc0\0\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\0"
    quantisation = b"\xff\xdb\0\x43\0" + b"\x01" * 64
    blocks = -(-width // 8) * -(-height // 8)
    scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + bytes(blocks // 4 + 1)
    return b"\xff\xd8" + quantisation + frame + tables + scan + b"\xff\xd9"


SIZED = {
    "PNG": media.png,
    "JPEG": jpeg_of_size,
    "GIF": gif_of_size,
    "BMP": bmp_of_size,
    "TIFF": lambda width, height: tiff_of(width, height, b""),
    "WebP": webp_of_size,
}
