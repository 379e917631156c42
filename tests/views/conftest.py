import pytest
from PySide6.QtGui import QCursor

from poolviewer.drawing.palette import DARK
from poolviewer.views.theme import apply_theme


@pytest.fixture(autouse=True)
def _dark(qapp):
    """No colour of the dark theme is one of the annotation's."""
    apply_theme(qapp, DARK)


@pytest.fixture
def show(qtbot):
    """Show a widget in a size and wait until it is painted."""

    shown = []  # or PySide would delete a widget of which a test keeps only a child

    def show(widget, width, height):
        shown.append(widget)
        # A mouse that already stands where a test moves it to would not be told of.
        QCursor.setPos(0, 0)
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    yield show
    shown.clear()
