"""Files written whole or not at all, and every failure as one sentence."""

import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from poolviewer.core.errors import ExportError
from poolviewer.core.half_made import temporary_for
from poolviewer.core.text import printable

_NO_PERMISSION = "There is no permission to write {path}: choose another folder or name."
_IS_FULL = "{path} was not written because the disk is full: make room or choose another disk."
_SENTENCES = {
    errno.ENOENT: "The folder of {path} does not exist: make it first or choose another.",
    errno.ENOTDIR: "The folder of {path} does not exist: make it first or choose another.",
    errno.ENODEV: "{path} is a pipe or a device: give the name of a file.",
    errno.EISDIR: "{path} is a folder: give the name of a file.",
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: _NO_PERMISSION,
    errno.ENOSPC: _IS_FULL,
    errno.EDQUOT: _IS_FULL,
    errno.EFBIG: _IS_FULL,
    errno.ENAMETOOLONG: "The name of {path} is too long: choose a shorter one.",
}


def check_writable(path: Path) -> None:
    """Raise `ExportError` where a file cannot be written; leaves no trace."""
    with explained(path):
        _try(target_of(path))


def check_folder(folder: Path) -> None:
    """Raise `ExportError` where no file can be put into a folder; leaves no trace."""
    with explained(folder):
        _try(folder / "any")


def _try(target: Path) -> None:
    temporary = temporary_for(target)
    temporary.touch(exist_ok=False)
    temporary.unlink()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there as a whole or, with an `ExportError`, as it was before."""
    write_with(path, lambda file: file.write(data))


def write_with(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let a function write a file as `write_whole` does, part after part."""
    with explained(path):
        target = target_of(path)
        temporary = temporary_for(target)
        try:
            with temporary.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):  # the folder may be gone, too
                temporary.unlink(missing_ok=True)
            raise


def target_of(path: Path) -> Path:
    """Follow links, so that a linked file is replaced and not its link; raises `OSError`."""
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return target


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a failure of the file system into one sentence."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise ExportError(_sentence(path, error)) from error


def _sentence(path: Path, error: BaseException) -> str:
    cause = _first_of_system(error)
    if cause is None:
        return f"{shown(path)} is not a possible file name."
    reason = (cause.strerror or str(cause)).lower()
    sentence = _SENTENCES.get(cause.errno or 0, f"{{path}} was not written: {reason}.")
    return sentence.format(path=shown(path))


def _first_of_system(error: BaseException | None) -> OSError | None:
    """Return what began it: closing a file after a failure fails again, in other words."""
    found = None
    while error is not None:
        found = error if isinstance(error, OSError) and error.errno else found
        error = error.__cause__ or error.__context__
    return found


def shown(path: Path) -> str:
    """Write a path so that every terminal and every font can show it."""
    return printable(str(path))


def json_text(data: Mapping[str, Any]) -> str:
    """Write plain data as JSON of ASCII letters; numbers that JSON does not know are refused."""
    return json.dumps(data, ensure_ascii=True, allow_nan=False)
