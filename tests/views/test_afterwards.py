"""What may wait comes soon, once, and as the newest."""

import pytest
from PySide6.QtCore import QTimer

from poolviewer.views.afterwards import Afterwards


@pytest.fixture
def shown():
    return []


@pytest.fixture
def afterwards(qapp, qtbot, shown):
    made = Afterwards(shown.append)
    yield made
    qtbot.waitUntil(lambda: not made.is_waiting)


def test_only_the_newest_is_shown_and_not_at_once(afterwards, shown, qtbot):
    for number in range(3):
        afterwards.show_later(number)
    assert shown == []
    assert afterwards.is_waiting
    qtbot.waitUntil(lambda: not afterwards.is_waiting)
    afterwards.show_later(3)
    qtbot.waitUntil(lambda: len(shown) > 1)
    assert shown == [2, 3]


def test_it_comes_while_more_and_more_is_given(afterwards, shown, qtbot):
    more = QTimer(interval=0)
    more.timeout.connect(lambda: afterwards.show_later(len(shown)))
    more.start()
    qtbot.waitUntil(lambda: len(shown) > 2)
    more.stop()
