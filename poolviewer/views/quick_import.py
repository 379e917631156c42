"""Import pyqtgraph without having PySide make every class of Qt.

PySide makes a class when it is first asked for. pyqtgraph keeps copies of the modules QtCore, QtGui
and QtWidgets, and asks for every name in them to make those: thousands of classes and enumerations
that nobody needs, a tenth of the time until the window is seen. Here it finds its copies in place
already, as modules that look a name up when it is asked for.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets


def import_pyqtgraph() -> None:
    """Import pyqtgraph, unless it is there."""
    if "pyqtgraph" in sys.modules:
        return
    for module in (QtCore, QtGui, QtWidgets):
        copy = f"pyqtgraph.Qt.{module.__name__.rpartition('.')[2]}"
        sys.modules[copy] = _copy_on_demand(copy, module)
    with _listing_nothing(QtCore), _listing_nothing(QtGui), _listing_nothing(QtWidgets):
        import pyqtgraph  # noqa: F401, PLC0415


def _copy_on_demand(name: str, original: ModuleType) -> ModuleType:
    copy = ModuleType(name)

    def get(attribute: str) -> object:
        value = getattr(original, attribute)
        setattr(copy, attribute, value)
        return value

    copy.__getattr__ = get  # type: ignore[method-assign] # as PEP 562 has it
    return copy


@contextmanager
def _listing_nothing(module: ModuleType) -> Iterator[None]:
    """Let `dir` find nothing to copy in a module; PySide lists what it has not made yet, too."""
    listing = module.__dir__
    module.__dir__ = list  # type: ignore[method-assign] # as PEP 562 has it
    try:
        yield
    finally:
        module.__dir__ = listing  # type: ignore[method-assign]
