"""Pictures: a file or what was pasted."""

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.error_output import dropped
from poolviewer.core.errors import SourceError
from poolviewer.core.local_files import shown_name
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.sources.gate import read_picture_bytes
from poolviewer.sources.opencv import cv2
from poolviewer.sources.wholeness import damaged

Picture = NDArray[np.uint8]


def read_picture(path: Path) -> Picture:
    """Read a picture as the tutorial's ``cv2.imread(path)`` does, from bytes that were checked.

    Returns
    -------
    ndarray of uint8
        Shape (H, W, 3), BGR, read-only; EXIF orientation applied, 16 bits reduced to 8, grey
        repeated in three channels, alpha dropped, the first picture of several.

    Raises
    ------
    SourceError
        The file is missing, unreadable, no picture, cut off, damaged or too large.
    """
    return decode_picture(read_picture_bytes(path), shown_name(path))


def decode_picture(data: bytes, name: str) -> Picture:
    """Decode the bytes of a picture file; see `read_picture`."""
    # imread segfaults on names that are not UTF-8 and gives up on rotated TIFFs; imdecode not.
    encoded = np.frombuffer(data, dtype=np.uint8)
    try:
        with dropped():  # what libpng and libjpeg print, whatever OpenCV is told
            picture = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise SourceError(damaged(name)) from error
    if picture is None:
        raise SourceError(damaged(name))
    return as_frame_picture(picture)


def as_frame_picture(picture: object) -> Picture:
    """Return a picture that nobody can write to; a writable one is copied only if it is a view.

    Raises
    ------
    SourceError
        It is not uint8 of shape (H, W, 3) with at least one pixel.
    """
    array = np.asarray(picture)
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or array.size == 0:
        raise SourceError("The picture has no three 8-bit colour channels: copy it once more.")
    if array.flags.writeable:
        array = array.copy() if array.base is not None else np.ascontiguousarray(array)
        array.flags.writeable = False
    return array


class PictureSource:
    """One picture: a file, or what was pasted.

    Parameters
    ----------
    path
        The file; for a pasted picture only its name counts.
    picture
        A pasted picture, uint8 of shape (H, W, 3), BGR; it is copied.
    """

    interval_s = 0.0

    def __init__(self, path: Path, picture: Picture | None = None) -> None:
        self._path = path
        self._picture = None if picture is None else as_frame_picture(picture.copy())
        self._is_due = True

    @property
    def info(self) -> SourceInfo:
        return SourceInfo(shown_name(self._path), "picture", 1)

    def open(self) -> None:
        """Read the file, so that a failure shows at once."""
        if self._picture is None:
            self._picture = read_picture(self._path)

    def read(self) -> Frame | None:
        """Return the picture once; again after `seek`."""
        if self._picture is None or not self._is_due:
            return None
        self._is_due = False
        return Frame(self._picture, self.info, captured_s=time.perf_counter(), name=self.info.name)

    def seek(self, index: int) -> None:  # noqa: ARG002  # one picture: every index is the first
        self._is_due = True

    def close(self) -> None:
        self._picture = None
