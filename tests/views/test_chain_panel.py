"""The chain under the trace: its list, the unfolded step, and the wishes for others."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from poolviewer.core.chain_focus import ChainFocus
from poolviewer.core.chain_scene import ChainQuestion, ChainScene
from poolviewer.drawing.step_marks import step_colour
from poolviewer.views.chain_list import MOST_ROWS, ROW_HEIGHT, VALUE
from poolviewer.views.chain_panel import ChainPanel
from poolviewer.views.wrapped_text import WrappedText
from tests.core.test_chain_scene import PIXEL, with_many_layers, with_one_layer
from tests.drawing.painting import is_colour, pixels_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(show):
    return show(ChainPanel(), 300, 700)


def scene_of(activations, step=None, choices=()):
    return ChainQuestion(activations, 0, PIXEL, ChainFocus(step, choices)).answer()


def texts(panel):
    labels = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    return labels + [words.text for words in panel.findChildren(WrappedText) if words.isVisible()]


def centre_of(panel, row):
    return panel.steps.visualRect(panel.steps.model().index(row, 0)).center()


def test_without_a_chain_nothing_is_shown(panel):
    panel.show_chain(scene_of(with_one_layer()))
    assert panel.isVisible()
    panel.show_chain(ChainScene())
    assert not panel.isVisible()


def test_every_step_is_a_line_and_nothing_is_unfolded_at_first(panel):
    scene = scene_of(with_many_layers())
    panel.show_chain(scene)
    model = panel.steps.model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert names == ["pool", "second", "relu", "inner", "first"]
    values = [model.index(row, VALUE).data() for row in range(model.rowCount())]
    assert values[0].startswith("(1, 1) = ")
    assert values[0].endswith(" ✓")
    assert values[1].endswith(" ≠")
    assert not panel.taps.isVisible()
    assert not panel.steps.selectionModel().hasSelection()
    spoken = panel.steps.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Step 2: second, convolution 3×3, strides 1×1, same. Pixel (")


def test_what_the_products_come_to_is_said_and_compared(panel):
    panel.show_chain(scene_of(with_one_layer()))
    assert any(
        text.startswith("9 products = ") and text.endswith("≠ differs") for text in texts(panel)
    )


@pytest.mark.parametrize("step", [0, 1, 2, 3, 4])
def test_a_step_unfolds_below_the_list(panel, step):
    scene = scene_of(with_many_layers(), step)
    panel.show_chain(scene)
    row = next(row for row, each in enumerate(scene.chain.steps) if each.step == step)
    assert [index.row() for index in panel.steps.selectionModel().selectedRows()] == [row]
    assert panel.taps.isVisible()
    assert any(text.startswith(f"{scene.step.layer}: ") for text in texts(panel))
    panel.show_chain(scene_of(with_many_layers()))
    assert not panel.taps.isVisible()
    assert not panel.steps.selectionModel().hasSelection()


def test_the_arrow_keys_walk_through_the_steps(panel, qtbot):
    panel.show_chain(scene_of(with_many_layers(), 4))
    panel.steps.setFocus()
    with qtbot.waitSignal(panel.step_requested) as asked:
        QTest.keyClick(panel.steps, Qt.Key.Key_Down)
    assert asked.args == [3]
    panel.show_chain(scene_of(with_many_layers(), 3))
    with qtbot.waitSignal(panel.step_requested) as asked:
        QTest.keyClick(panel.steps, Qt.Key.Key_Return)
    assert asked.args == [None]


def test_a_click_unfolds_and_a_second_one_folds(panel, qtbot):
    panel.show_chain(scene_of(with_many_layers()))
    viewport = panel.steps.viewport()
    with qtbot.waitSignal(panel.step_requested) as asked:
        qtbot.mouseClick(viewport, LEFT, pos=centre_of(panel, 3))
    assert asked.args == [1]
    panel.show_chain(scene_of(with_many_layers(), 1))
    with qtbot.waitSignal(panel.step_requested) as asked:
        qtbot.mouseClick(viewport, LEFT, pos=centre_of(panel, 3))
    assert asked.args == [None]


def test_new_numbers_wish_for_nothing(panel, qtbot):
    panel.show_chain(scene_of(with_many_layers(), 3))
    with qtbot.assertNotEmitted(panel.step_requested):
        panel.show_chain(scene_of(with_many_layers(), 3))
        panel.show_chain(scene_of(with_one_layer(), 0))
        panel.show_chain(scene_of(with_many_layers(), 1))


def test_a_click_on_a_tap_follows_it(panel, qtbot):
    scene = scene_of(with_many_layers(), 3)
    panel.show_chain(scene)
    grid = panel.taps.grids[0]
    for row, col in ((0, 0), (2, 1)):
        with qtbot.waitSignal(panel.tap_requested) as asked:
            place = panel.taps.cell(0, row, col).center().toPoint()
            qtbot.mouseClick(panel.taps, LEFT, pos=place)
        assert asked.args == [3, grid.taps[row][col]]
    with qtbot.assertNotEmitted(panel.tap_requested):
        qtbot.mouseClick(panel.taps, LEFT, pos=QPoint(panel.taps.width() - 1, 2))


def test_the_arrow_keys_follow_the_tap_beside(panel, qtbot):
    scene = scene_of(with_many_layers(), 3, ((3, 4),))
    panel.show_chain(scene)
    keys = {Qt.Key.Key_Up: 1, Qt.Key.Key_Left: 3, Qt.Key.Key_Right: 5, Qt.Key.Key_Down: 7}
    for key, tap in keys.items():
        with qtbot.waitSignal(panel.tap_requested) as asked:
            QTest.keyClick(panel.taps, key)
        assert asked.args == [3, tap]
    panel.show_chain(scene_of(with_many_layers(), 3, ((3, 0),)))
    with qtbot.assertNotEmitted(panel.tap_requested):
        QTest.keyClick(panel.taps, Qt.Key.Key_Up)


def test_the_followed_tap_is_marked_in_the_colour_of_its_step(panel):
    scene = scene_of(with_many_layers(), 3, ((3, 4),))
    panel.show_chain(scene)
    pixels = pixels_of(panel.taps.grab().toImage())
    ys, xs = np.nonzero(is_colour(pixels, QColor(step_colour(2)).name()))
    cell = panel.taps.cell(0, 1, 1)
    assert len(ys) > 100
    assert cell.contains(xs.min(), ys.min())
    assert cell.contains(xs.max(), ys.max())


def test_the_end_of_a_chain_is_told(panel):
    activations = with_many_layers()
    without = replace(activations, step_maps=())
    panel.show_chain(scene_of(without))
    assert "Pin the pixel or freeze the picture to follow it further." in texts(panel)
    panel.show_chain(scene_of(activations))
    assert not any("Pin" in text for text in texts(panel))


def test_many_steps_scroll_in_a_list_of_a_few_lines(panel):
    panel.show_chain(scene_of(with_many_layers()))
    assert panel.steps.height() == 5 * ROW_HEIGHT + 2 * panel.steps.frameWidth()
    last = panel.steps.visualRect(panel.steps.model().index(4, 0))
    assert last.bottom() == panel.steps.viewport().height() - 1
    assert MOST_ROWS * ROW_HEIGHT < 200


def test_no_number_is_cut_off(panel):
    panel.show_chain(scene_of(with_many_layers(), 3))
    steps = panel.steps
    widest = max(
        steps.fontMetrics().horizontalAdvance(steps.model().index(row, VALUE).data())
        for row in range(5)
    )
    assert steps.columnWidth(VALUE) > widest
    assert steps.columnWidth(0) + steps.columnWidth(VALUE) <= steps.viewport().width()


def test_it_has_names_for_those_who_do_not_see_it(panel):
    panel.show_chain(scene_of(with_many_layers(), 3))
    for widget in (panel.steps, panel.taps):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name)
