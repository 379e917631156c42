"""A worker process: it makes the files of the tasks that come through its pipe."""

import os
import signal
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from poolviewer.batch.interrupts import stopping

if TYPE_CHECKING:
    from poolviewer.batch.wish import BatchWish

# ruff: noqa: PLC0415 - how many threads a library takes is said before it is imported

_LIMITS = (
    "OMP_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OPENCV_FOR_THREADS_NUM",
    "OPENBLAS_NUM_THREADS",
)


def work(pipe: Connection, wish: "BatchWish", threads: int) -> None:
    """Answer each task with its outcome until the pipe is closed.

    A task is answered by any number of ``("note", sentence)`` and of ``("claim", path, owner)``, of
    which each is answered by a sentence or an empty text, and then by ``("done", outcome)`` or, if
    no task can succeed, by ``("unfit", sentence)``.
    """
    for number in stopping():  # they are the batch's, which closes the pipe
        signal.signal(number, signal.SIG_IGN)
    for name in _LIMITS:
        os.environ[name] = str(threads)
    from poolviewer.batch.drawing import Draughtsman
    from poolviewer.batch.networks import UnfitBatchError

    def claim(path: str, owner: str) -> str:
        pipe.send(("claim", path, owner))
        return str(pipe.recv())

    def note(sentence: str) -> None:
        pipe.send(("note", sentence))

    draughtsman = Draughtsman(wish, claim, note)
    try:
        while True:
            task = pipe.recv()
            try:
                pipe.send(("done", draughtsman.export(task)))
            except UnfitBatchError as error:
                pipe.send(("unfit", str(error)))
            del task
    except (EOFError, OSError):  # the batch is over, or was ended
        return
