"""The composition root of `poolviewer bench`: the whole application, measured from outside."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, Slot, qVersion
from PySide6.QtWidgets import QApplication

from poolviewer.app import Application
from poolviewer.bench.session import WARM_UP_MS, Session
from poolviewer.bench.start import measure_start
from poolviewer.core.benchmark import BenchWish, table
from poolviewer.core.errors import PoolViewerError
from poolviewer.core.machine import machine
from poolviewer.core.view_wish import ViewWish
from poolviewer.process import leave, make_qt_application
from poolviewer.settings import Settings
from poolviewer.views.main_window import MainWindow

START_TIMES = ("window_ms", "first_maps_ms", "longest_gap_ms")
QUICK_END_S = 50.0  # after the beginning, to end within a minute
SHORTEST_S, LONGEST_S = 0.3, 3.0
SET_UP_S = WARM_UP_MS / 1000 + 0.7


def run(wish: BenchWish) -> int:
    """Measure and print the report; raises `PoolViewerError` if something went wrong."""
    began_s = perf_counter()
    progress = _Progress(len(wish.cases))
    progress.show("start", 0)
    start = measure_start()
    times = {name: round(getattr(start, name), 3) for name in START_TIMES}
    app = make_qt_application()

    def span(cases_left: int) -> float:
        if wish.seconds is not None:
            return wish.seconds
        left_s = began_s + QUICK_END_S - perf_counter()
        return min(max(left_s / cases_left - SET_UP_S, SHORTEST_S), LONGEST_S)

    with TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        application = Application(app, ViewWish("synthetic:30"), settings)
        session = Session(application, wish.cases, str(Path(folder) / "vgg_block.keras"), span)
        session.progressed.connect(progress.show)
        has_ended = _run(app, application, session)
    progress.clear()
    if session.problem:
        raise PoolViewerError(f"The measurement ended early, because {session.problem}: try again.")
    report = {"machine": _machine(application), "start": times, "cases": session.results}
    sys.stdout.write(json.dumps(report, indent=2) + "\n" if wish.is_json else table(report))
    if not has_ended:
        leave(0)
    return 0


def _run(app: QApplication, application: Application, session: Session) -> bool:
    """Show the window until the session is over; return whether all threads ended."""
    with _interruptible(application.window) as interrupts:
        application.start()
        session.start()
        app.exec()
        has_ended = application.stop()
    if interrupts:
        raise KeyboardInterrupt
    return has_ended


@contextmanager
def _interruptible(window: MainWindow) -> Iterator[list[int]]:
    """Close the window on Ctrl+C, and keep note of it."""
    interrupts: list[int] = []

    def on_interrupt(number: int, _frame: object) -> None:
        interrupts.append(number)
        window.close()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)


def _machine(application: Application) -> dict[str, Any]:
    size = application.window.size()
    return {
        **machine(),
        "qt": qVersion(),
        "platform": QApplication.platformName(),
        "window": f"{size.width()}×{size.height()}",
        "device": application.controller.state.versions.device,
    }


class _Progress(QObject):
    """One line in the terminal that says what is being measured; silent anywhere else."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._is_terminal = sys.stderr.isatty()

    @Slot(str, int)
    def show(self, words: str, done: int) -> None:
        if self._is_terminal:
            sys.stderr.write(f"\r\x1b[K{done} of {self._count}: {words} …")
            sys.stderr.flush()

    def clear(self) -> None:
        if self._is_terminal:
            sys.stderr.write("\r\x1b[K")
