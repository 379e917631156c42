"""Run a worker object in a thread of its own, and end both in time."""

import ctypes

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot


class Worker(QObject):
    """A worker that lives in a thread of its own and is called through signals only.

    Subclasses make what belongs to their thread in `set_up` and let go of it in `close`. They
    never override a slot: PySide then runs the override in the thread that made the connection.
    """

    finished = Signal()

    _thread_state: int | None = None

    @Slot()
    def start(self) -> None:
        """Begin, in the worker's thread."""
        # A QThread is no Python thread: without this, every slot would run with a new thread
        # state that is deleted after it, and TensorFlow, which remembers the first, crashes.
        self._thread_state = ctypes.pythonapi.PyGILState_Ensure()
        self.set_up()

    @Slot()
    def stop(self) -> None:
        """Let go of everything, and say so; a second time does nothing."""
        state, self._thread_state = self._thread_state, None
        if state is None:
            return
        try:
            self.close()
        finally:
            self.finished.emit()
            ctypes.pythonapi.PyGILState_Release(state)

    def set_up(self) -> None:
        """Make everything that must live in the worker's thread; runs once, in it."""

    def close(self) -> None:
        """Let go of everything; runs once, in the worker's thread."""


class WorkerThread(QObject):
    """One QThread and the one worker that lives in it.

    Parameters
    ----------
    worker
        A worker without a parent; it is deleted when its thread ends.
    name
        The thread's name, seen in debuggers and by the leak tests.
    """

    _stop_requested = Signal()

    def __init__(self, worker: Worker, name: str) -> None:
        super().__init__()
        self._thread = QThread()
        self._thread.setObjectName(name)
        worker.moveToThread(self._thread)
        self._thread.started.connect(worker.start)
        self._stop_requested.connect(worker.stop)
        # Direct: quit() is thread-safe, and the thread that owns a queued call may be waiting.
        worker.finished.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)
        self._thread.finished.connect(worker.deleteLater)

    def start(self) -> None:
        """Start the thread; the worker's `start` runs in it."""
        self._thread.start()

    def request_stop(self) -> None:
        """Ask the worker to stop after its present step; returns at once."""
        self._thread.requestInterruption()
        self._stop_requested.emit()

    def wait(self, timeout_ms: int) -> bool:
        """Wait for the thread's end, at most so long; return whether it has ended."""
        return self._thread.wait(timeout_ms)
