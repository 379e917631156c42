"""Asking how to animate a step-through: what is said of its length follows the speed."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialogButtonBox, QMainWindow

from poolviewer.core.recording import RecordingChoices, RecordingSpec
from poolviewer.views.animation_dialog import AnimationDialog
from poolviewer.views.dialogs import show_dialog


@pytest.fixture
def ask(show, qtbot, tmp_path):
    """Open the dialog; what it answers is in `answers`."""
    window = show(QMainWindow(), 600, 400)

    def ask(count, **choices):
        dialog = AnimationDialog(RecordingChoices(folder=str(tmp_path), **choices), count, window)
        dialog.answers = []
        dialog.recording_chosen.connect(lambda *answer: dialog.answers.append(answer))
        show_dialog(dialog)
        qtbot.waitUntil(dialog.isVisible)
        return dialog

    yield ask
    for dialog in window.findChildren(AnimationDialog):
        dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_length_follows_the_speed(ask):
    dialog = ask(225)
    assert dialog.length == "225 windows, 23.9 s"
    dialog._rate.set_value(1)
    dialog._rate.valueChanged.emit(1)
    assert dialog.length == "225 windows, 225.5 s"


def test_what_is_left_out_is_said_before(ask):
    assert ask(90_000).length.endswith(
        ". Of the 90,000 windows, one in 101 is shown: zoom in for all of a part."
    )
    assert ask(1).length == "1 window, 1.5 s"


def test_it_answers_as_a_recording_does_and_keeps_its_longest_time(ask, tmp_path):
    dialog = ask(225, kind="webp", frames_per_s=4, longest_s=77, scale=2)
    assert not dialog._longest.isVisible()
    buttons = dialog.findChild(QDialogButtonBox)
    (go,) = [button for button in buttons.buttons() if button.isDefault()]
    assert go.text() == "&Export"
    go.click()
    ((spec, choices),) = dialog.answers
    assert choices == RecordingChoices("webp", 4, 77, 2, str(tmp_path))
    assert spec == RecordingSpec(str(dialog.path), 4, 77, 2)
    assert dialog.path.suffix == ".webp"
