"""Let a source that is faster than the window wait for it, so that it does not take its time."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from poolviewer.core.mailbox import Latest

LONGEST_S = 0.004  # half the time between two frames of a fast camera
CHECK_MS = 1

Clock = Callable[[], float]


class Pace:
    """Says when the next frame of a live source is of use.

    Every frame that is read takes time from the network and the window, even where a newer one
    overtakes it. So the next one waits while one before it has not been taken, but not for long:
    what the network gets shall be new.

    Parameters
    ----------
    boxes
        Where what was read, and what was made of it, waits to be taken.
    clock
        Seconds of a clock that never goes back.
    """

    def __init__(self, *boxes: Latest[Any], clock: Clock = perf_counter) -> None:
        self._boxes = boxes
        self._clock = clock
        self._since_s: float | None = None

    def should_wait(self) -> bool:
        """Return whether to ask again in a moment; to be asked before every read."""
        if all(box.is_empty for box in self._boxes):
            self._since_s = None
            return False
        now_s = self._clock()
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s < LONGEST_S:
            return True
        self._since_s = None
        return False
