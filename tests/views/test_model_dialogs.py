"""The dialogs about models: which file, which input, how much memory."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMainWindow,
    QSpinBox,
)

from poolviewer.core.model_info import ModelFile
from poolviewer.views.model_dialogs import ModelDialogs
from tests.infos import NASTY

FILE = ModelFile("folder/odd.keras", "pool")
pytestmark = pytest.mark.usefixtures("own_dialogs")


@pytest.fixture
def own_dialogs(qapp):
    """The system's own file dialog cannot be tested."""
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    yield
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.fixture
def dialogs(show):
    window = show(QMainWindow(), 600, 400)
    window.dialogs = ModelDialogs(window)
    return window.dialogs


@pytest.fixture
def answers(dialogs):
    found = []
    for signal in ("model_requested", "input_shape_given", "memory_limit_chosen"):
        getattr(dialogs, signal).connect(found.append)
    return found


def opened(qtbot):
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def gone():
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return QApplication.activeModalWidget() is None


@pytest.mark.parametrize("ending", ["keras", "h5", "hdf5", "KERAS", "H5", "HDF5"])
def test_models_of_every_ending_are_listed(dialogs, qtbot, ending):
    dialogs.open_model()
    dialog = opened(qtbot)
    patterns = dialog.selectedNameFilter().partition("(")[2].rstrip(")").split()
    assert f"*.{ending}" in patterns
    assert dialog.nameFilters()[-1] == "All files (*)"
    dialog.reject()


def test_a_model_is_chosen_and_its_folder_remembered(dialogs, answers, qtbot, tmp_path):
    path = tmp_path / "my model.keras"
    path.write_bytes(b"")
    dialogs.open_model()
    dialog = opened(qtbot)
    dialog.selectFile(str(path))
    dialog.accept()
    qtbot.waitUntil(gone)
    assert answers == [ModelFile(str(path))]
    dialogs.open_model()
    again = opened(qtbot)
    assert isinstance(again, QFileDialog)
    assert again.directory().absolutePath() == str(tmp_path)
    again.reject()


def test_an_unpacked_model_is_chosen(dialogs, answers, qtbot, tmp_path):
    folder = tmp_path / "unpacked.keras"
    folder.mkdir()
    dialogs.open_model_folder()
    dialog = opened(qtbot)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(folder))
    dialog.accept()
    qtbot.waitUntil(gone)
    assert answers == [ModelFile(str(folder))]


# The input of a model that does not tell


def test_the_usual_shape_is_proposed(dialogs, answers, qtbot):
    dialogs.ask_input_shape(FILE)
    dialog = opened(qtbot)
    text = dialog.findChild(QLabel)
    assert text.text().startswith("odd.keras does not say")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(gone)
    assert answers == [(32, 32, 3)]


def test_another_shape_is_typed(dialogs, answers, qtbot):
    dialogs.ask_input_shape(FILE)
    dialog = opened(qtbot)
    for box, number in zip(dialog.findChildren(QSpinBox), (24, 48, 1), strict=True):
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, str(number))
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(gone)
    assert answers == [(24, 48, 1)]


def test_escape_gives_the_model_up(dialogs, answers, qtbot):
    dialogs.ask_input_shape(FILE)
    qtbot.keyClick(opened(qtbot), Qt.Key.Key_Escape)
    qtbot.waitUntil(gone)
    assert answers == [None]


def test_a_question_that_nobody_waits_for_goes_without_an_answer(dialogs, answers, qtbot):
    dialogs.ask_input_shape(FILE)
    opened(qtbot)
    dialogs.ask_input_shape(None)
    qtbot.waitUntil(gone)
    dialogs.ask_input_shape(FILE)
    dialogs.ask_input_shape(ModelFile("other.keras"))
    dialog = opened(qtbot)
    assert dialog.findChild(QLabel).text().startswith("other.keras")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(gone)
    assert answers == [(32, 32, 3)]


def test_an_odd_name_is_plain_and_short(dialogs, qtbot):
    dialogs.ask_input_shape(ModelFile(NASTY))
    dialog = opened(qtbot)
    text = dialog.findChild(QLabel)
    assert text.textFormat() is Qt.TextFormat.PlainText
    assert "\n" not in text.text()
    assert len(text.text()) < 200
    dialog.reject()


# Memory


def test_the_memory_limit_is_chosen_in_megabytes(dialogs, answers, qtbot):
    dialogs.show_memory_limit(3000 * 2**20)
    dialogs.ask_memory_limit()
    dialog = opened(qtbot)
    assert isinstance(dialog, QInputDialog)
    assert dialog.intValue() == 3000
    assert (dialog.intMinimum(), dialog.intMaximum()) == (64, 256 * 1024)
    dialog.setIntValue(8192)
    dialog.accept()
    qtbot.waitUntil(gone)
    assert answers == [8192 * 2**20]  # more than Qt's own whole numbers hold
