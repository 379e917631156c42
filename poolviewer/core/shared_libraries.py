"""Open shared libraries without stopping other threads."""

import ctypes
import importlib.util
import os
import sys
from collections.abc import Iterable
from pathlib import Path


def open_libraries(package: str, names: Iterable[str]) -> None:
    """Open libraries of a package that is not imported yet; what is not there is left out."""
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.submodule_search_locations:
        paths = (Path(spec.submodule_search_locations[0]) / name for name in names)
        open_unlocked(path for path in paths if path.exists())


def open_unlocked(paths: Iterable[Path]) -> None:
    """Open libraries with libc's dlopen, which ctypes calls without the interpreter lock.

    An import that needs them then finds them open. Only Linux has this way; elsewhere nothing
    happens, and a library that cannot be opened is left to the import to complain of.
    """
    if sys.platform != "linux":
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    for path in paths:
        dlopen(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL)
