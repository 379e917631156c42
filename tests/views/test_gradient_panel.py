"""The panel of the gradient mode: where the 1 stands, and which channels of the input are seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.views.laboratory.gradient_panel import GradientPanel
from tests.views.renderings import rendering_of


@pytest.fixture
def panel(show):
    shown = show(GradientPanel(), 500, 120)
    shown.show_experiment(Backpropagation())
    shown.show_rendering(rendering_of(), 0)
    return shown


def next_by_key(panel, qtbot, box):
    box.setFocus()
    with qtbot.waitSignal(panel.experiment_changed) as wished:
        QTest.keyClick(box, Qt.Key.Key_Down)
    return wished.args[0]


def test_the_keyboard_chooses_where_it_begins(panel, qtbot):
    assert next_by_key(panel, qtbot, panel.start) == Backpropagation(is_everywhere=True)
    panel.show_experiment(Backpropagation(is_everywhere=True))
    assert panel.start.currentText() == "all pooled pixels"


def test_the_keyboard_chooses_what_is_shown(panel, qtbot):
    assert next_by_key(panel, qtbot, panel.view) == Backpropagation(view="largest")
    panel.show_experiment(Backpropagation(view="largest"))
    assert next_by_key(panel, qtbot, panel.view) == Backpropagation(view=0)


def test_the_channels_are_those_of_the_networks_input(panel):
    names = rendering_of().activations.network.input.channel_names
    offered = [panel.view.itemText(index) for index in range(panel.view.count())]
    assert offered[2:] == [f"channel {name}" for name in names]
    panel.show_experiment(Backpropagation(view=1))
    assert panel.view.currentText() == f"channel {names[1]}"


def test_both_boxes_tell_what_they_are_for(panel):
    for box in (panel.start, panel.view):
        assert box.toolTip()
        assert box.accessibleName()
