"""The whole application without a screen: real threads, TensorFlow, pictures, video and stream."""

import json
import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox

from poolviewer import app as app_module
from poolviewer import process
from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.display import DisplaySpec
from poolviewer.core.errors import PoolViewerError
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import Failure, SourceRequest
from poolviewer.core.network import NetworkSpec
from poolviewer.core.numbers import format_number
from poolviewer.core.view_wish import ViewWish
from poolviewer.drawing.palette import DARK
from poolviewer.process import ErrorReporter
from poolviewer.runtime.controller import LOADING, Controller
from poolviewer.runtime.metering import Metering
from poolviewer.sources import camera
from poolviewer.sources.camera import Camera
from poolviewer.sources.opencv import cv2
from poolviewer.sources.prepare import prepare
from poolviewer.views.main_window import MainWindow
from tests.media import SAMPLES
from tests.mjpeg_server import mjpeg_server

CAT, COFFEE = str(SAMPLES / "chelsea.png"), str(SAMPLES / "coffee.png")
FILM = str(SAMPLES / "bigbuckbunny.mp4")
PIXEL = Pixel(MapName.POOLED, 4, 7)
LONG_MS = 20_000
LEFT = Qt.MouseButton.LeftButton
create_engine = app_module.create_engine


@pytest.fixture
def gate(monkeypatch):
    """Hold TensorFlow's loading up until the gate is opened."""
    event = threading.Event()

    def create_late():
        assert event.wait(LONG_MS / 1000)
        return create_engine()

    monkeypatch.setattr(app_module, "create_engine", create_late)
    yield event
    event.set()


def state_of(application):
    return application.controller.state


def activations_of(application):
    return state_of(application).rendering.activations


def index_of(application):
    return activations_of(application).frame.index


def open_and_wait(application, location, wait):
    application.controller.open_source(SourceRequest(location))
    wait(lambda: activations_of(application).frame.source.name == Path(location).name)


def settle(application, wait, tmp_path):
    """Wait until capture and inference have done all that was asked of them before."""
    application.controller.open_source(SourceRequest(str(tmp_path / "none.png")))
    wait(lambda: state_of(application).notice is not None)
    colours = "viridis" if state_of(application).display.colour_map == "grey" else "grey"
    application.controller.set_display(DisplaySpec(colours))
    wait(lambda: state_of(application).rendering.display.colour_map == colours)


def point_at(application, pixel, qtbot):
    """Move the mouse to a pixel, and return where it is."""
    view = getattr(application.window.maps, pixel.map_name.value)
    tile = geometry_of(activations_of(application).stage, pixel.map_name).tile(pixel.row, pixel.col)
    point = view.world_to_widget(*tile.centre).toPoint()
    qtbot.mouseMove(view.view.viewport(), point)
    return view.view.viewport(), point


def headline_of(application):
    return application.window.side.trace.headline.replace("\N{NO-BREAK SPACE}", " ")


def press(application, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(application.window.windowHandle(), key, modifier)


# Beginning


def test_the_sample_is_shown_as_the_tutorial_computes_it(start, wait):
    application = start()
    wait(lambda: state_of(application).rendering is not None)
    shown = activations_of(application)
    wanted = cv2.resize(cv2.imread(CAT), (32, 32)).astype(np.float32)
    assert (shown.prepared.values == wanted).all()

    engine = create_engine()
    engine.configure(NetworkSpec(), 1, 2**30)
    computed = engine.run(shown.frame, prepare(shown.frame, InputSpec()))
    assert shown.feature_maps.shape == (30, 30, 64)
    assert shown.pooled_maps.shape == (15, 15, 64)
    assert (shown.feature_maps == computed.feature_maps).all()
    assert (shown.pooled_maps == computed.pooled_maps).all()

    application.window.side.tabs.setCurrentWidget(application.window.side.numbers)
    numbers = application.window.side.numbers
    assert (numbers.feature.array.values == computed.feature_maps[:, :, 0]).all()
    assert (numbers.pooled.array.values == computed.pooled_maps[:, :, 0]).all()


def test_options_of_the_command_line_are_shown(started, wait):
    application = started(COFFEE, channel=5, pin=(4, 7))
    assert (state_of(application).channel, state_of(application).pinned) == (5, PIXEL)
    wait(lambda: headline_of(application).startswith("Pooled pixel (4, 7) = "))
    assert application.window.windowTitle() == "coffee.png — PoolViewer"


def test_the_window_works_while_tensorflow_loads(start, wait, gate):
    application = start()
    assert application.window.isVisible()
    assert state_of(application).phase == LOADING
    wait(lambda: state_of(application).preview is not None)
    application.controller.open_source(SourceRequest(COFFEE))
    wait(lambda: state_of(application).preview.source.name == "coffee.png")
    QTest.keyClick(application.window.side.parameters.field("filters"), Qt.Key.Key_Up)
    assert state_of(application).network.filters == 65
    assert state_of(application).rendering is None
    gate.set()
    wait(lambda: state_of(application).rendering is not None)
    assert state_of(application).phase == ""
    assert activations_of(application).frame.source.name == "coffee.png"
    assert activations_of(application).pooled_maps.shape == (15, 15, 65)


def test_closing_while_tensorflow_loads_ends_all_threads(start, wait, gate):
    application = start()
    wait(lambda: state_of(application).preview is not None)
    application.window.closed.connect(gate.set)
    application.window.close()
    assert application.stop()
    assert state_of(application).rendering is None


def test_a_broken_tensorflow_is_one_sentence(start, wait, gate, monkeypatch):
    def create_none():
        assert gate.wait(LONG_MS / 1000)
        raise ImportError("no module named tensorflow")

    monkeypatch.setattr(app_module, "create_engine", create_none)
    application = start()
    wait(lambda: state_of(application).preview is not None)
    gate.set()
    wait(lambda: state_of(application).notice is not None)
    assert "no module named tensorflow" in application.window.notice_bar.text
    assert state_of(application).phase == ""


# Pointing and pinning


def test_hover_traces_and_leaving_does_not(started, qtbot, wait):
    application = started()
    point_at(application, PIXEL, qtbot)
    value = format_number(float(activations_of(application).pooled_maps[4, 7, 0]))
    wait(lambda: headline_of(application) == f"Pooled pixel (4, 7) = {value}")
    point_at(application, Pixel(MapName.FEATURE, 9, 15), qtbot)
    wait(lambda: headline_of(application).startswith("Feature-map pixel (9, 15) = "))
    wait(lambda: state_of(application).hovered == Pixel(MapName.FEATURE, 9, 15))
    qtbot.mouseMove(application.window.side, application.window.side.rect().center())
    wait(lambda: headline_of(application) == "")


@pytest.mark.parametrize("is_pinned", [False, True])
def test_numbers_follow_the_video_under_a_still_mouse(started, qtbot, wait, is_pinned):
    application = started(FILM)
    viewport, point = point_at(application, PIXEL, qtbot)
    if is_pinned:
        qtbot.mouseClick(viewport, LEFT, pos=point)
        point_at(application, Pixel(MapName.INPUT, 1, 1), qtbot)
    told, differing = set(), []

    def follows():
        value = float(activations_of(application).pooled_maps[4, 7, 0])
        headline = f"Pooled pixel (4, 7) = {format_number(value)}"
        if not application.window._texts.is_waiting:  # the event loop has turned
            told.add(value)
            differing.extend([] if headline_of(application) == headline else [headline])
        return len(told) > 4

    wait(lambda: headline_of(application).startswith("Pooled pixel (4, 7) = "))
    wait(follows)
    assert differing == []


def test_the_table_of_numbers_is_that_of_the_maps_in_every_frame(started, wait):
    application = started(FILM, pin=(4, 7))
    side = application.window.side
    side.tabs.setCurrentWidget(side.numbers)
    frames, differing = set(), []

    def follows():
        made = activations_of(application)
        frames.add(made.frame.index)
        pairs = (side.numbers.feature, made.feature_maps), (side.numbers.pooled, made.pooled_maps)
        for table, maps in pairs:
            if not (table.array.values == maps[:, :, 0]).all():
                differing.append(made.frame.index)
        return len(frames) > 4

    wait(follows)
    assert differing == []


def test_a_pin_moves_and_goes_by_keyboard(started, qtbot):
    application = started()
    application.window.maps.pooled.view.setFocus()
    press(application, Qt.Key.Key_Right)
    assert state_of(application).pinned == Pixel(MapName.POOLED, 7, 7)
    press(application, Qt.Key.Key_Right)
    press(application, Qt.Key.Key_Up)
    assert state_of(application).pinned == Pixel(MapName.POOLED, 6, 8)
    press(application, Qt.Key.Key_BracketRight)
    press(application, Qt.Key.Key_BracketLeft)
    press(application, Qt.Key.Key_BracketLeft)
    assert state_of(application).channel == 63
    press(application, Qt.Key.Key_Escape)
    assert state_of(application).pinned is None


def test_a_mirrored_window_traces_what_is_seen(started, qtbot, wait):
    application = started()
    press(application, Qt.Key.Key_M)
    wait(lambda: state_of(application).rendering.display.is_mirrored)
    before = activations_of(application).feature_maps
    point_at(application, PIXEL, qtbot)
    wait(lambda: headline_of(application).startswith("Pooled pixel (4, 7) = "))
    assert (activations_of(application).feature_maps == before).all()


# Freezing and stepping


def test_freeze_holds_a_frame_and_steps_go_one_by_one(started, wait, tmp_path):
    application = started(FILM)
    press(application, Qt.Key.Key_Space)
    assert application.window.wishes["freeze"].isChecked()
    settle(application, wait, tmp_path)
    held = index_of(application)
    settle(application, wait, tmp_path)
    assert index_of(application) == held
    for key, wanted in ((Qt.Key.Key_Right, held + 1), (Qt.Key.Key_Right, held + 2)):
        press(application, key, Qt.KeyboardModifier.ControlModifier)
        wait(lambda wanted=wanted: index_of(application) == wanted)
    press(application, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: index_of(application) == held + 1)
    settle(application, wait, tmp_path)
    assert index_of(application) == held + 1
    press(application, Qt.Key.Key_Space)
    assert not application.window.wishes["freeze"].isChecked()
    wait(lambda: index_of(application) > held + 4)


def test_a_folder_is_stepped_through(started, wait):
    application = started(str(SAMPLES))
    names = [activations_of(application).frame.name]
    for _ in range(2):
        press(application, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        wait(lambda: activations_of(application).frame.name != names[-1])
        names.append(activations_of(application).frame.name)
    assert names == ["chelsea.png", "coffee.png", "coins.png"]


# What cannot be opened


def test_a_bad_file_is_one_sentence_and_leaves_the_maps(started, wait, tmp_path):
    application = started()
    before = activations_of(application)
    bad = tmp_path / "notes.png"
    bad.write_text("no picture")
    application.controller.open_source(SourceRequest(str(bad)))
    wait(lambda: state_of(application).notice is not None)
    sentence = application.window.notice_bar.text
    assert "notes.png" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert activations_of(application) is before
    assert state_of(application).source.name == "chelsea.png"
    open_and_wait(application, COFFEE, wait)
    assert not application.window.notice_bar.isVisible()


def test_a_stream_is_shown_and_its_silence_told(started, wait):
    with mjpeg_server("stall") as server:
        application = started(server.url)
        assert state_of(application).source.kind == "stream"
        server.answering.clear()  # or a quick connection would end the silence before it is told
        wait(lambda: state_of(application).notice is not None)
        assert state_of(application).notice.is_error
        assert application.window.notice_bar.text.endswith(".")
        assert state_of(application).rendering is not None
        open_and_wait(application, COFFEE, wait)
        assert state_of(application).notice is None


def test_no_rate_is_shown_when_no_frames_come(started, wait):
    with mjpeg_server("serve") as server:
        application = started(server.url)
        wait(lambda: state_of(application).meters.painted_per_s > 0)
    wait(lambda: state_of(application).notice is not None)  # the server is gone
    assert state_of(application).meters.painted_per_s == 0


def test_a_notice_of_a_stream_goes_when_it_flows_again(started, wait):
    application = started("synthetic:30")
    application._capture.failed.emit(Failure("source", "The cable is out."))
    wait(lambda: state_of(application).notice is not None)
    application._capture.recovered.emit()
    wait(lambda: state_of(application).notice is None)


def test_threads_start_behind_the_painted_window(start, qtbot):
    application = start()
    assert not any(thread._thread.isRunning() for thread in application._threads)
    with qtbot.waitSignal(application.window.maps_painted, timeout=LONG_MS):
        pass
    qtbot.waitUntil(lambda: all(thread._thread.isRunning() for thread in application._threads))


def test_the_theme_menu_dresses_the_window_at_once(started, qtbot):
    application = started()
    application.window.theme_chosen.emit("dark")
    ground = application.window.maps.feature.view.viewport()
    qtbot.waitUntil(
        lambda: ground.grab().toImage().pixelColor(2, 2).name() == DARK.background.lower()
    )


def test_a_stream_flows_and_freezes(started, wait, tmp_path):
    with mjpeg_server("serve") as server:
        application = started(server.url)
        greys = set()
        application.window.maps_painted.connect(
            lambda: greys.add(int(activations_of(application).frame.picture[0, 0, 0]))
        )
        wait(lambda: len(greys) == 5)
        press(application, Qt.Key.Key_Space)
        settle(application, wait, tmp_path)
        held = activations_of(application).frame
        settle(application, wait, tmp_path)
        assert activations_of(application).frame is held
        press(application, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        wait(lambda: activations_of(application).frame is not held)


# Parameters


def test_a_parameter_takes_effect(started, wait):
    application = started()
    field = application.window.side.parameters.field("pool_size")
    QTest.keyClick(field.findChildren(QSpinBox)[0], Qt.Key.Key_Up)
    wait(lambda: activations_of(application).stage.pooling.grid.size == (3, 2))
    assert activations_of(application).pooled_maps.shape == (14, 15, 64)
    assert application.window.tool_bar.presets.currentText() == "custom"


def test_impossible_parameters_keep_the_last_network(started, wait):
    application = started()
    before = state_of(application).rendering
    application.controller.networks.set_network(NetworkSpec(kernel_size=(40, 3)))
    assert "does not fit" in application.window.side.parameters.problem_of("kernel_size")
    assert state_of(application).rendering is before
    open_and_wait(application, COFFEE, wait)
    assert activations_of(application).network == NetworkSpec()
    application.controller.networks.set_network(NetworkSpec(kernel_size=(4, 3)))
    wait(lambda: activations_of(application).network.kernel_size == (4, 3))
    assert application.window.side.parameters.problem_of("kernel_size") == ""


def test_the_other_preset_takes_effect_and_a_pin_beyond_it_goes(started, wait):
    application = started(pin=(14, 14))
    QTest.keyClick(application.window.tool_bar.presets, Qt.Key.Key_Down)
    wait(lambda: activations_of(application).pooled_maps.shape == (111, 111, 64))
    application.controller.toggle_pin(Pixel(MapName.POOLED, 100, 100))
    QTest.keyClick(application.window.tool_bar.presets, Qt.Key.Key_Up)
    wait(lambda: activations_of(application).network == NetworkSpec())
    assert state_of(application).pinned is None


# Taking it away


def test_a_figure_is_saved(started, wait, tmp_path):
    application = started(pin=(4, 7))
    application.exporting.export(ExportChoices(folder=str(tmp_path), template="figure"))
    wait(lambda: state_of(application).notice is not None)
    path = tmp_path / "figure.png"
    assert str(path) in application.window.notice_bar.text
    saved = QImage(str(path))
    assert saved.width() > 1000
    told = json.loads(saved.text("poolviewer"))
    assert told["pixel"] == {"map": "pooled", "row": 4, "col": 7, "is_pinned": True}


def test_numbers_are_saved(started, wait, tmp_path):
    application = started()
    application.exporting.export(ExportChoices(ending="npz", folder=str(tmp_path), template="all"))
    wait(lambda: state_of(application).notice is not None)
    assert application.window.notice_bar.text == f"Saved as {tmp_path / 'all.npz'}."
    with np.load(tmp_path / "all.npz") as saved:
        maps = activations_of(application).feature_maps
        assert np.array_equal(saved["feature_maps"], maps)


def test_a_figure_is_only_copied(started, wait, tmp_path):
    application = started()
    mode = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(application, Qt.Key.Key_C, mode)
    wait(lambda: state_of(application).notice is not None)
    assert not QGuiApplication.clipboard().image().isNull()


def test_a_figure_without_maps_is_refused(start, gate, tmp_path):
    application = start()
    application.exporting.ask()
    assert "no figure yet" in application.window.notice_bar.text


# Remembering and ending


def test_theme_display_and_place_are_remembered(started, start, wait):
    application = started()
    application.choose_theme("dark")
    display = DisplaySpec("viridis", "shared", is_mirrored=True, order="mean", place=8)
    application.controller.set_display(display)
    application.window.resize(1000, 650)  # the offscreen platform's screen is 800 wide
    application.window.close()
    assert application.stop()
    again = start()
    assert QApplication.palette().window().color().name() == DARK.background.lower()
    assert state_of(again).display == DisplaySpec("viridis", "shared", order="mean")
    assert again.window.tool_bar.colour_maps.currentText() == "Viridis"
    assert again.window.height() == 650


def test_another_device_runs_the_network_and_is_remembered(started, start, wait):
    application = started()
    before = state_of(application).rendering.activations
    application.window.device_chosen.emit("cpu")
    wait(lambda: state_of(application).rendering.activations is not before)
    after = state_of(application).rendering.activations
    np.testing.assert_array_equal(after.feature_maps, before.feature_maps)
    wait(lambda: [a.data() for a in device_actions(application) if a.isChecked()] == ["cpu"])
    application.window.close()
    assert application.stop()
    application = start()
    wait(lambda: state_of(application).rendering is not None)
    assert [a.data() for a in device_actions(application) if a.isChecked()] == ["cpu"]


def device_actions(application):
    return application.window.wishes["device"].menu().actions()


def test_control_q_ends_everything(started):
    application = started(FILM)
    press(application, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not application.window.isVisible()
    assert application.stop()


def test_cameras_are_listed_in_the_background(started, wait, monkeypatch):
    cameras = (Camera(0, "R&D camera"), Camera(2, "HDMI"))
    monkeypatch.setattr(camera, "list_cameras", lambda: cameras)
    application = started()
    menu = application.window.wishes["cameras"].menu()
    menu.aboutToShow.emit()
    wait(lambda: [a.text() for a in menu.actions()][:2] == ["R&&D camera", "HDMI"])


# The process


@contextmanager
def process_of(monkeypatch):
    """Let `run` change what belongs to the process, and change it back.

    Behind `nohup` or in the background of a shell some signals are ignored, and would be for ever.
    """
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    own = {number: signal.signal(number, signal.SIG_DFL) for number in process.ENDINGS}
    yield
    assert all(signal.getsignal(number) is signal.SIG_DFL for number in own)
    for number, handler in own.items():
        signal.signal(number, handler)
    end_windows()


def end_windows():
    """Delete the window that `run` leaves to the end of the process.

    The collector does not: it is spared what was there when TensorFlow was imported.
    """
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow):
            widget.deleteLater()
    QCoreApplication.sendPostedEvents()  # what the threads said last, before the window goes
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def when_there_are_maps(monkeypatch, act):
    """Do something once, when `run`'s application shows its first maps."""
    on_frame_painted = Metering.on_frame_painted
    done = []

    def hook(self, painted):
        on_frame_painted(self, painted)
        if not done:
            done.append(True)
            QTimer.singleShot(0, lambda: act(self._store.views))

    monkeypatch.setattr(Metering, "on_frame_painted", hook)


def test_run_ends_when_the_window_is_closed(monkeypatch, qapp):
    when_there_are_maps(monkeypatch, lambda window: window.close())
    with process_of(monkeypatch):
        assert app_module.run(ViewWish(CAT)) == 0


@pytest.mark.parametrize("number", process.ENDINGS)
def test_run_ends_on_a_signal(monkeypatch, qapp, number):
    when_there_are_maps(monkeypatch, lambda _: os.kill(os.getpid(), number))
    with process_of(monkeypatch):
        assert app_module.run(ViewWish(CAT)) == 0


def test_run_does_not_wait_for_the_end_of_an_import(monkeypatch, qapp):
    made, left, release = [], [], threading.Event()
    application_of = app_module.Application

    def importing():
        os.kill(os.getpid(), signal.SIGINT)
        release.wait(20)
        raise PoolViewerError("There is no engine.")

    def leave(code):
        left.append(code)
        release.set()
        assert made[0].stop()

    def make(*arguments):
        made.append(application_of(*arguments))
        return made[0]

    monkeypatch.setattr(app_module, "create_engine", importing)
    monkeypatch.setattr(app_module, "leave", leave)
    monkeypatch.setattr(app_module, "Application", make)
    monkeypatch.setattr(app_module, "QUIT_TIMEOUT_MS", 60_000)
    monkeypatch.setattr(app_module, "NETWORK_PATIENCE_MS", 1)
    with process_of(monkeypatch):
        assert app_module.run(ViewWish(CAT)) == 0
    assert left == [0]


@pytest.mark.qt_no_exception_capture
def test_an_error_inside_is_one_sentence(started, monkeypatch, capsys):
    def break_down(self, channel):
        raise ValueError("odd")

    monkeypatch.setattr(Controller, "set_channel", break_down)
    monkeypatch.delenv("POOLVIEWER_DEBUG", raising=False)
    application = started()
    reporter = ErrorReporter()
    reporter.refused.connect(application.controller.refuse)
    monkeypatch.setattr(sys, "excepthook", reporter)
    application.window.channel_selected.emit(3)
    assert "ValueError: odd" in application.window.notice_bar.text
    assert "Traceback" not in capsys.readouterr().err
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)  # Python keeps the last error, and with it the window


def test_nothing_is_measured_behind_a_closed_window(started):
    metering = started().controller.metering
    metering.watch(True)
    assert all(timer.isActive() for timer in metering.findChildren(QTimer))
    metering.parent().window.close()
    assert not any(timer.isActive() for timer in metering.findChildren(QTimer))
