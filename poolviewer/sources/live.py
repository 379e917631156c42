"""What a stream and a camera have in common: a capture that may be silent, stale or gone."""

import time
from abc import ABC, abstractmethod

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.sources.image import Picture, as_frame_picture
from poolviewer.sources.opencv import cv2

STALE_AFTER_S = 0.5
DRAIN_LIMIT_S = 1.0
WAITED_S = 0.01


class LiveSource(ABC):
    """Reads a capture, throws stale frames away after a pause, and reopens it after a failure.

    Parameters
    ----------
    info
        What a person is told about it.
    """

    interval_s = 0.0

    def __init__(self, info: SourceInfo) -> None:
        self._info = info
        self._capture: cv2.VideoCapture | None = None
        self._index = 0
        self._read_s = 0.0
        self._has_sent = False

    @property
    def info(self) -> SourceInfo:
        return self._info

    def open(self) -> None:
        self.close()
        self._capture = self._connect()
        self._has_sent = False
        self._read_s = time.perf_counter()

    def read(self) -> Frame:
        """Wait for the next frame, not longer than the time-out; connect first where needed."""
        if self._capture is None:
            self.open()
        picture = self._next_picture()
        frame = Frame(picture, self._info, self._index, self._read_s, name=self._info.name)
        self._index += 1
        return frame

    def seek(self, index: int) -> None:  # noqa: B027  # nothing to do is what is meant
        """Do nothing: the source is live."""

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
        self._capture = None

    @abstractmethod
    def _connect(self) -> cv2.VideoCapture:
        """Open the capture or raise `SourceError`."""

    @abstractmethod
    def _explain(self, waited_s: float) -> str:
        """Make the sentence for a read that failed after so many seconds."""

    def _next_picture(self) -> Picture:
        capture, started_s = self._capture, time.perf_counter()
        if capture is None:
            raise SourceError(self._explain(0.0))
        if started_s - self._read_s > STALE_AFTER_S:
            drain(capture)
        has_picture, picture = capture.read()
        self._read_s = time.perf_counter()
        if has_picture:
            self._has_sent = True
            return as_frame_picture(picture)
        # After one failure every later read fails too, at once: only a new capture helps.
        self.close()
        raise SourceError(self._explain(self._read_s - started_s))


def drain(capture: cv2.VideoCapture) -> None:
    """Throw away the frames that piled up while nobody read, until one must be waited for."""
    started_s = now_s = time.perf_counter()
    waited_s = 0.0
    while waited_s < WAITED_S and now_s - started_s < DRAIN_LIMIT_S and capture.grab():
        waited_s, now_s = time.perf_counter() - now_s, time.perf_counter()
