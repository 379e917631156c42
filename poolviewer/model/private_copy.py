"""Copies of a stranger's files in a folder of our own, made whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedReader
from pathlib import Path

from poolviewer.core.errors import ModelUnchecked
from poolviewer.core.half_made import temporary_folder
from poolviewer.core.local_files import shown_name, why_not
from poolviewer.model.findings import IsCancelled, Unsound, size_in_words, stop_if

NO_ROOM = "There is no room in the temporary folder for a copy of the model: free some on the disk."
_CHUNK = 2**20


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder that only this user may enter, and take it away at the end."""
    try:
        folder = temporary_folder()
    except OSError as error:
        raise ModelUnchecked(
            "No temporary folder can be made for a copy of the model: free some room on the disk."
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Copier:
    """Copies files and sums up the digest and the size of all of them."""

    def __init__(self, budget_bytes: int, is_cancelled: IsCancelled) -> None:
        self._left = self._budget = budget_bytes
        self._is_cancelled = is_cancelled
        self._digest = sha256()

    @property
    def digest(self) -> str:
        """The digest of all that was copied so far, in hexadecimal digits."""
        return self._digest.hexdigest()

    def note(self, name: str, size: int) -> None:
        """Take the name and size of the next file of a folder into the digest."""
        self._digest.update(f"{name}\0{size}\0".encode("utf-8", "surrogateescape"))

    def copy(self, file: BufferedReader, path: Path, target: Path) -> None:
        """Copy an open file, whose place is `path`.

        Raises
        ------
        Unsound
            All files together are larger than the budget.
        ModelUnchecked
            The file changes meanwhile or cannot be read, or there is no room for the copy.
        """
        before = os.fstat(file.fileno())
        if before.st_size > self._left:
            raise Unsound(
                f"is {size_in_words(before.st_size)} and the memory that may be used is "
                f"{size_in_words(self._budget)}: raise the limit or choose a smaller model"
            )
        self._left -= before.st_size
        with _opened_for_writing(target) as out:
            copied = 0
            while chunk := _read(file, path, before.st_size - copied):
                stop_if(self._is_cancelled)
                self._digest.update(chunk)
                _write(out, chunk)
                copied += len(chunk)
        after = os.fstat(file.fileno())
        if copied != before.st_size or _identity(before) != _identity(after):
            raise ModelUnchecked(f"{shown_name(path)} changed while it was read: try again.")


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _read(file: BufferedReader, path: Path, left: int) -> bytes:
    try:
        return file.read(min(_CHUNK, left))
    except OSError as error:
        raise ModelUnchecked(why_not(path, error)) from error


@contextmanager
def _opened_for_writing(target: Path) -> Iterator[int]:
    try:
        out = os.open(
            target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
        )
    except OSError as error:
        raise ModelUnchecked(NO_ROOM) from error
    try:
        yield out
    finally:
        os.close(out)


def _write(out: int, chunk: bytes) -> None:
    try:
        while chunk:
            chunk = chunk[os.write(out, chunk) :]
    except OSError as error:
        raise ModelUnchecked(NO_ROOM) from error
