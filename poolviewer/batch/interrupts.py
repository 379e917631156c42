"""Ctrl+C and its like, kept from what must not be met half made."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP


def stopping() -> list[signal.Signals]:
    """Return the signals that ask a process to end, as far as this system has them."""
    return [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Let Ctrl+C and its like wait until the end; for the main thread.

    A process that is started within inherits that they wait, until it says what they are to it.
    """
    met: list[int] = []
    handlers = {number: signal.getsignal(number) for number in stopping()}
    held = [number for number, handler in handlers.items() if callable(handler)]
    for number in held:  # blocking alone does not do: the threads of libraries take them, too
        signal.signal(number, lambda number, _: met.append(number))
    try:
        with _blocked():
            yield
    finally:
        for number in held:
            signal.signal(number, handlers[number])
        if met:
            signal.raise_signal(met[0])


@contextmanager
def _blocked() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stopping())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
