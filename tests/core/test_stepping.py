"""Step-through: every pixel is filled exactly once, in reading order, and what is not is hidden."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.stepping import (
    NO_CONVOLUTION,
    SPEEDS,
    Stepping,
    made_by_convolution,
    walk_of,
)
from poolviewer.core.operations import Activation, Convolution, ElementFunction, Unknown
from poolviewer.core.view_state import ViewState, trace_scene
from tests.export.cases import activations_of, network, odd_networks
from tests.views.renderings import rendering_of

KINDS = ["pooling", "convolution"]


def conduct(stepping, activations, channel=0):
    return stepping.conduct(Subject(activations, channel, None, None))


def hidden(finding, name):
    return finding.overlays[name].hidden


@st.composite
def parts(draw):
    """Draw boxes that may lie beside or beyond a map."""
    top, left = draw(st.integers(-2, 40)), draw(st.integers(-2, 40))
    return PixelBox(top, left, top + draw(st.integers(0, 9)), left + draw(st.integers(0, 9)))


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(spec=odd_networks(), part=st.none() | parts())
def test_every_pixel_of_the_part_is_filled_exactly_once(kind, spec, part):
    first = Stepping(kind, part=part)
    rows, cols = geometry_of(spec.stage, first.target).shape
    whole = np.zeros((rows, cols), np.bool_)
    if part is not None:
        whole[max(part.row_start, 0) : part.row_stop, max(part.col_start, 0) : part.col_stop] = True
    wanted = whole if whole.any() else ~whole
    seen = []
    for position in first.positions(spec.stage):
        walk = first.at(position).walk(spec.stage)
        seen.append((walk.pixel.row, walk.pixel.col))
        assert walk.position_of(*seen[-1]) == position
        assert not walk.is_empty[seen[-1]]
        assert walk.is_empty.sum() == walk.count - position - 1
    assert seen == [tuple(place) for place in np.argwhere(wanted).tolist()]
    assert not first.at(10**9).walk(spec.stage).is_empty.any()


@settings(deadline=None)
@given(spec=odd_networks(), share=st.floats(0, 1), part=st.none() | parts())
def test_the_pooled_map_fills_as_far_as_its_windows_are_full(spec, share, part):
    activations, stepping = activations_of(spec), Stepping("convolution", part=part)
    last = stepping.positions(spec.stage)[-1]
    finding = conduct(stepping.at(round(share * last)), activations)
    empty, behind = hidden(finding, MapName.FEATURE), hidden(finding, MapName.POOLED)
    for row, col in np.ndindex(*spec.stage.pooled_shape):
        window = spec.stage.pooling.grid.window(row, col)
        assert behind[row, col] == empty[window.slices].any()


def test_it_says_what_is_calculated_and_traces_it():
    activations = activations_of()
    finding = conduct(Stepping(position=36), activations, 1)
    assert finding.traced == Pixel(MapName.POOLED, 2, 6)
    values = activations.feature_maps[4:6, 12:14, 1]
    assert finding.sentences[0].startswith("Window 37 of 225: max(")
    assert f"= {values.max():.4g}"[:6] in finding.sentences[0]
    assert finding.sentences[0].endswith("→ pooled (2, 6).")
    assert hidden(finding, MapName.POOLED).sum() == 225 - 37
    finding = conduct(Stepping("convolution", 36), activations)
    assert finding.traced == Pixel(MapName.FEATURE, 1, 6)
    assert "rows 1–3, columns 6–8" in finding.sentences[1]


def test_the_window_is_outlined_as_a_trace_and_the_pin_comes_back():
    rendering = rendering_of(network())
    stepping = Stepping(position=3)
    found = replace(rendering, finding=conduct(stepping, rendering.activations))
    pin = Pixel(MapName.POOLED, 7, 7)
    state = ViewState(rendering=found, pinned=pin, experiment=stepping)
    scene = trace_scene(state)
    assert (scene.trace.row, scene.trace.col, scene.is_pinned) == (0, 3, False)
    left = trace_scene(replace(state, experiment=None))
    assert (left.trace.row, left.trace.col, left.is_pinned) == (7, 7, True)


def test_only_a_map_that_a_convolution_made_is_stepped_through():
    activations = activations_of()
    unknown = replace(activations, operations=(Unknown(),))
    grid = activations.stage.source_window
    made = replace(activations, operations=(Convolution(grid, np.ones((3, 3, 3, 4))),))
    assert made_by_convolution(made)
    assert conduct(Stepping("convolution"), unknown).obstacle == NO_CONVOLUTION
    assert not conduct(Stepping("pooling"), unknown).obstacle
    relu = replace(activations, operations=(Activation(ElementFunction("relu")),))
    assert not made_by_convolution(relu)


def test_a_pixel_that_stays_in_view_stays_the_last():
    activations = activations_of()
    walk = walk_of(conduct(Stepping(position=36), activations))
    there = Stepping(position=36).seen(PixelBox(1, 5, 9, 12), walk)
    assert walk_of(conduct(there, activations)).pixel == Pixel(MapName.POOLED, 2, 6)
    assert there.seen(PixelBox(9, 9, 12, 12), walk).position == 0
    assert there.seen(None, walk_of(conduct(there, activations))).position == 36


def test_a_click_goes_to_a_pixel_or_to_its_first_window():
    activations = activations_of(network(pool_size=(3, 3), pool_strides=(2, 2)))
    finding = conduct(Stepping(), activations)
    clicked = finding.experiment.clicked
    columns = activations.stage.pooled_shape[1]
    assert clicked(Pixel(MapName.POOLED, 2, 6), finding).position == 2 * columns + 6
    assert clicked(Pixel(MapName.FEATURE, 4, 12), finding).position == columns + 5
    assert clicked(Pixel(MapName.INPUT, 4, 12), finding) == finding.experiment
    assert clicked(Pixel(MapName.POOLED, 2, 6), None) == finding.experiment


def test_the_arrow_keys_stay_within_the_part():
    finding = conduct(Stepping(part=PixelBox(2, 2, 4, 5)), activations_of())
    moved = finding.experiment.moved
    assert moved(0, 1, finding).position == 1
    assert moved(1, 0, finding).position == 3
    assert moved(-1, -1, finding).position == 0
    assert moved(9, 9, finding).position == 5


@pytest.mark.parametrize("speed", SPEEDS, ids=[speed.title for speed in SPEEDS])
def test_every_speed_comes_to_the_end_without_skipping_it(speed):
    walk = Stepping(part=PixelBox(0, 0, 3, 7)).walk(network().stage)
    places = [0]
    while places[-1] < walk.count - 1:
        places.append(speed.after(places[-1], walk))
        assert places[-1] > places[-2]
    assert places[-1] == walk.count - 1
    if not speed.pixels:
        assert places == [0, 6, 13, 20]
