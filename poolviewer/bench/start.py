"""How long a start takes: in a process of its own, because this one has started already."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from poolviewer.app import Application
from poolviewer.core.benchmark import milliseconds
from poolviewer.core.errors import PoolViewerError
from poolviewer.core.messages import Failure
from poolviewer.core.view_wish import ViewWish
from poolviewer.process import leave, make_qt_application
from poolviewer.runtime.gaps import GapWatch
from poolviewer.settings import Settings

STARTED = "POOLVIEWER_BENCH_STARTED"
TIMEOUT_S = 120


def measure_start() -> dict[str, float]:
    """Start the application anew and return what it tells; raises `PoolViewerError`."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m"]
    command = [*program, *([] if len(program) == 1 else ["poolviewer"]), "bench", "--start"]
    # On every system this clock is the same in all processes.
    environment = {**os.environ, STARTED: repr(perf_counter())}
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT_S,
            check=True,
        )
        figures: dict[str, float] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise PoolViewerError(
            f"The start could not be measured ({type(error).__name__}): try poolviewer --self-test."
        ) from error
    return figures


class _StartWatch(QObject):
    """Notes when the window and when the first maps are painted, and closes the window."""

    def __init__(self, application: Application, started_s: float) -> None:
        super().__init__()
        self._window = application.window
        self._started_s = started_s
        self._gaps = GapWatch(self)
        self.figures: dict[str, Any] = {}
        self._timeout = QTimer(self, singleShot=True, interval=TIMEOUT_S * 1000)
        self._timeout.timeout.connect(self._window.close)
        self._timeout.start()
        self._window.maps_painted.connect(self._on_window_painted)
        self._window.frame_painted.connect(self._on_frame_painted)
        application.failed.connect(self._on_failed)

    @Slot()
    def _on_window_painted(self) -> None:
        if "window_ms" not in self.figures:
            self._note("window_ms")
            self._gaps.start()

    @Slot(object)
    def _on_frame_painted(self) -> None:
        self._gaps.stop()
        self._note("first_maps_ms")
        self.figures["longest_gap_ms"] = milliseconds(self._gaps.longest())
        self._window.close()

    @Slot(object)
    def _on_failed(self, _failure: Failure) -> None:
        self._window.close()

    def _note(self, name: str) -> None:
        self.figures[name] = milliseconds(perf_counter() - self._started_s)


def run() -> int:
    """Be the process that is measured: open the window as ever, print the figures, and end."""
    started_s = float(os.environ.get(STARTED, perf_counter()))
    app = make_qt_application()
    with TemporaryDirectory() as folder:
        application = Application(app, ViewWish(), Settings(Path(folder) / "settings.ini"))
        watch = _StartWatch(application, started_s)
        application.start()
        app.exec()
        has_ended = application.stop()
    is_complete = "longest_gap_ms" in watch.figures
    sys.stdout.write(json.dumps(watch.figures) + "\n")
    if not has_ended:
        leave(0 if is_complete else 1)
    return 0 if is_complete else 1
