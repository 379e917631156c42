"""Run the whole application once: synthetic source, real threads, real network, real window."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from poolviewer.app import Application
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.messages import Failure
from poolviewer.core.trace import PooledTrace, trace_pooled
from poolviewer.core.view_wish import ViewWish
from poolviewer.process import leave, make_qt_application
from poolviewer.settings import Settings

FRAMES = 5
TIMEOUT_MS = 120_000
PIXEL = Pixel(MapName.POOLED, 4, 7)


class _Watch(QObject):
    """Counts painted frames, checks one trace, and closes the window."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._application = application
        self._painted = 0
        self.verdict = "no maps were painted within two minutes"
        application.window.maps_painted.connect(self._on_maps_painted)
        application.failed.connect(self._on_failed)

    @Slot()
    def _on_maps_painted(self) -> None:
        state = self._application.controller.state
        if state.rendering is None:
            return
        self._painted += 1
        self._application.controller.hover(PIXEL)
        if self._painted == FRAMES:
            trace = trace_pooled(state.rendering.activations, 0, PIXEL.row, PIXEL.col)
            self.verdict = _verdict(trace)
            self._application.window.close()

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self.verdict = failure.sentence.removesuffix(".")
        self._application.window.close()


def run() -> int:
    """Print READY and return 0 if everything worked, else say what did not and return 1."""
    app = make_qt_application()
    with TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        application = Application(app, ViewWish("synthetic:30"), settings)
        return _run(app, application)


def _run(app: QCoreApplication, application: Application) -> int:
    watch = _Watch(application)
    timeout = QTimer(singleShot=True, interval=TIMEOUT_MS)
    timeout.timeout.connect(application.window.close)
    application.start()
    timeout.start()
    app.exec()
    timeout.stop()
    has_ended = application.stop()
    if not has_ended:
        watch.verdict = "a thread did not end"
    sys.stdout.write(
        "READY\n" if not watch.verdict else f"The self-test failed: {watch.verdict}.\n"
    )
    if not has_ended:
        leave(1)
    return 1 if watch.verdict else 0


def _verdict(trace: PooledTrace) -> str:
    """Say what is wrong with a trace; nothing if its number is its window's maximum."""
    return "" if trace.value == float(trace.values.max()) else "a pooled value is not its maximum"
