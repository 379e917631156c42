"""The panel of the poke mode: channels, exact numbers, undo, redo, reset, and the list."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.poke import MOST_EDITS, Poke
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.view_state import TraceScene
from poolviewer.views.laboratory.poke_panel import PokePanel
from poolviewer.views.main_window import MainWindow
from tests.export.cases import network
from tests.views.renderings import SMALL, rendering_of, scene_on

FIRST = Edit(MapName.FEATURE, 1, 2, 0, 3.0)
SECOND = Edit(MapName.INPUT, 3, 4, 1, -2.5)
BOTH = Poke((FIRST, SECOND))
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def panel(show):
    shown = show(PokePanel(), 700, 220)
    shown.show_experiment(Poke())
    shown.show_rendering(rendering_of(), 2)
    return shown


def wish(panel, qtbot, act):
    with qtbot.waitSignal(panel.experiment_changed) as wished:
        act()
    return wished.args[0]


def listed(panel):
    return [panel.edits.item(row).text() for row in range(panel.edits.count())]


def test_the_channels_are_those_of_the_network(panel, qtbot):
    names = [panel.channel.itemText(number) for number in range(panel.channel.count())]
    assert names == ["All together", "B", "G", "R"]
    panel.channel.setCurrentIndex(2)
    chosen = wish(panel, qtbot, lambda: panel.channel.activated.emit(2))
    assert chosen == Poke(channel=1)
    panel.show_experiment(chosen)
    panel.show_rendering(rendering_of(network(6, 8, order="grey")), 0)
    assert panel.channel.count() == 2
    assert panel.channel.currentIndex() == -1  # this network has no channel 1
    panel.show_rendering(rendering_of(SMALL), 0)
    assert panel.channel.currentText() == "G"


def test_the_list_has_the_newest_first_and_follows_a_drag(panel):
    panel.show_experiment(BOTH)
    assert listed(panel) == [
        "Input pixel (3, 4) G −2.500",
        "Feature-map pixel (1, 2) +3.000 · channel 0",
    ]
    panel.show_experiment(Poke((FIRST, replace(SECOND, by=7.0))))
    assert listed(panel)[0] == "Input pixel (3, 4) G +7.000"
    panel.show_experiment(BOTH.undo())
    assert listed(panel) == ["Feature-map pixel (1, 2) +3.000 · channel 0"]
    panel.show_experiment(BOTH.cleared())
    assert not listed(panel)


def test_the_buttons_undo_redo_and_reset_where_there_is_something(panel, qtbot):
    buttons = (panel.undo, panel.redo, panel.reset)
    assert [button.isEnabled() for button in buttons] == [False, False, False]
    panel.show_experiment(BOTH.undo())
    assert [button.isEnabled() for button in buttons] == [True, True, True]
    assert wish(panel, qtbot, panel.undo.click) == BOTH.undo().undo()
    assert wish(panel, qtbot, panel.redo.click) == BOTH
    assert wish(panel, qtbot, panel.reset.click) == BOTH.undo().cleared()


@pytest.mark.parametrize(("name", "channel"), [(MapName.FEATURE, 2), (MapName.INPUT, None)])
def test_an_exact_number_is_added_to_the_pinned_pixel(panel, qtbot, name, channel):
    assert not panel.apply.isEnabled()
    panel.show_trace(scene_on(name, 2, 3, is_pinned=True))
    panel.amount.setValue(-12.125)
    assert wish(panel, qtbot, panel.apply.click).done == (Edit(name, 2, 3, channel, -12.125),)
    added = wish(panel, qtbot, lambda: QTest.keyClick(panel.amount, Qt.Key.Key_Return))
    assert added.done == (Edit(name, 2, 3, channel, -12.125),)


@pytest.mark.parametrize(
    "scene",
    [
        TraceScene(),
        scene_on(MapName.POOLED, 1, 1, is_pinned=True),
        scene_on(MapName.FEATURE, 1, 1),
    ],
)
def test_nothing_is_added_without_a_pinned_pixel_that_can_change(panel, qtbot, scene):
    panel.show_trace(scene_on(MapName.FEATURE, 1, 1, is_pinned=True))
    panel.show_trace(scene)
    assert not panel.apply.isEnabled()
    assert panel.apply.toolTip()
    with qtbot.assertNotEmitted(panel.experiment_changed):
        QTest.keyClick(panel.amount, Qt.Key.Key_Return)


def test_a_full_list_takes_no_more(panel):
    panel.show_trace(scene_on(MapName.FEATURE, 1, 1, is_pinned=True))
    panel.show_experiment(Poke((FIRST,) * MOST_EDITS))
    assert not panel.apply.isEnabled()
    assert str(MOST_EDITS) in panel.apply.toolTip()


def test_everything_is_named_and_explained(panel):
    for widget in (panel.channel, panel.amount, panel.edits):
        assert widget.accessibleName()
    for widget in (panel.channel, panel.amount, panel.apply, panel.undo, panel.redo, panel.reset):
        assert widget.toolTip()


@pytest.fixture
def window(show):
    shown = show(MainWindow(), 1280, 800)
    shown.show_rendering(rendering_of(), 0)
    shown.activateWindow()
    return shown


def test_undo_and_redo_are_there_where_the_mode_can(window):
    def are_enabled():
        return [window.wishes[name].isEnabled() for name in ("undo", "redo")]

    assert are_enabled() == [False, False]
    for experiment, wanted in (
        (Poke(), [False, False]),
        (BOTH, [True, False]),
        (BOTH.undo(), [True, True]),
        (Lost(), [False, False]),
        (BOTH.cleared(), [False, True]),
        (None, [False, False]),
    ):
        window.show_experiment(experiment)
        assert are_enabled() == wanted


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_Z, CONTROL, "undo_requested"),
        (Qt.Key.Key_Z, CONTROL | SHIFT, "redo_requested"),
        (Qt.Key.Key_Y, CONTROL, "redo_requested"),
    ],
)
@pytest.mark.parametrize("has_amount", [False, True])
def test_undo_and_redo_have_their_keys(window, qtbot, key, modifiers, signal, has_amount):
    window.show_experiment(BOTH.undo())
    if has_amount:  # the number that is typed has no history of its own
        amount = window.laboratory.panels["poke"].amount
        amount.setFocus()
        qtbot.waitUntil(amount.hasFocus)
        QTest.keyClicks(amount, "7")
    with qtbot.waitSignal(getattr(window, signal)):
        QTest.keyClick(window.windowHandle(), key, modifiers)


def test_a_drag_in_the_window_is_wished_for(window, qtbot):
    window.show_experiment(Poke())
    view = window.maps.feature
    tile = SMALL.stage.feature_geometry.tile(1, 1)
    point = view.world_to_widget(*tile.centre).toPoint()
    QTest.mousePress(view.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    with qtbot.waitSignal(window.pixel_dragged) as dragged:
        QTest.mouseMove(view.view.viewport(), point - QPoint(0, 20))
    assert dragged.args == [Pixel(MapName.FEATURE, 1, 1), pytest.approx(0.1), True]
    with qtbot.waitSignal(window.drag_ended):
        QTest.mouseRelease(view.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
