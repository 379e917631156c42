"""Whether a live source still lives, judged by nothing but the arrival of its frames.

Cameras that were unplugged go on "succeeding", drivers hang, servers stall: what counts is that
pictures come, at the source's own pace.
"""

from collections import deque
from enum import Enum

PATIENCE_S = 2.0
GRACE_S = 2.0  # more for the first picture of a camera that was just switched on
START_LIMIT_S = 15.0  # for all that comes before it: the process, the connection, the device
UNKNOWN_PACE_PATIENCE_S = 10.0
LONGEST_PATIENCE_S = 60.0
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 4.0
_INTERVALS_OF_PATIENCE = 3.0
_KNOWN_AFTER, _REMEMBERED = 3, 5


class Step(Enum):
    """What to do with a live source now."""

    READ = "read"
    RECONNECT = "reconnect"
    REST = "rest"


class Watchdog:
    """Says when to give a connection up, when to try again, and what a person is told meanwhile.

    A source is given up after `PATIENCE_S`, or three of its own intervals where those are longer:
    one picture in five seconds is a pace, not a failure. As long as the pace is not known,
    patience is long, and it doubles whenever giving up was followed by the same silence.

    Parameters
    ----------
    name
        What a person calls the source.
    now_s
        The present time, here and in every method: seconds of any one clock.
    """

    def __init__(self, name: str, now_s: float) -> None:
        self._name = name
        self._frame_s = now_s
        self._attempt_s: float | None = now_s
        self._has_begun = False
        self._retry_s: float | None = None
        self._failures = 0
        self._silences = 0
        self._intervals: deque[float] = deque(maxlen=_REMEMBERED)
        self._reason = ""
        self._told: tuple[int, str] | None = None

    @property
    def is_lost(self) -> bool:
        """Whether the connection that gave pictures is gone, and no other gives any yet."""
        return self._attempt_s is not None or self._retry_s is not None

    @property
    def has_told(self) -> bool:
        """Whether a person was told of the present silence."""
        return self._told is not None

    @property
    def patience_s(self) -> float:
        """How long the next frame may be waited for before the connection is given up."""
        known_s = self._known_patience_s
        patience_s = UNKNOWN_PACE_PATIENCE_S if known_s is None else known_s
        return float(min(LONGEST_PATIENCE_S, patience_s * 2**self._silences))

    def on_frame(self, now_s: float) -> bool:
        """Take note of a frame; return whether it ends a silence that a person was told of."""
        if not self.is_lost:
            self._intervals.append(now_s - self._frame_s)
            if len(self._intervals) == _REMEMBERED:
                self._silences = 0
        was_told = self.has_told
        self._frame_s, self._attempt_s, self._retry_s = now_s, None, None
        self._failures, self._reason, self._told = 0, "", None
        self._has_begun = True
        return was_told

    def on_failure(self, now_s: float, reason: str = "") -> None:
        """Take note that the connection, or the attempt at one, has ended with a sentence."""
        self._attempt_s, self._retry_s = None, now_s + retry_delay_s(self._failures)
        self._failures += 1
        self._reason = reason

    def on_attempt(self, now_s: float) -> None:
        """Take note that a new connection is being made."""
        self._attempt_s, self._retry_s = now_s, None

    def step(self, now_s: float) -> Step:
        """Decide what to do now."""
        if self._retry_s is not None:
            return Step.RECONNECT if now_s >= self._retry_s else Step.REST
        if self._attempt_s is not None:
            if now_s - self._attempt_s <= max(START_LIMIT_S, self.patience_s):
                return Step.READ
            self.on_failure(now_s)
            return Step.REST
        if now_s - self._frame_s <= self.patience_s:
            return Step.READ
        self._silences += 1
        self._intervals.clear()
        return Step.RECONNECT

    def is_resting(self, now_s: float) -> bool:
        """Return whether nothing is to be done yet; unlike `step`, it may be asked at any time."""
        return self._retry_s is not None and now_s < self._retry_s

    def news(self, now_s: float) -> str:
        """Return what a person should be told and has not been told yet; empty for nothing."""
        silence_s = now_s - self._frame_s
        grace_s = 0.0 if self._has_begun else GRACE_S
        if not self.is_lost or silence_s < (self._known_patience_s or PATIENCE_S) + grace_s:
            return ""
        told = (int(silence_s), self._reason)
        if told == self._told:
            return ""
        self._told = told
        is_trying_again = self._has_begun or self._failures
        doing = "trying again." if is_trying_again else "waiting for the first one."
        return f"{no_picture_for(self._name, silence_s)}: {doing} {self._reason}".rstrip()

    @property
    def _known_patience_s(self) -> float | None:
        if len(self._intervals) < _KNOWN_AFTER:
            return None
        return max(PATIENCE_S, _INTERVALS_OF_PATIENCE * max(self._intervals))


def retry_delay_s(failures: int) -> float:
    """Return how long to rest after so many failures before this one."""
    return float(min(FIRST_RETRY_S * 2 ** min(failures, 8), LONGEST_RETRY_S))


def no_picture_for(name: str, seconds: float) -> str:
    """Return the beginning of a sentence about a silent source."""
    return f"No picture from {name} for {int(seconds)} s"


def never_came(name: str) -> str:
    """Return the sentence for a new source whose first picture was waited for in vain."""
    return f"{no_picture_for(name, START_LIMIT_S)}: check that it is on, and open it again."
