"""The frames of a video file in order, and jumps to where time stamps prove the landing."""

import math
import os
import time
from io import BufferedReader
from pathlib import Path
from typing import cast

from poolviewer.core.errors import SourceError
from poolviewer.core.local_files import shown_name
from poolviewer.sources.frame_times import FrameTimes
from poolviewer.sources.gate import open_media
from poolviewer.sources.headers import MAX_PIXELS, too_large
from poolviewer.sources.image import Picture, as_frame_picture
from poolviewer.sources.opencv import cv2
from poolviewer.sources.packets import PacketScan, stamp_of

NEAR = 48  # frames that are sooner read than jumped over
ROLL = 17  # OpenCV goes back by 16 frames before it looks for a key frame
PROOF = 32  # frames whose time stamps must be as scanned before any jump
SCAN_SHARE = 0.5
MAX_RATE, MIN_RATE = 240.0, 0.1
_SIDES = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)


class FilmReader:
    """Takes one frame after the other, and jumps only where the landing can be checked.

    OpenCV's own seeking misses where frames are unevenly spaced (phones, screen recordings), so
    the packets are scanned for the time stamps of all frames. A jump goes to a key frame; the
    stamp of every frame from there on must be the one that was foretold, or else the file is read
    from its start, and never jumped in again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedReader | None = None
        self._capture: cv2.VideoCapture | None = None
        self._scan: PacketScan | None = None
        self._identity: tuple[int, ...] = ()
        self._has_jumped = False
        self._can_scan = True
        self._tried: int | None = None  # the frame that the last jump was made for
        self.times = FrameTimes()
        self.taken = 0  # frames taken from the capture; the last of them can be retrieved
        self.format = ""
        self.rate = 0.0  # as the file claims, like the next
        self.claimed = 0.0

    @property
    def name(self) -> str:
        return shown_name(self._path)

    @property
    def has_ended(self) -> bool:
        """Whether the last frame was taken; a capture gives not even that one again."""
        return self._capture is None and self.taken > 0

    @property
    def found(self) -> int:
        """How many frames are known to be there so far."""
        scanned = self._scan.count if self._scan else 0
        return max(len(self.times), scanned, self.taken)

    def restart(self) -> None:
        """Open the file anew: seeking to frame 0 fails for some formats and misses for others."""
        self.close()
        self._file, found = open_media(self._path)
        self.format = found.name
        self._compare_identity()
        # From an open file: the very one that was checked, whatever bytes its name is made of.
        self._capture = cv2.VideoCapture(cast("cv2.IStreamReader", self._file), cv2.CAP_FFMPEG, [])
        problem = self._problem(self._capture) if found.kind == "video" else self.empty()
        if problem:
            self.close()
            raise SourceError(problem)
        self.rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.claimed = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)

    def empty(self) -> str:
        """Make the sentence for a video without frames."""
        return f"{self.name} holds no video that can be played: save or fetch it again."

    def scan(self, limit_s: float) -> None:
        """Go on with counting the packets; reading itself goes on from where it is."""
        if self._scan is None and self._can_scan:
            self._scan = self._begin_scan()
            self._can_scan = self._scan is not None
        if self._scan is not None:
            self._scan.go_on(limit_s, self.times)

    def advance(self, index: int, limit_s: float = math.inf) -> bool | None:
        """Take frames until the one wanted is the last taken.

        Returns
        -------
        bool or None
            False where the video ends first; None where the time was not enough: call it again.
        """
        if self.has_ended and index >= self.taken:
            return False
        until_s = time.perf_counter() + limit_s
        if self._is_far(index):
            self._try_jump(index, limit_s * SCAN_SHARE)
        if self._way(index) is None:
            self.restart()
        while self.taken <= index:
            if not self._grab():
                return False
            if self.taken <= index and time.perf_counter() >= until_s:
                return None
        self._tried = None
        return True

    def retrieve(self) -> Picture | None:
        """Return the picture of the frame taken last; None where it cannot be decoded."""
        if self._capture is None:
            raise SourceError(f"{self.name} is closed.")
        has_picture, picture = self._capture.retrieve()
        return as_frame_picture(picture) if has_picture else None

    def close(self) -> None:
        self._release()
        self._has_jumped = False
        self.taken = 0

    def close_all(self) -> None:
        """Let go of the scan, too."""
        self.close()
        if self._scan is not None:
            self._scan.close()
            self._scan = None

    def _compare_identity(self) -> None:
        """Forget what is known of the frames where the file is another one by now."""
        assert self._file is not None  # noqa: S101 - for the type checker
        identity = _identity_of(self._file)
        if identity != self._identity:
            self._identity, self.times, self._can_scan = identity, FrameTimes(), True
            if self._scan is not None:
                self._scan.close()
                self._scan = None

    def _begin_scan(self) -> PacketScan | None:
        """Open the file once more; None where it is gone or another one."""
        try:
            file, _ = open_media(self._path)
        except SourceError:
            return None
        if _identity_of(file) == self._identity:
            return PacketScan(file)
        file.close()
        return None

    def _problem(self, capture: cv2.VideoCapture) -> str | None:
        if not capture.isOpened():
            return self.empty()
        width, height = (int(capture.get(side)) for side in _SIDES)
        return too_large(self.name, width, height) if width * height > MAX_PIXELS else None

    def _way(self, index: int) -> int | None:
        """Return how many frames must be taken from here; None where it leads back."""
        is_ahead = self._capture is not None and index >= self.taken - 1
        return index - self.taken + 1 if is_ahead else None

    def _is_far(self, index: int) -> bool:
        way = self._way(index)
        return self._tried != index and (index if way is None else way) > NEAR

    def _try_jump(self, index: int, limit_s: float) -> None:
        """Jump towards a frame if that is shorter than reading on; scan the packets first."""
        if not self._identity:
            self.restart()
        if not self.times.is_scanned:
            self.scan(limit_s)
        self._prove()
        key = self.times.key_before(max(index - ROLL, 0))
        if key is None or not MIN_RATE <= self.rate <= MAX_RATE:
            return
        self._tried = index
        here = None if self._way(index) is None else self.times.at(self.taken - 1)
        if key > (self.times.at(0) or 0) and (here is None or key > here):
            self._jump(key, index)

    def _prove(self) -> None:
        """Compare the first frames with the scan, which some files mislead."""
        while self.times.learnt < PROOF and not self._has_jumped:
            if self._capture is None or self.taken > self.times.learnt:
                self.restart()
            if not self._grab():
                return

    def _jump(self, key: int, index: int) -> None:
        """Go behind a key frame; what lands anywhere else is read from the start."""
        if self._capture is None:
            self.restart()
        capture = self._capture
        assert capture is not None  # noqa: S101 - for the type checker
        capture.set(cv2.CAP_PROP_POS_MSEC, key / 1000 + ROLL * 1000 / self.rate)
        landed = self.times.index_of(stamp_of(capture)) if capture.grab() else None
        if landed is None or landed > index:
            self.times.forget_scan()
            self.close()
            return
        self.taken, self._has_jumped = landed + 1, True

    def _grab(self) -> bool:
        """Take one frame; False at the end."""
        capture = self._capture
        if capture is None:
            raise SourceError(f"{self.name} is closed.")
        if not capture.grab():
            self._release()
            return False
        stamp = stamp_of(capture)
        if self._has_jumped and self.times.at(self.taken) != stamp:
            self.times.forget_scan()
            self.restart()
            return True
        if not self._has_jumped:
            self.times.learn(self.taken, stamp)
        self.taken += 1
        return True

    def _release(self) -> None:
        # OpenCV lets go of the file without holding the GIL: our reference must be the last one.
        if self._capture is not None:
            self._capture.release()
        if self._file is not None:
            self._file.close()
        self._capture = self._file = None


def _identity_of(file: BufferedReader) -> tuple[int, ...]:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
