"""Import pyqtgraph without having PySide make every class of Qt, and without its large widgets.

PySide makes a class when it is first asked for. pyqtgraph keeps copies of the modules QtCore, QtGui
and QtWidgets, and asks for every name in them to make those: thousands of classes and enumerations
that nobody needs, a tenth of the time until the window is seen. Here it finds its copies in place
already, as modules that look a name up when it is asked for.

Five of its widgets, which are not in our window, bring trees of parameters, `pydoc` and
`multiprocessing` with them: as long again. They are imported when someone asks for them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets

# Each widget that is imported when it is asked for, and the module below pyqtgraph that has it.
LATER = {
    "ImageView": "imageview",
    "ColorMapWidget": "widgets.ColorMapWidget",
    "ColorMapParameter": "widgets.ColorMapWidget",
    "DataFilterWidget": "widgets.DataFilterWidget",
    "RemoteGraphicsView": "widgets.RemoteGraphicsView",
    "ScatterPlotWidget": "widgets.ScatterPlotWidget",
}


def import_pyqtgraph() -> None:
    """Import pyqtgraph, unless it is there."""
    if "pyqtgraph" in sys.modules:
        return
    for module in (QtCore, QtGui, QtWidgets):
        copy = f"pyqtgraph.Qt.{module.__name__.rpartition('.')[2]}"
        sys.modules[copy] = _copy_on_demand(copy, module)
    with _listing_nothing(QtCore), _listing_nothing(QtGui), _listing_nothing(QtWidgets):
        _import_without_later()


def _import_without_later() -> None:
    """Import pyqtgraph with a stand-in for each of `LATER`, and take the stand-ins away."""
    names = {f"pyqtgraph.{module}": ModuleType(module) for module in LATER.values()}
    for widget, module in LATER.items():
        setattr(names[f"pyqtgraph.{module}"], widget, None)
    sys.modules.update(names)
    try:
        import pyqtgraph  # noqa: PLC0415
    finally:
        for name in names:
            del sys.modules[name]
    for widget in LATER:
        delattr(pyqtgraph, widget)
    pyqtgraph.__getattr__ = _import_later


def _import_later(name: str) -> object:
    if name not in LATER:
        raise AttributeError(f"module 'pyqtgraph' has no attribute {name!r}")
    import pyqtgraph  # noqa: PLC0415
    from pyqtgraph import imageview  # noqa: PLC0415
    from pyqtgraph.widgets import (  # noqa: PLC0415
        ColorMapWidget,
        DataFilterWidget,
        RemoteGraphicsView,
        ScatterPlotWidget,
    )

    modules = ColorMapWidget, DataFilterWidget, RemoteGraphicsView, ScatterPlotWidget, imageview
    for module in modules:
        for widget in module.__all__:
            setattr(pyqtgraph, widget, getattr(module, widget))
    return getattr(pyqtgraph, name)


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
