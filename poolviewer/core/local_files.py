"""Files from strangers: their names as a person may see them, and opening without blocking."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

from poolviewer.core.errors import PoolViewerError
from poolviewer.core.text import printable


def shown_name(path: Path) -> str:
    """Return a file's name without its folder, printable whatever bytes it is made of."""
    return printable(path.name or str(path))


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder; one that may not even be looked at is none."""
    return os.path.isdir(path)  # noqa: PTH112  # pathlib raises on forbidden and odd paths


def open_regular(path: Path, failure: type[PoolViewerError]) -> BufferedReader:
    """Open a regular file for reading; anything else raises `failure` and never blocks."""
    # Without O_NONBLOCK a pipe would block its reader for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise failure(why_not(path, error)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise failure(f"{shown_name(path)} is a pipe or a device: choose a file.")
    return open(descriptor, "rb")  # noqa: PTH123  # pathlib cannot take a descriptor


def why_not(path: Path, error: OSError | ValueError) -> str:
    """Say in a sentence why a file cannot be opened or read."""
    name = shown_name(path)
    number = error.errno if isinstance(error, OSError) else errno.ENOENT
    if number in (errno.ENOENT, errno.ENOTDIR):
        return f"{name} does not exist: check its name and folder."
    if number in (errno.EACCES, errno.EPERM):
        return f"{name} may not be read: ask its owner for permission."
    if number in (errno.ENXIO, errno.ENODEV):
        return f"{name} is a pipe or a device: choose a file."
    return f"{name} cannot be read: the system says “{os.strerror(number or 0)}”."
