"""Keep off the process's error output what libraries write there in spite of all settings.

They write from C to file descriptor 2, which belongs to all threads: only one thread at a time
may put something else in its place, or the wrong one would be put back.
"""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_taken = threading.Lock()


@contextmanager
def dropped() -> Iterator[None]:
    """Drop everything; for milliseconds only, because it concerns all threads.

    While another thread holds the output back, nothing happens here.
    """
    if not _has_output() or not _taken.acquire(blocking=False):
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nothing, _replaced_by(nothing):
            yield
    finally:
        _taken.release()


@contextmanager
def held_back(chatter: re.Pattern[str]) -> Iterator[None]:
    """Hold everything back, and in the end pass on the lines that are no chatter."""
    if not _has_output():
        yield
        return
    with _taken, tempfile.TemporaryFile() as held:
        try:
            with _replaced_by(held):
                yield
        finally:
            held.seek(0)
            for line in held:
                if not chatter.match(line.decode(errors="replace")):
                    with suppress(OSError):  # nobody may be listening any more
                        os.write(2, line)


def _has_output() -> bool:
    """Whether there is an error output; else descriptor 2 may be anything."""
    return sys.__stderr__ is not None


@contextmanager
def _replaced_by(file: IO[bytes]) -> Iterator[None]:
    assert sys.__stderr__ is not None  # noqa: S101 - for the type checker
    sys.__stderr__.flush()
    saved = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
