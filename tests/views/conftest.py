import pytest

from poolviewer.drawing.palette import LIGHT
from poolviewer.views.theme import apply_theme


@pytest.fixture(autouse=True)
def _light(qapp):
    """Widgets are measured in the theme's fonts and margins."""
    apply_theme(qapp, LIGHT)


@pytest.fixture
def show(qtbot):
    """Show a widget in a size and wait until it is painted."""

    def show(widget, width, height):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show
