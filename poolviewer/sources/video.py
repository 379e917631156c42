"""Video files, frame by frame."""

import math
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.timeline import Extent
from poolviewer.sources.film_reader import MAX_RATE, MIN_RATE, FilmReader

DEFAULT_INTERVAL_S = 1 / 30
LONGEST_INTERVAL_S = 10.0
MAX_COUNT = 10_000_000
MAX_RECENT, MAX_RECENT_BYTES = 32, 256 * 1024**2
BACK_RUN = 16  # frames kept before one that is gone back to: the next step back is at hand
SCAN_S, SCAN_SHARE = 0.002, 0.1
_COUNTED_FORMATS = ("MP4", "AVI")  # these list their frames; others only guess at them


class VideoSource:
    """A video file, played at its own pace, and again from the start after its last frame.

    A file's own count and rate may be anything: they are believed only where they are plausible,
    and the count only until the end is seen. The last frames are kept for the way back, of one
    opening of the file only.
    """

    is_looping = True

    def __init__(self, path: Path) -> None:
        self._reader = FilmReader(path)
        self._recent: dict[int, Frame] = {}
        self._next = 0
        self._shown = -1
        self._is_sought = False
        self._count: int | None = None
        self._is_counted = False
        self._interval_s = DEFAULT_INTERVAL_S

    @property
    def info(self) -> SourceInfo:
        is_wrong = self._count is not None and self._reader.taken > self._count
        return SourceInfo(self._reader.name, "video", None if is_wrong else self._count)

    @property
    def interval_s(self) -> float:
        """Seconds until the next frame is due: by the time stamps, or else by the file's rate."""
        times = self._reader.times
        stamps = times.at(self._shown), times.at(self._shown + 1)
        if stamps[0] is None or stamps[1] is None:
            return self._interval_s
        return min((stamps[1] - stamps[0]) / 1e6, LONGEST_INTERVAL_S)

    @property
    def extent(self) -> Extent:
        """What is known of the video so far."""
        times, count = self._reader.times, self.info.count
        is_known = count is not None or times.is_scanned
        found = count if count is not None else max(self._reader.found, self._shown + 1)
        position = max(self._shown, 0)
        length_s = self.seconds_at(found - 1) + self._interval_s if found else 0.0
        return Extent(max(found, 1), is_known, self.seconds_at(position), length_s)

    def open(self) -> None:
        """Open the file; its rate and count are believed only where they are plausible."""
        reader = self._reader
        reader.restart()
        if MIN_RATE <= reader.rate <= MAX_RATE:
            self._interval_s = 1 / reader.rate
        if reader.format in _COUNTED_FORMATS and 1 <= reader.claimed <= MAX_COUNT:
            self._count = int(reader.claimed)

    def read(self) -> Frame | None:
        """Return the next frame; None after the last one of a video that does not loop."""
        while not self.approach(math.inf):
            pass
        if not self._is_at_hand(self._next):
            if not self._reader.taken:
                raise SourceError(self._reader.empty())
            if not self.is_looping:
                return None
            self._recent.clear()  # from the start again, as the file is by then
            self._next = 0
            if not self._find(0):
                raise SourceError(self._reader.empty())
        is_playing, self._is_sought = not self._is_sought, False
        self._shown, self._next = self._next, self._next + 1
        if is_playing:
            self._reader.scan(min(SCAN_S, self._interval_s * SCAN_SHARE))
        return self._frame(self._shown)

    def frame_at(self, index: int) -> Frame:
        """Return one frame; raises `SourceError` with the count where there is no such frame."""
        if index >= 0 and self._find(index):
            return self._frame(index)
        while self._advance(self._reader.taken):
            pass
        taken, name = self._reader.taken, self._reader.name
        if not taken:
            raise SourceError(self._reader.empty())
        choice = f"choose 0 to {taken - 1}" if taken > 1 else "choose 0"
        noun = "frame" if taken == 1 else "frames"
        raise SourceError(f"{name} has {taken} {noun}: {choice}.")

    def seek(self, index: int) -> None:
        """Make ``index`` the next frame; `approach` then goes there, or else `read`."""
        last = self._count - 1 if self._count and self._is_counted else index
        self._next = max(0, min(index, last))
        self._is_sought = True

    def approach(self, limit_s: float) -> bool:
        """Go on towards the frame that is next, for about so long; return whether it is there.

        A frame sought behind the end is the last one. It is there, too, where `read` has to say
        that there is none.
        """
        until_s = time.perf_counter() + limit_s
        found = self._run_to(self._next, until_s)
        if found is False and self._is_sought:
            last = max(0, self._reader.taken - 1)
            if self._next != last:
                self._next = last
                found = self._run_to(last, until_s)
        return found is not None

    def seconds_at(self, index: int) -> float:
        """Return when a frame is due, from the first one on; estimated for those not reached."""
        first, stamp = self._reader.times.at(0), self._reader.times.at(index)
        if first is None or stamp is None:
            return index * self._interval_s
        return (stamp - first) / 1e6

    def close(self) -> None:
        self._reader.close_all()
        self._recent.clear()
        self._shown = -1

    def _is_at_hand(self, index: int) -> bool:
        reader = self._reader
        return index in self._recent or (not reader.has_ended and reader.taken - 1 == index >= 0)

    def _find(self, index: int) -> bool:
        return index in self._recent or self._advance(index) is True

    def _run_to(self, index: int, until_s: float) -> bool | None:
        """Go to a frame; on the way back, keep some frames before it, too."""
        if index in self._recent:
            return True
        is_back = self._is_sought and index < self._shown
        here = self._reader.taken - 1
        first = max(0, index - BACK_RUN + 1) if is_back else index
        for place in range(here if first <= here <= index else first, index + 1):
            found = self._advance(place, until_s - time.perf_counter())
            if not found:
                return found
            if place < index:
                with suppress(SourceError):
                    self._frame(place)
        return True

    def _advance(self, index: int, limit_s: float = math.inf) -> bool | None:
        found = self._reader.advance(index, limit_s)
        if found is False:
            self._count, self._is_counted = self._reader.taken or None, True
        return found

    def _frame(self, index: int) -> Frame:
        """Return the frame that was found, and keep it within both limits."""
        if index in self._recent:
            kept = self._recent[index]
            return replace(kept, source=self.info, captured_s=time.perf_counter())
        picture, name = self._reader.retrieve(), self._reader.name
        if picture is None:
            raise SourceError(f"Frame {index} of {name} cannot be read: open another video.")
        frame = Frame(picture, self.info, index, time.perf_counter(), name=name)
        self._recent[index] = frame
        while len(self._recent) > MAX_RECENT or self._recent_bytes() > MAX_RECENT_BYTES:
            del self._recent[next(iter(self._recent))]
        return frame

    def _recent_bytes(self) -> int:
        return sum(frame.picture.nbytes for frame in self._recent.values())
