"""The watch over the interface thread, with a thread that really is kept busy."""

from time import perf_counter

import pytest

from poolviewer.runtime.gaps import GapWatch

BUSY_S = 0.08


@pytest.fixture
def watch(qapp):
    watch = GapWatch()
    yield watch
    watch.stop()


def keep_busy(seconds=BUSY_S):
    """Keep the thread from its event loop; return when that was."""
    start = perf_counter()
    while perf_counter() < start + seconds:
        pass
    return start, perf_counter()


def test_a_busy_thread_is_a_gap_of_its_length(watch, qtbot):
    watch.start()
    qtbot.waitUntil(lambda: len(watch.gaps_s) > 3)
    start, end = keep_busy()
    before = len(watch.gaps_s)
    qtbot.waitUntil(lambda: len(watch.gaps_s) > before + 3)
    assert watch.gaps_s[before] >= BUSY_S
    assert watch.longest(start, end) == watch.gaps_s[before]
    assert watch.longest() == max(watch.gaps_s) == watch.percentile(100)
    began = {gap: at for at, gap in watch.over(BUSY_S)}[watch.gaps_s[before]]
    assert began <= start < end <= began + watch.gaps_s[before]
    assert watch.percentile(0) == min(watch.gaps_s)


def test_what_lies_before_and_behind_a_span_does_not_count(watch):
    before = perf_counter()
    watch.start()
    start, end = keep_busy()
    watch.stop()
    assert watch.longest(until=before) == 0
    assert watch.longest(since=perf_counter()) == 0
    assert watch.longest(start, start) == watch.longest(end, end) >= BUSY_S


def test_a_gap_that_has_not_ended_counts_when_the_watch_stops(watch):
    watch.start()
    keep_busy()
    watch.stop()
    watch.stop()
    assert len(watch.gaps_s) == 1
    assert watch.longest() >= BUSY_S


def test_nothing_is_left_of_what_was_before(watch):
    watch.start()
    keep_busy()
    watch.start()
    assert watch.gaps_s == []
    assert watch.longest() == watch.percentile(99) == 0
