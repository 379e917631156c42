"""Which frame of a video has which time stamp: the proof that a jump landed where it should."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

Stamps = Sequence[int]


class FrameTimes:
    """Time stamps in microseconds, learnt by reading frames in order or by scanning packets.

    What a scan says is used only as long as every frame that is read agrees with it, and nothing
    is known where stamps do not increase strictly: a stamp is then no name of a frame.
    """

    def __init__(self) -> None:
        self._learnt = array("q")
        self._scanned: Stamps = ()
        self._keys: Stamps = ()
        self._is_sound = True

    @property
    def is_scanned(self) -> bool:
        """Whether the number of all frames is known from their packets."""
        return self._is_sound and bool(self._scanned)

    @property
    def learnt(self) -> int:
        """How many frames, from the first, were read."""
        return len(self._learnt)

    def __len__(self) -> int:
        return max(len(self._scanned), len(self._learnt))

    def learn(self, index: int, stamp: int) -> None:
        """Take the stamp of a frame that was reached by reading from the very first one."""
        learnt = self._learnt
        if index != len(learnt):
            return
        if learnt and stamp <= learnt[-1]:
            self._is_sound = False
        learnt.append(stamp)
        if self._scanned and (index >= len(self._scanned) or self._scanned[index] != stamp):
            self._scanned = ()

    def take_scan(self, stamps: Stamps, keys: Stamps) -> None:
        """Take the stamps of all packets, in any order, and of those with key frames."""
        scanned = array("q", sorted(stamps))
        is_increasing = all(scanned[i] < scanned[i + 1] for i in range(len(scanned) - 1))
        self._keys = array("q", sorted(keys))
        if is_increasing and scanned[: len(self._learnt)] == self._learnt:
            self._scanned = scanned

    def forget_scan(self) -> None:
        """Jump no more: a frame was not where the scan had said."""
        self._scanned = self._keys = ()

    def at(self, index: int) -> int | None:
        """Return a frame's stamp where it is known."""
        stamps = self._stamps
        return stamps[index] if self._is_sound and 0 <= index < len(stamps) else None

    def index_of(self, stamp: int) -> int | None:
        """Return the number of the frame with exactly this stamp."""
        place = bisect_left(self._stamps, stamp)
        return place if self.at(place) == stamp else None

    def key_before(self, index: int) -> int | None:
        """Return the stamp of the last key frame that is not after a frame's; None for none."""
        stamp = self.at(index)
        place = 0 if stamp is None else bisect_right(self._keys, stamp)
        return self._keys[place - 1] if place else None

    @property
    def _stamps(self) -> Stamps:
        return self._scanned or self._learnt
