"""The traced pixel in numbers and words."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QToolButton

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.explanation import explain
from poolviewer.core.numbers import format_number
from poolviewer.core.trace import InputTrace
from poolviewer.core.view_state import TraceScene
from poolviewer.drawing.palette import ROLE_COLOURS
from poolviewer.views.trace_panel import HINT, TracePanel
from poolviewer.views.window_table import PADDING, WindowTable
from tests.drawing.painting import is_colour, pixels_of
from tests.export.cases import network
from tests.views.renderings import constant, rendering_of, scene_of, with_maps

POOLED = Pixel(MapName.POOLED, 1, 2)


@pytest.fixture
def panel(show):
    return show(TracePanel(), 320, 500)


def texts(panel):
    labels = panel.findChildren(QLabel)
    return [
        label.text().replace("\N{NO-BREAK SPACE}", " ") for label in labels if label.isVisible()
    ]


def table_of(panel):
    return panel.findChild(WindowTable)


def unpin_button(panel):
    return next(b for b in panel.findChildren(QToolButton) if b.text() == "Unpin")


def scene_for(case):
    rendering = rendering_of(
        network(8, 8, pool_kind="average") if case == "average" else network(8, 8)
    )
    if case == "ties":
        rendering = constant(rendering, 2.0)
    if case == "NaN":
        rendering = constant(rendering, np.nan)
    pixels = {"feature": Pixel(MapName.FEATURE, 3, 5), "input": Pixel(MapName.INPUT, 3, 5)}
    return scene_of(rendering, pixels.get(case, POOLED))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("pooled", "Winner: feature-map pixel"),
        ("feature", "Feeds pooled pixel (1, 2)"),
        ("input", "B "),
        ("average", "Average pooling has no winner"),
        ("ties", "4 pixels tie"),
        ("NaN", "No winner: the window holds nothing but NaN."),
    ],
)
def test_a_trace_is_put_into_words(panel, case, words):
    scene = scene_for(case)
    panel.show_trace(scene)
    wanted = explain(scene.trace)
    shown = texts(panel)
    assert shown[0] == wanted.headline
    assert any(words in text for text in shown)
    for sentence in (wanted.arithmetic, *wanted.sentences):
        assert any(sentence in text for text in shown)


def test_without_a_trace_it_says_how_to_get_one(panel):
    panel.show_trace(scene_for("pooled"))
    panel.show_trace(TraceScene())
    assert texts(panel) == [HINT]
    assert not table_of(panel).isVisible()


@pytest.mark.parametrize(
    ("case", "is_shown"), [("pooled", True), ("average", True), ("feature", False)]
)
def test_the_window_is_a_small_table(panel, case, is_shown):
    panel.show_trace(scene_for(case))
    assert table_of(panel).isVisible() == is_shown


def winner_pixels(panel):
    return is_colour(pixels_of(table_of(panel).grab().toImage()), ROLE_COLOURS[Role.WINNER])


def test_the_winner_is_marked_in_its_cell(panel):
    rendering = rendering_of(network(8, 8))
    for place in ((0, 0), (0, 1), (1, 0), (1, 1)):
        maps = np.zeros_like(rendering.activations.feature_maps)
        maps[2 + place[0], 4 + place[1]] = 1.0
        panel.show_trace(scene_of(with_maps(rendering, maps), POOLED))
        rows, cols = np.nonzero(winner_pixels(panel))
        cell = table_of(panel)._cell(*place)
        assert cell.contains(cols.mean(), rows.mean())


@pytest.mark.parametrize("case", ["average", "NaN"])
def test_no_winner_is_marked_where_there_is_none(panel, case):
    panel.show_trace(scene_for(case))
    assert not winner_pixels(panel).any()


@pytest.mark.parametrize("side", [5, 6, 7, 30])
def test_large_windows_stay_within_the_panel_and_whole(panel, side):
    spec = network(64, 64, filters=1, pool_size=(side, side))
    scene = scene_of(rendering_of(spec), Pixel(MapName.POOLED, 3, 3))
    panel.show_trace(scene)
    table = table_of(panel)
    assert table._cell(*(np.array(table._shape()) - 1)).right() <= table.width()
    numbers = [float(value) for value in (*scene.trace.values.flat, -1.234e-5)]
    room = table._cell(0, 0).width() - 2 * PADDING
    for text in map(format_number, numbers):
        assert QFontMetricsF(table._font_for(text, room)).horizontalAdvance(text) <= room
    assert table.part.contains(*scene.trace.winner)
    assert table.values.shape == table.part.shape
    assert table.values[table._winner_cell()] == scene.trace.value
    part = f"(5×5), of the window’s {side}×{side}."
    assert any(text.startswith("Shown: ") and part in text for text in texts(panel)) == (side > 5)
    if side > 6:
        assert any(f"{side * side - 16} more" in text for text in texts(panel))


def test_unpin_is_offered_for_a_pin_only(panel, qtbot):
    rendering = rendering_of(network(8, 8))
    panel.show_trace(scene_of(rendering, POOLED))
    assert not unpin_button(panel).isVisible()
    panel.show_trace(scene_of(rendering, POOLED, is_pinned=True))
    with qtbot.waitSignal(panel.unpin_requested):
        qtbot.mouseClick(unpin_button(panel), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("case", ["pooled", "feature", "input", "ties", "average", "NaN"])
@pytest.mark.parametrize("width", [280, 320])
def test_no_word_is_cut_off(show, case, width):
    panel = show(TracePanel(), width, 500)
    panel.show_trace(scene_for(case))
    content = panel.widget()
    assert content.minimumSizeHint().width() <= panel.viewport().width()


def test_of_many_input_channels_the_first_are_told(panel):
    values = tuple((f"R{number}", float(number)) for number in range(40))
    panel.show_trace(TraceScene(InputTrace(1, 2, values)))
    (arithmetic,) = [text for text in texts(panel) if text.startswith("R0")]
    assert arithmetic.startswith("R0 0, R1 1.000, R2 2.000")
    assert arithmetic.endswith("R7 7.000, … 32 more")
    few = explain(InputTrace(1, 2, values[:8]))
    assert few.arithmetic.endswith("R7 7.000")
