"""Watch how long the interface thread does not answer."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot

INTERVAL_MS = 5
MOST_TICKS = 200_000  # some 17 minutes, and a few megabytes at most


class GapWatch(QObject):
    """A precise timer of 5 ms that notes when it ticks, in the thread that it lives in.

    Between two ticks nothing else could run there either: no key, no mouse, no paint. All times
    are seconds of `time.perf_counter`. The oldest ticks are forgotten.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks: deque[float] = deque(maxlen=MOST_TICKS)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    def start(self) -> None:
        """Watch from now on; what was noted before is dropped."""
        self.clear()
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer; a gap that lasts until now still counts."""
        if self._timer.isActive():
            self._timer.stop()
            self._ticks.append(perf_counter())

    def clear(self) -> None:
        """Forget every gap; the next one begins now."""
        self._ticks.clear()
        self._ticks.append(perf_counter())

    @property
    def gaps_s(self) -> list[float]:
        """Seconds between ticks, the oldest first."""
        return [after - before for before, after in self._pairs()]

    def longest(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Return the longest gap that lies in a span of time, even partly; 0 without any."""
        spans = (p for p in self._pairs() if p[1] > since and p[0] < until)
        return max((after - before for before, after in spans), default=0.0)

    def over(self, limit: float) -> list[tuple[float, float]]:
        """Return when each gap longer than a limit began, and its length."""
        spans = ((before, after - before) for before, after in self._pairs())
        return [(before, gap) for before, gap in spans if gap > limit]

    def percentile(self, percent: float) -> float:
        """Return the gap that so many percent of the gaps do not exceed; 0 without any."""
        gaps = self.gaps_s
        return float(np.percentile(gaps, percent)) if gaps else 0.0

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._ticks.append(perf_counter())

    def _pairs(self) -> Iterator[tuple[float, float]]:
        return zip(self._ticks, islice(self._ticks, 1, None), strict=False)
