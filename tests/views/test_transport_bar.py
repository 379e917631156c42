"""The transport bar: what it shows, what it wishes, and that it stands still otherwise."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from poolviewer.core.messages import SourceInfo
from poolviewer.core.ring import DEFAULT_BYTES
from poolviewer.core.timeline import ReplayLimits, Timeline, Transport
from poolviewer.views.actions import make_actions
from poolviewer.views.replay_dialog import ReplayDialog
from poolviewer.views.transport_bar import TransportBar

FILM = SourceInfo("a.mp4", "video", 301)
CAMERA = SourceInfo("camera 0", "camera")
FOLDER = SourceInfo("pictures", "folder", 4)
LEFT = Qt.MouseButton.LeftButton
MIDWAY = Transport(FILM, Timeline(0, 300, 150, 5.0, 10.0))
BACK = Transport(CAMERA, Timeline(100, 400, 250, 5.0, 10.0), is_frozen=True)


@pytest.fixture
def bar(show):
    owner = QWidget()
    made = TransportBar(make_actions(owner))
    made.show_transport(MIDWAY)
    show(made, 900, 36)
    yield made
    owner.deleteLater()


def sought(bar):
    """Keep every wish for a frame."""
    wishes = []
    bar.seek_requested.connect(wishes.append)
    return wishes


def x_of(bar, share):
    return QPoint(round(bar.scrubber.width() * share), bar.scrubber.height() // 2)


def test_a_video_tells_its_frame_and_its_time(bar):
    assert bar.words.text() == "frame 150 of 301  ·  0:05.0 / 0:10.0"
    assert bar.scrubber.value() == 150
    assert bar.loop.isVisible()
    assert not bar.live.isVisible()
    assert bar.play.accessibleName() == "Pause"


def test_each_source_has_its_own_buttons(bar):
    bar.show_transport(BACK)
    assert bar.live.isVisible()
    assert bar.live.isEnabled()
    assert not bar.loop.isVisible()
    assert bar.play.accessibleName() == "Play"
    bar.show_transport(Transport(CAMERA, BACK.timeline))
    assert not bar.live.isEnabled()
    assert bar.scrubber.value() == bar.scrubber.maximum()
    bar.show_transport(Transport(FOLDER, Timeline(0, 3, 1)))
    assert not bar.play.isVisible()
    assert bar.words.text() == "picture 2 of 4"
    for nothing in (Transport(), Transport(SourceInfo("a.png", "picture", 1), Timeline())):
        bar.show_transport(nothing)
        assert not bar.isVisible()
        bar.show_transport(MIDWAY)
        assert bar.isVisible()


def test_showing_a_timeline_wishes_nothing(bar):
    wishes = sought(bar)
    bar.show_transport(BACK)
    bar.show_transport(Transport(FILM, Timeline(0, 10, 3)))
    assert wishes == []


def test_a_click_goes_there_and_a_drag_follows_the_mouse(bar, qtbot):
    wishes, held = sought(bar), []
    bar.held.connect(held.append)
    qtbot.mousePress(bar.scrubber, LEFT, pos=x_of(bar, 0.25))
    assert wishes[0] == pytest.approx(75, abs=6)
    for share in (0.4, 0.6, 1.0):
        qtbot.mouseMove(bar.scrubber, x_of(bar, share))
    bar.show_transport(MIDWAY)  # what is shown meanwhile does not take it out of the hand
    assert bar.scrubber.value() == 300
    qtbot.mouseRelease(bar.scrubber, LEFT, pos=x_of(bar, 1.0))
    assert sorted(wishes) == wishes
    assert wishes[-1] == 300
    assert held == [True, False]
    bar.show_transport(MIDWAY)
    assert bar.scrubber.value() == 150


def test_wishes_are_numbers_of_frames_wherever_they_begin(bar, qtbot):
    bar.show_transport(BACK)
    wishes = sought(bar)
    qtbot.mouseClick(bar.scrubber, LEFT, pos=x_of(bar, 0.0))
    assert wishes == [100]


def test_keys(bar, qtbot):
    bar.show_transport(BACK)
    wishes, steps = sought(bar), []
    bar.step_requested.connect(steps.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
        qtbot.keyClick(bar.scrubber, key)
    assert steps == [-1, 1, 1, -1]
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        qtbot.keyClick(bar.scrubber, key)
    assert wishes == [100, 400, 370, 400]


def test_the_wheel_steps(bar):
    steps = []
    bar.step_requested.connect(steps.append)
    for turn in (120, -120):
        at = QPointF(20, 10)
        event = QWheelEvent(
            at, at, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(bar.scrubber, event)
    assert steps == [1, -1]


def test_buttons_wish(bar, qtbot):
    with qtbot.waitSignal(bar.freeze_toggled):
        qtbot.mouseClick(bar.play, LEFT)
    with qtbot.waitSignal(bar.looping_chosen) as wished:
        qtbot.mouseClick(bar.loop, LEFT)
    assert wished.args == [False]
    bar.show_transport(BACK)
    with qtbot.waitSignal(bar.freeze_toggled):
        qtbot.mouseClick(bar.live, LEFT)


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_nothing_is_painted_where_nothing_changed(bar, qtbot):
    """Frames of a live source go by at the end of the slider, and the words stay."""
    bar.show_transport(Transport(CAMERA, Timeline(100, 400, 400, 0.0, 10.0)))
    bar.grab()
    QApplication.sendPostedEvents()
    paints = Paints()
    for part in (bar.scrubber, bar.words, bar.live):
        part.installEventFilter(paints)
    for index in range(50):
        bar.show_transport(Transport(CAMERA, Timeline(index, 300 + index, 300 + index, 0, 10)))
    bar.show_transport(Transport(CAMERA, Timeline(60, 360, 360, 0, 10)))
    with qtbot.waitCallback() as later:
        QTimer.singleShot(0, later)
    assert paints.count == 0
    bar.show_transport(MIDWAY)
    qtbot.waitUntil(lambda: paints.count > 0)


def test_words_keep_their_width_while_their_digits_change(bar):
    widths = set()
    for index in (0, 9, 99, 300):
        bar.show_transport(Transport(FILM, Timeline(0, 300, index, index / 30, 10.0)))
        widths.add(bar.words.minimumWidth())
    assert len(widths) == 1


def test_everything_is_named_and_explained(bar):
    for button in (bar.play, bar.loop, bar.live):
        assert button.accessibleName()
        assert button.toolTip()
    assert bar.scrubber.accessibleName() == "Timeline"
    assert bar.scrubber.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_dialog_gives_both_limits_or_none(show, is_accepted):
    dialog = show(ReplayDialog(ReplayLimits(10, DEFAULT_BYTES)), 400, 200)
    chosen = []
    dialog.limits_chosen.connect(chosen.append)
    dialog._seconds.setValue(25)
    dialog._megabytes.setValue(64)
    QTest.keyClick(dialog, Qt.Key.Key_Return if is_accepted else Qt.Key.Key_Escape)
    assert chosen == ([ReplayLimits(25, 64 * 2**20)] if is_accepted else [])
