"""Predict the winner: a window is outlined, its pooled value is hidden, and people bet."""

from dataclasses import dataclass, field, replace

import numpy as np

from poolviewer.core.annotation import MapName, Outline, Pixel, Role
from poolviewer.core.laboratory.experiment import Experiment, Finding, Overlay, Subject
from poolviewer.core.laboratory.questions import (
    Place,
    PredictLevel,
    Question,
    Score,
    Verdict,
    find_question,
    key_of,
)
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import format_number
from poolviewer.core.trace import MAX_TERMS, PooledTrace, trace_pooled

NO_WINNER = "Average pooling has no winner to predict: choose a maximum pooling."
NOTHING_TO_ASK = (
    "There is nothing to predict here: every window holds only one pixel, or nothing but NaN."
)
MOVING = "The picture moves: Space holds it, and a question is asked."
OTHER_MAPS = "The maps are others now: ask the next question."


@dataclass(frozen=True, slots=True)
class Predict(Experiment):
    """Ask for the winner of one window, or show who it was.

    Parameters
    ----------
    level
        ``"easy"`` asks windows whose winner stands out; ``"hard"`` any.
    has_numbers
        Whether the numbers of the feature map may be read, or only its shades be seen.
    seed, number
        Which order of the windows, and where in it the question is looked for.
    choice
        The pixel of the window that the arrow keys are at, as ``(row, col)`` from its corner.
    is_outside
        Whether the last click was not in the window.
    verdict
        The answer; None while the question is open.
    is_moving
        Whether the picture moves, so that nothing is asked yet.
    """

    mode = "predict"
    level: PredictLevel = "easy"
    has_numbers: bool = False
    seed: int = 0
    number: int = 0
    choice: Place | None = None
    is_outside: bool = False
    verdict: Verdict | None = None
    score: Score = field(default_factory=Score)
    is_moving: bool = False
    needs_still = True

    @property
    def conceals(self) -> bool:  # type: ignore[override]
        """Whether the question is open."""
        return self.verdict is None

    @property
    def conceals_source(self) -> bool:  # type: ignore[override]
        """Whether the question is open and is to be answered by the shades."""
        return self.verdict is None and not self.has_numbers

    def next(self) -> "Predict":
        """Ask the next question; one that is open stays."""
        if self.verdict is None:
            return self
        return self._asking(self.verdict.following)

    def skipped(self, finding: Finding | None) -> "Predict":
        """Ask another question instead of an open one, which does not count."""
        question = question_of(finding)
        return self.next() if question is None else self._asking(question.following)

    def restarted(self) -> "Predict":
        """Begin to count anew, with other questions."""
        return Predict(self.level, self.has_numbers, self.seed + 1)

    def _asking(self, number: int) -> "Predict":
        return replace(self, number=number, choice=None, is_outside=False, verdict=None)

    def while_moving(self) -> "Predict":
        """Ask nothing: another window would be asked with every frame."""
        return replace(self, is_moving=True)

    def conduct(self, subject: Subject) -> Finding:
        """Ask the question on these maps, or show who won."""
        activations, channel = subject.activations, subject.channel
        if not activations.stage.pooling.has_winner:
            return Finding(self, channel, obstacle=NO_WINNER)
        if self.verdict is not None:
            return self._revealed(activations, channel, self.verdict)
        if self.is_moving:
            cover = Overlay(np.ones(activations.stage.pooled_shape, np.uint8), "cover")
            return Finding(self, channel, sentences=(MOVING,), overlays={MapName.POOLED: cover})
        question = find_question(activations, channel, self.level, self.seed, self.number)
        if question is None:
            return Finding(self, channel, obstacle=NOTHING_TO_ASK)
        return self._open(activations, question, channel)

    def clicked(self, pixel: Pixel, finding: Finding | None) -> "Experiment | None":
        """Take the answer; what is clicked once it is known changes nothing."""
        question = question_of(finding)
        if question is None:
            return self
        place = pixel.row, pixel.col
        if pixel.map_name is not MapName.FEATURE or not question.window.contains(*place):
            return replace(self, is_outside=True)
        is_right = question.is_right(*place)
        verdict = Verdict(question.asked, place, is_right, question.following, question.key)
        score = self.score.counted(is_right=is_right)
        return replace(self, is_outside=False, verdict=verdict, score=score)

    def moved(self, rows: int, cols: int, finding: Finding | None) -> "Experiment | None":
        """Go to the pixel beside the chosen one; the first is the window's first."""
        question = question_of(finding)
        if question is None:
            return self
        height, width = question.window.shape
        row, col = (self.choice[0] + rows, self.choice[1] + cols) if self.choice else (0, 0)
        choice = min(max(row, 0), height - 1), min(max(col, 0), width - 1)
        return replace(self, choice=choice, is_outside=False)

    def confirmed(self, finding: Finding | None) -> "Experiment | None":
        """Answer with the pixel that the arrow keys are at, or go on once it is answered."""
        question = question_of(finding)
        if self.verdict is not None:
            return self.next()
        if question is None or self.choice is None:
            return self
        chosen = question.at(self.choice)
        return self.clicked(Pixel(MapName.FEATURE, *chosen), finding)

    def _open(self, activations: Activations, question: Question, channel: int) -> Finding:
        stage, window = activations.stage, question.window
        feature = stage.feature_geometry
        marks = [Outline(feature.rect(window), Role.WINDOW)]
        if self.choice is not None:
            marks.append(Outline(feature.tile(*question.at(self.choice)), Role.PIXEL))
        beside = np.ones(stage.feature_shape, np.uint8)
        beside[window.slices] = 0
        tile = stage.pooled_geometry.tile(*question.asked)
        return Finding(
            self,
            channel,
            sentences=self._ask(question),
            overlays={
                MapName.FEATURE: Overlay(beside, "veil"),
                MapName.POOLED: Overlay(np.ones(stage.pooled_shape, np.uint8), "cover"),
            },
            outlines={MapName.FEATURE: tuple(marks), MapName.POOLED: (Outline(tile, Role.PIXEL),)},
            details=question,
        )

    def _ask(self, question: Question) -> tuple[str, ...]:
        asked = (
            f"Question {self.score.asked + 1}: which pixel of the outlined window wins, and "
            f"becomes pooled pixel {question.asked}? Click it here or in the feature map."
        )
        if self.has_numbers and question.values.size <= MAX_TERMS:
            terms = ", ".join(format_number(float(value)) for value in question.values.flat)
            asked = f"{asked} The window in reading order: {terms}."
        if self.is_outside:
            return asked, "That was outside the window: click one of its pixels."
        if self.choice is not None:
            chosen = question.at(self.choice)
            return asked, f"Chosen: feature-map pixel {chosen}. Enter answers."
        return (asked,)

    def _revealed(self, activations: Activations, channel: int, verdict: Verdict) -> Finding:
        if verdict.key != key_of(activations, channel):
            return Finding(self, channel, sentences=(OTHER_MAPS,))
        trace = trace_pooled(activations, channel, *verdict.asked)
        covered = np.ones(activations.stage.pooled_shape, np.uint8)
        covered[verdict.asked] = 0
        chosen = activations.stage.feature_geometry.tile(*verdict.chosen)
        return Finding(
            self,
            channel,
            sentences=_judge(activations, channel, verdict, trace),
            overlays={MapName.POOLED: Overlay(covered, "cover")},
            outlines={MapName.FEATURE: (Outline(chosen, Role.PIXEL),)},
            traced=Pixel(MapName.POOLED, *verdict.asked),
        )


def question_of(finding: Finding | None) -> Question | None:
    """Return the open question of a finding, if it has one."""
    details = finding.details if finding else None
    return details if isinstance(details, Question) else None


def _judge(
    activations: Activations, channel: int, verdict: Verdict, trace: PooledTrace
) -> tuple[str, ...]:
    value = format_number(trace.value)
    terms = trace.arithmetic if trace.values.size <= MAX_TERMS else f"The highest is {value}"
    result = f"{terms} → pooled {verdict.asked}."
    held = format_number(float(activations.feature_maps[(*verdict.chosen, channel)]))
    if verdict.is_right:
        said = f"Right: {verdict.chosen} wins."
    else:
        winner = f"the winner {trace.winner} holds {value}"
        said = f"Not this one: {verdict.chosen} holds {held}, {winner}."
    ties = (
        f"{trace.ties} pixels tie, so each of them is right; the first in reading order, "
        f"{trace.winner}, counts as the winner."
    )
    return (said, result, ties) if trace.ties > 1 else (said, result)
