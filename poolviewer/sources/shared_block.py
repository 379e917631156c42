"""A block of memory that two processes see, without a name that could be left behind.

It is a file without a name, inherited by number: when the last process that knows it has ended,
however it ended, it is gone. Windows has no such files, but forgets named memory by itself.
"""

import math
import mmap
import os
import sys
import tempfile
from contextlib import suppress
from secrets import token_hex

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.errors import SourceError

Bytes = NDArray[np.uint8]


class SharedBlock:
    """Memory of one writer and one reader, who take turns; it grows with what is written.

    Parameters
    ----------
    handle
        What `handle` of the other process's block returned; a new block without one.
    """

    def __init__(self, handle: str = "") -> None:
        self._handle = handle or _new_handle()
        self._map: mmap.mmap | None = None
        self._size = 0

    @property
    def handle(self) -> str:
        """What the other process needs to see the same memory."""
        return self._handle

    @property
    def inherited(self) -> tuple[int, ...]:
        """File descriptors that the other process must inherit."""
        return () if sys.platform == "win32" else (int(self._handle),)

    def write(self, data: Bytes) -> None:
        """Put an array of any shape at the beginning; the reader must not be reading."""
        view = self._mapped(data.size, may_grow=True)
        np.copyto(view.reshape(data.shape), data)

    def read(self, shape: tuple[int, int, int]) -> Bytes:
        """Return a copy of the array that was written, which owns its memory."""
        return self._mapped(math.prod(shape), may_grow=False).reshape(shape).copy()

    def close(self) -> None:
        """Let go of the memory."""
        if self._map is not None:
            self._map.close()
            self._map = None
        if sys.platform != "win32" and self._handle:
            os.close(int(self._handle))
        self._handle = ""

    def _mapped(self, size: int, *, may_grow: bool) -> Bytes:
        if self._map is None or size > self._size:
            if self._map is not None:
                self._map.close()
            self._map, self._size = _map(self._handle, size, may_grow=may_grow), size
        return np.frombuffer(self._map, np.uint8, size)


if sys.platform == "win32":

    def _new_handle() -> str:
        return f"poolviewer-{token_hex(16)}"

    def _map(handle: str, size: int, *, may_grow: bool) -> mmap.mmap:  # noqa: ARG001
        return mmap.mmap(-1, size, tagname=f"{handle}-{size}")

else:

    def _new_handle() -> str:
        if hasattr(os, "memfd_create"):
            fd = os.memfd_create("poolviewer", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            _forbid_shrinking(fd)
            return str(fd)
        with tempfile.TemporaryFile() as file:
            return str(os.dup(file.fileno()))

    def _map(handle: str, size: int, *, may_grow: bool) -> mmap.mmap:
        fd = int(handle)
        if os.fstat(fd).st_size < size:
            if not may_grow:
                # Touching what is not there would end the whole process.
                raise SourceError("The process that reads pictures broke down: try again.")
            os.ftruncate(fd, size)
        return mmap.mmap(fd, size)

    def _forbid_shrinking(fd: int) -> None:
        import fcntl  # noqa: PLC0415 - not on Windows

        with suppress(OSError, AttributeError):
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
