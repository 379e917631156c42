"""A source that is faster than the window waits for it, but not for long."""

from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import SourceRequest
from poolviewer.runtime.capture import CaptureWorker
from poolviewer.runtime.pace import LONGEST_S, Pace
from poolviewer.sources.opening import open_source

from .harness import Barrier, Wishes, in_thread


class Clock:
    def __init__(self):
        self.now_s = 5.0

    def __call__(self):
        return self.now_s


def test_waits_for_whoever_is_behind():
    frames, renderings = Latest(), Latest()
    pace = Pace(frames, renderings, clock=Clock())
    assert not pace.should_wait()
    frames.put(1)
    assert pace.should_wait()
    frames.take()
    assert not pace.should_wait()
    renderings.put(1)
    assert pace.should_wait()


def test_waits_no_longer_than_a_frame_stays_new():
    frames, clock = Latest(), Clock()
    pace = Pace(frames, clock=clock)
    for _ in range(3):
        frames.put(1)
        assert pace.should_wait()
        clock.now_s += LONGEST_S / 2
        assert pace.should_wait()
        clock.now_s += LONGEST_S
        assert not pace.should_wait()


def test_time_counts_from_when_a_frame_began_to_wait():
    frames, clock = Latest(), Clock()
    pace = Pace(frames, clock=clock)
    for _ in range(3):
        frames.put(1)
        assert pace.should_wait()
        frames.take()
        assert not pace.should_wait()
        clock.now_s += LONGEST_S


def test_capture_reads_no_frame_that_nobody_waits_for(qtbot):
    frames = Latest()
    worker = CaptureWorker(open_source, frames, Latest(), pace=Pace(frames, clock=Clock()))
    with in_thread(worker, lambda worker: (Wishes(), Barrier(worker, qtbot))) as (wishes, barrier):
        wishes.opened.connect(worker.open)
        wishes.opened.emit(SourceRequest("synthetic:0"), 1)
        for index in range(5):
            qtbot.waitUntil(lambda: not frames.is_empty)
            for _ in range(20):
                barrier.wait()
            assert frames.take().index == index
    assert frames.dropped == 0
