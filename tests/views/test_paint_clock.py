"""When is a frame on the screen, and how long did the window take over it?"""

from time import perf_counter

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from poolviewer.core.network import NetworkSpec
from poolviewer.views.main_window import MainWindow
from poolviewer.views.paint_clock import PaintClock
from tests.views.renderings import ODD, rendering_of


class Painted(QObject):
    """Keeps the frames that a clock tells of, and how much had been painted by then."""

    def __init__(self, clock, count=lambda: 0):
        super().__init__()
        self.frames, self.counts = [], []
        self._count = count
        clock.frame_painted.connect(self.keep)

    def keep(self, painted):
        self.frames.append(painted)
        self.counts.append(self._count())


@pytest.fixture
def window(show, qtbot):
    shown = show(MainWindow(), 1280, 800)
    shown.show_network(NetworkSpec(), ())
    shown.show_rendering(rendering_of(), 0)
    painted = Painted(shown.paints)
    qtbot.waitUntil(lambda: len(painted.frames) == 1)
    return shown


def test_a_frame_is_told_once_when_every_view_has_painted_it(window, qtbot):
    counts = dict.fromkeys(("input", "feature", "pooled"), 0)
    for name in counts:
        view = getattr(window.maps, name).view
        view.painted.connect(lambda name=name: counts.update({name: counts[name] + 1}))
    painted = Painted(window.paints, lambda: dict(counts))
    rendering = rendering_of(seed=1)
    window.show_rendering(rendering, 0)
    assert painted.frames == []  # not before the event loop
    qtbot.waitUntil(lambda: bool(painted.frames))
    assert painted.frames[0].rendering is rendering
    assert all(painted.counts[0].values())
    assert painted.frames[0].painted_s > 0
    assert 0 < painted.frames[0].paint_s < 5
    window.update()
    updates = []
    window.paints.updated.connect(lambda: updates.append(1))
    qtbot.waitUntil(lambda: bool(updates))
    QCoreApplication.sendPostedEvents()
    assert len(painted.frames) == 1


def test_a_frame_that_changes_nothing_is_on_the_screen_too(window, qtbot):
    painted = Painted(window.paints)
    first = rendering_of(seed=1)
    with window.paints.showing(first):
        pass
    qtbot.waitUntil(lambda: bool(painted.frames))
    assert painted.frames[0].rendering is first


def test_another_channel_is_no_frame(window, qtbot):
    rendering = rendering_of(seed=1)
    painted = Painted(window.paints)
    window.show_rendering(rendering, 0)
    qtbot.waitUntil(lambda: len(painted.frames) == 1)
    window.show_rendering(rendering, 1)
    with qtbot.waitSignal(window.paints.updated):
        window.update()
    QCoreApplication.sendPostedEvents()
    assert len(painted.frames) == 1


def test_a_frame_that_is_overtaken_is_skipped(window, qtbot):
    painted = Painted(window.paints)
    last = rendering_of(ODD)
    for rendering in (rendering_of(seed=1), rendering_of(seed=2), last):
        window.show_rendering(rendering, 0)
    qtbot.waitUntil(lambda: bool(painted.frames))
    assert [(frame.rendering, frame.skipped) for frame in painted.frames] == [(last, 2)]


def test_what_is_hidden_is_neither_painted_nor_skipped(window, qtbot):
    painted = Painted(window.paints)
    window.hide()
    for seed in (1, 2):
        window.show_rendering(rendering_of(seed=seed), 0)
    QCoreApplication.sendPostedEvents()
    assert painted.frames == []
    window.show()
    qtbot.waitUntil(lambda: bool(painted.frames))
    assert painted.frames[0].skipped == 0


def burn():
    """Keep the processor busy, and return for how long."""
    began_s = perf_counter()
    for _ in range(50_000):
        pass
    return perf_counter() - began_s


def test_the_time_of_showing_and_of_painting_counts(window, qtbot):
    clock, burnt = PaintClock(window), []
    painted = Painted(clock)

    def paint(_event):
        burnt.append(burn())
        burnt.append(perf_counter())
        return True

    before_s = perf_counter()
    with clock.showing(rendering_of(seed=2)):
        shown_s = burn()
    assert clock.update(paint, QEvent(QEvent.Type.UpdateRequest))
    after_s = perf_counter()
    qtbot.waitUntil(lambda: bool(painted.frames))
    frame, (paint_s, ended_s) = painted.frames[0], burnt
    assert ended_s <= frame.painted_s <= after_s
    assert shown_s + paint_s <= frame.paint_s <= frame.painted_s - before_s
