"""Copying the window of a pixel as proof, in the whole application."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.proof import NO_WINDOW, proof_of
from poolviewer.core.trace import trace_pooled

PIXEL = Pixel(MapName.POOLED, 4, 7)
KEYS = {"tsv": Qt.Key.Key_T, "numpy": Qt.Key.Key_N, "keras": Qt.Key.Key_K}
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def copied(application, form):
    """Press the key, and return what is on the clipboard and in the message bar."""
    QTest.keyClick(application.window, KEYS[form], BOTH)
    return QGuiApplication.clipboard().text(), application.controller.state.notice


@pytest.mark.parametrize(
    ("form", "words"), [("tsv", "TSV"), ("numpy", "NumPy"), ("keras", "Keras script")]
)
def test_a_key_copies_the_window_of_the_hovered_pixel(started, form, words):
    application = started()
    application.window.pixel_hovered.emit(PIXEL)
    text, notice = copied(application, form)
    activations = application.controller.state.rendering.activations
    assert text == proof_of(activations, 0, PIXEL, form)
    assert (notice.sentence, notice.is_error) == (f"Window copied as {words}.", False)


def test_the_menu_of_the_trace_copies_the_pinned_pixel(started):
    application = started(pin=(4, 7))
    button = application.window.side.trace.copy_button
    assert button.isVisible()
    _, numpy, _ = button.menu().actions()
    numpy.trigger()
    names = {}
    exec(QGuiApplication.clipboard().text(), names)
    activations = application.controller.state.rendering.activations
    assert np.array_equal(names["window"], trace_pooled(activations, 0, 4, 7).values)


def test_where_there_is_nothing_to_copy_a_sentence_says_so(start, wait):
    application = start()
    application.window.proof_requested.emit("tsv")
    assert QGuiApplication.clipboard().text() == ""
    assert application.controller.state.notice.sentence.startswith("There are no maps yet")
    wait(lambda: application.controller.state.rendering is not None)
    assert not application.window.side.trace.copy_button.isVisible()
    text, notice = copied(application, "numpy")
    assert (text, notice.sentence, notice.is_error) == ("", NO_WINDOW, True)
