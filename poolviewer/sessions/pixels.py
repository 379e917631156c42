"""Pixels as text and back: small, fast, and never more memory than their shape says."""

import zlib
from base64 import b64decode, b64encode

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Shape = tuple[int, int, int]


class UnsoundPixelsError(ValueError):
    """The text does not hold the pixels that its shape says."""


def pack(pixels: Pixels) -> str:
    """Write pixels of shape (H, W, C): differences from the row above, deflated, as base64."""
    rows = np.ascontiguousarray(pixels).copy()
    rows[1:] -= pixels[:-1]
    # On differences, run lengths make smaller files than the search for repetitions, in half
    # the time.
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_RLE)
    return b64encode(packer.compress(rows.data) + packer.flush()).decode("ascii")


def unpack(text: str, shape: Shape) -> Pixels:
    """Return the pixels of a shape that was judged before, read-only.

    Raises
    ------
    UnsoundPixelsError
        There are fewer bytes, or more: then they are not even made.
    """
    size = shape[0] * shape[1] * shape[2]
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(b64decode(text, validate=True), size + 1)
    except (ValueError, zlib.error) as error:
        raise UnsoundPixelsError from error
    if len(data) != size or not unpacker.eof or unpacker.unused_data:
        raise UnsoundPixelsError
    rows = np.frombuffer(data, np.uint8).reshape(shape)
    pixels = np.add.accumulate(rows, axis=0, dtype=np.uint8)
    pixels.flags.writeable = False
    return pixels
