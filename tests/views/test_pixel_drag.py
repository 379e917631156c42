"""A pixel is dragged up and down in a real window, while the world stands still."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.poke import Poke
from poolviewer.views.maps_panel import MapsPanel
from poolviewer.views.pixel_drag import FINE, FULL_RANGE, KEY_STEP
from tests.views.renderings import SMALL, rendering_of

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
PIXELS = [Pixel(MapName.INPUT, 1, 2), Pixel(MapName.FEATURE, 2, 3)]
FEATURE = PIXELS[1]


class Wishes:
    """All that a panel wished for."""

    def __init__(self, panel):
        self.drags, self.ends, self.clicks, self.nudges = [], [], [], []
        self.hovered = []
        panel.pixel_dragged.connect(lambda *drag: self.drags.append(drag))
        panel.drag_ended.connect(self.ends.append)
        panel.pixel_clicked.connect(self.clicks.append)
        panel.nudge_requested.connect(lambda *nudge: self.nudges.append(nudge))
        panel.pixel_hovered.connect(self.hovered.append)


@pytest.fixture
def panel(show, qtbot):
    shown = show(MapsPanel(), 999, 420)
    shown.show_rendering(rendering_of(), 0)
    shown.show_experiment(Poke())
    qtbot.waitUntil(lambda: not (shown._refit.isActive() or shown._rehover.isActive()))
    return shown


@pytest.fixture
def wishes(panel):
    return Wishes(panel)


def viewport_of(panel, pixel):
    return getattr(panel, pixel.map_name.value).view.viewport()


def centre_of(panel, pixel):
    view = getattr(panel, pixel.map_name.value)
    tile = geometry_of(SMALL.stage, pixel.map_name).tile(pixel.row, pixel.col)
    return view.world_to_widget(*tile.centre).toPoint()


def send(viewport, kind, point, buttons=LEFT, modifiers=NONE, button=Qt.MouseButton.NoButton):
    place = QPointF(point), QPointF(viewport.mapToGlobal(point))
    QApplication.sendEvent(viewport, QMouseEvent(kind, *place, button, buttons, modifiers))


def press(panel, pixel):
    viewport, point = viewport_of(panel, pixel), centre_of(panel, pixel)
    QTest.mousePress(viewport, LEFT, pos=point)
    return viewport, point


def move(viewport, point, modifiers=NONE):
    send(viewport, QEvent.Type.MouseMove, point, modifiers=modifiers)


def ranges(panel):
    return np.array(
        [view.view_box.viewRange() for view in (panel.input, panel.feature, panel.pooled)]
    )


@pytest.mark.parametrize("pixel", PIXELS)
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_up_is_more_and_down_is_less_and_the_world_stands_still(panel, wishes, pixel, is_mirrored):
    panel.set_mirrored(is_mirrored)
    before = ranges(panel)
    viewport, point = press(panel, pixel)
    for up in (20, 100, -60):
        move(viewport, point + QPoint(3, -up))
    QTest.mouseRelease(viewport, LEFT, pos=point + QPoint(3, 60))
    assert {drag[0] for drag in wishes.drags} == {pixel}
    wanted = [up / FULL_RANGE for up in (20, 100, -60)]
    assert [drag[1] for drag in wishes.drags] == pytest.approx(wanted)
    assert [drag[2] for drag in wishes.drags] == [True, False, False]
    assert wishes.ends == [False]
    assert not wishes.clicks
    assert (ranges(panel) == before).all()


def test_what_is_pointed_at_stays_the_dragged_pixel_until_the_release(panel, wishes):
    viewport, point = press(panel, FEATURE)
    move(viewport, point + QPoint(0, -90))
    assert wishes.hovered == [FEATURE]
    QTest.mouseRelease(viewport, LEFT, pos=point + QPoint(0, -90))
    assert wishes.hovered[-1] != FEATURE


def test_shift_goes_slowly_and_does_not_jump(panel, wishes):
    viewport, point = press(panel, FEATURE)
    move(viewport, point - QPoint(0, 50))
    move(viewport, point - QPoint(0, 70), SHIFT)
    move(viewport, point - QPoint(0, 80))
    shares = [share * FULL_RANGE for _, share, _ in wishes.drags]
    assert shares == pytest.approx([50, 50 + 20 * FINE, 60 + 20 * FINE])
    QTest.mouseRelease(viewport, LEFT, pos=point)


def test_a_drag_goes_on_outside_of_the_view(panel, wishes):
    viewport, point = press(panel, FEATURE)
    outside = QPoint(point.x(), -300)
    move(viewport, outside)
    assert wishes.drags[-1][1] == pytest.approx((point.y() + 300) / FULL_RANGE)
    QTest.mouseRelease(viewport, LEFT, pos=outside)
    assert wishes.ends == [False]


def test_a_press_that_hardly_moves_is_a_click(panel, wishes):
    viewport, point = press(panel, FEATURE)
    move(viewport, point + QPoint(1, -1))
    QTest.mouseRelease(viewport, LEFT, pos=point + QPoint(1, -1))
    assert wishes.clicks == [FEATURE]
    assert not wishes.drags
    assert not wishes.ends


def test_a_drag_that_comes_back_is_no_click(panel, wishes):
    viewport, point = press(panel, FEATURE)
    move(viewport, point - QPoint(0, 30))
    move(viewport, point)
    QTest.mouseRelease(viewport, LEFT, pos=point)
    assert not wishes.clicks
    assert wishes.drags[-1][1] == pytest.approx(0)


def test_a_sideways_drag_does_nothing_at_all(panel, wishes):
    before = ranges(panel)
    viewport, point = press(panel, FEATURE)
    move(viewport, point + QPoint(60, 0))
    QTest.mouseRelease(viewport, LEFT, pos=point + QPoint(60, 0))
    assert not wishes.drags
    assert not wishes.clicks
    assert (ranges(panel) == before).all()


@pytest.mark.parametrize(
    "ending", ["deactivated", "focus", "hidden", "button lost", "left the mode", "left the view"]
)
def test_a_drag_ends_when_the_window_loses_it(panel, wishes, ending):
    viewport, point = press(panel, FEATURE)
    move(viewport, point - QPoint(0, 30))
    view = panel.feature.view
    if ending == "left the mode":
        panel.show_experiment(None)
    elif ending == "button lost":
        send(viewport, QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)
    else:
        kinds = {
            "deactivated": QEvent.Type.WindowDeactivate,
            "focus": QEvent.Type.FocusOut,
            "hidden": QEvent.Type.Hide,
            "left the view": QEvent.Type.Leave,
        }
        QApplication.sendEvent(view, QEvent(kinds[ending]))
    assert wishes.ends == [False]
    count, before = len(wishes.drags), ranges(panel)
    move(viewport, point - QPoint(0, 60))
    QTest.mouseRelease(viewport, LEFT, pos=point - QPoint(0, 60))
    assert len(wishes.drags) == count
    assert (ranges(panel) == before).all()
    assert not wishes.clicks


def test_escape_takes_a_drag_back_before_it_means_anything_else(panel, wishes):
    viewport, point = press(panel, FEATURE)
    move(viewport, point - QPoint(0, 30))
    view = panel.feature.view
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, NONE)
    override.ignore()
    QApplication.sendEvent(view, override)
    assert override.isAccepted()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert wishes.ends == [True]
    move(viewport, point - QPoint(0, 60))
    QTest.mouseRelease(viewport, LEFT, pos=point - QPoint(0, 60))
    assert len(wishes.drags) == 1
    assert not wishes.clicks


def test_another_button_does_not_disturb_a_drag(panel, wishes):
    before = ranges(panel)
    viewport, point = press(panel, FEATURE)
    move(viewport, point - QPoint(0, 20))
    QTest.mousePress(viewport, RIGHT, pos=point - QPoint(0, 20))
    move(viewport, point - QPoint(0, 40))
    QTest.mouseRelease(viewport, RIGHT, pos=point - QPoint(0, 40))
    move(viewport, point - QPoint(0, 60))
    QTest.mouseRelease(viewport, LEFT, pos=point - QPoint(0, 60))
    assert wishes.drags[-1][1] == pytest.approx(60 / FULL_RANGE)
    assert wishes.ends == [False]
    assert (ranges(panel) == before).all()


@pytest.mark.parametrize("case", ["pooled", "other mode", "no mode", "beside the map"])
def test_elsewhere_the_world_moves_as_ever(panel, wishes, case):
    if case == "other mode":
        panel.show_experiment(Lost())
    elif case == "no mode":
        panel.show_experiment(None)
    pixel = Pixel(MapName.POOLED, 1, 1) if case == "pooled" else FEATURE
    viewport, point = viewport_of(panel, pixel), centre_of(panel, pixel)
    if case == "beside the map":
        point = QPoint(viewport.width() // 2, 2)
    before = ranges(panel)
    QTest.mousePress(viewport, LEFT, pos=point)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(viewport, point + QPoint(round(20 * share), round(40 * share)))
    QTest.mouseRelease(viewport, LEFT, pos=point + QPoint(20, 40))
    assert not wishes.drags
    assert not (ranges(panel) == before).all()


def test_alt_and_an_arrow_move_the_pin_by_steps(panel, wishes):
    view = panel.feature.view
    QTest.keyClick(view, Qt.Key.Key_Up, ALT)
    QTest.keyClick(view, Qt.Key.Key_Down, ALT | SHIFT)
    again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Up, ALT, "", True)
    QApplication.sendEvent(view, again)
    assert wishes.nudges == [(KEY_STEP, True), (-KEY_STEP * FINE, True), (KEY_STEP, False)]
    QTest.keyClick(panel.pooled.view, Qt.Key.Key_Up, ALT)
    assert len(wishes.nudges) == 3
