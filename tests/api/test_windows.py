"""The window from Python: it opens on what is given, and leaves the process as it was."""

import sys
import tempfile
import threading
from pathlib import Path

import keras
import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

import poolviewer
from poolviewer.core.network import network_name
from poolviewer.settings import Settings
from poolviewer.views.main_window import MainWindow
from tests.api.models import small_model
from tests.processes import run_python

PICTURE = np.random.default_rng(5).integers(0, 256, (40, 30, 3), dtype=np.uint8)


@pytest.fixture
def seen(qapp, monkeypatch):
    """Close each window as soon as it shows maps; return the renderings that were seen."""
    renderings = []
    show = MainWindow.show_rendering

    def show_and_close(window, rendering, channel):
        show(window, rendering, channel)
        renderings.append((rendering, channel))
        QTimer.singleShot(0, window, window.close)

    monkeypatch.setattr(MainWindow, "show_rendering", show_and_close)
    return renderings


def test_window_shows_an_array(seen):
    poolviewer.view("tutorial", PICTURE, channel=9, pin=(4, 7))
    (rendering, channel), *_ = seen
    expected = poolviewer.figure("tutorial", PICTURE)
    np.testing.assert_array_equal(rendering.activations.feature_maps, expected.feature_maps)
    assert (rendering.activations.frame.source.name, channel) == ("array", 9)


def test_window_shows_a_model_in_memory_and_keeps_nothing(seen):
    before = set(Path(tempfile.gettempdir()).glob("poolviewer-*"))
    model = small_model(name="my.model")
    poolviewer.view(model, PICTURE)
    activations = [rendering.activations for rendering, _ in seen]
    named = [maps for maps in activations if network_name(maps.network) == "my-model.keras"]
    expected = poolviewer.figure(model, PICTURE)
    np.testing.assert_array_equal(named[-1].feature_maps, expected.feature_maps)
    assert Settings().recent_models == ()
    assert set(Path(tempfile.gettempdir()).glob("poolviewer-*")) <= before


def test_process_looks_as_before(qapp, seen):
    qapp.setStyleSheet("QLabel { color: red }")
    qapp.setApplicationName("mine")
    try:
        before = qapp.palette(), qapp.applicationName(), sys.excepthook
        poolviewer.view(image=PICTURE)
        assert (qapp.palette(), qapp.applicationName(), sys.excepthook) == before
        assert qapp.styleSheet() == "QLabel { color: red }"
    finally:
        qapp.setStyleSheet("")
    assert len(seen) >= 1


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"image": "nowhere.png"}, "does not exist"),
        ({"model": "nowhere.keras"}, "does not exist"),
        ({"image": np.zeros((2, 2), int)}, "int64"),
        ({"model": "grey 224×224"}, "in the window"),
        ({"size": (32, 32)}, "go with a model"),
        ({"pin": "here"}, "pin|pixel"),
    ],
)
def test_what_cannot_be_opened_is_told_before_a_window_is(qapp, wish, words):
    with pytest.raises(poolviewer.PoolViewerError, match=words):
        poolviewer.view(**wish)


def test_layers_of_ones_own_are_told(qapp):
    model = small_model(keras.layers.Lambda(lambda x: x))
    with pytest.raises(poolviewer.PoolViewerError, match="Lambda"):
        poolviewer.view(model)


def test_running_event_loop_is_told(qapp):
    told = []

    def try_it():
        with pytest.raises(poolviewer.PoolViewerError) as caught:
            poolviewer.view()
        told.append(str(caught.value))
        loop.quit()

    loop = QEventLoop()
    QTimer.singleShot(0, try_it)
    loop.exec()
    assert "event loop runs" in told[0]
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]


def test_other_threads_are_told(qapp):
    told = []

    def try_it():
        with pytest.raises(poolviewer.PoolViewerError) as caught:
            poolviewer.view()
        told.append(str(caught.value))

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert "main thread" in told[0]


def test_missing_display_is_told():
    code = "import poolviewer; poolviewer.view()"
    done = run_python(code, without=("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    assert done.returncode == 1
    assert "There is no display" in done.stderr
    assert done.stderr.rstrip().endswith("save a figure instead.")
