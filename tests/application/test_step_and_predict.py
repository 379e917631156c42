"""Step-through and the classroom's bets, in the whole application with the real network."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QTableView

from poolviewer.core.annotation import MapName, Pixel, Role, geometry_of
from poolviewer.core.laboratory.predict import question_of
from poolviewer.core.laboratory.stepping import SPEEDS, walk_of
from poolviewer.core.numbers import format_number
from poolviewer.core.pooling import winner_in
from poolviewer.views.maps_panel import CONCEALED

LEFT = Qt.MouseButton.LeftButton
LIVE = "synthetic:60"
ROWS = len(SPEEDS) - 1


def state_of(application):
    return application.controller.state


def enter(application, wait, name):
    """Choose a mode and wait for its finding."""
    application.window.laboratory.toggle(name)
    wait(lambda: state_of(application).finding is not None)
    return application.window.laboratory.panels[name]


def place(application, pixel):
    """Return the viewport of a pixel's map, and where its middle is seen there."""
    maps = application.window.maps
    stage = state_of(application).rendering.activations.stage
    view = {"input": maps.input, "feature": maps.feature, "pooled": maps.pooled}
    shown = view[pixel.map_name.value]
    tile = geometry_of(stage, pixel.map_name).tile(pixel.row, pixel.col)
    return shown.view.viewport(), shown.world_to_widget(*tile.centre).toPoint()


def click(application, qtbot, pixel):
    viewport, point = place(application, pixel)
    qtbot.mouseClick(viewport, LEFT, pos=point)


def hidden_in(application, name):
    return state_of(application).finding.overlays[name].hidden


def press(application, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(application.window.maps.pooled.view, key, modifier)


def test_it_plays_to_the_end_and_begins_anew(started, wait, qtbot):
    application = started(pin=(4, 7))
    panel = enter(application, wait, "stepping")
    panel.speeds.setCurrentIndex(ROWS)
    panel.go_to_first()
    wait(lambda: hidden_in(application, MapName.POOLED).sum() == 224)
    panel.play.click()
    assert panel.is_playing
    wait(lambda: not panel.is_playing)
    wait(lambda: state_of(application).finding is not None)
    assert panel.words.text() == "225 of 225"
    assert not hidden_in(application, MapName.POOLED).any()
    panel.play.click()
    wait(lambda: 0 < state_of(application).experiment.position < 224)
    assert panel.is_playing
    application.window.laboratory.toggle("stepping")
    assert not panel.is_playing
    assert state_of(application).pinned == Pixel(MapName.POOLED, 4, 7)
    wait(lambda: "(4,\N{NO-BREAK SPACE}7)" in application.window.side.trace.headline)


def test_it_loops_by_choice(started, wait):
    application = started()
    panel = enter(application, wait, "stepping")
    panel.speeds.setCurrentIndex(ROWS)
    panel.loop.click()
    panel.go_to_last()
    panel.play.click()
    seen = []

    def has_begun_anew():
        seen.append(state_of(application).experiment.position)
        return 0 in seen and 0 < seen[-1] < 224

    panel.go_to_last()
    panel.play.click()
    wait(has_begun_anew)
    panel._go(224)
    wait(lambda: state_of(application).experiment.position < 200)
    assert panel.is_playing


def test_keys_in_the_maps_step_and_play(started, wait, qtbot):
    application = started()
    panel = enter(application, wait, "stepping")
    application.window.activateWindow()
    pooled = application.window.maps.pooled.view
    pooled.setFocus()
    for key, modifier, position in (
        (Qt.Key.Key_Period, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 17),
        (Qt.Key.Key_Comma, Qt.KeyboardModifier.NoModifier, 16),
        (Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier, 224),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier, 0),
    ):
        press(application, qtbot, key, modifier)
        assert state_of(application).experiment.position == position
        wait(lambda: state_of(application).finding is not None)
    press(application, qtbot, Qt.Key.Key_P)
    assert panel.is_playing
    press(application, qtbot, Qt.Key.Key_P)
    assert not panel.is_playing
    assert state_of(application).pinned is None


def test_scrubbing_shows_the_newest_place(started, wait, qtbot):
    application = started()
    panel = enter(application, wait, "stepping")
    scrubber = panel.scrubber
    middle = scrubber.height() // 2
    qtbot.mousePress(scrubber, LEFT, pos=QPoint(10, middle))
    for x in range(20, scrubber.width(), 7):
        qtbot.mouseMove(scrubber, QPoint(x, middle))
    qtbot.mouseRelease(scrubber, LEFT, pos=QPoint(scrubber.width() - 1, middle))
    position = state_of(application).experiment.position
    assert position > 200
    wait(lambda: state_of(application).finding is not None)
    assert hidden_in(application, MapName.POOLED).sum() == 224 - position


def test_the_convolution_fills_both_maps(started, wait):
    application = started()
    panel = enter(application, wait, "stepping")
    panel.kinds.setCurrentIndex(1)
    panel.kinds.activated.emit(1)
    wait(lambda: MapName.FEATURE in getattr(state_of(application).finding, "overlays", ()))
    panel._go(64)
    wait(lambda: state_of(application).finding is not None)
    assert hidden_in(application, MapName.FEATURE).sum() == 900 - 65
    assert hidden_in(application, MapName.POOLED).sum() == 225 - 15
    assert "rows 2–4, columns 4–6" in application.window.laboratory.words


def test_only_what_is_in_view_is_walked(started, wait):
    application = started()
    panel = enter(application, wait, "stepping")
    maps = application.window.maps
    for _ in range(6):
        maps.zoom(0.8)
    wait(lambda: state_of(application).experiment.part is not None)
    wait(lambda: state_of(application).finding is not None)
    walk = walk_of(state_of(application).finding)
    assert walk.box == maps.pooled.seen
    assert 1 < walk.count < 225
    panel.go_to_last()
    wait(lambda: state_of(application).finding is not None)
    last = walk_of(state_of(application).finding).pixel
    maps.fit()
    wait(lambda: state_of(application).experiment.part is None)
    wait(lambda: state_of(application).finding is not None)
    assert walk_of(state_of(application).finding).pixel == last


@pytest.mark.parametrize("name", ["stepping", "predict"])
def test_a_moving_picture_stands_still_for_it(started, wait, name):
    application = started(LIVE)
    enter(application, wait, name)
    assert state_of(application).is_frozen
    application.window.laboratory.toggle(name)
    assert state_of(application).is_frozen


def test_a_picture_that_moves_again_stops_playing(started, wait):
    application = started(LIVE)
    panel = enter(application, wait, "stepping")
    panel.play.click()
    assert panel.is_playing
    application.controller.toggle_freeze()
    assert not panel.is_playing
    before = state_of(application).rendering.activations.frame.index
    wait(lambda: state_of(application).rendering.activations.frame.index > before + 2)
    wait(lambda: state_of(application).finding is not None)
    assert not state_of(application).is_frozen
    panel.play.click()
    assert panel.is_playing
    assert state_of(application).is_frozen


def test_another_network_is_walked_while_it_plays(started, wait):
    application = started()
    panel = enter(application, wait, "stepping")
    panel.speeds.setCurrentIndex(ROWS)
    panel.play.click()
    network = state_of(application).network
    application.controller.networks.set_network(
        replace(network, pool_size=(3, 3), pool_strides=(3, 3))
    )
    wait(lambda: panel.words.text().endswith("of 100"))
    wait(lambda: panel.words.text() == "100 of 100" and not panel.is_playing)
    application.controller.networks.set_network(replace(network, pool_kind="average"))
    wait(lambda: panel.words.text().endswith("of 225"))


def test_nothing_plays_behind_a_closed_window(started, wait):
    application = started()
    panel = enter(application, wait, "stepping")
    panel.play.click()
    application.window.close()
    assert not panel.is_playing
    assert not panel._settle.isActive()


def visible_texts(window):
    """Return all that can be read in the window, its tool tips and what is read aloud."""
    widgets = [w for kind in (QLabel, QAbstractButton) for w in window.findChildren(kind)]
    texts = [widget.text() for widget in widgets if widget.isVisible()]
    texts += [window.status_line._value.text(), window.laboratory.words]
    levels = window.maps._levels[MapName.POOLED]
    return [*texts, levels.toolTip()]


def hover_everywhere(application, qtbot, window_box):
    """Point at the pixels of the asked window, at what they feed, and at the input."""
    for row in range(window_box.row_start, window_box.row_stop):
        for col in range(window_box.col_start, window_box.col_stop):
            for name in MapName:
                factor = 2 if name is MapName.POOLED else 1
                pixel = Pixel(name, row // factor, col // factor)
                viewport, point = place(application, pixel)
                qtbot.mouseMove(viewport, point)
                yield pixel


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_nothing_in_the_window_tells_the_answer(started, wait, qtbot, tab):
    application = started(pin=(4, 7))
    window = application.window
    window.side.tabs.setCurrentIndex(tab)
    panel = enter(application, wait, "predict")
    panel.levels.setCurrentIndex(1)
    panel.levels.activated.emit(1)
    for _ in range(3):
        wait(lambda: question_of(state_of(application).finding) is not None)
        question = question_of(state_of(application).finding)
        answer = format_number(float(question.values[winner_in(question.values)]))
        for pixel in hover_everywhere(application, qtbot, question.window):
            wait(lambda pixel=pixel: state_of(application).hovered == pixel)
            wait(lambda: not window._texts.is_waiting)
            assert not [text for text in visible_texts(window) if answer in text]
            assert not [table for table in window.findChildren(QTableView) if table.isVisible()]
            for view in (window.maps.feature, window.maps.pooled):
                marks = view._overlay.outlines
                assert {mark.role for mark in marks} <= {Role.WINDOW, Role.PIXEL}
        assert not window.maps.pooled._picture.laid.has_values
        assert not window.maps.feature._picture.laid.has_values
        assert window.maps._levels[MapName.POOLED].toolTip() == CONCEALED
        panel.following.click()
    panel.numbers.click()
    wait(lambda: window.maps.feature._picture.laid.has_values)
    assert not window.maps.pooled._picture.laid.has_values


def test_a_bet_is_judged_and_counted(started, wait, qtbot):
    application = started(pin=(4, 7))
    window, panel = application.window, enter(application, wait, "predict")
    question = question_of(state_of(application).finding)
    box = question.window
    inside = winner_in(question.values)
    winner = Pixel(MapName.FEATURE, box.row_start + inside[0], box.col_start + inside[1])
    click(application, qtbot, Pixel(MapName.FEATURE, (box.row_start + 9) % 30, box.col_start))
    wait(lambda: "outside the window" in window.laboratory.words)
    click(application, qtbot, winner)
    assert state_of(application).experiment.verdict.is_right
    wait(lambda: state_of(application).finding is not None)
    assert panel.score.text() == "1 of 1 right"
    assert "Right" in panel.verdict.text()
    assert state_of(application).finding.traced == Pixel(MapName.POOLED, *question.asked)
    wait(lambda: window.side.trace.headline.startswith("Pooled"))
    value = format_number(float(question.values[inside]))
    assert value in window.laboratory.words
    assert window.maps.pooled._picture.laid.has_values
    click(application, qtbot, Pixel(MapName.FEATURE, 0, 0))
    assert state_of(application).experiment.score.asked == 1
    panel.following.click()
    wait(lambda: question_of(state_of(application).finding) is not None)
    window.laboratory.toggle("predict")
    assert state_of(application).pinned == Pixel(MapName.POOLED, 4, 7)
    wait(lambda: window.side.trace.headline.startswith("Pooled"))
    assert window.side.numbers._tables.isVisibleTo(window.side.numbers)
    assert window.maps._levels[MapName.POOLED].toolTip() != CONCEALED
    assert window.maps.pooled._picture.laid.has_values


def test_a_bet_by_keyboard_alone(started, wait, qtbot):
    application = started()
    panel = enter(application, wait, "predict")
    application.window.activateWindow()
    application.window.maps.pooled.view.setFocus()
    first = question_of(state_of(application).finding).asked
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        press(application, qtbot, key)
        wait(lambda: state_of(application).finding is not None)
    assert state_of(application).experiment.choice == (1, 1)
    press(application, qtbot, Qt.Key.Key_Return)
    assert state_of(application).experiment.score.asked == 1
    wait(lambda: state_of(application).finding is not None)
    press(application, qtbot, Qt.Key.Key_Return)
    wait(lambda: question_of(state_of(application).finding) is not None)
    second = question_of(state_of(application).finding).asked
    press(application, qtbot, Qt.Key.Key_N)
    wait(lambda: question_of(state_of(application).finding) is not None)
    third = question_of(state_of(application).finding).asked
    assert len({first, second, third}) == 3
    assert panel.score.text().endswith("of 1 right")


def test_nothing_is_asked_while_the_picture_moves(started, wait):
    application = started(LIVE)
    panel = enter(application, wait, "predict")
    application.controller.toggle_freeze()
    wait(lambda: "The picture moves" in application.window.laboratory.words)
    assert not application.window.maps.pooled._picture.laid.has_values
    assert not panel.tiles.isVisible()
    application.controller.toggle_freeze()
    wait(lambda: question_of(state_of(application).finding) is not None)
    application.controller.toggle_freeze()
    wait(lambda: "The picture moves" in application.window.laboratory.words)
    panel.following.click()
    assert state_of(application).is_frozen
    wait(lambda: question_of(state_of(application).finding) is not None)


def test_another_picture_ends_what_was_answered(started, wait, qtbot):
    application = started(LIVE)
    enter(application, wait, "predict")

    def is_answered():
        """Answer what is asked now: a frame that was on its way may bring another question."""
        finding = state_of(application).finding
        if finding is None or getattr(finding, "traced", None) is not None:
            return finding is not None
        window = question_of(finding).window
        corner = Pixel(MapName.FEATURE, window.row_start, window.col_start)
        click(application, qtbot, corner)
        return False

    wait(is_answered)
    application.controller.toggle_freeze()
    wait(lambda: "The maps are others now" in application.window.laboratory.words)
    application.window.laboratory.panels["predict"].following.click()
    assert state_of(application).is_frozen
    wait(lambda: question_of(state_of(application).finding) is not None)
