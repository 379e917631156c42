"""The panel of the mode Compare: settings that follow the network until they are chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.related import Related
from poolviewer.core.view_state import TraceScene
from poolviewer.views.fields import SpinBox
from poolviewer.views.laboratory.compare_panel import HINT, ComparePanel
from tests.views.renderings import rendering_of


@pytest.fixture
def panel(show):
    shown = show(ComparePanel(), 360, 240)
    shown.show_experiment(Compare())
    shown.show_rendering(rendering_of(), 0)
    return shown


def test_what_was_not_chosen_is_shown_as_the_network_has_it(panel):
    values = {name: field.value() for name, field in panel.fields.items()}
    assert values == {
        "kind": "average",
        "size": (2, 2),
        "strides": (2, 2),
        "padding": "valid",
    }


def test_the_keyboard_chooses_a_setting_and_no_other(panel, qtbot):
    kind = panel.fields["kind"]
    with qtbot.waitSignal(panel.experiment_changed) as wished:
        QTest.keyClick(kind, Qt.Key.Key_Down)
    assert wished.args[0] == Compare("first")
    panel.show_experiment(wished.args[0])
    rows = panel.fields["strides"].findChildren(SpinBox)[0]
    with qtbot.waitSignal(panel.experiment_changed) as wished:
        QTest.keyClick(rows, Qt.Key.Key_Up)
    assert wished.args[0] == Compare("first", strides=(3, 2))


def test_frames_do_not_take_chosen_settings_away(panel):
    panel.show_experiment(Compare(size=(5, 3)))
    panel.show_rendering(rendering_of(), 0)
    assert panel.fields["size"].value() == (5, 3)
    assert panel.fields["strides"].value() == (2, 2)


def test_it_tells_the_numbers_of_the_pixel_or_what_to_do(panel):
    panel.show_trace(TraceScene())
    assert panel.words.text == HINT
    panel.show_trace(TraceScene(related=Related(sentences=("First", "Second"))))
    assert panel.words.text == "First\nSecond"


def test_every_number_is_wide_enough_and_named(panel):
    for field in panel.fields.values():
        assert field.accessibleName()
        assert field.toolTip()
        for box in field.findChildren(SpinBox):
            assert box.width() >= box.minimumSizeHint().width()
