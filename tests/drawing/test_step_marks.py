"""The outlines of a chain's steps: dotted, numbered, and told apart."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF

from poolviewer.core.chain_scene import StepMark
from poolviewer.core.geometry import Rect
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.palette import ROLE_COLOURS, STEP_COLOURS, contrast
from poolviewer.drawing.step_marks import (
    BLACK,
    WHITE,
    draw_number,
    draw_step_marks,
    step_colour,
    step_mark_bounds,
)
from tests.drawing.painting import bounds, is_colour, painted


def drawn(*marks, ratio=1.0, scale=4.0):
    mapping = DeviceMapping(10, 20, scale, scale, ratio)
    return painted(lambda painter: draw_step_marks(painter, marks, mapping), 120, 100, ratio)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("is_strong", [False, True])
@pytest.mark.parametrize("side", [0.25, 1, 8])
def test_bounds_hold_all_that_is_drawn(ratio, is_strong, side):
    mark = StepMark(Rect(2, 3, 2 + side, 3 + side), 12, is_strong)
    pixels = drawn(mark, ratio=ratio)
    top, left, bottom, right = bounds((pixels != 128).any(axis=2))
    found = QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)
    told = step_mark_bounds(DeviceMapping(10, 20, 4, 4, ratio).snapped(mark.rect))
    assert told.contains(found)


def test_the_unfolded_step_stands_out():
    thin, strong = (drawn(StepMark(Rect(2, 3, 10, 11), 2, s)) for s in (False, True))
    colour = step_colour(2)
    assert is_colour(thin, colour).sum() > 20
    assert is_colour(strong, colour).sum() > 3 * is_colour(thin, colour).sum()


def test_a_line_has_gaps():
    pixels = drawn(StepMark(Rect(2, 3, 10, 11), 1))
    line = is_colour(pixels, step_colour(1))
    row = line[bounds(line)[0]]
    changes = sum(bool(a) != bool(b) for a, b in pairwise(row))
    assert changes > 8


def test_no_step_has_the_colour_of_a_role_or_of_the_step_beside_it():
    assert not set(STEP_COLOURS) & set(ROLE_COLOURS.values())
    assert len(set(STEP_COLOURS)) == len(STEP_COLOURS)
    assert step_colour(len(STEP_COLOURS) + 1) == step_colour(1)


@pytest.mark.parametrize("number", range(1, len(STEP_COLOURS) + 1))
def test_a_number_is_legible(number):
    pixels = painted(lambda p: draw_number(p, QRectF(0, 0, 30, 30), number), 30, 30)
    colour = step_colour(number)
    assert (~is_colour(pixels, colour)).sum() > 10
    assert max(contrast(colour, ink) for ink in (BLACK, WHITE)) > 4.5
