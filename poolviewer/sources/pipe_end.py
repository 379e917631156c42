"""One end of a pipe between two of our processes, by the number that both know it by."""

import sys
from collections.abc import Callable
from multiprocessing import connection
from typing import Protocol


class PipeEnd(Protocol):
    """What is used of `multiprocessing.connection.Connection`: whole messages of bytes."""

    def send_bytes(self, buf: bytes) -> None:
        """Send one message."""

    def recv_bytes(self, maxlength: int | None = None) -> bytes:
        """Wait for one message; raises `EOFError` when the other end is gone."""

    def poll(self, timeout: float | None = 0.0) -> bool:
        """Wait until there is something to receive, the end included."""

    def fileno(self) -> int:
        """Return its number in this process."""

    def close(self) -> None:
        """Let go of it."""


def connection_of(number: int) -> PipeEnd:
    """Return the end that this process has inherited."""
    name = "PipeConnection" if sys.platform == "win32" else "Connection"
    kind: Callable[[int], PipeEnd] = getattr(connection, name)
    return kind(number)


def new_pipe() -> tuple[PipeEnd, PipeEnd]:
    """Return both ends of a new pipe; messages go both ways."""
    return connection.Pipe()
