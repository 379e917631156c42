"""The last frames of a live source, within a time and a number of bytes."""

from bisect import bisect_left
from collections import deque

from poolviewer.core.messages import Frame

DEFAULT_SECONDS, MOST_SECONDS = 10, 60
DEFAULT_BYTES = 256 * 2**20
LEAST_BYTES, MOST_BYTES = 2**20, 64 * 2**30


class FrameRing:
    """Keeps the newest frames; each has its index in its source, and no picture is copied.

    Parameters
    ----------
    seconds
        Frames older than this, counted from the newest one, are let go; 0 keeps none at all.
    max_bytes
        What all pictures together may take, at any moment; a larger picture is not kept.
    """

    def __init__(self, seconds: float = DEFAULT_SECONDS, max_bytes: int = DEFAULT_BYTES) -> None:
        self._seconds, self._max_bytes = seconds, max_bytes
        self._frames: deque[Frame] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def bytes_kept(self) -> int:
        """What the pictures take together."""
        return self._bytes

    @property
    def first(self) -> Frame | None:
        """The oldest frame."""
        return self._frames[0] if self._frames else None

    @property
    def last(self) -> Frame | None:
        """The newest frame."""
        return self._frames[-1] if self._frames else None

    def add(self, frame: Frame) -> None:
        """Keep a frame, after letting go of those it pushes out.

        Frames whose numbers begin again belong to another connection: those before are let go.
        """
        if self._frames and frame.index <= self._frames[-1].index:
            self.clear()
        size = frame.picture.nbytes
        self._let_go(frame.captured_s, self._max_bytes - size)
        if self._seconds > 0 and size <= self._max_bytes:
            self._frames.append(frame)
            self._bytes += size

    def limit(self, seconds: float, max_bytes: int) -> None:
        """Use other limits from now on, for the frames that are kept as well."""
        self._seconds, self._max_bytes = seconds, max_bytes
        if self._frames:
            self._let_go(self._frames[-1].captured_s, max_bytes)
        if seconds <= 0:
            self.clear()

    def clear(self) -> None:
        self._frames.clear()
        self._bytes = 0

    def at(self, index: int) -> Frame | None:
        """Return the frame of a number, or else the first one after it, or else the newest."""
        place = bisect_left(self._frames, index, key=_index_of)
        return self._frames[min(place, len(self) - 1)] if self._frames else None

    def beside(self, index: int, steps: int) -> Frame | None:
        """Return the frame some steps from that of a number; None past the newest.

        Before the oldest there is the oldest. A number that is not kept any more lies between
        its neighbours, or before all of them.
        """
        place = bisect_left(self._frames, index, key=_index_of)
        is_kept = place < len(self) and self._frames[place].index == index
        wanted = max(place + steps - (not is_kept and steps > 0), 0)
        return self._frames[wanted] if wanted < len(self) else None

    def _let_go(self, now_s: float, most_bytes: int) -> None:
        frames = self._frames
        while frames and (self._bytes > most_bytes or now_s - frames[0].captured_s > self._seconds):
            self._bytes -= frames.popleft().picture.nbytes


def _index_of(frame: Frame) -> int:
    return frame.index
