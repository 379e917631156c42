"""The worker processes of a batch: each has one task at a time, and one that dies is replaced."""

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import perf_counter

from poolviewer.batch.drawing import owner_of
from poolviewer.batch.naming import Claims
from poolviewer.batch.networks import UnfitBatchError
from poolviewer.batch.wish import BatchWish, Failed, Outcome, Task
from poolviewer.batch.worker import STOPPING, work

END_LIMIT_S = 10.0
_CONTEXT = multiprocessing.get_context("spawn")  # TensorFlow and Qt do not survive a fork


@dataclass(eq=False, slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    task: Task | None = None


class Workers:
    """Processes that share the tasks of a batch; a context manager, after which none is left.

    Parameters
    ----------
    late
        Takes what became of the files that were in hand when the batch was ended early.
    """

    def __init__(self, wish: BatchWish, count: int, claims: Claims, late: list[Outcome]) -> None:
        self._wish, self._count, self._claims, self._late = wish, count, claims, late
        self._threads = max(1, (os.cpu_count() or 1) // count)
        self._workers: list[_Worker] = []

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        """Let each complete the file in hand, but not for ever."""
        self._complete()
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(END_LIMIT_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join(END_LIMIT_S)
        self._workers.clear()

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Hand out tasks, one for each worker, and give what became of them, as they end.

        Raises
        ------
        UnfitBatchError
            No task can succeed.
        """
        for task in tasks:
            worker = self._idle()
            while worker is None:
                yield from self._answers()
                worker = self._idle()
            yield from self._give(worker, task)
        while any(worker.task for worker in self._workers):
            yield from self._answers()

    def _complete(self) -> None:
        until_s = perf_counter() + END_LIMIT_S
        while busy := {worker.pipe: worker for worker in self._workers if worker.task}:
            answering = wait(list(busy), max(0.0, until_s - perf_counter()))
            for pipe in answering:
                try:
                    outcome = self._heard(busy[pipe])  # type: ignore[index]
                except UnfitBatchError:
                    return
                self._late += [outcome] if outcome else []
            if not answering:
                return

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if worker.task is None:
                return worker
        if len(self._workers) < self._count:
            self._workers.append(self._started())
            return self._workers[-1]
        return None

    def _started(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        arguments = theirs, self._wish, self._threads
        process = _CONTEXT.Process(target=work, args=arguments, daemon=True)
        with _interrupts_held():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _give(self, worker: _Worker, task: Task) -> Iterator[Outcome]:
        worker.task = task
        try:
            worker.pipe.send(task)
        except OSError:
            yield self._lost(worker)

    def _answers(self) -> Iterator[Outcome]:
        """Wait for workers, and give what those tell that have completed a task."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task}
        for pipe in wait(list(busy)):
            outcome = self._heard(busy[pipe])  # type: ignore[index]
            if outcome is not None:
                yield outcome

    def _heard(self, worker: _Worker) -> Outcome | None:
        try:
            kind, *told = worker.pipe.recv()
            if kind == "claim":
                worker.pipe.send(self._claims.claim(*told))
                return None
        except (EOFError, OSError):
            return self._lost(worker)
        worker.task = None
        if kind == "unfit":
            raise UnfitBatchError(told[0])
        outcome: Outcome = told[0]
        return outcome

    def _lost(self, worker: _Worker) -> Outcome:
        """Give up what a worker had in hand when it died; another one takes its place."""
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join(END_LIMIT_S)
        assert worker.task is not None  # noqa: S101 - only those that have one are heard
        sentence = (
            "The process that made it was ended, perhaps because the memory did not suffice: "
            "use fewer --jobs."
        )
        return Outcome(failed=(Failed(owner_of(worker.task), sentence),))


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl+C and its like wait while a process is started: it must not be met half made.

    The new process inherits this until it has said by itself that they are not for it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {getattr(signal, name) for name in STOPPING})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
