"""Recordings of the whole application: files that play, and no disturbance."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.core.messages import SourceRequest
from poolviewer.core.recording import RecordingChoices, RecordingSpec
from poolviewer.export.figure import render_figure
from poolviewer.export.request import chosen_request
from tests.export.recordings import difference, read
from tests.media import SAMPLES

FILM = str(SAMPLES / "bigbuckbunny.mp4")
CHOICES = RecordingChoices()
SETTINGS = {"mp4": 4.0, "gif": 6.0, "webp": 4.0, "apng": 0.0}


@pytest.fixture
def record(wait):
    """Begin a recording and wait until it has a number of frames."""

    def record(application, path, frames, *, rate=10, longest_s=60.0):
        spec = RecordingSpec(str(path), rate, longest_s)
        application.recording.start(spec, CHOICES)
        wait(lambda: state_of(application).recording.frames >= frames)

    return record


def state_of(application):
    return application.controller.state


def notice_of(application):
    notice = state_of(application).notice
    return notice.sentence if notice else ""


def pixels_of(image):
    rows = image.constBits()
    pixels = np.frombuffer(rows, np.uint8).reshape(image.height(), -1, 4)
    return pixels[:, : image.width(), :3].copy()


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_picture_is_recorded_as_it_is_exported(started, wait, record, tmp_path, kind):
    application = started(pin=(4, 7))
    state = state_of(application)
    path = tmp_path / f"a.{kind}"
    record(application, path, 1)
    application.controller.set_channel(5)
    wait(lambda: state_of(application).recording.frames == 2)
    application.recording.stop()
    wait(lambda: state_of(application).recording is None)
    assert notice_of(application).startswith(f"Recording saved as {path} (")
    film = read(path)
    request = application._snapshot(state, 1.0)
    assert difference(film.frames[0], pixels_of(render_figure(request))) <= SETTINGS[kind]
    request = application._snapshot(state_of(application), 1.0)
    assert difference(film.frames[-1], pixels_of(render_figure(request))) <= SETTINGS[kind]
    assert len(film.frames) in (2, 3)  # the last one is written again where it lasted long


def test_a_film_is_recorded_while_it_is_read(started, wait, record, tmp_path):
    """Both FFmpegs, OpenCV's and PyAV's, work in one process."""
    application = started(FILM)
    record(application, tmp_path / "a.mp4", 8, rate=20)
    before = state_of(application).rendering.activations.frame.index
    wait(lambda: state_of(application).rendering.activations.frame.index != before)
    application.recording.stop()
    wait(lambda: state_of(application).recording is None)
    film = read(tmp_path / "a.mp4")
    assert len(film.frames) >= 8
    differing = {round(difference(film.frames[0], frame), 1) for frame in film.frames}
    assert len(differing) > 4


def test_the_longest_time_ends_it(started, wait, tmp_path):
    application = started(FILM)
    application.recording.start(RecordingSpec(str(tmp_path / "a.gif"), 5, 1.0), CHOICES)
    wait(lambda: state_of(application).recording is None)
    assert "(1.0 s, " in notice_of(application)
    assert read(tmp_path / "a.gif").length == pytest.approx(1.0, abs=0.25)


def test_another_network_does_not_end_it(started, wait, record, tmp_path):
    application = started()
    record(application, tmp_path / "a.mp4", 1)
    application.controller.networks.set_network(
        type(state_of(application).network)(filters=3, pool_size=(5, 3), pool_strides=(5, 3))
    )
    wait(lambda: state_of(application).recording.frames >= 2)
    application.controller.open_source(SourceRequest(str(SAMPLES / "coffee.png")))
    wait(lambda: state_of(application).recording.frames >= 3)
    application.recording.stop()
    wait(lambda: state_of(application).recording is None)
    assert len({frame.shape for frame in read(tmp_path / "a.mp4").frames}) == 1


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_cancelled_recording_leaves_nothing(started, wait, record, tmp_path, kind):
    application = started(FILM)
    record(application, tmp_path / f"a.{kind}", 2)
    application.window.recording_cancelled.emit()
    assert state_of(application).recording is None
    assert notice_of(application) == "The recording was cancelled: nothing was saved."
    wait(lambda: not list(tmp_path.iterdir()))


@pytest.mark.parametrize("kind", SETTINGS)
def test_closing_the_window_completes_the_file(started, record, tmp_path, kind):
    application = started(FILM)
    record(application, tmp_path / f"a.{kind}", 2)
    application.window.close()
    assert application.stop()
    assert [path.name for path in tmp_path.iterdir()] == [f"a.{kind}"]
    assert len(read(tmp_path / f"a.{kind}").frames) >= 2


def test_a_folder_that_is_missing_is_told(started, wait, tmp_path):
    application = started()
    path = tmp_path / "missing" / "a.mp4"
    application.recording.start(RecordingSpec(str(path)), CHOICES)
    wait(lambda: state_of(application).recording is None)
    assert notice_of(application).startswith(f"The folder of {path} does not exist")


def test_ctrl_r_asks_and_enter_records_and_ctrl_r_stops(started, wait, tmp_path, qtbot):
    application = started(FILM)
    window = application.window
    application.recording._choices = RecordingChoices("apng", 7, 9, 1, str(tmp_path))
    press(window, Qt.Key.Key_R)
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(dialog.isVisible)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    wait(lambda: state_of(application).recording.frames >= 1)
    assert window.recording_bar.isVisible()
    assert window.recording_bar.text.startswith("Recording ")
    assert window.wishes["record"].text() == "Stop r&ecording"
    press(window, Qt.Key.Key_R)
    wait(lambda: state_of(application).recording is None)
    assert not window.recording_bar.isVisible()
    (path,) = tmp_path.iterdir()
    assert path.suffix == ".apng"
    assert application._settings.recording == RecordingChoices("apng", 7, 9, 1, str(tmp_path))


def test_what_is_pointed_at_is_recorded(started, wait, record, tmp_path):
    application = started()
    record(application, tmp_path / "a.apng", 1)
    application.controller.hover(Pixel(MapName.INPUT, 3, 4))
    wait(lambda: state_of(application).recording.frames == 2)
    application.controller.set_display(DisplaySpec("viridis"))
    wait(lambda: state_of(application).recording.frames >= 3)
    application.recording.stop()
    wait(lambda: state_of(application).recording is None)
    frames = read(tmp_path / "a.apng").frames
    assert all(difference(one, other) > 1 for one, other in pairwise(frames[:3]))


def test_without_maps_there_is_one_sentence(start):
    application = start()
    application.window.record_requested.emit()
    assert notice_of(application).startswith("There is nothing to record yet")
    assert QApplication.activeModalWidget() is None


def press(window, key):
    QTest.keyClick(window.windowHandle(), key, Qt.KeyboardModifier.ControlModifier)


def test_a_full_disk_ends_it_with_a_file_that_plays(started, wait, record, tmp_path, monkeypatch):
    monkeypatch.setattr("poolviewer.export.growing.LARGEST", 7_500_000)
    application = started(FILM)
    record(application, tmp_path / "a.apng", 1, rate=30)
    wait(lambda: state_of(application).recording is None)
    assert "It ends early because the disk is full" in notice_of(application)
    assert state_of(application).notice.is_error
    assert len(read(tmp_path / "a.apng").frames) > 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.apng"]


def test_a_figure_of_a_recording_is_that_of_the_export(started, wait):
    """What is known already, and not drawn again, makes no pixel different."""
    application = started(pin=(4, 7))
    request = application._snapshot(state_of(application), 1.0)
    assert request.known_levels is not None
    known = pixels_of(render_figure(request))
    assert (known == pixels_of(render_figure(replace(request, known_levels=None)))).all()
    application.controller.set_display(DisplaySpec("diverging", "shared"))
    assert application._snapshot(state_of(application), 1.0).known_levels is None


def test_a_recording_holds_what_was_chosen_for_figures(started, wait, record, tmp_path):
    application = started()
    chosen = ExportChoices(FigureSpec(("pooled",), layout="slide"), theme="dark", scale=3.0)
    application.exporting.export(replace(chosen, folder=str(tmp_path), template="figure"))
    wait((tmp_path / "figure.png").exists)
    record(application, tmp_path / "a.apng", 1)
    application.recording.stop()
    wait(lambda: "Recording saved" in notice_of(application))
    picture = read(tmp_path / "a.apng").frames[0]
    request = chosen_request(state_of(application), "light", replace(chosen, scale=1.0))
    np.testing.assert_array_equal(picture, pixels_of(render_figure(request)))
