"""How long a start takes: in a process of its own, because this one has started already."""

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
from poolviewer.core.errors import PoolViewerError
from poolviewer.core.messages import Failure
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
    """Start the application in a process of its own, with fresh settings.

    Raises
    ------
    PoolViewerError
        If no window opened, or no maps came.
    """
    program = [sys.executable] if hasattr(sys, "frozen") else [sys.executable, "-m", "poolviewer"]
    try:
        done = subprocess.run(
            [*program, "bench", "--start", repr(time.time())],
            env=environment,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=True,
        )
        return Start(**json.loads(done.stdout))
    except (OSError, TypeError, ValueError, subprocess.SubprocessError) as error:
        raise PoolViewerError(
            f"The start could not be measured ({type(error).__name__}): try poolviewer --self-test."
        ) from error


def measure_warm_start(environment: Mapping[str, str] = os.environ) -> Start:
    """Start twice and return the second time; raises `PoolViewerError` as `measure_start` does.

    The first time fills the system's file cache and a folder of byte code, such as an installed
    application has.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = {**environment, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        measure_start(own)
        return measure_start(own)


class _StartWatch(QObject):
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
        application.failed.connect(self._on_failed)

    def start(self) -> Start | None:
        """Return what was seen; None where no maps came."""
        long = tuple((self._since_birth(at), 1e3 * gap) for at, gap in self._gaps.over(LONG_GAP_S))
        longest_ms = 1e3 * self._gaps.longest()
        start = Start(self._window_ms, self._maps_ms, longest_ms, long, self._modules)
        return start if self._maps_ms else None

    @Slot()
    def _on_maps_painted(self) -> None:
        if not self._window_ms:
            self._window_ms = self._since_birth(time.perf_counter())
            self._modules = tuple(sys.modules)
            self._gaps.start()
        elif not self._maps_ms and self._application.controller.state.rendering is not None:
            self._maps_ms = self._since_birth(time.perf_counter())
            self._close.start()

    @Slot(object)
    def _on_failed(self, _failure: Failure) -> None:
        self._application.window.close()

    def _since_birth(self, seconds: float) -> float:
        return 1e3 * (seconds - self._born_s)


def run(born: float) -> int:
    """Be the process that is measured: open the window as ever, print a `Start`, and end.

    Parameters
    ----------
    born
        The `time.time` at which this process was started.
    """
    app = make_qt_application()
    with tempfile.TemporaryDirectory() as folder:
        application = Application(app, ViewWish(), Settings(Path(folder) / "settings.ini"))
        watch = _StartWatch(application, born)
        application.start()
        app.exec()
        has_ended = application.stop()
    start = watch.start()
    sys.stdout.write(json.dumps(asdict(start) if start else None))
    code = 0 if start else 1
    if not has_ended:
        leave(code)
    return code
