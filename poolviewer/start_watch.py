"""Measure one start of the real window, from the birth of its process to its first maps."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from poolviewer.app import Application
from poolviewer.core.view_wish import ViewWish
from poolviewer.process import leave, make_qt_application
from poolviewer.runtime.gaps import GapWatch
from poolviewer.settings import Settings

TIMEOUT_S = 150
SETTLE_MS = 1000
LONG_GAP_S = 0.033


@dataclass(frozen=True, slots=True)
class Start:
    """One start: milliseconds since the process was born, and the interface's gaps from then on.

    ``long_gaps`` holds when each gap of more than 33 ms began and how long it was, ``modules``
    what was imported when the window was first painted.
    """

    window_ms: float
    first_maps_ms: float
    longest_gap_ms: float
    long_gaps: tuple[tuple[float, float], ...]
    modules: tuple[str, ...]


def measure_start(environment: Mapping[str, str] = os.environ) -> Start:
    """Start the application twice in a process of its own, and return the second time.

    The first time fills the system's file cache and a folder of byte code, such as an installed
    application has. Both have fresh settings.

    Raises
    ------
    subprocess.SubprocessError
        If no window opened, or no maps came within two minutes.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        _start({**environment, **own})
        return _start({**environment, **own})


def _start(environment: Mapping[str, str]) -> Start:
    program = [sys.executable] if hasattr(sys, "frozen") else [sys.executable, "-m", "poolviewer"]
    done = subprocess.run(
        [*program, "--time-start", repr(time.time())],
        env=environment,
        stdout=subprocess.PIPE,
        timeout=TIMEOUT_S,
        check=True,
    )
    return Start(**json.loads(done.stdout))


class _Watch(QObject):
    """Notes when the window and the first maps were painted, and closes the window after them."""

    def __init__(self, application: Application, born: float) -> None:
        super().__init__()
        self._application = application
        # The clock that all processes share, and the one that gaps are measured with.
        self._born_s = born - time.time() + time.perf_counter()
        self._gaps = GapWatch(self)
        self._close = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._close.timeout.connect(application.window.close)
        self._window_ms = self._maps_ms = 0.0
        self._modules: tuple[str, ...] = ()
        application.window.maps_painted.connect(self._on_maps_painted)
        application.window.closed.connect(self._gaps.stop)

    def start(self) -> Start:
        """Return what was seen."""
        long = tuple((self._since_birth(at), 1e3 * gap) for at, gap in self._gaps.over(LONG_GAP_S))
        longest_ms = 1e3 * self._gaps.longest()
        return Start(self._window_ms, self._maps_ms, longest_ms, long, self._modules)

    @Slot()
    def _on_maps_painted(self) -> None:
        if not self._window_ms:
            self._window_ms = self._since_birth(time.perf_counter())
            self._modules = tuple(sys.modules)
            self._gaps.start()
        elif not self._maps_ms and self._application.controller.state.rendering is not None:
            self._maps_ms = self._since_birth(time.perf_counter())
            self._close.start()

    def _since_birth(self, seconds: float) -> float:
        return 1e3 * (seconds - self._born_s)


def run(born: float) -> int:
    """Open the window on the sample, close it soon after its first maps, and print a `Start`.

    Parameters
    ----------
    born
        The `time.time` at which this process was started.
    """
    app = make_qt_application()
    with tempfile.TemporaryDirectory() as folder:
        application = Application(app, ViewWish(), Settings(Path(folder) / "settings.ini"))
        watch = _Watch(application, born)
        application.start()
        app.exec()
    sys.stdout.write(json.dumps(asdict(watch.start())))
    if not application.stop():
        leave(1)
    return 0
