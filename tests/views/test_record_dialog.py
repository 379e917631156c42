"""Asking how to record: one answer, a name of its own, and nothing overwritten unasked."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QWidget,
)

from poolviewer.core.recording import KINDS, RecordingChoices, RecordingSpec
from poolviewer.views.dialogs import show_dialog
from poolviewer.views.record_dialog import RecordDialog


@pytest.fixture(autouse=True)
def _own_dialogs(qapp):
    """The system's own file dialog cannot be tested."""
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    yield
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.fixture
def ask(show, qtbot, tmp_path):
    """Open the dialog; what it answers is in `answers`."""
    window = show(QMainWindow(), 600, 400)

    def ask(**choices):
        dialog = RecordDialog(RecordingChoices(folder=str(tmp_path), **choices), window)
        dialog.answers = []
        dialog.recording_chosen.connect(lambda *answer: dialog.answers.append(answer))
        show_dialog(dialog)
        qtbot.waitUntil(dialog.isVisible)
        return dialog

    yield ask
    for dialog in window.findChildren(RecordDialog):
        dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def choose(dialog, name, qtbot):
    """Choose a file's name; return the file dialog."""
    dialog.choose_file()
    chooser = QApplication.activeModalWidget()
    assert isinstance(chooser, QFileDialog)
    qtbot.waitUntil(chooser.isVisible)
    chooser.selectFile(name)
    chooser.accept()
    return chooser


def test_enter_records_as_it_stands(ask, qtbot, tmp_path):
    dialog = ask(kind="webp", frames_per_s=7, longest_s=9, scale=2)
    path = dialog.path
    assert (path.parent, path.suffix) == (tmp_path, ".webp")
    answers = dialog.answers
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    choices = RecordingChoices("webp", 7, 9, 2, str(tmp_path))
    assert answers == [(RecordingSpec(str(path), 7, 9, 2), choices)]


def test_escape_records_nothing(ask, qtbot):
    dialog = ask()
    answers = dialog.answers
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert answers == []


def test_another_format_changes_the_ending_and_the_usual_length(ask, tmp_path):
    dialog = ask(longest_s=77)
    stem = dialog.path.stem
    (tmp_path / f"{stem}.gif").write_bytes(b"there")
    dialog._kinds.set_value("gif")
    assert dialog.path == tmp_path / f"{stem}-2.gif"
    assert dialog._longest.value() == 10
    dialog._kinds.set_value("mp4")
    assert dialog.path.suffix == ".mp4"
    assert dialog._longest.value() == 30


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_chosen(ask, qtbot, tmp_path, kind):
    dialog = ask()
    (tmp_path / "films").mkdir()
    choose(dialog, str(tmp_path / "films" / f"b.{kind}"), qtbot)
    assert dialog.path == tmp_path / "films" / f"b.{kind}"
    assert dialog._kinds.value() == kind
    names = [label.text() for label in dialog.findChildren(QLabel)]
    assert f"b.{kind}" in names


@pytest.mark.parametrize("name", ["plain", "odd.txt"])
def test_a_name_without_an_ending_of_ours_gets_one(ask, qtbot, tmp_path, name):
    dialog = ask(kind="apng")
    choose(dialog, str(tmp_path / name), qtbot)
    assert dialog.path == tmp_path / f"{name}.apng"


def test_a_file_that_exists_must_be_agreed_to(ask, qtbot, tmp_path):
    dialog = ask()
    before = dialog.path
    (tmp_path / "a.mp4").write_bytes(b"mine")
    asked = []

    def refuse():
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.text())
            box.button(QMessageBox.StandardButton.No).click()

    timer = QTimer(interval=10)
    timer.timeout.connect(refuse)
    timer.start()
    chooser = choose(dialog, str(tmp_path / "a.mp4"), qtbot)
    timer.stop()
    assert len(asked) == 1
    assert dialog.path == before
    chooser.reject()


def test_every_field_says_what_it_is(ask):
    dialog = ask()
    for field in (dialog._kinds, dialog._rate, dialog._longest, dialog._width):
        assert field.toolTip()
    for button in dialog.findChildren(QPushButton):
        is_cancel = button is dialog.findChild(QDialogButtonBox).button(
            QDialogButtonBox.StandardButton.Cancel
        )
        assert button.toolTip() or is_cancel


def test_a_folder_that_is_gone_is_not_offered(show, tmp_path, qtbot):
    window = show(QWidget(), 100, 100)
    dialog = RecordDialog(RecordingChoices(folder=str(tmp_path / "gone")), window)
    assert dialog.path.parent.is_dir()
