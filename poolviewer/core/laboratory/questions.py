"""The questions of the classroom: which window is asked, what is right, and the score."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import PixelBox
from poolviewer.core.messages import Activations
from poolviewer.core.pooling import winner_in

PredictLevel = Literal["easy", "hard"]
Place = tuple[int, int]
EASY_DRAWS = 64
EASY_SHARE = 16
MOST_DRAWS = 512


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A window whose winner is asked for.

    Parameters
    ----------
    asked
        ``(row, col)`` of the pooled pixel.
    window, values
        Its pixels of the feature map, and what they hold.
    following
        The number to look for the next question at.
    key
        Tells the maps that it was asked on from others.
    """

    asked: Place
    window: PixelBox
    values: NDArray[np.floating]
    following: int
    key: tuple[int, ...]

    def at(self, place: Place) -> Place:
        """Return the feature-map pixel at a place counted from the window's corner, or nearest."""
        rows, cols = self.window.shape
        row, col = min(place[0], rows - 1), min(place[1], cols - 1)
        return self.window.row_start + row, self.window.col_start + col

    def is_right(self, row: int, col: int) -> bool:
        """Whether a feature-map pixel holds the highest value; of equal ones each does."""
        best = winner_in(self.values)
        inside = row - self.window.row_start, col - self.window.col_start
        return best is not None and bool(self.values[inside] == self.values[best])


@dataclass(frozen=True, slots=True)
class Verdict:
    """A question that was answered.

    Parameters
    ----------
    asked, chosen
        ``(row, col)`` of the pooled pixel, and of the feature-map pixel that people expected.
    following, key
        As in the question.
    """

    asked: Place
    chosen: Place
    is_right: bool
    following: int
    key: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How many answers were right, of how many, and how many of the last ones in a row."""

    right: int = 0
    asked: int = 0
    streak: int = 0

    def counted(self, *, is_right: bool) -> "Score":
        """Return the score after one more answer."""
        streak = self.streak + 1 if is_right else 0
        return Score(self.right + is_right, self.asked + 1, streak)


def find_question(
    activations: Activations, channel: int, level: PredictLevel, seed: int, number: int
) -> Question | None:
    """Look for a window that is worth asking; None where there is none.

    All windows stand in an order that the seed decides, and are looked at from ``number`` on. Hard
    is the next whose winner is alone; easy is the one that wins by most of the next few dozen.
    """
    order = np.random.default_rng((seed, channel)).permutation(
        np.prod(activations.stage.pooled_shape)
    )
    draws = max(min(EASY_DRAWS, order.size // EASY_SHARE), 1) if level == "easy" else 1
    found: list[_Draw] = []
    spare: _Draw | None = None
    for draw in _draws(activations, channel, order, number):
        if draw.margin > 0:
            found.append(draw)
        elif draw.margin == 0 and spare is None:
            spare = draw
        if len(found) == draws:
            break
    best = max(found, key=_margin_of_draw, default=spare)
    if best is None:
        return None
    following = max((draw.number for draw in found), default=best.number) + 1
    return question_at(activations, channel, best.asked, following)


def question_at(activations: Activations, channel: int, asked: Place, following: int) -> Question:
    """Return the question for one pooled pixel."""
    window = activations.stage.pooling.grid.window(*asked)
    values = activations.feature_maps[(*window.slices, channel)]
    return Question(asked, window, values, following, key_of(activations, channel))


def key_of(activations: Activations, channel: int) -> tuple[int, ...]:
    """Return what tells the maps of a channel from others: their shapes and a checksum.

    The same maps of a saved view that is opened again have the same.
    """
    feature, pooled = (
        np.ascontiguousarray(maps[:, :, channel])
        for maps in (activations.feature_maps, activations.pooled_maps)
    )
    return channel, *feature.shape, *pooled.shape, crc32(pooled.data, crc32(feature.data))


def margin_of(values: NDArray[np.floating]) -> float:
    """Return by how much the winner of a window beats the next.

    0 where several tie; -1 where nothing can be asked: it holds one pixel, or nothing but NaN.
    """
    numbers = values[~np.isnan(values)].astype(np.float64)
    if values.size < 2 or not numbers.size:
        return -1.0
    if numbers.size == 1:
        return float("inf")
    second, best = np.partition(numbers, -2)[-2:]
    return 0.0 if best == second else float(best - second)


@dataclass(frozen=True, slots=True)
class _Draw:
    """A window that was drawn: its number in the order, its pooled pixel, its winner's margin."""

    number: int
    asked: Place
    margin: float


def _draws(
    activations: Activations, channel: int, order: NDArray[np.int64], number: int
) -> Iterator[_Draw]:
    grid = activations.stage.pooling.grid
    for place in range(number, number + min(order.size, MOST_DRAWS)):
        row, col = divmod(int(order[place % order.size]), grid.shape[1])
        values = activations.feature_maps[(*grid.window(row, col).slices, channel)]
        yield _Draw(place, (row, col), margin_of(values))


def _margin_of_draw(draw: _Draw) -> float:
    return draw.margin
