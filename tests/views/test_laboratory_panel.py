"""The laboratory below the maps: settings, words, the meaning of colours, maps of its own."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from poolviewer.core.geometry import Axis, MapGeometry, Rect
from poolviewer.core.laboratory.experiment import Finding, Overlay, Subject
from poolviewer.core.laboratory.lost import Lost
from poolviewer.drawing.map_picture import Laid, MapPicture
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.drawing.values import ValueGrid
from poolviewer.views.laboratory.steady_words import SteadyWords
from poolviewer.views.main_window import MainWindow
from poolviewer.views.map_layers import PictureLayer
from tests.drawing.painting import painted
from tests.export.cases import network

from .renderings import rendering_of

FEW = network(13, 13, filters=3)


def found(experiment, rendering=None, channel=0):
    """Return a rendering with what an experiment found on it."""
    rendering = rendering or rendering_of(FEW)
    subject = Subject(rendering.activations, channel, None, None)
    return replace(rendering, finding=experiment.conduct(subject))


@pytest.fixture
def window(show):
    return show(MainWindow(), 1280, 720)


def open_with(window, experiment, channel=0, rendering=None):
    window.show_experiment(experiment)
    window.show_rendering(found(experiment, rendering, channel), channel)


def words_of(window):
    return [entry.word for entry in window.laboratory.legend.entries]


def test_it_says_what_was_found_and_what_the_colours_mean(window):
    open_with(window, Lost("offsets"))
    assert window.laboratory.words.startswith("96 of 121 pixels won in no window.")
    corners = ["top left", "top right", "bottom left", "bottom right"]
    assert words_of(window) == [*corners, "in no window"]
    assert window.laboratory.extra_maps.isVisible()
    open_with(window, Lost())
    assert words_of(window) == ["did not win", "in no window"]
    window.show_experiment(None)
    assert window.maps.feature.overlay is None


@pytest.mark.parametrize("view", ["losers", "offsets", "margin", "nothing"])
@pytest.mark.parametrize("size", [(880, 560), (1280, 720), (1920, 1080)])
def test_nothing_is_clipped_or_wider_than_its_place(window, qtbot, view, size):
    window.resize(*size)
    open_with(window, Lost(view, has_flags=True))
    legend = window.laboratory.legend
    qtbot.waitUntil(lambda: legend.width() > 0 and legend.isVisible())
    parts = (legend, window.laboratory.panels["lost"], window.laboratory.extra_maps)
    for part in parts:
        right = part.mapTo(window.laboratory, part.rect().topRight()).x()
        assert right < window.laboratory.width()


def test_an_overlay_of_another_channel_is_not_painted(window):
    open_with(window, Lost())
    assert window.maps.feature.overlay is not None
    window.show_rendering(found(Lost(), channel=0), 1)
    assert window.maps.feature.overlay is None


def test_the_settings_are_wishes(window, qtbot):
    open_with(window, Lost())
    panel = window.laboratory.panels["lost"]
    with qtbot.waitSignal(window.experiment_chosen) as wished:
        qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert wished.args == [Lost("offsets")]
    with qtbot.waitSignal(window.experiment_chosen) as wished:
        panel.flags.click()
    assert wished.args == [Lost(has_flags=True)]
    window.show_experiment(Lost("margin", has_flags=True))
    assert panel.view.currentText() == "margin to the runner-up"
    assert panel.flags.isChecked()
    assert all(part.toolTip() for part in (panel.view, panel.flags))


def test_an_obstacle_stands_where_the_words_do(window):
    window.show_experiment(Lost())
    finding = Finding(Lost(), 0, obstacle="It does not apply.")
    window.show_rendering(replace(rendering_of(FEW), finding=finding), 0)
    assert window.laboratory.words == "It does not apply."
    assert not window.laboratory.extra_maps.isVisible()


def test_extra_maps_stand_in_the_middle_and_move_with_the_maps(window, qtbot):
    open_with(window, Lost())
    extra = window.laboratory.extra_maps.views[0]

    def is_in_step():
        seen, whole = extra.view_box.viewRect(), window.maps.pooled.view_box.viewRect()
        offset = seen.center() - whole.center()
        # One of the sides is the same; the other is what the wider view shows besides.
        excess = min(seen.width() / whole.width(), seen.height() / whole.height())
        return offset.manhattanLength() < 1e-6 and excess == pytest.approx(1)

    qtbot.waitUntil(is_in_step)
    before = window.maps.pooled.view_box.viewRect().width()
    window.maps.zoom(0.5)
    qtbot.waitUntil(is_in_step)
    extra.zoom(0.5)
    qtbot.waitUntil(is_in_step)
    assert window.maps.pooled.view_box.viewRect().width() == pytest.approx(before / 4, rel=0.02)
    window.maps.fit()
    qtbot.waitUntil(is_in_step)
    assert window.maps.pooled.view_box.viewRect().width() == pytest.approx(before)


def test_the_wheel_over_an_extra_map_moves_the_three(window, qtbot):
    open_with(window, Lost())
    viewport = window.laboratory.extra_maps.views[0].view.viewport()
    before = window.maps.input.view_box.viewRect().width()
    middle = viewport.rect().center()
    event = QWheelEvent(
        middle.toPointF(), viewport.mapToGlobal(middle).toPointF(), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
    qtbot.waitUntil(lambda: window.maps.input.view_box.viewRect().width() < before)


@pytest.mark.parametrize("is_bright", [False, True])
def test_numbers_stand_out_on_the_colours_over_their_pixels(is_bright):
    """A black pixel has a black number where a bright colour lies over it."""
    layer, world, geometry = PictureLayer(), Rect(0, 0, 1, 1), MapGeometry(Axis(1), Axis(1))
    shades = np.zeros((1, 1), np.uint8)
    grid = ValueGrid(np.array([[88.88]], np.float32), np.array([[True]]), geometry)
    layer.picture = MapPicture(ScreenImage.of_shades(shades, "grey"), world, lambda: grid)
    if is_bright:
        overlay = Overlay(np.full((1, 1), 9, np.uint8), "offsets")
        layer.laid = Laid.of(overlay, has_values=True)
    target = QRectF(0, 0, 60, 60)
    mapping = DeviceMapping.filling(world, target)
    pixels = painted(lambda p: layer.paint(p, mapping, target), 60, 60)
    ground = pixels[0, 0, 0]
    assert ground == (192 if is_bright else 0)
    number = pixels[..., 0]
    assert number.min() < 60 if is_bright else number.max() > 200
    assert number.max() == ground if is_bright else number.min() == ground


def test_words_grow_move_nothing_and_shrink_only_when_emptied(show, qtbot):
    words, outer = SteadyWords(), QWidget()
    QVBoxLayout(outer).addWidget(words)
    show(outer, 200, 400)
    words.show_text("One line.")
    one = words.height()
    words.show_text("A sentence that is so long that it needs more than one line. " * 3)
    qtbot.waitUntil(lambda: words.height() > 2 * one)
    high = words.height()
    words.show_text("One line.")
    assert words.text == "One line."
    qtbot.waitUntil(lambda: words.findChild(QLabel).text() == "One line.")
    assert words.height() == high
    words.show_text("")
    assert words.height() == 0
