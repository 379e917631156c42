"""Speed as a person feels it: frames painted per second and latency, over the last second."""

from collections import deque
from statistics import median

_MEMORY_S = 1.0


class FrameMeter:
    """Counts painted frames and the time each took from its capture."""

    def __init__(self) -> None:
        self._painted: deque[tuple[float, float]] = deque()

    def add(self, captured_s: float, painted_s: float) -> None:
        """Count one frame, with both times from `time.perf_counter`."""
        self._painted.append((painted_s, painted_s - captured_s))
        while painted_s - self._painted[0][0] > _MEMORY_S:
            self._painted.popleft()

    @property
    def frames_per_s(self) -> float:
        """Frames painted per second; 0 until two have been painted within a second."""
        if len(self._painted) < 2:
            return 0.0
        span = self._painted[-1][0] - self._painted[0][0]
        return (len(self._painted) - 1) / span if span > 0 else 0.0

    @property
    def latency_s(self) -> float:
        """Median seconds from capture to painting; 0 before the first frame."""
        return median(latency for _, latency in self._painted) if self._painted else 0.0
