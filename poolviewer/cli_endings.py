"""How a command ends that is told to stop, or that nobody listens to any more."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TextIO

from poolviewer.core.errors import PoolViewerError

BROKEN_PIPE_EXIT = 141  # as a program that SIGPIPE ends
STOPPING = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP


@contextmanager
def explained_output() -> Iterator[None]:
    """Give an output to a command that was started without, and say in a sentence why one failed.

    Raises
    ------
    BrokenPipeError
        Whoever read the output is gone, as in ``… | head -1``: not worth a word.
    """
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _end_output()
        raise
    except OSError as error:
        _end_output()
        reason = (error.strerror or str(error)).lower()
        raise PoolViewerError(f"The system refused what was needed: {reason}.") from error


@contextmanager
def stopping_like_ctrl_c() -> Iterator[None]:
    """Let a request of the system to end be met as Ctrl+C is, unless it is to be ignored."""
    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    replaced = [number for number in numbers if before[number] is signal.SIG_DFL]
    for number in replaced:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, before[number])


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _end_output() -> None:
    """Let nothing be written at the end of the process that could not be written before."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
