"""Two calls at the same time, and what they raise."""

import threading

import pytest

from poolviewer.core.together import together


def test_both_run_at_the_same_time():
    """Each waits for the other."""
    meeting = threading.Barrier(2, timeout=10)

    def here():
        meeting.wait()
        return threading.get_ident()

    def beside():
        meeting.wait()
        return threading.get_ident()

    first, second = together(here, beside)
    assert first == threading.get_ident() != second


@pytest.mark.parametrize("which", [0, 1])
def test_what_either_raises_is_raised_when_both_have_ended(which):
    before = threading.active_count()

    def fail():
        raise MemoryError("no memory")

    calls = [lambda: 1, lambda: 2]
    calls[which] = fail
    with pytest.raises(MemoryError, match="no memory"):
        together(*calls)
    assert threading.active_count() == before
