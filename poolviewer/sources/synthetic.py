"""A moving pattern that needs neither camera nor file: for the self-test and for measuring."""

import time

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.sources.location import rate_of

HEIGHT, WIDTH = 480, 640
LONGEST_WAIT_S = 0.25
_STEP = 4  # columns that the pattern moves from frame to frame


class SyntheticSource:
    """A live source of 640×480 frames at a given rate; each frame's picture follows its index.

    Parameters
    ----------
    rate
        Frames per second as text; empty for 30, ``"0"`` for as many as are taken.
    """

    interval_s = 0.0

    def __init__(self, rate: str = "") -> None:
        self._rate = rate_of(rate)
        self._pattern = _pattern()
        self._start_s = time.perf_counter()
        self._index = -1
        self.longest_wait_s = LONGEST_WAIT_S

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("synthetic", "synthetic")

    def open(self) -> None:
        self._start_s = time.perf_counter()
        self._index = -1

    def read(self) -> Frame | None:
        """Wait for the next frame, or return None if it is not due for `longest_wait_s`.

        Those that became due meanwhile are lost, as with a camera.
        """
        index = self._index + 1
        if self._rate:
            elapsed_s = time.perf_counter() - self._start_s
            index = max(index, int(elapsed_s * self._rate))
            due_s = index / self._rate - elapsed_s
            time.sleep(min(max(0.0, due_s), self.longest_wait_s))
            if due_s > self.longest_wait_s:
                return None
        self._index = index
        picture = picture_of(self._pattern, self._index)
        return Frame(picture, self.info, self._index, time.perf_counter(), name="synthetic")

    def seek(self, index: int) -> None:
        """Do nothing: the source is live."""

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def picture_of(pattern: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
    """Cut the frame of an index out of the pattern, read-only."""
    left = index * _STEP % WIDTH
    picture = np.ascontiguousarray(pattern[:, left : left + WIDTH])
    picture.flags.writeable = False
    return picture


def _pattern() -> NDArray[np.uint8]:
    """Make discs on a colour gradient that repeats every `WIDTH` columns, twice that wide."""
    rows, cols = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    wave = 127.5 + 127.5 * np.sin(cols * (2 * np.pi / WIDTH))
    discs = np.hypot(rows % 120 - 60, cols % 128 - 64) < 40
    picture = np.stack([wave, rows * (255 / HEIGHT), 255 - wave], axis=-1).astype(np.uint8)
    picture[discs] = 255 - picture[discs]
    return np.tile(picture, (1, 2, 1))
