"""Predict the winner: what is asked, what is right, what may be seen meanwhile."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel, Role, geometry_of
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.predict import (
    NO_WINNER,
    NOTHING_TO_ASK,
    OTHER_MAPS,
    Predict,
    question_of,
)
from poolviewer.core.laboratory.questions import Score, margin_of
from poolviewer.core.trace import InputTrace
from poolviewer.core.view_state import ViewState, trace_scene
from tests.export.cases import activations_of, network, odd_networks
from tests.views.renderings import constant, rendering_of

LEVELS = ["easy", "hard"]


def conduct(predict, activations, channel=0):
    return predict.conduct(Subject(activations, channel, None, None))


def ask(predict, activations, channel=0):
    finding = conduct(predict, activations, channel)
    return finding, question_of(finding)


def pixels_of(window):
    for row in range(window.row_start, window.row_stop):
        for col in range(window.col_start, window.col_stop):
            yield Pixel(MapName.FEATURE, row, col)


def answered(predict, activations, *, is_right):
    """Answer one question rightly or wrongly."""
    finding, question = ask(predict, activations)
    pixel = next(
        p for p in pixels_of(question.window) if question.is_right(p.row, p.col) is is_right
    )
    return predict.clicked(pixel, finding)


@pytest.mark.parametrize("level", LEVELS)
@settings(deadline=None)
@given(spec=odd_networks(), seed=st.integers(0, 99), nan_share=st.sampled_from([0, 0.3]))
def test_a_pixel_is_right_if_it_holds_the_highest_value(level, spec, seed, nan_share):
    activations = activations_of(spec, seed=seed, nan_share=nan_share)
    predict = Predict(level, seed=seed)
    finding, question = ask(predict, activations)
    assume(question is not None)
    values = activations.feature_maps[:, :, 0]
    highest = np.nanmax(values[question.window.slices])
    for pixel in islice(pixels_of(question.window), 50):
        verdict = predict.clicked(pixel, finding).verdict
        assert verdict.is_right == (values[pixel.row, pixel.col] == highest)
        assert (verdict.asked, verdict.chosen) == (question.asked, (pixel.row, pixel.col))


@settings(deadline=None)
@given(spec=odd_networks(), seed=st.integers(0, 99))
def test_nothing_of_an_open_question_tells_the_answer(spec, seed):
    activations = activations_of(spec, seed=seed)
    finding, question = ask(Predict(seed=seed), activations)
    if question is None:
        assert finding.obstacle in (NO_WINNER, NOTHING_TO_ASK)
        return
    assert finding.overlays[MapName.POOLED].hidden.all()
    assert finding.traced is None
    roles = {mark.role for marks in finding.outlines.values() for mark in marks}
    assert roles == {Role.WINDOW, Role.PIXEL}
    other = replace(activations, feature_maps=activations.feature_maps + np.float32(1000))
    assert conduct(finding.experiment, other).sentences == finding.sentences


@pytest.mark.parametrize("has_numbers", [False, True])
def test_no_pixel_is_explained_while_a_question_is_open(has_numbers):
    rendering = rendering_of(network())
    predict = Predict(has_numbers=has_numbers)
    finding = conduct(predict, rendering.activations)
    state = ViewState(rendering=replace(rendering, finding=finding), experiment=predict)
    for name in MapName:
        for row, col in np.ndindex(*geometry_of(rendering.activations.stage, name).shape):
            pixel = Pixel(name, row, col)
            scene = trace_scene(replace(state, hovered=pixel, pinned=pixel))
            assert scene.trace is None
            assert replace(state, hovered=pixel, pinned=pixel).explained is None
            assert scene.is_concealed
            roles = {mark.role for marks in scene.outlines.values() for mark in marks}
            assert roles == {Role.WINDOW, Role.PIXEL}
            is_read = name is MapName.INPUT or (has_numbers and name is MapName.FEATURE)
            assert (scene.hovered is not None) == is_read
            assert name is not MapName.INPUT or isinstance(scene.hovered, InputTrace)


def test_the_score_counts_answers_and_how_many_in_a_row_were_right():
    activations, predict = activations_of(), Predict()
    for is_right in (True, True, False, True, True):
        predict = answered(predict.next(), activations, is_right=is_right)
    assert predict.score == Score(right=4, asked=5, streak=2)
    assert predict.next().score == predict.score
    assert predict.next().next() == predict.next()  # an open question stays
    assert predict.restarted().score == Score()
    assert predict.restarted().seed != predict.seed


def test_all_tied_pixels_are_right_and_it_says_which_wins():
    activations = constant(rendering_of(network()), 2.5).activations
    finding, question = ask(Predict(), activations)
    last = list(pixels_of(question.window))[-1]
    answer = finding.experiment.clicked(last, finding)
    assert answer.verdict.is_right
    words = " ".join(conduct(answer, activations).sentences)
    corner = question.window.row_start, question.window.col_start
    assert "4 pixels tie" in words
    assert f"the first in reading order, {corner}" in words


@pytest.mark.parametrize("level", LEVELS)
def test_the_reveal_shows_the_winner_and_what_it_became(level):
    activations = activations_of()
    answer = answered(Predict(level), activations, is_right=False)
    finding = conduct(answer, activations)
    row, col = answer.verdict.asked
    assert finding.traced == Pixel(MapName.POOLED, row, col)
    assert finding.sentences[0].startswith("Not this one")
    assert finding.sentences[1].startswith("max(")
    hidden = finding.overlays[MapName.POOLED].hidden
    assert not hidden[row, col]
    assert hidden.sum() == hidden.size - 1
    assert not answer.conceals


def test_a_click_elsewhere_says_so_and_does_not_count():
    activations = activations_of()
    finding, question = ask(Predict(), activations)
    row, col = question.window.row_stop % 30, question.window.col_stop % 30
    for pixel in (Pixel(MapName.FEATURE, row, col), Pixel(MapName.POOLED, *question.asked)):
        answer = finding.experiment.clicked(pixel, finding)
        assert answer.verdict is None
        assert answer.score.asked == 0
        assert "outside the window" in conduct(answer, activations).sentences[1]
        assert question_of(conduct(answer, activations)).asked == question.asked


def test_a_second_click_changes_nothing():
    activations = activations_of()
    answer = answered(Predict(), activations, is_right=True)
    for finding in (None, conduct(answer, activations)):
        assert answer.clicked(Pixel(MapName.FEATURE, 0, 0), finding) == answer


def test_an_answer_is_not_shown_on_other_maps():
    activations = activations_of()
    answer = answered(Predict(), activations, is_right=True)
    changed = activations.feature_maps.copy()
    changed[0, 0, 0] += 1
    for other in (
        activations_of(seed=1),
        replace(activations, feature_maps=changed),
        activations_of(network(pool_size=(3, 3))),
    ):
        finding = conduct(answer, other)
        assert finding.sentences == (OTHER_MAPS,)
        assert finding.traced is None
    assert conduct(answer, activations, channel=1).sentences == (OTHER_MAPS,)


def test_an_answer_is_shown_on_the_same_maps_again():
    activations = activations_of()
    answer = answered(Predict(), activations, is_right=True)
    again = replace(activations, generation=7, frame=replace(activations.frame, index=99))
    assert conduct(answer, again).sentences == conduct(answer, activations).sentences


def test_the_keyboard_chooses_within_the_window_and_answers():
    activations = activations_of()
    finding, question = ask(Predict(), activations)
    assert finding.experiment.confirmed(finding) == finding.experiment
    chosen = finding.experiment.moved(0, 1, finding)
    assert chosen.choice == (0, 0)
    chosen = chosen.moved(5, 5, finding)
    assert chosen.choice == (1, 1)
    finding = conduct(chosen, activations)
    corner = question.window.row_stop - 1, question.window.col_stop - 1
    assert f"Chosen: feature-map pixel {corner}" in finding.sentences[1]
    answer = chosen.confirmed(finding)
    assert answer.verdict.chosen == corner
    following = answer.confirmed(conduct(answer, activations))
    assert following.verdict is None
    assert question_of(conduct(following, activations)).asked != question.asked


@pytest.mark.parametrize(
    ("spec", "nan_share", "obstacle"),
    [
        (network(pool_kind="average"), 0, NO_WINNER),
        (network(pool_size=(1, 1), pool_strides=(1, 1)), 0, NOTHING_TO_ASK),
        (network(), 1, NOTHING_TO_ASK),
    ],
)
def test_where_nothing_can_be_asked_it_says_so(spec, nan_share, obstacle):
    finding = conduct(Predict(), activations_of(spec, nan_share=nan_share))
    assert finding.obstacle == obstacle
    assert finding.experiment.clicked(Pixel(MapName.FEATURE, 0, 0), finding) == finding.experiment


def test_windows_of_nothing_but_nan_are_never_asked():
    activations = activations_of(nan_share=0.8)
    predict = Predict("hard")
    asked = set()
    for _ in range(40):
        _, question = ask(predict, activations)
        assert not np.isnan(question.values).all()
        asked.add(question.asked)
        predict = predict.skipped(conduct(predict, activations))
    assert len(asked) == 40


def test_easy_questions_have_winners_that_stand_out():
    activations = activations_of()
    margins = {level: [] for level in LEVELS}
    for level in LEVELS:
        predict = Predict(level)
        for _ in range(14):
            finding, question = ask(predict, activations)
            margins[level].append(margin_of(question.values))
            predict = predict.skipped(finding)
    assert np.median(margins["easy"]) > 2 * np.median(margins["hard"])


@pytest.mark.parametrize(
    ("values", "margin"),
    [
        ([[1, 4], [2, 3]], 1),
        ([[1, 4], [4, 3]], 0),
        ([[np.nan, 4], [2, np.nan]], 2),
        ([[np.nan, 4]], np.inf),
        ([[np.nan, np.nan]], -1),
        ([[5]], -1),
        ([[-np.inf, -np.inf]], 0),
        ([[np.inf, 1]], np.inf),
    ],
)
def test_the_margin_between_winner_and_runner_up(values, margin):
    assert margin_of(np.array(values, np.float32)) == margin


def test_a_window_over_the_whole_map_is_asked_again():
    activations = activations_of(network(pool_size=(30, 30), pool_strides=(30, 30)))
    question = ask(Predict(), activations)[1]
    assert question.window.shape == (30, 30)
    answer = answered(Predict(), activations, is_right=True)
    assert conduct(answer, activations).sentences[1].startswith("The highest is")
    assert question_of(conduct(answer.next(), activations)).asked == (0, 0)
