"""The row above the status line while something is recorded."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton, QWidget

from poolviewer.core.recording import RecordingProgress, RecordingSpec
from poolviewer.drawing.palette import DARK
from poolviewer.views.recording_bar import STEPS, RecordingBar
from tests.drawing.painting import is_colour, pixels_of

HALF = RecordingProgress(RecordingSpec("x/<b>a</b>.mp4", 10, 8.0), 4.0, 32, 1_400_000)


@pytest.fixture
def bar(show):
    made = show(RecordingBar(), 900, 40)
    made.show_recording(HALF)
    return made


def buttons_of(bar):
    return {button.text(): button for button in bar.findChildren(QToolButton)}


def test_it_is_hidden_until_something_is_recorded(qtbot):
    window = QWidget()
    bar = RecordingBar(window)
    qtbot.addWidget(window)
    window.show()
    assert not bar.isVisible()
    bar.show_recording(HALF)
    assert bar.isVisible()
    bar.show_recording(None)
    assert not bar.isVisible()


def test_it_says_how_far_the_recording_has_come(bar):
    assert bar.text == HALF.in_words
    progress = bar.findChild(QProgressBar)
    assert progress.value() == STEPS // 2
    assert progress.toolTip() == "ends after 8 s"
    assert "x/&lt;b&gt;a" in bar._words.toolTip()


def test_its_sign_is_a_red_dot(bar):
    dot = next(label for label in bar.findChildren(QLabel) if label.text() == "●")
    assert is_colour(pixels_of(dot.grab().toImage()), DARK.error).sum() > 20


@pytest.mark.parametrize("name", ["stop", "cancel"])
@pytest.mark.parametrize("by", ["mouse", "key"])
def test_buttons_end_it(bar, qtbot, name, by):
    button = buttons_of(bar)[name.capitalize()]
    assert button.toolTip()
    assert "recording" in button.accessibleName()
    with qtbot.waitSignal(getattr(bar, f"{name}_requested")):
        if by == "mouse":
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        else:
            button.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.keyClick(button, Qt.Key.Key_Space)


def test_nothing_can_be_ended_twice(bar):
    bar.show_recording(replace(HALF, is_ending=True))
    assert not any(button.isEnabled() for button in buttons_of(bar).values())
    bar.show_recording(HALF)
    assert all(button.isEnabled() for button in buttons_of(bar).values())
