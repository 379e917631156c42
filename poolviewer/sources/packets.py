"""The packets of a video, counted without decoding them."""

import time
from array import array
from io import BufferedReader
from typing import cast

from poolviewer.sources.frame_times import FrameTimes
from poolviewer.sources.opencv import cv2

MOST_PACKETS = 2_000_000  # 18 hours at 30 fps, 16 MB
_AT_ONCE = 16
_RAW = [cv2.CAP_PROP_FORMAT, -1]


class PacketScan:
    """Reads a whole video file by slices; some microseconds a packet.

    Parameters
    ----------
    file
        The open file; it is closed by the scan.
    """

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        source = cast("cv2.IStreamReader", file)
        self._capture: cv2.VideoCapture | None = cv2.VideoCapture(source, cv2.CAP_FFMPEG, _RAW)
        self._stamps, self._keys = array("q"), array("q")

    @property
    def is_done(self) -> bool:
        return self._capture is None

    @property
    def count(self) -> int:
        """Packets found so far."""
        return len(self._stamps)

    def go_on(self, limit_s: float, times: FrameTimes) -> None:
        """Read packets for so long; tell the times of all once there are no more."""
        until_s = time.perf_counter() + limit_s
        while self._capture is not None and time.perf_counter() < until_s:
            if self._take(self._capture) and self.count < MOST_PACKETS:
                continue
            if self.count < MOST_PACKETS:
                times.take_scan(self._stamps, self._keys)
            self.close()

    def close(self) -> None:
        # OpenCV lets go of the file without holding the GIL: our reference must be the last one.
        if self._capture is not None:
            self._capture.release()
            self._capture = None
            self._file.close()

    def _take(self, capture: cv2.VideoCapture) -> bool:
        """Take some packets; False where there are no more."""
        for _ in range(_AT_ONCE):
            if not capture.grab():
                return False
            self._stamps.append(stamp_of(capture))
            if capture.get(cv2.CAP_PROP_LRF_HAS_KEY_FRAME):
                self._keys.append(self._stamps[-1])
        return True


def stamp_of(capture: cv2.VideoCapture) -> int:
    """Return the time of what was grabbed last, in microseconds."""
    milliseconds = capture.get(cv2.CAP_PROP_POS_MSEC)
    is_sane = abs(milliseconds) < 1e12  # NaN is not
    return round(milliseconds * 1000) if is_sane else -1
