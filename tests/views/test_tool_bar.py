"""The toolbar's choices."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QMainWindow, QToolButton

from poolviewer.core.display import DisplaySpec
from poolviewer.core.network import PRESETS, NetworkSpec
from poolviewer.views.actions import make_actions
from poolviewer.views.tool_bar import ToolBar


@pytest.fixture
def tool_bar(show):
    window = show(QMainWindow(), 1280, 200)
    bar = ToolBar(make_actions(window), window)
    window.addToolBar(bar)
    bar.show_network(NetworkSpec())
    bar.show_stage("max_pooling2d")
    bar.show_display(DisplaySpec())
    return bar


def own_buttons(bar):
    return [b for b in bar.findChildren(QToolButton) if b.objectName() != "qt_toolbar_ext_button"]


def words(box):
    return [box.itemText(index) for index in range(box.count())]


def test_presets_are_offered(tool_bar, qtbot):
    assert words(tool_bar.presets) == list(PRESETS)
    with qtbot.waitSignal(tool_bar.network_changed) as changed:
        qtbot.keyClick(tool_bar.presets, Qt.Key.Key_Down)
    assert changed.args == [PRESETS["grey 224×224"]]


def test_own_parameters_are_called_custom(tool_bar, qtbot):
    with qtbot.assertNotEmitted(tool_bar.network_changed):
        tool_bar.show_network(NetworkSpec(filters=3))
        assert tool_bar.presets.currentText() == "custom"
        tool_bar.show_network(NetworkSpec(filters=4))
        assert words(tool_bar.presets) == [*PRESETS, "custom"]
        tool_bar.show_network(PRESETS["grey 224×224"])
    assert tool_bar.presets.currentText() == "grey 224×224"
    assert words(tool_bar.presets) == list(PRESETS)


def test_choosing_custom_again_changes_nothing(tool_bar, qtbot):
    tool_bar.show_network(NetworkSpec(filters=3))
    with qtbot.assertNotEmitted(tool_bar.network_changed):
        tool_bar.presets.activated.emit(2)


def test_the_stage_is_named(tool_bar):
    tool_bar.show_stage("average_pooling2d")
    assert words(tool_bar.stages) == ["average_pooling2d"]


def test_colour_maps_and_levels_are_wished_for(tool_bar, qtbot):
    wishes = []
    tool_bar.display_changed.connect(wishes.append)
    rest = {"is_mirrored": True, "order": "mean", "place": 64}
    tool_bar.show_display(DisplaySpec("viridis", "channel", **rest))
    qtbot.keyClick(tool_bar.colour_maps, Qt.Key.Key_Down)
    tool_bar.show_display(wishes[-1])
    qtbot.keyClick(tool_bar.levels, Qt.Key.Key_Down)
    assert wishes == [
        DisplaySpec("diverging", "channel", **rest),
        DisplaySpec("diverging", "shared", **rest),
    ]


def test_a_shown_display_is_no_wish(tool_bar, qtbot):
    with qtbot.assertNotEmitted(tool_bar.display_changed):
        tool_bar.show_display(DisplaySpec("diverging", "shared"))
    assert tool_bar.colour_maps.currentText() == "Diverging"
    assert tool_bar.levels.currentText() == "shared"


def test_everything_has_a_tip(tool_bar):
    for widget in (tool_bar.presets, tool_bar.stages, tool_bar.colour_maps, tool_bar.levels):
        assert widget.toolTip()
        assert widget.accessibleName()
    own = [
        b for b in tool_bar.findChildren(QToolButton) if b.objectName() != "qt_toolbar_ext_button"
    ]
    assert len(own) == 7
    assert all(button.toolTip() for button in own)


@pytest.mark.parametrize("width", range(880, 1300, 20))
def test_nothing_is_left_out_in_a_narrow_window(tool_bar, qtbot, width):
    tool_bar.window().resize(width, 200)
    extension = tool_bar.findChild(QToolButton, "qt_toolbar_ext_button")
    qtbot.waitUntil(lambda: tool_bar.width() == width and not extension.isVisible())
    shown = [
        w for w in (*own_buttons(tool_bar), *tool_bar.findChildren(QComboBox)) if w.isVisible()
    ]
    assert len(shown) == 7 + 4
    assert max(widget.geometry().right() for widget in shown) < width


def test_words_come_back_with_the_room(tool_bar, qtbot):
    def words_shown():
        return {label.text() for label in tool_bar.findChildren(QLabel) if label.isVisible()}

    all_words = {"Network", "Stage", "Colours", "Levels"}
    qtbot.waitUntil(lambda: words_shown() == all_words)
    tool_bar.window().resize(880, 200)
    qtbot.waitUntil(lambda: not words_shown())
    tool_bar.window().resize(1280, 200)
    qtbot.waitUntil(lambda: words_shown() == all_words)
