"""How Python is set so that the window never waits long for other threads.

All threads share one interpreter lock. Who holds it long stops the window: a full collection of
garbage among the hundred thousands of objects of TensorFlow, or a thread that computes in Python
and is asked for the lock only every 5 ms.
"""

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_INTERVAL_S = 0.0005
# A full collection follows every hundredth of the middle generation, instead of every tenth: it
# comes after 700,000 new objects that stayed, and what an opened model makes is no such number.
THRESHOLDS = (700, 10, 100)

_lock = threading.Lock()
_pauses = 0
_was_enabled = True


@contextmanager
def responsive_interpreter() -> Iterator[None]:
    """Let threads take turns often, and collect young objects only; for a process with a window."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*thresholds)


@contextmanager
def lasting_imports() -> Iterator[None]:
    """Import something large: collect nothing meanwhile, and never walk it afterwards."""
    with paused_collector():
        yield
        gc.freeze()


@contextmanager
def paused_collector() -> Iterator[None]:
    """Collect nothing meanwhile; any thread may call it, and pauses may overlap."""
    _begin_pause()
    try:
        yield
    finally:
        _end_pause()


def _begin_pause() -> None:
    global _pauses, _was_enabled  # noqa: PLW0603 - the collector is the whole process's, too
    with _lock:
        if not _pauses:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1


def _end_pause() -> None:
    global _pauses  # noqa: PLW0603
    with _lock:
        _pauses -= 1
        if not _pauses and _was_enabled:
            gc.enable()
