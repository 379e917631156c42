"""The settings of every mode of the laboratory as they stand in a file, in one table.

A mode that is new gets a part here; a test compares the table with the modes of the window.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from poolviewer.core.annotation import MapName
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost, LostView
from poolviewer.core.laboratory.poke import MOST_EDITS, Poke
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.laboratory.questions import PredictLevel, Score, Verdict
from poolviewer.core.laboratory.second_pooling import SecondKind
from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.laboratory.shifting import FURTHEST
from poolviewer.core.laboratory.stepping import Stepping, SteppingKind
from poolviewer.core.windows import Padding
from poolviewer.sessions.parts import Count, Index, Number, Offset, Part

PoolSide = Annotated[int, Field(ge=1, le=4096)]  # as its panel has it
Place = tuple[Index, Index]
Step = Annotated[int, Field(ge=-FURTHEST, le=FURTHEST)]


class LostPart(Part):
    core_type = Lost
    view: LostView
    has_flags: bool


class ComparePart(Part):
    core_type = Compare
    kind: SecondKind | None
    size: tuple[PoolSide, PoolSide] | None
    strides: tuple[PoolSide, PoolSide] | None
    padding: Padding | None


class ShiftPart(Part):
    core_type = Shift
    down: Step
    right: Step
    is_moving: bool


class BoxPart(Part):
    core_type = PixelBox
    row_start: Offset
    col_start: Offset
    row_stop: Offset
    col_stop: Offset


class SteppingPart(Part):
    core_type = Stepping
    kind: SteppingKind
    position: Count
    part: BoxPart | None


class GradientPart(Part):
    core_type = Backpropagation
    is_everywhere: bool
    view: Literal["sum", "largest"] | Index


class EditPart(Part):
    core_type = Edit
    map_name: MapName
    row: Index
    col: Index
    channel: Index | None
    by: Number

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        is_input = self.map_name is MapName.INPUT
        if self.map_name is MapName.POOLED or (self.channel is None and not is_input):
            raise ValueError("no pixel that can be changed")
        return self


Edits = Annotated[tuple[EditPart, ...], Field(max_length=MOST_EDITS)]


class PokePart(Part):
    core_type = Poke
    done: Edits
    undone: Edits
    channel: Index | None


class VerdictPart(Part):
    core_type = Verdict
    asked: Place
    chosen: Place
    is_right: bool
    following: Count
    key: Annotated[tuple[Count, ...], Field(max_length=8)]


class ScorePart(Part):
    core_type = Score
    right: Count
    asked: Count
    streak: Count


class PredictPart(Part):
    core_type = Predict
    level: PredictLevel
    has_numbers: bool
    seed: Count
    number: Count
    choice: Place | None
    is_outside: bool
    verdict: VerdictPart | None
    score: ScorePart
    is_moving: bool


_PARTS: tuple[type[Part], ...] = (
    SteppingPart,
    LostPart,
    ComparePart,
    ShiftPart,
    GradientPart,
    PokePart,
    PredictPart,
)
PARTS: dict[str, type[Part]] = {part.core_type.mode: part for part in _PARTS}


def settings_of(experiment: Experiment) -> Part:
    """Return the settings of an experiment; raises `ValueError` where they cannot be kept."""
    return PARTS[experiment.mode].model_validate(experiment)
