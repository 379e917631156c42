"""Keep Python's garbage collector from stopping the window while much is being made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Collect nothing meanwhile.

    A full collection walks every object with the interpreter lock held: hundreds of milliseconds
    among the objects of TensorFlow, or of a network of hundreds of layers. Any thread may call it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
