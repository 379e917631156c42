"""The one-slot mailbox, also under real threads."""

import sys
import threading
from threading import Barrier, Event, Thread

import pytest

from poolviewer.core import mailbox
from poolviewer.core.mailbox import Latest

MESSAGES = 5_000


@pytest.fixture
def _hasty_threads():
    """Have Python switch threads between any two lines of the mailbox.

    It switches only where a function is called or a loop turns: the trace is called on each line.
    """

    def trace(frame, event, argument):
        return trace if frame.f_code.co_filename == mailbox.__file__ else None

    interval, previous = sys.getswitchinterval(), threading.gettrace()
    sys.setswitchinterval(1e-6)
    threading.settrace(trace)
    yield
    threading.settrace(previous)
    sys.setswitchinterval(interval)


def test_the_newest_message_wins_and_older_ones_are_counted():
    box = Latest()
    assert box.take() is None
    assert [box.put(number) for number in range(4)] == [True, False, False, False]
    assert box.dropped == 3
    assert box.take() == 3
    assert box.take() is None
    assert box.put(4)
    assert (box.take(), box.dropped) == (4, 3)


def test_a_message_may_be_false():
    box = Latest()
    assert box.put(0)
    assert not box.put(0)
    assert box.take() == 0


def test_clear_empties_without_counting():
    box = Latest()
    box.put(1)
    box.clear()
    assert (box.take(), box.dropped) == (None, 0)
    assert box.put(2)


@pytest.mark.usefixtures("_hasty_threads")
@pytest.mark.parametrize(("putters", "takers"), [(1, 1), (2, 1), (2, 2)])
def test_no_message_is_lost_uncounted_or_taken_twice(putters, takers):
    box = Latest()
    found_empty, taken = exchange(box, putters, takers)
    left = box.take()
    out = [message for mine in taken for message in mine] + ([left] if left else [])
    assert len(out) == len(set(out))
    assert box.dropped == putters * MESSAGES - len(out)
    assert found_empty == len(out)
    assert any(number == MESSAGES - 1 for _, number in out)  # the newest of all
    for mine in taken:  # what one taker gets of one putter is in order
        for putter in range(putters):
            numbers = [number for source, number in mine if source == putter]
            assert numbers == sorted(numbers)


def exchange(box, putters, takers):
    """Put and take at once; return how often the box was found empty, and what each taker got."""
    start, found_empty = Barrier(putters + takers), []
    taken, is_over = [[] for _ in range(takers)], Event()

    def put_all(putter):
        start.wait()
        found_empty.append(sum(box.put((putter, number)) for number in range(MESSAGES)))

    def take_all(mine):
        start.wait()
        while not is_over.is_set():
            message = box.take()
            if message is not None:
                mine.append(message)

    putting = [Thread(target=put_all, args=(putter,)) for putter in range(putters)]
    taking = [Thread(target=take_all, args=(mine,)) for mine in taken]
    for thread in putting + taking:
        thread.start()
    for thread in putting:
        thread.join()
    is_over.set()
    for thread in taking:
        thread.join()
    return sum(found_empty), taken


def test_every_message_is_counted_with_its_time():
    box = Latest()
    assert box.count[0] == 0
    box.put("a")
    before = box.count[1]
    box.put("b")
    box.take()
    assert box.count[0] == 2
    assert box.count[1] >= before > 0
