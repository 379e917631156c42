"""The steps of a chain in a figure: outlined as in the window, and named below."""

from dataclasses import replace

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.chain_scene import ChainQuestion, ChainScene, StepMark, chain_question
from poolviewer.core.display import DisplaySpec
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.rendering import render
from poolviewer.core.view_state import ViewState
from poolviewer.drawing.step_marks import step_colour
from poolviewer.export.figure import render_figure
from poolviewer.export.request import FigureRequest, figure_request, ready
from poolviewer.export.step_legend import step_legend
from tests.core.test_chain_scene import with_many_layers
from tests.drawing.painting import is_colour, pixels_of

PIXEL = Pixel(MapName.POOLED, 0, 0)


@pytest.fixture
def state():
    rendering = render(with_many_layers(), DisplaySpec())
    return ViewState(rendering=rendering, pinned=PIXEL, has_chain=True)


def test_a_figure_shows_the_steps_that_the_window_shows(state):
    request = figure_request(state, "light")
    assert isinstance(request.chain, ChainQuestion)
    shown = ready(request)
    assert shown.step_marks == chain_question(state).answer().marks
    assert shown.step_marks
    entries = step_legend(shown).entries
    assert {number for number, _ in entries} == {mark.number for mark in shown.step_marks}
    steps = chain_question(state).answer().chain.steps
    assert all(name == steps[number - 1].layer for number, name in entries)


def test_steps_are_not_shown_where_the_window_shows_none(state):
    for other in (replace(state, has_chain=False), replace(state, experiment=Predict())):
        request = ready(figure_request(other, "light"))
        assert not request.step_marks
        assert not step_legend(request).entries


def test_steps_are_drawn_in_their_colour_and_go_with_the_outlines(state):
    request = ready(figure_request(state, "light"))
    geometry = request.activations.stage.input_geometry
    strong = StepMark(geometry.tile(1, 1), 1, is_strong=True)
    shown = replace(request, chain=replace(request.chain, marks=(strong,)))
    bare = replace(shown, spec=FigureSpec(has_outlines=False))
    pixels = [pixels_of(render_figure(each)) for each in (shown, bare)]
    counts = [is_colour(each, step_colour(1)).sum() for each in pixels]
    assert counts[0] > 3 * 50
    assert counts[1] == 0


def test_a_figure_without_a_chain_has_no_steps():
    activations = with_many_layers()
    request = ready(FigureRequest(activations, pixel=PIXEL))
    assert request.chain.chain is None
    assert isinstance(request.chain, ChainScene)
    assert not step_legend(request).entries
