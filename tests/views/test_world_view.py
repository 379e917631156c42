"""The widget that paints the layers of a map."""

import sys

import numpy as np

from poolviewer.views.world_view import WorldView


class Faulty:
    """A layer whose arithmetic is wrong."""

    def paint(self, painter, mapping, dirty):
        np.zeros((0, 3)).reshape(0, -1)


class Counting:
    def __init__(self):
        self.paints = 0

    def paint(self, painter, mapping, dirty):
        self.paints += 1


def test_an_error_of_a_layer_is_told_and_the_next_paint_is_as_ever(qtbot, monkeypatch):
    view, told, counting = WorldView(), [], Counting()
    qtbot.addWidget(view)
    view.resize(200, 200)
    with qtbot.waitExposed(view):
        view.show()
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(error))
    view.layers = (Faulty(),)
    view.viewport().repaint()
    assert isinstance(told[0], ValueError)
    view.layers = (counting,)
    view.viewport().repaint()
    assert counting.paints > 0
    assert len(told) == 1
    view.layers = ()
