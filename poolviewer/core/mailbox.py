"""A one-slot mailbox between two threads: the newest message wins."""

from threading import Lock
from time import perf_counter
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Hold the newest message only; an older one that nobody took is dropped and counted."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._message: T | None = None
        self._dropped = 0
        self._count: tuple[int, float] = (0, 0.0)

    @property
    def dropped(self) -> int:
        """Messages that were overwritten before anybody took them."""
        return self._dropped

    @property
    def count(self) -> tuple[int, float]:
        """How many messages were put, and `time.perf_counter` at the last; waits for nobody."""
        return self._count

    def put(self, message: T) -> bool:
        """Leave a message; return whether the box was empty, so that one wake-up is enough."""
        with self._lock:
            was_empty = self._message is None
            self._dropped += not was_empty
            self._message = message
            self._count = self._count[0] + 1, perf_counter()
            return was_empty

    def take(self) -> T | None:
        """Take the newest message out, or None if there is none."""
        with self._lock:
            message, self._message = self._message, None
            return message

    @property
    def is_empty(self) -> bool:
        return self._message is None

    def clear(self) -> None:
        """Throw away what waits, without counting it as dropped."""
        self.take()
