"""A worker in its thread: everything it does happens there, and it ends when asked."""

from threading import Event, get_ident, local

import numpy as np
import pytest
import tensorflow as tf
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from poolviewer.runtime.threads import Worker, WorkerThread

from .harness import TIMEOUT_MS, Barrier, Recorder, in_thread


class Asker(QObject):
    asked = Signal(int)


class Noting(Worker):
    """Notes in which thread each of its steps runs."""

    done = Signal(object)

    def __init__(self):
        super().__init__()
        self.threads = []
        self.closed = 0
        self.memory = local()

    def set_up(self):
        self._note()
        self.memory.steps = []
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.on_timeout)

    def close(self):
        self._note()
        self.closed += 1

    @Slot(int)
    def work(self, number):
        self._note()
        self.memory.steps.append(number)
        if number == 3:
            self.timer.start(0)

    @Slot()
    def on_timeout(self):
        self._note()
        self.done.emit(list(self.memory.steps))

    def _note(self):
        self.threads.append((get_ident(), QThread.currentThread() is self.thread()))


@pytest.fixture
def wired(qtbot):
    worker, asker, recorder = Noting(), Asker(), Recorder()
    asker.asked.connect(worker.work)
    worker.done.connect(recorder.on_done)
    return worker, asker, recorder


def test_every_step_runs_in_the_one_thread_of_the_worker(wired, qtbot):
    worker, asker, recorder = wired
    with in_thread(worker):
        for number in (1, 2, 3):
            asker.asked.emit(number)
        qtbot.waitUntil(lambda: recorder.count("done") == 1, timeout=TIMEOUT_MS)
    assert len(set(worker.threads)) == 1
    ((ident, is_own),) = set(worker.threads)
    assert ident != get_ident()
    assert is_own
    assert recorder.threads == {get_ident()}


def test_python_remembers_the_thread_from_step_to_step(wired, qtbot):
    """Thread-local memory lives in Python's thread state, which one call alone does not keep."""
    worker, asker, recorder = wired
    with in_thread(worker):
        for number in (1, 2, 3):
            asker.asked.emit(number)
        qtbot.waitUntil(lambda: recorder.count("done") == 1, timeout=TIMEOUT_MS)
    assert recorder.named("done") == [[1, 2, 3]]


class Tracing(Worker):
    """Traces a new TensorFlow function at each call, as another network does."""

    done = Signal(object)

    @Slot(int)
    def work(self, number):
        layer = tf.function(lambda x: tf.nn.max_pool2d(x * float(number), 2, 2, "VALID"))
        self.done.emit(layer(tf.ones((1, number + 2, 4, 1))).numpy())


def test_tensorflow_traces_again_and_again_in_one_worker(qtbot):
    """Without the lasting thread state the second tracing crashed the process."""
    worker, asker, recorder = Tracing(), Asker(), Recorder()
    asker.asked.connect(worker.work)
    worker.done.connect(recorder.on_done)
    with in_thread(worker):
        barrier = Barrier(worker, qtbot)
        for number in range(1, 9):
            asker.asked.emit(number)
            barrier.wait()
    for number, pooled in enumerate(recorder.named("done"), start=1):
        np.testing.assert_array_equal(pooled, np.full((1, (number + 2) // 2, 2, 1), number))
    assert recorder.count("done") == 8


def test_stop_closes_once_however_often_it_is_asked(wired, qtbot):
    worker, asker, _ = wired
    thread = WorkerThread(worker, "test")
    thread.start()
    for _ in range(3):
        thread.request_stop()
    assert thread.wait(TIMEOUT_MS)
    thread.request_stop()
    asker.asked.emit(1)
    assert worker.closed == 1


def test_stop_before_the_first_step(wired):
    worker, _, _ = wired
    thread = WorkerThread(worker, "test")
    assert thread.wait(0)
    thread.request_stop()
    thread.start()
    assert thread.wait(TIMEOUT_MS)
    assert worker.closed == 1


class Slow(Worker):
    """Takes as long to set up as the test wants, as the import of TensorFlow does."""

    def __init__(self):
        super().__init__()
        self.entered, self.release, self.is_interrupted = Event(), Event(), False

    def set_up(self):
        self.entered.set()
        self.release.wait(TIMEOUT_MS / 1000)
        self.is_interrupted = QThread.currentThread().isInterruptionRequested()


def test_stop_while_it_is_set_up(qtbot):
    worker = Slow()
    thread = WorkerThread(worker, "test")
    thread.start()
    assert worker.entered.wait(TIMEOUT_MS / 1000)
    thread.request_stop()
    assert not thread.wait(1)
    worker.release.set()
    assert thread.wait(TIMEOUT_MS)
    assert worker.is_interrupted


class Clumsy(Worker):
    def close(self):
        raise OSError("the driver is gone")


def test_thread_ends_even_if_closing_fails(qtbot):
    worker = Clumsy()
    thread = WorkerThread(worker, "test")
    with qtbot.capture_exceptions() as errors:
        thread.start()
        thread.request_stop()
        assert thread.wait(TIMEOUT_MS)
    assert [str(error) for _, error, _ in errors] == ["the driver is gone"]


def test_worker_is_deleted_with_its_thread(wired, qtbot):
    worker, _, _ = wired
    gone = Recorder()
    worker.destroyed.connect(gone.on_answered)
    with in_thread(worker):
        pass
    qtbot.waitUntil(lambda: gone.count("answered") == 1, timeout=TIMEOUT_MS)


def test_thread_is_named_for_those_who_look(qtbot):
    names = Recorder()

    class Telling(Worker):
        told = Signal(object)

        def set_up(self):
            self.told.emit(QThread.currentThread().objectName())

    worker = Telling()
    worker.told.connect(names.on_done)
    with in_thread(worker):
        qtbot.waitUntil(lambda: names.named("done") == ["test"], timeout=TIMEOUT_MS)
