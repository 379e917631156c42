"""A worker in its real thread, the wishes that reach it by signal, and what it said."""

from contextlib import contextmanager
from threading import get_ident

from PySide6.QtCore import QObject, Signal, Slot

from poolviewer.runtime.threads import WorkerThread

TIMEOUT_MS = 10_000


class Wishes(QObject):
    """The signals by which a worker is called; it lives in the thread of the test."""

    opened = Signal(object, int)
    frozen = Signal(bool)
    stepped = Signal(int)
    sought = Signal()
    looping = Signal(bool)
    limited = Signal(object)
    work = Signal()
    job = Signal(object)


class Recorder(QObject):
    """Keeps what signals brought, in order, and in which thread."""

    def __init__(self):
        super().__init__()
        self.events = []
        self.threads = set()

    def named(self, name):
        """Return what came with the events of one name."""
        return [event[1] for event in self.events if event[0] == name]

    def count(self, name):
        return len(self.named(name))

    @Slot(object, int)
    def on_opened(self, info, generation):
        self._keep("opened", (info, generation))

    @Slot()
    def on_captured(self):
        self._keep("captured", None)

    @Slot()
    def on_recovered(self):
        self._keep("recovered", None)

    @Slot(object)
    def on_failed(self, failure):
        self._keep("failed", failure)

    @Slot()
    def on_moved(self):
        self._keep("moved", None)

    @Slot(int)
    def on_paused(self, generation):
        self._keep("paused", generation)

    @Slot()
    def on_ready(self):
        self._keep("ready", None)

    @Slot(object)
    def on_engine_ready(self, versions):
        self._keep("engine_ready", versions)

    @Slot(str)
    def on_device_refused(self, sentence):
        self._keep("device_refused", sentence)

    @Slot(object)
    def on_done(self, result):
        self._keep("done", result)

    @Slot()
    def on_answered(self):
        self._keep("answered", None)

    def _keep(self, name, message):
        self.threads.add(get_ident())
        self.events.append((name, message))


class Echo(QObject):
    """Answers from the worker's thread: all that was asked before has then been done."""

    asked = Signal()
    answered = Signal()

    @Slot()
    def answer(self):
        self.answered.emit()


@contextmanager
def in_thread(worker, surround=None):
    """Run a worker in its thread; at the end it must stop in time.

    What ``surround`` makes of the worker is yielded: it is wired before the first step.
    """
    thread = WorkerThread(worker, "test")
    surroundings = surround and surround(worker)
    thread.start()
    try:
        yield surroundings
    finally:
        thread.request_stop()
        has_ended = thread.wait(TIMEOUT_MS)
    assert has_ended


class Barrier:
    """Waits until a worker has done all it was asked so far."""

    def __init__(self, worker, qtbot):
        self._qtbot = qtbot
        self._recorder = Recorder()
        self._asker = Echo()
        self._echo = Echo()
        self._echo.moveToThread(worker.thread())
        self._asker.asked.connect(self._echo.answer)
        self._echo.answered.connect(self._recorder.on_answered)

    def wait(self):
        before = len(self._recorder.events)
        self._asker.asked.emit()
        self._qtbot.waitUntil(lambda: len(self._recorder.events) > before, timeout=TIMEOUT_MS)
