"""The classroom's panel: a window shown large, the score, and what may not be read."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.predict import Predict, question_of
from poolviewer.core.laboratory.questions import Score
from poolviewer.core.pooling import winner_in
from poolviewer.views.laboratory.predict_panel import PredictPanel, score_in_words, tiles_of
from tests.export.cases import network
from tests.views.renderings import rendering_of

LEFT = Qt.MouseButton.LeftButton


def found(rendering, predict, channel=0):
    finding = predict.conduct(Subject(rendering.activations, channel, None, None))
    return replace(rendering, finding=finding)


@pytest.fixture
def panel(show):
    return show(PredictPanel(), 700, 260)


def show_question(panel, rendering, predict):
    """Show an experiment with its finding, as the window does."""
    shown = found(rendering, predict)
    panel.show_experiment(predict)
    panel.show_rendering(shown, 0)
    return shown.finding


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_every_pixel_of_the_window_is_clicked_at_its_place(panel, qtbot, is_mirrored):
    rendering = rendering_of(network(), DisplaySpec(is_mirrored=is_mirrored))
    window = question_of(show_question(panel, rendering, Predict())).window
    places = []
    for row in range(window.row_start, window.row_stop):
        for col in range(window.col_start, window.col_stop):
            place = panel.tiles.place_of(row, col)
            places.append(place.left())
            with qtbot.waitSignal(panel.pin_requested) as clicked:
                qtbot.mouseClick(panel.tiles, LEFT, pos=place.center().toPoint())
            assert clicked.args == [Pixel(MapName.FEATURE, row, col)]
    assert (places[0] > places[1]) == is_mirrored


def test_the_arrow_keys_move_what_is_seen(panel, qtbot):
    rendering = rendering_of(network(), DisplaySpec(is_mirrored=True))
    show_question(panel, rendering, Predict(choice=(0, 1)))
    with qtbot.waitSignal(panel.experiment_changed) as changed:
        qtbot.keyClick(panel.tiles, Qt.Key.Key_Right)
    assert changed.args[0].choice == (0, 0)
    with qtbot.waitSignal(panel.experiment_changed) as changed:
        qtbot.keyClick(panel.tiles, Qt.Key.Key_Return)
    assert changed.args[0].verdict is not None


def test_numbers_and_winner_are_shown_only_when_they_may_be():
    rendering = rendering_of(network())
    for predict, can_read in ((Predict(), False), (Predict(has_numbers=True), True)):
        finding = found(rendering, predict).finding
        tiles = tiles_of(rendering, 0, finding, predict)
        assert (tiles.values is not None) == can_read
        assert Role.WINNER not in [role for _, role in tiles.marks]
        question = question_of(finding)
        inside = winner_in(question.values)
        answer = predict.clicked(Pixel(MapName.FEATURE, *question.at(inside)), finding)
        revealed = found(rendering, answer).finding
        tiles = tiles_of(rendering, 0, revealed, answer)
        assert np.array_equal(tiles.values, question.values)
        assert (question.at(inside), Role.WINNER) in tiles.marks
        assert tiles_of(rendering, 1, revealed, answer) is None


@pytest.mark.parametrize(("size", "is_shown"), [(3, True), (9, True), (10, False)])
def test_large_windows_are_clicked_in_the_map_alone(panel, size, is_shown):
    spec = network(pool_size=(size, size), pool_strides=(size, size))
    show_question(panel, rendering_of(spec), Predict())
    assert panel.tiles.isVisible() == is_shown


def test_where_nothing_can_be_asked_nothing_is_offered(panel):
    show_question(panel, rendering_of(network(pool_kind="average")), Predict())
    assert not panel.following.isVisible()
    assert not panel.tiles.isVisible()
    show_question(panel, rendering_of(network()), Predict())
    assert panel.following.isVisible()


def test_settings_are_wished_for(panel, qtbot):
    show_question(panel, rendering_of(network()), Predict())
    with qtbot.waitSignal(panel.experiment_changed) as changed:
        panel.numbers.click()
    assert changed.args[0].has_numbers
    with qtbot.waitSignal(panel.experiment_changed) as changed:
        panel.following.click()
    assert changed.args[0].number > 0
    with qtbot.waitSignal(panel.experiment_changed) as changed:
        panel.restart.click()
    assert changed.args[0].seed == 1


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (Score(), "No answer yet"),
        (Score(1, 1, 1), "1 of 1 right"),
        (Score(3, 5, 2), "3 of 5 right · 2 in a row"),
        (Score(3, 5, 0), "3 of 5 right"),
    ],
)
def test_the_score_in_words(score, words):
    assert score_in_words(score) == words
