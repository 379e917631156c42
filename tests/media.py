"""Real and broken media, made while the tests run."""

import base64
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from poolviewer.sources.opencv import cv2

SAMPLES = Path(__file__).parents[1] / "resources" / "samples"

# 8×8 pixels, red on the left and cyan on the right, written by Pillow; OpenCV writes no CMYK.
CMYK_JPEG = base64.b64decode(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAGBAUGBQQGBgUGBwcGCAoQCgoJCQoUDg8MEBcUGBgXFBYWGh0lHxobIxwWFi"
    "AsICMmJykqKRkfLTAtKDAlKCko/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAEI/8QA"
    "GBAAAgMAAAAAAAAAAAAAAAAAAAhGhMT/2gAOBEMATQBZAEsAAD8AHnhN7OCMTajoBGJtR0FUn//Z"
)
GIT_LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 132\n"
WEB_PAGE = b"\n<!DOCTYPE html><html><body>404</body></html>"
FFCONCAT = b"ffconcat version 1.0\nfile secret.mp4\n"


def gradient(height: int = 24, width: int = 40) -> NDArray[np.uint8]:
    """Make a picture without any symmetry, BGR."""
    rows, cols = np.mgrid[0:height, 0:width]
    picture = np.stack([rows * 5 + cols * 3, rows * 9, cols * 6], axis=-1)
    return (picture % 256).astype(np.uint8)


def encoded(ending: str, picture: NDArray | None = None) -> bytes:
    """Encode a picture as OpenCV does for a file's ending."""
    return cv2.imencode(ending, gradient() if picture is None else picture)[1].tobytes()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes = b"", colour: int = 0, *chunks: bytes) -> bytes:
    """Write a PNG of 8 bits a channel from its filtered rows."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    body = b"".join(chunks) + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + body


def palette_png() -> bytes:
    """Two pixels: palette colours 1 and 0, blue and red."""
    palette = png_chunk(b"PLTE", bytes((255, 0, 0, 0, 0, 255)))
    return png(2, 1, b"\0\x01\0", 3, palette)


def oriented_jpeg(orientation: int, picture: NDArray | None = None) -> bytes:
    """Write a JPEG whose EXIF says how to turn it."""
    tag = struct.pack("<HHIHH", 0x112, 3, 1, orientation, 0)
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + tag + b"\0\0\0\0"
    data = encoded(".jpg", picture)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


def tiff(picture: NDArray, orientation: int = 1, order: str = "<") -> bytes:
    """Write an uncompressed TIFF of 8-bit RGB in either byte order."""
    height, width = picture.shape[:2]
    strip = picture[:, :, ::-1].tobytes()
    shorts = [(256, width), (257, height), (259, 1), (262, 2), (274, orientation), (277, 3)]
    count = len(shorts) + 3
    bits_at = 8 + 2 + 12 * count + 4
    entries = [struct.pack(order + "HHIHH", tag, 3, 1, value, 0) for tag, value in shorts]
    entries.insert(2, struct.pack(order + "HHII", 258, 3, 3, bits_at))
    entries.insert(5, struct.pack(order + "HHII", 273, 4, 1, bits_at + 6))
    entries.append(struct.pack(order + "HHII", 279, 4, 1, len(strip)))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    directory = struct.pack(order + "H", count) + b"".join(entries) + bytes(4)
    return head + directory + struct.pack(order + "HHH", 8, 8, 8) + strip


def turned(picture: NDArray, orientation: int) -> NDArray:
    """Turn a stored picture as its EXIF orientation (1 to 8) asks."""
    if orientation > 4:
        picture = picture.transpose(1, 0, 2)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}
    return np.flip(picture, flips.get(orientation, ()))


def video_frame(index: int) -> NDArray[np.uint8]:
    """Make a frame that carries its index as eight black or white bars."""
    bits = [(index >> bit & 1) * 255 for bit in range(8)]
    bars = np.repeat(np.array(bits, np.uint8), 16)
    return np.repeat(np.tile(bars, (64, 1))[:, :, None], 3, axis=2)


def frame_number(picture: NDArray) -> int:
    """Read the index back from a frame of `video_frame`, however it was compressed."""
    return sum(int(picture[32, 8 + 16 * bit, 0] > 127) << bit for bit in range(8))


def write_video(path: Path, count: int, codec: str = "MJPG", rate: float = 25.0) -> Path:
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*codec), rate, (128, 64)
    )
    assert writer.isOpened()
    for index in range(count):
        writer.write(video_frame(index))
    writer.release()
    return path


def write_uneven_video(path: Path, count: int) -> Path:
    """Write an MP4 whose second half is three times slower, as phones and recorders do."""
    data = write_video(path, count, "mp4v").read_bytes()
    data = data.replace(b"edts", b"free")  # the edit list would cut the longer half off
    at = data.index(b"stts") + 8  # the box's own count of entries
    frames, delta = struct.unpack_from(">II", data, at + 4)
    half = frames // 2
    entries = struct.pack(">IIIII", 2, half, delta, frames - half, 3 * delta)
    data = data[:at] + entries + data[at + 12 :]
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts"):
        at = data.index(box) - 4
        size = struct.unpack_from(">I", data, at)[0] + 8
        data = data[:at] + struct.pack(">I", size) + data[at + 4 :]
    path.write_bytes(data)
    return path
