"""The worker processes of a batch: each has one task at a time, and one that dies is replaced."""

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import perf_counter

from poolviewer.batch.drawing import owner_of
from poolviewer.batch.interrupts import interrupts_held
from poolviewer.batch.naming import Claims
from poolviewer.batch.networks import Note, UnfitBatchError
from poolviewer.batch.wish import BatchWish, Failed, Outcome, Task
from poolviewer.batch.worker import work
from poolviewer.core.half_made import tidy_up_after

FILE_LIMIT_S = 2.0  # for what is in hand when the batch is ended early
QUIT_LIMIT_S = 0.5
STOPPED = "The batch was ended."
_CONTEXT = multiprocessing.get_context("spawn")  # TensorFlow and Qt do not survive a fork


@dataclass(eq=False, slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    task: Task | None = None
    path: str = ""  # of the last file that it began
    has_begun: bool = False  # with a file of its task


class Workers:
    """Processes that share the tasks of a batch; a context manager, after which none is left.

    Parameters
    ----------
    late
        Takes what became of the files that were in hand when the batch was ended early.
    note
        Takes what a person should know of the network; every process says it.
    """

    def __init__(
        self, wish: BatchWish, count: int, claims: Claims, late: list[Outcome], note: Note
    ) -> None:
        self._wish, self._count, self._claims, self._late = wish, count, claims, late
        self._threads = max(1, (os.cpu_count() or 1) // count)
        self._workers: list[_Worker] = []
        self._is_ending, self._note = False, note

    def __enter__(self) -> "Workers":
        if hasattr(signal, "pthread_sigmask"):
            with interrupts_held():  # which Python's tracker of processes shall inherit, too
                resource_tracker.ensure_running()
        return self

    def __exit__(self, *_: object) -> None:
        """Let each complete the file in hand, but not for ever, and not after another Ctrl+C."""
        self._is_ending = True
        try:
            self._complete()
        finally:
            with interrupts_held():
                self._end()

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
        until_s = perf_counter() + FILE_LIMIT_S
        while busy := {worker.pipe: worker for worker in self._workers if worker.has_begun}:
            answering = wait(list(busy), max(0.0, until_s - perf_counter()))
            for pipe in answering:
                try:
                    outcome = self._heard(busy[pipe])  # type: ignore[index]
                except UnfitBatchError:
                    return
                self._late += [_of_files(outcome)] if outcome else []
            if not answering:
                return

    def _end(self) -> None:
        """Kill those that are at work still; the others end by themselves, or are killed soon."""
        until_s = perf_counter() + QUIT_LIMIT_S
        for worker in self._workers:
            worker.pipe.close()
            if worker.task:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join(max(0.0, until_s - perf_counter()))
            worker.process.kill()
            _bury(worker)
        self._workers.clear()

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if worker.task is None:
                return worker
        if len(self._workers) < self._count:
            with interrupts_held():
                self._workers.append(self._started())
            return self._workers[-1]
        return None

    def _started(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        arguments = theirs, self._wish, self._threads
        process = _CONTEXT.Process(target=work, args=arguments, daemon=True)
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
                worker.pipe.send(self._claimed(worker, *told))
                return None
        except (EOFError, OSError):
            return self._lost(worker)
        if kind == "note":
            self._note(*told)
            return None
        worker.task, worker.has_begun = None, False
        if kind == "unfit":
            raise UnfitBatchError(told[0])
        outcome: Outcome = told[0]
        return outcome

    def _claimed(self, worker: _Worker, path: str, owner: str) -> str:
        objection = STOPPED if self._is_ending else self._claims.claim(path, owner)
        if not objection:
            worker.path, worker.has_begun = path, True
        return objection

    def _lost(self, worker: _Worker) -> Outcome:
        """Give up what a worker had in hand when it died; another one takes its place."""
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        _bury(worker)
        assert worker.task is not None  # noqa: S101 - only those that have one are heard
        sentence = (
            "The process that made it was ended, perhaps because the memory did not suffice: "
            "use fewer --jobs."
        )
        return Outcome(failed=(Failed(owner_of(worker.task), sentence),))


def _of_files(outcome: Outcome) -> Outcome:
    """Leave out the files that were not even begun."""
    failed = tuple(each for each in outcome.failed if each.sentence != STOPPED)
    return replace(outcome, failed=failed)


def _bury(worker: _Worker) -> None:
    """Wait for a process that was killed, and take away what it had begun."""
    worker.process.join(QUIT_LIMIT_S)
    tidy_up_after(worker.process.pid or 0, worker.path)
