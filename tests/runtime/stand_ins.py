"""Sources that do exactly what a test tells them, where no real one fails so reliably."""

from threading import Event, Lock

import numpy as np

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Frame, SourceInfo

PACE_S = 0.001
LIMIT_S = 10.0
PICTURE = np.zeros((4, 6, 3), np.uint8)
PICTURE.flags.writeable = False


class StandInCamera:
    """A live source whose next reads fail as often as the test says.

    Parameters
    ----------
    name
        Its name; also what it writes into the log when it is opened and closed.
    log
        Shared by sources whose order matters.
    """

    # Reads from number `free_reads` on wait at the gate, which stands open at first.

    interval_s = 0.0

    def __init__(self, name="camera 0", log=None, opening_error=None):
        self.info = SourceInfo(name, "camera")
        self.log = [] if log is None else log
        self.opening_error = opening_error
        self.reads = 0
        self.free_reads, self.gate = 0, Event()
        self.gate.set()
        self._pace = Event()
        self._lock = Lock()
        self._errors = []

    def fail_with(self, *errors):
        """Let each of the next reads fail with one of these."""
        with self._lock:
            self._errors = list(errors)

    @property
    def failures_left(self):
        return len(self._errors)

    def open(self):
        self.log.append(f"open {self.info.name}")
        if self.opening_error:
            raise self.opening_error

    def read(self):
        self._pace.wait(PACE_S)
        if self.reads >= self.free_reads:
            self.gate.wait(LIMIT_S)
        with self._lock:
            if self._errors:
                raise self._errors.pop(0)
        self.reads += 1
        return Frame(PICTURE, self.info, self.reads - 1)

    def seek(self, index):
        raise AssertionError("a live source is not sought")

    def close(self):
        self.log.append(f"close {self.info.name}")


class StandInFolder:
    """Pictures by number, of which some cannot be read, and one or none at all."""

    interval_s = 0.0

    def __init__(self, count, broken=()):
        self.info = SourceInfo("folder", "folder", count)
        self.broken = broken
        self.closed = 0
        self._index, self._is_due = 0, True

    def open(self):
        pass

    def read(self):
        if not self._is_due or not self.info.count:
            return None
        self._is_due = False
        if self._index in self.broken:
            raise SourceError(f"{self._index}.png is damaged.")
        return Frame(PICTURE, self.info, self._index)

    def seek(self, index):
        self._index, self._is_due = min(max(index, 0), self.info.count - 1), True

    def close(self):
        self.closed += 1
