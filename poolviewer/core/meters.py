"""How fast it goes, measured over a sliding window of time.

All times are seconds of `time.perf_counter`; whoever measures passes the present in, so that
nothing here looks at a clock.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviewer.core.rendering import Rendering

RATE_WINDOW_S = 1.0
SPREAD_WINDOW_S = 4.0
MOST_KEPT = 4096  # of a source that gives a thousand frames a second


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of many durations, and the one that 95 of 100 do not exceed; in seconds."""

    median_s: float = 0.0
    p95_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Meters:
    """What is told about speed.

    Parameters
    ----------
    is_live
        Whether frames are coming by themselves; rates, latency and drops only mean something then.
    source_per_s, painted_per_s
        Frames read from the source, and frames painted, per second.
    model_s, render_s, paint_s
        Seconds that one frame takes in the network, for its levels and tiles, and in the window,
        which shows and paints it.
    latency
        From the end of a frame's reading to the end of its painting.
    dropped_before_network, dropped_before_screen
        Frames that a newer one overtook, since the source was opened.
    longest_gap_s
        The longest time in the last seconds in which the window did not answer; None while nobody
        looks.
    sizes
        Shapes of the input, the feature maps and the pooled maps; empty before the first maps.
    """

    is_live: bool = False
    source_per_s: float = 0.0
    painted_per_s: float = 0.0
    model_s: float = 0.0
    render_s: float = 0.0
    paint_s: float = 0.0
    latency: Spread = Spread()
    dropped_before_network: int = 0
    dropped_before_screen: int = 0
    longest_gap_s: float | None = None
    sizes: tuple[tuple[int, ...], ...] = ()

    @property
    def dropped(self) -> int:
        """Frames that were read and never painted."""
        return self.dropped_before_network + self.dropped_before_screen


@dataclass(frozen=True, slots=True, eq=False)
class PaintedFrame:
    """A rendering that the window has painted completely.

    Parameters
    ----------
    paint_s
        Seconds that the window took, to show it and to paint all that it changed.
    painted_s
        `time.perf_counter` at the end of that painting.
    skipped
        Renderings before it that were shown and never painted.
    """

    rendering: Rendering
    paint_s: float
    painted_s: float
    skipped: int = 0


def spread(durations_s: Sequence[float]) -> Spread:
    """Return median and 95th percentile, interpolated linearly; zeros of nothing."""
    if not durations_s:
        return Spread()
    median, p95 = np.percentile(durations_s, (50, 95))
    return Spread(float(median), float(p95))


class Rate:
    """How many things happen per second, from a growing count and the time of its last one."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque(maxlen=MOST_KEPT)

    def add(self, time_s: float, count: int) -> None:
        """Note that the ``count``-th thing happened at a time; the same thing twice is one."""
        if not self._marks or count > self._marks[-1][1]:
            self._marks.append((time_s, count))

    def at(self, now_s: float) -> float:
        """Return the rate over the last second; 0 once nothing has come for two of its intervals.

        Between things that are seconds apart the rate is that of the last two.
        """
        marks = self._marks
        while len(marks) > 2 and marks[0][0] < now_s - RATE_WINDOW_S:
            marks.popleft()
        if len(marks) < 2:
            return 0.0
        (first_s, first), (last_s, last) = marks[0], marks[-1]
        interval_s = (last_s - first_s) / (last - first)
        is_over = now_s - last_s > max(RATE_WINDOW_S, 2 * interval_s)
        return 0.0 if is_over or interval_s <= 0 else 1 / interval_s


class Durations:
    """The durations of the last seconds."""

    def __init__(self, window_s: float = SPREAD_WINDOW_S) -> None:
        self._window_s = window_s
        self._kept: deque[tuple[float, float]] = deque(maxlen=MOST_KEPT)

    def add(self, time_s: float, duration_s: float) -> None:
        """Note how long something took that ended at a time."""
        self._kept.append((time_s, duration_s))

    def spread(self, now_s: float) -> Spread:
        """Return median and 95th percentile; of the last duration where all are older."""
        return spread(self._recent(now_s))

    def longest(self, now_s: float) -> float:
        """Return the longest; the last where all are older, 0 without any."""
        return max(self._recent(now_s), default=0.0)

    def _recent(self, now_s: float) -> list[float]:
        while len(self._kept) > 1 and self._kept[0][0] < now_s - self._window_s:
            self._kept.popleft()
        return [duration_s for _, duration_s in self._kept]
