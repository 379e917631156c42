"""What belongs to the process and not to the window: Qt's application, Ctrl+C, errors, the end."""

import os
import signal
import socket
import sys
import traceback
from types import TracebackType
from typing import NoReturn

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from poolviewer import __version__
from poolviewer.resources import resource_path

ENDINGS = tuple(getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n))


def make_qt_application() -> QApplication:
    """Return the process's QApplication, named for settings, task bars and permissions."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("PoolViewer")
    app.setOrganizationName("PoolViewer")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("org.poolviewer.PoolViewer")
    app.setWindowIcon(QIcon(str(resource_path("icons/poolviewer.svg"))))
    return app


def leave(code: int) -> NoReturn:
    """End the process at once: over a thread that hangs in a driver, Qt would abort at exit."""
    sys.stdout.flush()
    os._exit(code)


class ErrorReporter(QObject):
    """Says an unforeseen error in one sentence; the traceback is for those who ask for it.

    To be set as `sys.excepthook`. The error may come from any thread, so the sentence is told by
    signal.
    """

    refused = Signal(str)

    def __call__(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        if os.environ.get("POOLVIEWER_DEBUG"):
            traceback.print_exception(kind, error, where)
        self.refused.emit(
            f"Something inside PoolViewer failed ({kind.__name__}: {error}). What you see may be "
            "incomplete: try again, and report it if it happens again."
        )


class InterruptWatch:
    """Closes the window on Ctrl+C or a request to end, which Qt's event loop would not notice.

    A logout or `kill` thus completes a recording, as closing the window does.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)

    def __enter__(self) -> None:
        heard = [number for number in ENDINGS if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, lambda *_: None) for number in heard}
        self._fd_before = signal.set_wakeup_fd(self._writer.fileno())
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._window.close)

    def __exit__(self, *_: object) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()
