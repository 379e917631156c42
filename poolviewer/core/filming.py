"""Animations whose pictures are known beforehand: which are shown, and when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil

from poolviewer.core.recording import MOST_FRAMES_PER_S, RecordingSpec

MOST_PICTURES = 900
LINGER_S = 1.5  # how long the last picture stays
USUAL_SPEED = 10
NO_ROOM = (
    "The animation was not written because the disk is full: make room or choose another disk."
)


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """Which positions of a step-through an animation shows, and when.

    Parameters
    ----------
    positions
        In order; the first and the last one are always there.
    count
        How many the step-through has.
    step
        From one position that is shown to the next; more than 1 where it would be too fast to be
        seen, or where there are too many.
    interval_s
        How long each stays, but for the last.
    """

    positions: tuple[int, ...]
    count: int
    step: int
    interval_s: float

    @property
    def length_s(self) -> float:
        """How long all of it takes."""
        return (len(self.positions) - 1) * self.interval_s + max(LINGER_S, self.interval_s)

    @property
    def remark(self) -> str:
        """Say in one sentence what is left out; empty where nothing is."""
        if self.step == 1:
            return ""
        words = f"Of the {self.count:,} windows, one in {self.step} is shown"
        return f"{words}: zoom in for all of a part."

    def spec(self, path: str, scale: float = 1.0) -> RecordingSpec:
        """Return the wish for the file."""
        return RecordingSpec(path, 1 / self.interval_s, self.length_s, scale)


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A wish for an animation.

    Parameters
    ----------
    spec
        The file; ``longest_s`` is when it ends.
    count
        How many pictures it has.
    scenes
        Makes the pictures: wishes for figures, as the export's `FigureRequest`, and when each
        begins, in seconds; asked in the thread that draws them, and may raise `ExportError`.
    remark
        What a person should know of it, in one sentence; else empty.
    """

    spec: RecordingSpec
    count: int
    scenes: Callable[[], Iterator[tuple[object, float]]]
    remark: str = ""


def plan_walk(count: int, windows_per_s: float, most: int = MOST_PICTURES) -> WalkPlan:
    """Choose which of a step-through's positions are shown.

    A speed that no player keeps up with leaves positions out and keeps the length; a walk that is
    too long does so, too, and is then faster.
    """
    skipped = max(1, ceil(windows_per_s / MOST_FRAMES_PER_S))
    interval_s = skipped / windows_per_s
    step = max(skipped, ceil((count - 1) / (most - 1)))
    return WalkPlan((*range(0, count - 1, step), count - 1), count, step, interval_s)
