"""Open shared libraries without stopping other threads."""

import ctypes
import importlib.util
import os
import sys
from collections.abc import Iterable
from pathlib import Path


def open_libraries(package: str, names: Iterable[str]) -> None:
    """Open libraries of a package that is not imported yet, outside the interpreter lock.

    An import opens them with the lock held; ctypes lets it go while libc's dlopen works, and the
    import that follows finds them open. Does nothing where there is no such thing.
    """
    spec = importlib.util.find_spec(package)
    if sys.platform != "linux" or spec is None or not spec.submodule_search_locations:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    for name in names:
        path = Path(spec.submodule_search_locations[0]) / name
        if path.exists():
            dlopen(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL)
