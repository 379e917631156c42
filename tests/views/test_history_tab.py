"""The pinned pixel over time, as a chart and in words."""

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.pin_history import Moment, PinHistory, Subject
from poolviewer.drawing.palette import LIGHT, ROLE_COLOURS
from poolviewer.views.history_tab import HINT, HistoryTab
from poolviewer.views.theme import apply_theme
from tests.drawing.painting import is_colour, pixels_of

PIN = Pixel(MapName.POOLED, 4, 7)


def history_of(winners, values=None, *, first=0, current=None, shape=(2, 2), kind="max"):
    values = values or [1.0] * len(winners)
    moments = tuple(
        Moment(first + i, i / 10, value, winner)
        for i, (value, winner) in enumerate(zip(values, winners, strict=True))
    )
    now = moments[-1].index if current is None else current
    return PinHistory(Subject(PIN, 12, 1, 1, shape, kind), moments, now)


@pytest.fixture
def tab(show, qtbot):
    tab = show(HistoryTab(), 320, 380)

    def show_history(history):
        tab.show_history(history)
        qtbot.waitUntil(lambda: not tab._refresh.isActive())

    tab.show_soon = show_history
    return tab


def test_says_how_to_get_a_chart(tab):
    assert tab.hint == HINT
    assert tab.chart is None


def test_tells_value_and_switches(tab):
    tab.show_soon(history_of([(0, 0), (0, 1), (0, 1), (1, 0)], [1.0, -2.0, 1.0, 0.5]))
    assert tab.hint == ""
    assert tab.summary == "Pooled value −2.000 to 1.000 in 4 frames. The winner moved 2 times."


@pytest.mark.parametrize(
    ("winners", "words"),
    [
        ([(0, 0)], "in 1 frame. The winner never moved."),
        ([(0, 0), (1, 1)], "in 2 frames. The winner moved once."),
    ],
)
def test_counts_in_plain_words(tab, winners, words):
    tab.show_soon(history_of(winners))
    assert tab.summary.endswith(words)


def test_plots_every_value_and_every_position(tab):
    tab.show_soon(history_of([(0, 0), (0, 1), (1, 0)], [1.0, 2.0, 3.0], first=5))
    frames, values = tab.chart.value_curve.getData()
    assert list(frames) == [0, 1, 2]
    assert tab.chart.axes[2].tickStrings([0, 0.5, 2, 3], 1, 1) == ["5", "", "7", ""]
    assert list(values) == [1, 2, 3]
    edges, lanes = tab.chart.lane_curve.getData()
    assert list(edges) == [-0.5, 0.5, 0.5, 1.5, 1.5, 2.5]
    assert list(lanes) == [0, 0, 1, 1, 2, 2]
    assert is_colour(pixels_of(tab.grab().toImage()), ROLE_COLOURS[Role.WINNER]).any()


def test_draws_no_line_over_frames_that_were_not_seen(tab):
    moments = [Moment(i, i / 10, 1.0, (0, 0)) for i in (0, 1, 2, 40, 41)]
    tab.show_soon(PinHistory(history_of([(0, 0)]).subject, tuple(moments), 41))
    joined = tab.chart.value_curve.opts["connect"]
    assert list(joined) == [True, True, False, True, False]


def test_draws_what_is_no_number_as_a_gap(tab):
    tab.show_soon(history_of([None, (0, 0), (0, 0)], [np.nan, 1.0, 2.0]))
    assert list(tab.chart.value_curve.opts["connect"]) == [False, True, False]


def test_marks_the_frame_on_the_screen_only_where_it_is_not_the_last(tab):
    tab.show_soon(history_of([(0, 0)] * 5, current=2))
    assert [cursor.isVisible() for cursor in tab.chart.cursors] == [True, True]
    assert tab.chart.cursors[0].value() == 2
    tab.show_soon(history_of([(0, 0)] * 5))
    assert [cursor.isVisible() for cursor in tab.chart.cursors] == [False, False]


def test_has_no_lanes_where_nothing_can_win(tab):
    tab.show_soon(history_of([None, None], kind="average"))
    assert "no winner" in tab.summary
    assert not tab.chart.lanes.isVisible()
    tab.show_soon(history_of([(0, 0)]))
    assert tab.chart.lanes.isVisible()


@pytest.mark.parametrize(
    ("shape", "labels"),
    [
        ((2, 2), ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"]),
        ((4, 5), ["(0, 0)", "(0, 3)", "(1, 1)", "(1, 4)", "(2, 2)", "(3, 0)", "(3, 3)"]),
    ],
)
def test_names_the_lanes_by_their_position(tab, shape, labels):
    tab.show_soon(history_of([(0, 0)], shape=shape))
    ticks = tab.chart.axes[1]._tickLevels[0]
    assert [text for _, text in ticks] == labels


def test_shows_and_copies_only_the_last_frames(tab):
    tab.show_soon(history_of([(0, i % 2) for i in range(500)]))
    tab.lengths.setCurrentIndex(0)
    tab.lengths.activated.emit(0)
    assert "in 100 frames. The winner moved 99 times." in tab.summary
    tab.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 101
    assert lines[1].startswith("400\t")


def test_does_nothing_while_it_is_not_seen(tab):
    tab.hide()
    tab.show_history(history_of([(0, 0)] * 3))
    assert not tab._refresh.isActive()
    assert tab.chart is None
    tab.show()
    assert "in 3 frames" in tab.summary
    assert tab.chart.isVisible()  # with its words, not one turn of the event loop later


def test_goes_back_to_the_hint_when_the_pin_is_gone(tab):
    tab.show_soon(history_of([(0, 0)]))
    tab.show_soon(PinHistory())
    assert tab.hint == HINT
    assert not tab.chart.isVisible()


def test_follows_the_theme(tab, qapp):
    tab.show_soon(history_of([(0, 0)] * 5, current=2))
    apply_theme(qapp, LIGHT)
    assert tab.chart.value_curve.opts["pen"].color().name() == LIGHT.text.lower()
    light = pixels_of(tab.chart.grab().toImage())
    assert is_colour(light, LIGHT.background).mean() > 0.5
    assert tab.chart.axes[0].textPen().color().name() == LIGHT.muted.lower()
