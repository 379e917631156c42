"""Qt for a moment: enough of it to draw, without standing in the way of anybody's windows."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from poolviewer.core.errors import ExportError, PoolViewerError
from poolviewer.display_check import missing_library

# ruff: noqa: PLC0415 - Qt is imported when something is drawn

_lock = threading.RLock()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw within; any thread may, one at a time.

    The process's own `QGuiApplication` is used where there is one. Else there is one only
    meanwhile, off every screen on Linux and without a word in the environment, so that a
    `QApplication` with windows can be made later.

    Raises
    ------
    PoolViewerError
        Qt's libraries are missing, or the process has an application that cannot draw.
    """
    lacking = missing_library()
    if lacking:
        raise PoolViewerError(lacking)
    with _lock:
        from PySide6.QtCore import QCoreApplication
        from PySide6.QtGui import QGuiApplication

        present = QCoreApplication.instance()
        if present is None:
            with _application():
                yield
        elif isinstance(present, QGuiApplication):
            yield
        else:
            raise ExportError(
                "This process has a QCoreApplication, which cannot draw: make it a "
                "QGuiApplication or a QApplication."
            )


@contextmanager
def _application() -> Iterator[None]:
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtGui import QGuiApplication

    is_main = threading.current_thread() is threading.main_thread()
    if sys.platform != "linux" and not is_main:
        raise ExportError(
            "Figures are drawn by the main thread here, unless a QApplication exists: make one, "
            "or draw there."
        )
    # Qt warns of an application outside the main thread: windows could not be shown by it.
    before = None if is_main else qInstallMessageHandler(lambda *_: None)
    try:
        app = QGuiApplication(["poolviewer", *_platform()])
    finally:
        if not is_main:
            qInstallMessageHandler(before)
    try:
        yield
    finally:
        app.shutdown()


def _platform() -> tuple[str, ...]:
    return ("-platform", "offscreen") if sys.platform == "linux" else ()
