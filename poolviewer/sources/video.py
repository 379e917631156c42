"""Video files, frame by frame."""

import time
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import cast

from poolviewer.core.errors import SourceError
from poolviewer.core.local_files import shown_name
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.sources.gate import open_media
from poolviewer.sources.headers import MAX_PIXELS, too_large
from poolviewer.sources.image import as_frame_picture
from poolviewer.sources.opencv import cv2

DEFAULT_INTERVAL_S = 1 / 30
MAX_RATE, MIN_RATE = 240.0, 0.1
MAX_COUNT = 10_000_000
MAX_RECENT, MAX_RECENT_BYTES = 32, 256 * 1024**2
_COUNTED_FORMATS = ("MP4", "AVI")  # these list their frames; others only guess at them

_SIDES = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)


class VideoSource:
    """A video file, played at its own pace and again from the start after its last frame.

    Frames are counted by reading them: OpenCV's seeking misses where frames are unevenly spaced
    (phones, screen recordings), and a file's own count and rate may be anything. The way back is
    therefore long, and the last frames are kept for it, of one opening of the file only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedReader | None = None
        self._capture: cv2.VideoCapture | None = None
        self._taken = 0  # frames taken from the capture; the last of them can be retrieved
        self._recent: dict[int, Frame] = {}
        self._next = 0
        self._is_sought = False
        self._count: int | None = None
        self._is_counted = False
        self._format = ""
        self._interval_s = DEFAULT_INTERVAL_S

    @property
    def info(self) -> SourceInfo:
        is_wrong = self._count is not None and self._taken > self._count
        return SourceInfo(self._name, "video", None if is_wrong else self._count)

    @property
    def interval_s(self) -> float:
        return self._interval_s

    def open(self) -> None:
        """Open the file; its rate and count are believed only where they are plausible."""
        capture = self._restart()
        rate, count = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
        if MIN_RATE <= rate <= MAX_RATE:
            self._interval_s = 1 / rate
        if self._format in _COUNTED_FORMATS and 1 <= count <= MAX_COUNT:
            self._count = int(count)

    def read(self) -> Frame:
        if not self._find(self._next):
            if not self._is_sought:
                self._recent.clear()  # from the start again, as the file is by then
            self._next = max(0, self._taken - 1) if self._is_sought else 0
            if not self._find(self._next):
                raise SourceError(self._empty())
        self._is_sought = False
        self._next += 1
        return self._frame(self._next - 1)

    def frame_at(self, index: int) -> Frame:
        """Return one frame; raises `SourceError` with the count where there is no such frame."""
        if index >= 0 and self._find(index):
            return self._frame(index)
        while self._reach(self._taken):
            pass
        if not self._taken:
            raise SourceError(self._empty())
        choice = f"choose 0 to {self._taken - 1}" if self._taken > 1 else "choose 0"
        noun = "frame" if self._taken == 1 else "frames"
        raise SourceError(f"{self._name} has {self._taken} {noun}: {choice}.")

    def seek(self, index: int) -> None:
        """Make ``index`` the next frame; the way there is read, so a long one takes its time."""
        last = self._count - 1 if self._count and self._is_counted else index
        self._next = max(0, min(index, last))
        self._is_sought = True

    def close(self) -> None:
        self._release()
        self._recent.clear()
        self._taken = 0

    def _release(self) -> None:
        # OpenCV lets go of the file without holding the GIL: our reference must be the last one.
        if self._capture is not None:
            self._capture.release()
        if self._file is not None:
            self._file.close()
        self._capture = self._file = None

    @property
    def _name(self) -> str:
        return shown_name(self._path)

    def _restart(self) -> cv2.VideoCapture:
        """Open the file anew: seeking to frame 0 fails for some formats and misses for others."""
        self.close()
        self._file, found = open_media(self._path)
        self._format = found.name
        # From an open file: the very one that was checked, whatever bytes its name is made of.
        self._capture = cv2.VideoCapture(cast("cv2.IStreamReader", self._file), cv2.CAP_FFMPEG, [])
        problem = self._problem(self._capture) if found.kind == "video" else self._empty()
        if problem:
            self.close()
            raise SourceError(problem)
        return self._capture

    def _problem(self, capture: cv2.VideoCapture) -> str | None:
        if not capture.isOpened():
            return self._empty()
        width, height = (int(capture.get(side)) for side in _SIDES)
        return too_large(self._name, width, height) if width * height > MAX_PIXELS else None

    def _empty(self) -> str:
        return f"{self._name} holds no video that can be played: save or fetch it again."

    def _find(self, index: int) -> bool:
        return index in self._recent or self._reach(index)

    def _reach(self, index: int) -> bool:
        """Take frames until the one wanted is the last taken; False where the video ends first."""
        capture = self._capture
        if capture is None and 0 < self._taken <= index:
            return False  # it has ended before
        if capture is None or index < self._taken - 1:
            capture = self._restart()
        while self._taken <= index:
            if not capture.grab():
                self._count, self._is_counted = self._taken or None, True
                self._release()  # after its end a capture gives not even its last frame again
                return False
            self._taken += 1
        return True

    def _frame(self, index: int) -> Frame:
        """Return the frame that was found, and keep it within both limits."""
        if index in self._recent:
            kept = self._recent[index]
            return replace(kept, source=self.info, captured_s=time.perf_counter())
        if self._capture is None:
            raise SourceError(f"{self._name} is closed.")
        has_picture, picture = self._capture.retrieve()
        if not has_picture:
            raise SourceError(f"Frame {index} of {self._name} cannot be read: open another video.")
        picture = as_frame_picture(picture)
        frame = Frame(picture, self.info, index, time.perf_counter(), name=self._name)
        self._recent[index] = frame
        while len(self._recent) > MAX_RECENT or self._recent_bytes() > MAX_RECENT_BYTES:
            del self._recent[next(iter(self._recent))]
        return frame

    def _recent_bytes(self) -> int:
        return sum(frame.picture.nbytes for frame in self._recent.values())
