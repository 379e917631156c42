"""Models in the whole application: real window, real threads, an engine that a test tells what."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox

from poolviewer import app as app_module
from poolviewer.core.display import DisplaySpec
from poolviewer.core.errors import NetworkError
from poolviewer.core.messages import Failure
from poolviewer.core.model_info import ModelFile
from poolviewer.core.network import NetworkSpec
from poolviewer.settings import Settings
from tests.infos import TORCH, model_info, nested_info, spec_of, unseen_info
from tests.runtime.stand_ins import StandInEngine

INFO = model_info()
FILE = "/tmp/vgg.keras"
ASKED = "/tmp/asked.h5"


class AskedEngine(StandInEngine):
    """Knows no input of one model until it is told one."""

    def open_model(self, file, *arguments):
        self.models[ASKED] = replace(INFO, needs_input_shape=file.input_shape is None)
        return super().open_model(file, *arguments)


@pytest.fixture
def engine(monkeypatch):
    made = AskedEngine()
    made.models = {
        FILE: INFO,
        "/tmp/free.keras": nested_info(),
        "/tmp/speech.keras": unseen_info(),
        "/tmp/broken.keras": NetworkError("broken.keras is damaged: save it again."),
    }
    monkeypatch.setattr(app_module, "create_engine", lambda: made)
    return made


@pytest.fixture
def application(engine, started):
    return started()


def state_of(application):
    return application.controller.state


def ran(application):
    """Return the network whose maps are on the screen."""
    return state_of(application).rendering.activations.network


def paste(application, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path)])
    QGuiApplication.clipboard().setMimeData(data)
    application.window.wishes["paste"].trigger()
    QGuiApplication.clipboard().clear()  # at its end, Qt must not find an object of Python's there


def open_and_wait(application, wait, path=FILE, info=INFO):
    paste(application, path)
    wait(lambda: ran(application) == spec_of(info))


def press(application, key):
    QTest.keyClick(application.window.windowHandle(), key)


def test_a_model_is_opened_and_its_stages_are_shown(application, wait):
    open_and_wait(application, wait)
    window = application.window
    assert window.tool_bar.presets.currentText() == "vgg.keras"
    assert window.side.preprocessing.isVisible()
    QTest.keyClick(window.tool_bar.stages, Qt.Key.Key_Down)
    wait(lambda: ran(application).stage == "pool2")
    window.side.tabs.setCurrentWidget(window.side.network)
    window.side.network.tree.setCurrentItem(window.side.network.tree.topLevelItem(2))
    QTest.keyClick(window.side.network.tree, Qt.Key.Key_Return)
    wait(lambda: ran(application).stage == "pool1")


def test_a_model_and_a_preset_are_changed_in_the_tool_bar(application, wait):
    open_and_wait(application, wait)
    application.window.tool_bar.network_changed.emit(NetworkSpec())
    wait(lambda: ran(application) == NetworkSpec())
    assert application.window.side.parameters.isVisible()
    application.window.tool_bar.model_chosen.emit()
    wait(lambda: ran(application) == spec_of(INFO))


def test_escape_stops_an_opening_and_the_maps_stay(application, wait, engine):
    engine.opening_gate.clear()
    before = state_of(application).rendering
    paste(application, FILE)
    wait(lambda: state_of(application).phase == "layer 2 of 2")
    assert application.window.wishes["cancel_opening"].isEnabled()
    assert state_of(application).rendering is before
    press(application, Qt.Key.Key_Escape)
    assert state_of(application).phase == ""
    assert not application.window.wishes["cancel_opening"].isEnabled()
    engine.opening_gate.set()
    open_and_wait(application, wait)


def test_what_is_changed_while_a_model_opens_comes_even_if_it_is_refused(application, wait, engine):
    engine.opening_gate.clear()
    application.controller.networks.open_model(ModelFile("/tmp/broken.keras"))
    wait(engine.opening.is_set)
    changed = replace(NetworkSpec(), filters=3)
    application.controller.networks.set_network(changed)
    application.controller.set_display(DisplaySpec("viridis"))
    wait(lambda: state_of(application).rendering.display.colour_map == "viridis")
    assert ran(application) != changed
    engine.opening_gate.set()
    wait(lambda: ran(application) == changed)


def test_a_refused_model_is_one_sentence(application, wait):
    paste(application, "/tmp/broken.keras")
    wait(lambda: state_of(application).notice is not None)
    assert application.window.notice_bar.text == "broken.keras is damaged: save it again."
    assert ran(application) == NetworkSpec()
    open_and_wait(application, wait)
    assert not application.window.notice_bar.isVisible()


def test_what_cannot_be_drawn_is_listed(application, wait):
    paste(application, "/tmp/speech.keras")
    wait(lambda: state_of(application).notice is not None)
    browser = application.window.side.network
    assert browser.isVisible()
    assert browser.tree.topLevelItem(0).text(0) == "lstm"
    assert ran(application) == NetworkSpec()


def test_the_input_is_asked_for_and_the_window_goes_on(application, wait, engine):
    paste(application, ASKED)
    wait(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    rows = dialog.findChildren(QSpinBox)[0]
    rows.setValue(24)
    dialog.accept()
    wait(lambda: ran(application) == spec_of(INFO))
    assert [file for file, _ in engine.opened] == [
        ModelFile(ASKED), ModelFile(ASKED, input_shape=(24, 32, 3)),
    ]  # fmt: skip


def test_a_question_that_is_not_answered_gives_the_model_up(application, wait, engine):
    paste(application, ASKED)
    wait(lambda: QApplication.activeModalWidget() is not None)
    QApplication.activeModalWidget().reject()
    assert state_of(application).question is None
    assert len(engine.opened) == 1


def test_what_the_model_gets_is_chosen_and_remembered(application, start, wait):
    open_and_wait(application, wait)
    field = application.window.side.preprocessing.field("scaling")
    QTest.keyClick(field, Qt.Key.Key_Down)
    chosen = replace(TORCH, scaling="-1-1")
    wait(lambda: ran(application).input == chosen)
    application.window.close()
    assert application.stop()
    again = start(model=FILE)
    wait(lambda: state_of(again).rendering is not None)
    assert ran(again).input == chosen
    assert again.window.side.preprocessing.field("scaling").value() == "-1-1"


def test_a_free_size_follows_the_picture(application, wait):
    open_and_wait(application, wait, "/tmp/free.keras", nested_info())
    tick = application.window.side.preprocessing.field("is_own_size")
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    wait(lambda: ran(application).input.is_own_size)
    height, width, channels = ran(application).input.shape
    assert 0.9 * 10_000 < height * width <= 10_000
    assert width / height == pytest.approx(451 / 300, rel=0.02)
    assert channels == 3


def test_recent_models_are_offered_after_a_new_start_and_cleared(application, start, wait):
    open_and_wait(application, wait)
    application.window.close()
    assert application.stop()
    again = start()
    wait(lambda: state_of(again).rendering is not None)
    entries = again.window.wishes["recent_models"].menu().actions()
    assert entries[0].text() == "vgg.keras"
    entries[0].trigger()
    wait(lambda: ran(again) == spec_of(INFO))
    again.window.wishes["recent_models"].menu().actions()[-1].trigger()
    assert state_of(again).recent_models == Settings().recent_models == ()


def test_the_memory_limit_is_chosen_used_and_remembered(application, wait, engine):
    application.window.wishes["memory_limit"].trigger()
    dialog = QApplication.activeModalWidget()
    wait(dialog.isVisible)
    dialog.setIntValue(5000)
    dialog.accept()
    open_and_wait(application, wait)
    assert [budget for _, budget in engine.opened] == [5000 * 2**20]
    assert Settings().memory_limit == 5000 * 2**20


# From the command line


def test_a_model_of_the_command_line_comes_first(engine, start, wait, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    engine.models[str(tmp_path / "mine.keras")] = INFO
    application = start(model="mine.keras", stage="pool2")
    assert state_of(application).is_opening
    wait(lambda: state_of(application).rendering is not None)
    assert ran(application) == spec_of(INFO, "pool2")
    assert engine.configured == [1]
    assert Settings().recent_models == (str(tmp_path / "mine.keras"),)


@pytest.mark.parametrize("path", ["/tmp/broken.keras", "/tmp/speech.keras"])
def test_the_tutorial_comes_where_the_model_of_the_command_line_does_not(engine, start, wait, path):
    application = start(model=path)
    wait(lambda: state_of(application).rendering is not None)
    assert ran(application) == NetworkSpec()
    assert state_of(application).notice.is_error


def test_without_tensorflow_no_model_is_waited_for(start, wait, monkeypatch):
    def create_none():
        raise ImportError("no module named tensorflow")

    monkeypatch.setattr(app_module, "create_engine", create_none)
    application = start(model=FILE)
    wait(lambda: state_of(application).notice is not None)
    assert not application.window.wishes["cancel_opening"].isEnabled()
    assert state_of(application).phase == ""


def test_a_stale_refusal_is_not_told(application, wait, engine):
    engine.opening_gate.clear()
    paste(application, "/tmp/broken.keras")
    wait(engine.opening.is_set)
    press(application, Qt.Key.Key_Escape)
    engine.opening_gate.set()
    open_and_wait(application, wait)
    assert state_of(application).notice is None
    application._inference.failed.emit(Failure("model", "Late.", 1))
    wait(lambda: True)
    assert state_of(application).phase == ""
