"""The input moved by a few pixels: how much of the feature map and of the pooled map changes."""

from dataclasses import dataclass, replace

from poolviewer.core.laboratory.experiment import Experiment, Finding, Subject
from poolviewer.core.laboratory.shift_words import alteration_words, sentences_of
from poolviewer.core.laboratory.shifting import (
    FURTHEST,
    UNMOVED,
    Step,
    changed_share,
    length_of,
    moved,
    moved_picture,
    steps_along,
)
from poolviewer.core.messages import Activations

# A network that takes longer than this is run once a frame while the picture moves.
LONGEST_S = 0.005


@dataclass(frozen=True, slots=True)
class Change:
    """How much of both maps changed, in percent; None where there is nothing to compare."""

    feature: float | None
    pooled: float | None


@dataclass(frozen=True, slots=True)
class ShiftPoint:
    """What moving the input by a step changed; ``distance`` is in input pixels."""

    distance: int
    change: Change


@dataclass(frozen=True, slots=True)
class ShiftCurve:
    """What the panel plots.

    Parameters
    ----------
    points
        By growing distance along the chosen direction; while a slow network is shown live, only
        the unmoved picture and the chosen step.
    chosen
        The distance of the step that the maps show.
    """

    points: tuple[ShiftPoint, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Shift(Experiment):
    """Move the input, run the network again, and compare the maps with those of before.

    Parameters
    ----------
    down, right
        By how many pixels of the network's input, at most `FURTHEST` either way.
    is_moving
        Whether the picture moves: a slow network then runs only once more for each frame.
    """

    mode = "shift"
    down: int = 0
    right: int = 1
    is_moving: bool = False

    @property
    def step(self) -> Step:
        """By how much the input is moved, as (down, right)."""
        return self.down, self.right

    @property
    def alteration(self) -> str:
        return alteration_words(self.step)

    def with_step(self, down: int, right: int) -> "Shift":
        """Return the settings with another step, no longer than is allowed."""
        down, right = (max(-FURTHEST, min(by, FURTHEST)) for by in (down, right))
        return replace(self, down=down, right=right)

    def while_moving(self) -> "Shift":
        """Run a slow network only for the step that is shown."""
        return replace(self, is_moving=True)

    def conduct(self, subject: Subject) -> Finding:
        """Run the network on the moved input, and measure what changed in the shown channel."""
        activations, channel = subject.activations, subject.channel
        is_short = self.is_moving and activations.model_s > LONGEST_S
        steps = (UNMOVED, self.step) if is_short else steps_along(self.step)
        shown = _run(subject, self.step)
        changes = {
            step: _change(subject, shown if step == self.step else _run(subject, step))
            for step in steps
        }
        points = {length_of(step): ShiftPoint(length_of(step), changes[step]) for step in steps}
        return Finding(
            self,
            channel,
            sentences=sentences_of(
                activations, channel, self.step, changes[self.step], is_short=is_short
            ),
            altered=shown if self.step != UNMOVED else None,
            details=ShiftCurve(tuple(points.values()), length_of(self.step)),
        )


def _run(subject: Subject, step: Step) -> Activations:
    """Return the maps of the moved input; without a step, those that are there."""
    if step == UNMOVED:
        return subject.activations
    before = subject.activations.prepared
    altered = subject.rerun(moved(before.values, step).astype("float32", copy=False))
    return replace(altered, prepared=moved_picture(before, altered.prepared, step))


def _change(subject: Subject, altered: Activations) -> Change:
    before, channel = subject.activations, subject.channel
    if altered is before:
        return Change(0.0, 0.0)
    return Change(
        changed_share(before.feature_maps[:, :, channel], altered.feature_maps[:, :, channel]),
        changed_share(before.pooled_maps[:, :, channel], altered.pooled_maps[:, :, channel]),
    )
