"""Dialogs open, answer once, and are gone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QInputDialog,
    QLabel,
    QMainWindow,
    QMessageBox,
    QScrollArea,
)

from poolviewer import __version__
from poolviewer.views.actions import ACTIONS
from poolviewer.views.dialogs import Dialogs

OPENERS = [
    "open_file", "open_folder", "open_url", "open_camera_number", "show_guide",
    "show_about",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _own_dialogs(qapp):
    """The system's own file dialog cannot be tested."""
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    yield
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.fixture
def window(show):
    shown = show(QMainWindow(), 600, 400)
    shown.dialogs = Dialogs(shown)
    return shown


@pytest.fixture
def chosen(window):
    found = []
    window.dialogs.source_chosen.connect(lambda request: found.append(request.location))
    return found


def opened(window, opener, qtbot):
    getattr(window.dialogs, opener)()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def gone(window):
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return not window.findChildren(QDialog)


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("key", [Qt.Key.Key_Escape])
def test_escape_closes_a_dialog_and_chooses_nothing(window, qtbot, chosen, opener, key):
    dialog = opened(window, opener, qtbot)
    assert dialog.parent() is window
    assert dialog.windowTitle() or opener == "show_about"
    qtbot.keyClick(dialog, key)
    qtbot.waitUntil(lambda: gone(window))
    assert chosen == []


def test_a_file_is_chosen_and_its_folder_remembered(window, qtbot, chosen, tmp_path):
    path = tmp_path / "a cat.PNG"
    path.write_bytes(b"")
    dialog = opened(window, "open_file", qtbot)
    assert dialog.selectedNameFilter().startswith("Pictures, videos and saved views")
    dialog.selectFile(str(path))
    dialog.accept()
    qtbot.waitUntil(lambda: gone(window))
    assert chosen == [str(path)]
    again = opened(window, "open_file", qtbot)
    assert Path(again.directory().absolutePath()) == tmp_path
    again.reject()


@pytest.mark.parametrize("ending", ["png", "JPEG", "tiff", "mp4", "MKV"])
def test_pictures_and_videos_are_listed(window, qtbot, ending):
    dialog = opened(window, "open_file", qtbot)
    patterns = dialog.selectedNameFilter().partition("(")[2].rstrip(")").split()
    assert f"*.{ending}" in patterns
    dialog.reject()


def test_a_missing_pictures_folder_is_no_file_name(window, qtbot):
    dialog = opened(window, "open_file", qtbot)
    assert not dialog.selectedFiles() or Path(dialog.selectedFiles()[0]).exists()
    assert Path(dialog.directory().absolutePath()).is_dir()
    dialog.reject()


def test_a_folder_is_chosen(window, qtbot, chosen, tmp_path):
    dialog = opened(window, "open_folder", qtbot)
    dialog.setDirectory(str(tmp_path.parent))
    dialog.selectFile(str(tmp_path))
    dialog.accept()
    qtbot.waitUntil(lambda: gone(window))
    assert chosen == [str(tmp_path)]


@pytest.mark.parametrize(("typed", "wish"), [(" rtsp://x/1 ", ["rtsp://x/1"]), ("  ", [])])
def test_an_address_is_typed(window, qtbot, chosen, typed, wish):
    dialog = opened(window, "open_url", qtbot)
    assert isinstance(dialog, QInputDialog)
    assert dialog.textValue() == "http://"
    dialog.setTextValue(typed)
    dialog.accept()
    qtbot.waitUntil(lambda: gone(window))
    assert chosen == wish


def test_an_address_is_no_folder_to_remember(window, qtbot, chosen):
    before = window.dialogs._folder
    dialog = opened(window, "open_url", qtbot)
    dialog.setTextValue("camera:0")
    dialog.accept()
    qtbot.waitUntil(lambda: gone(window))
    assert window.dialogs._folder == before


def test_a_camera_is_chosen_by_number(window, qtbot, chosen):
    dialog = opened(window, "open_camera_number", qtbot)
    dialog.setIntValue(3)
    dialog.accept()
    qtbot.waitUntil(lambda: gone(window))
    assert chosen == ["camera:3"]


def test_the_guide_names_every_key(window, qtbot):
    dialog = opened(window, "show_guide", qtbot)
    text = "".join(label.text() for label in dialog.findChildren(QLabel))
    for spec in ACTIONS:
        if spec.shortcut:
            assert spec.tip.split(" (")[0] in text
    area = dialog.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    dialog.reject()


def test_about_names_the_version_and_the_licences(window, qtbot):
    dialog = opened(window, "show_about", qtbot)
    assert isinstance(dialog, QMessageBox)
    for word in (__version__, "MIT", "LGPL", "CC BY 3.0", "Blender"):
        assert word in dialog.text()
    dialog.reject()
