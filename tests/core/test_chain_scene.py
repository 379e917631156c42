"""What is asked and chosen along a chain, and what of it is outlined."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.chain_focus import ChainFocus
from poolviewer.core.chain_scene import (
    ChainQuestion,
    chain_question,
    focus_on,
    followed,
    marks_of,
    unfolded,
)
from poolviewer.core.display import DisplaySpec
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.experiment import Experiment, Finding
from poolviewer.core.operations import Activation, Convolution, ElementFunction, Pool
from poolviewer.core.pooling import Pooling
from poolviewer.core.rendering import render
from poolviewer.core.view_state import ViewState
from poolviewer.core.windows import WindowGrid
from tests.core.chains import activations_of, layer

PIXEL = Pixel(MapName.POOLED, 1, 1)
POOL = Pooling("max", WindowGrid.over((4, 4), (2, 2), (2, 2), "valid"))


@dataclass(frozen=True, slots=True)
class Hiding(Experiment):
    """A mode in which the pooled value may not be seen."""

    conceals = True

    def conduct(self, subject):
        return Finding(self, subject.channel)


def convolution(shape, channels=(1, 1)):
    """Return a convolution of ones that keeps a map's size."""
    return Convolution(WindowGrid.over(shape, (3, 3), (1, 1), "same"), np.ones((3, 3, *channels)))


def with_one_layer():
    """Return a convolution and its pooling, as in the tutorial."""
    rng = np.random.default_rng(1)
    operation = convolution((4, 4))
    return activations_of(
        rng.normal(size=(4, 4, 1)),
        layer(operation, rng.normal(size=(4, 4, 1)), name="conv"),
        pooling=POOL,
    )


def with_many_layers():
    """Return two convolutions with a pooling and a function between them."""
    rng = np.random.default_rng(1)
    first = layer(convolution((8, 8)), rng.normal(size=(8, 8, 1)), name="first")
    inner = Pool(Pooling("max", WindowGrid.over((8, 8), (2, 2), (2, 2), "valid")))
    grid = inner.pooling.grid
    pooled = layer(inner, rng.normal(size=(4, 4, 1)), (0,), grid, name="inner")
    relu = layer(Activation(ElementFunction("relu")), rng.normal(size=(4, 4, 1)), (1,), name="relu")
    second = layer(convolution((4, 4)), rng.normal(size=(4, 4, 1)), (2,), name="second")
    return activations_of(rng.normal(size=(8, 8, 1)), first, pooled, relu, second, pooling=POOL)


def state_of(activations, **options):
    options = {"pinned": PIXEL, "has_chain": True} | options
    return ViewState(rendering=render(activations, DisplaySpec()), **options)


@pytest.mark.parametrize(
    "changes",
    [
        {"rendering": None},
        {"pinned": None},
        {"has_chain": False},
        {"experiment": Hiding()},
        {"pinned": Pixel(MapName.INPUT, 1, 1)},
        {"pinned": Pixel(MapName.POOLED, 9, 9)},
    ],
)
def test_where_there_is_nothing_to_follow_no_chain_is_shown(changes):
    state = replace(state_of(with_one_layer()), **changes)
    scene = chain_question(state).answer()
    assert (scene.chain, scene.step, scene.marks) == (None, None, ())


def test_a_chain_is_followed_from_the_pixel_that_is_traced():
    scene = chain_question(state_of(with_many_layers())).answer()
    assert [step.layer for step in scene.chain.steps] == [
        "pool", "second", "relu", "inner", "first"
    ]  # fmt: skip
    assert scene.step is None
    hovered = state_of(with_many_layers(), pinned=None, hovered=Pixel(MapName.FEATURE, 2, 3))
    assert chain_question(hovered).answer().chain.steps[0].pixel == (2, 3, 0)


def test_an_unfolded_step_stays_so_while_other_pixels_are_traced():
    state = state_of(with_many_layers())
    state = replace(state, chain_focus=unfolded(state, 3))
    other = replace(state, pinned=Pixel(MapName.POOLED, 0, 0), channel=0)
    assert chain_question(other).answer().step.layer == "second"
    folded = replace(state, chain_focus=unfolded(state, None))
    assert chain_question(folded).answer().step is None


def test_another_tap_is_followed_until_another_pixel_is_traced():
    state = state_of(with_many_layers())
    natural = chain_question(state).answer().chain.steps[0]
    assert natural.tap != 0
    state = replace(state, chain_focus=followed(state, natural.step, 0))
    assert chain_question(state).answer().chain.steps[0].tap == 0
    other = replace(state, pinned=Pixel(MapName.POOLED, 0, 1))
    assert focus_on(other).choices == ()
    assert focus_on(replace(state, channel=1)).choices == ()
    again = replace(other, chain_focus=unfolded(other, 3), pinned=PIXEL)
    assert chain_question(again).answer().chain.steps[0].tap == natural.tap


def test_a_choice_ends_those_behind_it():
    """What was followed from another pixel says nothing of this one."""
    state = state_of(with_many_layers())
    for step, tap in ((4, 1), (3, 2), (1, 3)):
        state = replace(state, chain_focus=followed(state, step, tap))
    assert state.chain_focus.choices == ((4, 1), (3, 2), (1, 3))
    assert followed(state, 3, 5).choices == ((4, 1), (3, 5))


def test_another_stage_begins_anew():
    state = state_of(with_many_layers())
    state = replace(state, chain_focus=unfolded(state, 3))
    activations = replace(with_many_layers(), generation=5)
    other = replace(state, rendering=render(activations, DisplaySpec()))
    assert focus_on(other).step is None


def test_one_convolution_adds_no_outline_until_it_is_unfolded():
    activations = with_one_layer()
    question = ChainQuestion(activations, 0, PIXEL)
    assert question.answer().marks == ()
    scene = replace(question, focus=ChainFocus(0)).answer()
    (mark,) = scene.marks
    step = scene.chain.steps[1]
    row, col, _ = step.pixel
    box = PixelBox(max(row - 1, 0), max(col - 1, 0), min(row + 2, 4), min(col + 2, 4))
    assert (mark.number, mark.is_strong) == (2, True)
    assert mark.rect == activations.stage.input_geometry.rect(box)


def test_in_deeper_networks_every_window_is_outlined_and_the_unfolded_one_on_top():
    question = ChainQuestion(with_many_layers(), 0, PIXEL)
    marks = question.answer().marks
    assert [(mark.number, mark.is_strong) for mark in marks] == [(2, False), (4, False), (5, False)]
    scene = replace(question, focus=ChainFocus(1)).answer()
    assert scene.step.layer == "inner"
    strengths = [(mark.number, mark.is_strong) for mark in scene.marks]
    assert strengths == [(2, False), (5, False), (4, True)]
    assert marks_of(scene.chain, scene.chain.steps[0])[-1].number == 1
    inner = scene.chain.steps[3]
    assert scene.marks[-1].rect == inner.source_geometry.rect(inner.box)
