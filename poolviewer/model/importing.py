"""Import TensorFlow in a background thread without stopping the window, and without its chatter."""

import os
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType

from poolviewer.core.error_output import held_back
from poolviewer.core.errors import NetworkError
from poolviewer.core.interpreter import lasting_imports
from poolviewer.core.shared_libraries import open_libraries

_CHATTER = re.compile(
    r"^([IW]\d{4} |WARNING: All log messages before absl|To enable the following)"
)
# Keras imports them where they are installed, for what we never ask of it: half a second more.
_NOT_NEEDED = frozenset({"IPython", "matplotlib", "pandas", "sklearn"})
_is_guest = False
_SHARED_LIBRARIES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")


def be_guest() -> None:
    """Import as a guest from now on: into another's process, whose Keras must lack nothing.

    What Keras does not find when it is imported it never finds, and its devices and its chatter
    are not ours to choose.
    """
    global _is_guest  # noqa: PLW0603 - there is one process
    _is_guest = True


def import_tensorflow() -> None:
    """Import TensorFlow and Keras, once per process.

    Opening the shared libraries through libc first keeps the interpreter lock free meanwhile, and
    a paused garbage collector does not walk the hundred thousand new objects again and again:
    together they bring the longest pause of other threads from 300 ms to under 30 ms.

    Raises
    ------
    NetworkError
        If they are not installed, or do not fit together.
    """
    if "keras" in sys.modules:
        return
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        unwanted = frozenset[str]() if _is_guest else _NOT_NEEDED
        with lasting_imports(), held_back(_CHATTER), _kept_out(unwanted):
            # TensorFlow writes before any of its settings can stop it.
            open_libraries("tensorflow", _SHARED_LIBRARIES)
            import keras  # noqa: F401, PLC0415

            if not _is_guest:
                _prepare_devices()
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise NetworkError(
            f"TensorFlow cannot be loaded ({reason}): install PoolViewer again."
        ) from error


class _KeptOut(MetaPathFinder):
    """Lets packages look absent to the thread that it was made in."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._thread = threading.get_ident()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> None:
        if fullname in self._names and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is kept out", name=fullname)


@contextmanager
def _kept_out(names: frozenset[str]) -> Iterator[None]:
    """Keep packages from being imported in this thread; what is imported already stays so."""
    finder = _KeptOut(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def _prepare_devices() -> None:
    """Start the devices, and be quiet about it."""
    import tensorflow as tf  # noqa: PLC0415

    from poolviewer.model.devices import start_devices  # noqa: PLC0415

    tf.get_logger().setLevel("ERROR")  # a person who changes parameters retraces on purpose
    start_devices()
