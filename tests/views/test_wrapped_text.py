"""Text that changes with every frame and moves nothing."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from poolviewer.views.wrapped_text import WrappedText
from tests.drawing.painting import pixels_of

LONG = "twenty-seven products and a bias make a number that the map says, too"


@pytest.fixture
def text(show):
    holder = QWidget()
    words = WrappedText()
    layout = QVBoxLayout(holder)
    layout.addWidget(words)
    layout.addStretch(1)
    show(holder, 160, 300)
    return words


def test_it_is_there_only_with_words(text):
    assert not text.isVisible()
    text.show_text("1 product = 2")
    assert text.isVisible()
    assert text.accessibleName() == "1 product = 2"
    text.show_text("")
    assert not text.isVisible()


def test_it_grows_with_its_words_and_shrinks_only_when_it_is_empty(text, qtbot):
    text.show_text("short")
    qtbot.waitUntil(lambda: text.width() > 100)
    low = text.height()
    text.show_text(LONG)
    assert text.height() >= 3 * low
    high = text.height()
    text.show_text("short")
    assert text.height() == high
    text.show_text("")
    text.show_text("short")
    assert text.height() == low


def test_no_line_is_cut_off_in_another_width(text, qtbot):
    text.show_text(LONG)
    qtbot.waitUntil(lambda: text.width() > 100)
    high = text.height()
    text.window().resize(600, 300)
    qtbot.waitUntil(lambda: text.height() < high)
    text.window().resize(160, 300)
    qtbot.waitUntil(lambda: text.height() == high)


def test_its_words_are_painted(text, qtbot):
    text.show_text("words")
    qtbot.waitUntil(lambda: text.width() > 100)
    pixels = pixels_of(text.grab().toImage())
    assert (pixels != pixels[-1, -1]).any()
