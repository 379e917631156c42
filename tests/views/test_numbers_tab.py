"""The two tables of numbers: what they hold, mark, follow and copy."""

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QTabWidget, QToolButton

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.numbers import format_number
from poolviewer.drawing.palette import HALO, ROLE_COLOURS
from poolviewer.views.numbers_tab import NumbersTab, marks_of
from tests.drawing.painting import is_colour, pixels_of
from tests.export.cases import network
from tests.views.renderings import ODD, SMALL, rendering_of, scene_of, with_maps

DISPLAY = Qt.ItemDataRole.DisplayRole
BACKGROUND = Qt.ItemDataRole.BackgroundRole


@pytest.fixture
def tab(show):
    shown = show(NumbersTab(), 400, 600)
    shown.show_rendering(rendering_of(), 2)
    return shown


def texts_of(table):
    model = table.array
    return [
        [model.index(row, col).data() for col in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def select(table, top, left, bottom, right):
    cells = QItemSelection(table.array.index(top, left), table.array.index(bottom, right))
    table.selectionModel().select(cells, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def parsed(text):
    return np.array([[float(cell) for cell in line.split("\t")] for line in text.split("\n")])


def colours_of(table):
    model = table.array
    return {
        (row, col): colour.name().upper()
        for row in range(model.rowCount())
        for col in range(model.columnCount())
        if (colour := model.index(row, col).data(BACKGROUND)) is not None
    }


def test_both_tables_hold_the_channel(tab):
    activations = rendering_of().activations
    for table, maps in (
        (tab.feature, activations.feature_maps),
        (tab.pooled, activations.pooled_maps),
    ):
        wanted = [[format_number(float(value)) for value in row] for row in maps[:, :, 2]]
        assert texts_of(table) == wanted


def test_rows_and_columns_count_from_zero(tab):
    model = tab.feature.array
    assert [model.headerData(i, Qt.Orientation.Vertical) for i in range(4)] == list("0123")
    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(6)] == list("012345")


def test_a_cell_has_no_cells_of_its_own(tab):
    inner = tab.feature.array.index(0, 0)
    assert tab.feature.array.rowCount(inner) == tab.feature.array.columnCount(inner) == 0
    assert tab.feature.array.rowCount(QModelIndex()) == 4


def test_new_numbers_of_the_same_size_keep_the_place(show, qtbot):
    tab = show(NumbersTab(), 300, 300)
    tab.show_rendering(rendering_of(ODD), 0)
    tab.feature.verticalScrollBar().setValue(70)
    with qtbot.waitSignal(tab.feature.array.dataChanged):
        tab.show_rendering(rendering_of(ODD, seed=3), 0)
    assert tab.feature.verticalScrollBar().value() == 70
    with qtbot.waitSignal(tab.feature.array.modelReset):
        tab.show_rendering(rendering_of(), 0)


@pytest.mark.parametrize(("is_pinned", "own"), [(False, Role.PIXEL), (True, Role.PINNED)])
def test_the_window_of_a_pooled_pixel_is_marked(tab, is_pinned, own):
    rendering = rendering_of()
    scene = scene_of(rendering, Pixel(MapName.POOLED, 1, 2), is_pinned=is_pinned, channel=2)
    tab.show_trace(scene)
    winner = scene.trace.winner
    wanted = dict.fromkeys([(2, 4), (2, 5), (3, 4), (3, 5)], ROLE_COLOURS[Role.WINDOW])
    wanted[winner] = ROLE_COLOURS[Role.WINNER]
    assert colours_of(tab.feature) == wanted
    assert colours_of(tab.pooled) == {(1, 2): ROLE_COLOURS[own]}
    assert tab.feature.array.index(*winner).data(Qt.ItemDataRole.FontRole).bold()


def test_the_pools_of_a_feature_pixel_are_marked(tab):
    spec = network(9, 9, filters=3, pool_size=(3, 3))
    rendering = rendering_of(spec)
    tab.show_rendering(rendering, 1)
    scene = scene_of(rendering, Pixel(MapName.FEATURE, 2, 2), channel=1)
    tab.show_trace(scene)
    wanted = {
        (feed.row, feed.col): ROLE_COLOURS[Role.WINNER if feed.has_won else Role.WINDOW]
        for feed in scene.trace.feeds
    }
    assert len(wanted) == 4
    assert colours_of(tab.pooled) == wanted
    assert colours_of(tab.feature) == {(2, 2): ROLE_COLOURS[Role.PIXEL]}


def test_marks_go_with_the_trace(tab):
    rendering = rendering_of()
    tab.show_trace(scene_of(rendering, Pixel(MapName.POOLED, 1, 2)))
    tab.show_trace(scene_of(rendering, None))
    assert colours_of(tab.feature) == colours_of(tab.pooled) == {}
    assert marks_of(scene_of(rendering, Pixel(MapName.INPUT, 1, 2)).trace) == ({}, {})


def test_marks_do_not_outlive_their_map(tab):
    tab.show_trace(scene_of(rendering_of(), Pixel(MapName.FEATURE, 3, 5)))
    tab.show_rendering(rendering_of(network(4, 4, filters=3)), 0)
    assert colours_of(tab.feature) == {}


def test_the_hovered_cell_has_a_frame(tab):
    tab.show_trace(scene_of(rendering_of(), Pixel(MapName.POOLED, 0, 0), channel=2))
    rect = tab.pooled.visualRect(tab.pooled.array.index(0, 0))
    pixels = pixels_of(tab.pooled.viewport().grab(rect).toImage())
    assert is_colour(pixels[0], HALO).all()
    assert is_colour(pixels[2, 2], "#FFFFFF")


def test_tables_scroll_along(show, qtbot):
    tab = show(NumbersTab(), 300, 300)
    rendering = rendering_of(ODD)
    tab.show_rendering(rendering, 0)
    qtbot.waitUntil(
        lambda: all(t.verticalScrollBar().isVisible() for t in (tab.feature, tab.pooled))
    )
    for pixel in (
        Pixel(MapName.POOLED, 14, 14),
        Pixel(MapName.POOLED, 0, 0),
        Pixel(MapName.FEATURE, 30, 3),
    ):
        scene = scene_of(rendering, pixel)
        tab.show_trace(scene)
        for table, marks in zip((tab.feature, tab.pooled), marks_of(scene.trace), strict=True):
            for cell in marks:
                rect = table.visualRect(table.array.index(*cell))
                assert table.viewport().rect().contains(rect)


def test_no_number_is_cut_at_the_left(show, qtbot):
    tab = show(NumbersTab(), 300, 300)
    rendering = rendering_of(ODD)
    tab.show_rendering(rendering, 0)
    qtbot.waitUntil(tab.feature.verticalScrollBar().isVisible)
    for col in (4, 7, 11, 8, 2):
        scene = scene_of(rendering, Pixel(MapName.POOLED, 5, col))
        tab.show_trace(scene)
        assert tab.feature.columnViewportPosition(tab.feature.columnAt(0)) == 0
        for cell in marks_of(scene.trace)[0]:
            rect = tab.feature.visualRect(tab.feature.array.index(*cell))
            assert tab.feature.viewport().rect().contains(rect)


def test_a_person_may_look_elsewhere_while_frames_follow(show, qtbot):
    tab = show(NumbersTab(), 300, 300)
    tab.show_rendering(rendering_of(ODD), 0)
    qtbot.waitUntil(tab.feature.verticalScrollBar().isVisible)
    pixel = Pixel(MapName.POOLED, 12, 7)
    tab.show_trace(scene_of(rendering_of(ODD), pixel, is_pinned=True))
    tab.feature.verticalScrollBar().setValue(0)
    following = rendering_of(ODD, seed=1)
    tab.show_rendering(following, 0)
    tab.show_trace(scene_of(following, pixel, is_pinned=True))
    assert tab.feature.verticalScrollBar().value() == 0
    tab.show_trace(scene_of(following, None))
    tab.show_trace(scene_of(following, pixel, is_pinned=True))
    assert tab.feature.verticalScrollBar().value() > 0


def test_what_is_marked_is_in_sight_when_the_tab_opens(show, qtbot):
    tabs = show(QTabWidget(), 320, 400)
    tab, rendering = NumbersTab(), rendering_of(ODD)
    tabs.addTab(NumbersTab(), "other")
    tabs.addTab(tab, "numbers")
    tab.show_rendering(rendering, 0)
    tab.show_trace(scene_of(rendering, Pixel(MapName.POOLED, 9, 7), is_pinned=True))
    tabs.setCurrentWidget(tab)
    qtbot.waitUntil(tab.feature.verticalScrollBar().isVisible)
    for cell in ((18, 14), (19, 15)):
        rect = tab.feature.visualRect(tab.feature.array.index(*cell))
        assert tab.feature.viewport().rect().contains(rect)


# Copying


def test_everything_is_copied_at_full_precision(tab):
    values = rendering_of().activations.feature_maps[:, :, 2]
    copied = parsed(tab.feature.as_tsv())
    assert copied.astype(np.float32).tobytes() == values.tobytes()
    assert (copied.astype(np.float32) == values).all()


def test_the_selection_is_copied(tab):
    select(tab.feature, 1, 2, 3, 4)
    values = rendering_of().activations.feature_maps[1:4, 2:5, 2]
    assert (parsed(tab.feature.as_tsv()).astype(np.float32) == values).all()


def test_odd_numbers_survive_copying(show):
    tab = show(NumbersTab(), 400, 600)
    rendering = rendering_of()
    maps = rendering.activations.feature_maps.copy()
    maps[0, :6, 0] = [np.nan, np.inf, -np.inf, 1e-45, -0.0, 3.4028235e38]
    tab.show_rendering(with_maps(rendering, maps), 0)
    copied = parsed(tab.feature.as_tsv()).astype(np.float32)
    assert copied[0].tobytes() == maps[0, :, 0].tobytes()
    assert texts_of(tab.feature)[0][:3] == ["NaN", "∞", "−∞"]


def test_control_c_copies(tab, qtbot):
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    qtbot.keySequence(tab.pooled, QKeySequence(QKeySequence.StandardKey.Copy))
    assert clipboard.text() == tab.pooled.as_tsv()


def test_a_button_copies_each_table(tab, qtbot):
    for button, table in zip(_copy_buttons(tab), (tab.feature, tab.pooled), strict=True):
        QGuiApplication.clipboard().clear()
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text() == table.as_tsv()


def _copy_buttons(tab):
    buttons = [b for b in tab.findChildren(QToolButton) if b.text() == "Copy"]
    return sorted(buttons, key=lambda button: button.mapTo(tab, QPoint()).y())


def test_nothing_is_copied_from_an_empty_table(show, qtbot):
    assert show(NumbersTab(), 400, 600).feature.as_tsv() == ""


# Hidden


def test_a_hidden_tab_costs_nothing_and_is_right_when_shown(show, qtbot):
    tabs = show(QTabWidget(), 400, 600)
    tab = NumbersTab()
    tabs.addTab(NumbersTab(), "other")
    tabs.addTab(tab, "numbers")
    rendering = rendering_of(SMALL, seed=4)
    with qtbot.assertNotEmitted(tab.feature.array.dataChanged):
        tab.show_rendering(rendering_of(), 1)
        tab.show_rendering(rendering, 3)
        tab.show_trace(scene_of(rendering, Pixel(MapName.POOLED, 1, 2), channel=3))
    assert tab.feature.array.rowCount() == 0
    tabs.setCurrentWidget(tab)
    assert (tab.feature.array.values == rendering.activations.feature_maps[:, :, 3]).all()
    assert QColor(colours_of(tab.pooled)[1, 2]) == QColor(ROLE_COLOURS[Role.PIXEL])
