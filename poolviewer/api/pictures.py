"""Pictures as Python has them: paths, arrays in RGB order, and PIL's images."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.errors import ArgumentError, ArgumentTypeError
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.resources import SAMPLE_PICTURE, resource_path

KINDS = "give a path, an array of uint8 or of floats from 0 to 1, or a PIL image"
SHAPES = "(rows, columns), or that with 1, 3 (RGB) or 4 (RGBA) channels behind"


@runtime_checkable
class PictureLike(Protocol):
    """What NumPy can make an array of, such as a tensor."""

    def __array__(self) -> NDArray[np.generic]:
        """Return the pixels."""


@runtime_checkable
class PillowLike(Protocol):
    """What PIL's images can do and is needed of them."""

    mode: str

    def convert(self, mode: str) -> "PillowLike":
        """Return the picture in another mode."""


Image: TypeAlias = str | os.PathLike[str] | PictureLike | PillowLike | None


def frame_of(image: object, read: Callable[[str], Frame]) -> Frame:
    """Return the frame that is meant.

    Parameters
    ----------
    image
        None for the sample, the location of a source, an array in RGB order, or a PIL image.
    read
        Reads a frame of a source.

    Raises
    ------
    ArgumentTypeError, ArgumentError
        It is of no such kind, or its shape, its type or its numbers cannot be a picture's.
    SourceError
        The source cannot be read.
    """
    if image is None:
        return read(str(resource_path(SAMPLE_PICTURE)))
    location = location_of(image)
    if location is not None:
        return read(location)
    name, picture = picture_of(image)
    info = SourceInfo(name, "picture", 1)
    return Frame(picture, info, captured_s=time.perf_counter(), name=name)


def location_of(image: object) -> str | None:
    """Return the location of a source; None for what is a picture itself."""
    if not isinstance(image, str | os.PathLike):
        return None
    location = os.fspath(image)
    if not isinstance(location, str):
        raise ArgumentTypeError("A path must be text and not bytes: decode it with os.fsdecode.")
    return location


def picture_of(image: object) -> tuple[str, NDArray[np.uint8]]:
    """Return the name and the pixels of a picture, uint8 of shape (H, W, 3), BGR, read-only."""
    if isinstance(image, PillowLike) and type(image).__module__.startswith("PIL."):
        name = Path(getattr(image, "filename", "") or "picture").name
        return name, _bgr(_pixels_of(image))
    if not isinstance(image, PictureLike):
        raise ArgumentTypeError(f"A picture cannot be made of {_kind(image)}: {KINDS}.")
    return "array", _bgr(_bytes_of(np.asarray(image)))


def _pixels_of(image: PillowLike) -> NDArray[np.uint8]:
    """Return a PIL image as uint8 RGB; 16 bits are reduced to 8, as where a file is read."""
    if image.mode.startswith("I;16"):
        return (np.asarray(cast("PictureLike", image)).astype(np.uint16) >> 8).astype(np.uint8)
    if image.mode in ("I", "F"):
        raise ArgumentError(
            f"A PIL image of mode {image.mode} has no range of its own: convert it to mode L."
        )
    return np.asarray(cast("PictureLike", image.convert("RGB")), dtype=np.uint8)


def _bytes_of(array: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return an array's numbers as bytes: floats from 0 to 1 become 0 to 255."""
    if array.dtype == np.uint8:
        return array.astype(np.uint8, copy=False)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if not np.issubdtype(array.dtype, np.floating):
        raise ArgumentTypeError(
            f"A picture cannot be made of an array of {array.dtype}: convert it to uint8 (0 to "
            "255) or to floats (0 to 1)."
        )
    values = array.astype(np.float64)
    if values.size and not (values.min() >= 0 and values.max() <= 1):  # false for NaN, too
        raise ArgumentError(
            "A picture of floats must hold numbers from 0 to 1 only, and this one holds others: "
            "divide it by its largest, or convert it to uint8 (0 to 255)."
        )
    return np.rint(values * 255).astype(np.uint8)


def _bgr(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a copy in BGR order; grey is repeated, and alpha is left out, as in files."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[-1] if pixels.ndim == 3 else 0
    if channels not in (1, 3, 4) or not pixels.size:
        raise ArgumentError(
            f"A picture cannot be made of an array of shape {pixels.shape}: it must be {SHAPES}, "
            "and not be empty."
        )
    coloured = pixels.reshape((*pixels.shape[:2], channels))[:, :, :3]
    picture = np.empty((*pixels.shape[:2], 3), dtype=np.uint8)
    picture[:] = coloured[:, :, ::-1]
    picture.flags.writeable = False
    return picture


def _kind(thing: object) -> str:
    return f"an object of type {type(thing).__name__}"
