"""pyqtgraph without the classes of Qt that nobody asked for."""

import pyqtgraph as pg
import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from tests.processes import run_python

REPORT = """
import poolviewer.views
from PySide6 import QtWidgets
import pyqtgraph
made = vars(pyqtgraph.Qt.QtWidgets)
print("QGraphicsView" in made, "QCalendarWidget" in made)
same = pyqtgraph.Qt.QtWidgets.QCalendarWidget is QtWidgets.QCalendarWidget
print(same, "QCalendarWidget" in made)
print(hasattr(pyqtgraph.Qt.QtWidgets, "QNothing"), "QCalendarWidget" in dir(QtWidgets))
"""


def test_a_class_is_made_when_it_is_asked_for():
    result = run_python(REPORT, QT_QPA_PLATFORM="offscreen")
    assert result.stdout.splitlines() == ["True False", "True True", "False True"], result.stderr


def test_views_may_be_imported_after_pyqtgraph():
    code = "import pyqtgraph, poolviewer.views.main_window; print(pyqtgraph.ViewBox.__name__)"
    result = run_python(code, QT_QPA_PLATFORM="offscreen")
    assert result.stdout == "ViewBox\n", result.stderr


WIDGETS = """
import sys
import poolviewer.views.main_window
import pyqtgraph
heavy = ("pyqtgraph.parametertree", "pyqtgraph.multiprocess", "pyqtgraph.imageview", "pydoc")
print([name for name in heavy if name in sys.modules])
from poolviewer.views.quick_import import LATER
print(all(getattr(pyqtgraph, name).__name__ == name for name in LATER))
from pyqtgraph import parametertree, RemoteGraphicsView
print(parametertree.Parameter.__name__, hasattr(pyqtgraph, "NoSuchWidget"))
"""


def test_a_widget_that_nobody_asked_for_is_imported_when_it_is():
    result = run_python(WIDGETS, QT_QPA_PLATFORM="offscreen")
    assert result.stdout.splitlines() == ["[]", "True", "Parameter False"], result.stderr


@pytest.mark.parametrize(
    ("copy", "original"),
    [(pg.Qt.QtCore, QtCore), (pg.Qt.QtGui, QtGui), (pg.Qt.QtWidgets, QtWidgets)],
)
def test_every_name_is_the_same(copy, original):
    names = [name for name in dir(original) if not name.startswith("_")]
    assert len(names) > 100
    assert [name for name in names if getattr(copy, name) is not getattr(original, name)] == []
