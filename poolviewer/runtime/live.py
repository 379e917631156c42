"""A live source and the watchdog that judges it."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, runtime_checkable

from poolviewer.core.messages import Frame
from poolviewer.core.protocols import FrameSource
from poolviewer.core.watchdog import Step, Watchdog, never_came
from poolviewer.runtime.failures import sentence_of

REST_S = 0.1
LONGEST_WAIT_S = 0.25

Clock = Callable[[], float]


@runtime_checkable
class _Waiting(Protocol):
    longest_wait_s: float


class LiveFeed:
    """Reads a live source that is open, and goes on trying when it falls silent.

    Lives in the capture thread.

    Parameters
    ----------
    source
        A live source that has begun to connect.
    clock
        Seconds of a clock that never goes back.
    """

    def __init__(self, source: FrameSource, clock: Clock = time.perf_counter) -> None:
        self.source = source
        self._clock = clock
        self._watchdog = Watchdog(source.info.name, clock())
        self.failure = ""
        self.has_come = False
        self.has_recovered = False

    @property
    def delay_s(self) -> float:
        """How long to wait before the next `read`, which itself waits for the next frame."""
        return REST_S if self._watchdog.is_resting(self._clock()) else 0.0

    def wait_at_most(self, seconds: float) -> None:
        """Let no `read` take longer than this."""
        if isinstance(self.source, _Waiting):
            self.source.longest_wait_s = seconds

    def read(self) -> Frame | None:
        """Return the next frame, or None after a short while; connect anew when it is time to."""
        self.has_recovered = False
        step = self._watchdog.step(self._clock())
        if step is Step.REST:
            self.failure = self.failure or never_came(self.source.info.name)
            return None
        try:
            if step is Step.RECONNECT:
                self._watchdog.on_attempt(self._clock())
                self.source.open()
            frame = self.source.read()
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self.failure = sentence_of(error, "The source cannot be read")
            self._watchdog.on_failure(self._clock(), self.failure)
            return None
        if frame is not None:
            self.has_recovered = self._watchdog.on_frame(self._clock())
            self.has_come, self.failure = True, ""
        return frame

    def news(self) -> tuple[str, bool]:
        """Return what a person should be told now, and whether that goes on from before."""
        is_going_on = self._watchdog.has_told
        return self._watchdog.news(self._clock()), is_going_on

    def close(self) -> None:
        with suppress(Exception):
            self.source.close()
