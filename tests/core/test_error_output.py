"""What libraries write to descriptor 2 is dropped or held back, and the right one comes back."""

import os
import re
import threading

import pytest

from poolviewer.core.error_output import dropped, held_back

CHATTER = re.compile("I0000 ")


@pytest.fixture
def errors(capfd):
    """Write a line from C's side; return what has arrived at the error output."""

    def write(line):
        os.write(2, f"{line}\n".encode())

    def arrived():
        return capfd.readouterr().err.splitlines()

    write.arrived = arrived
    return write


def test_everything_is_dropped_meanwhile(errors):
    errors("before")
    with dropped():
        errors("libpng warning: odd")
    errors("after")
    assert errors.arrived() == ["before", "after"]


def test_chatter_is_dropped_and_the_rest_comes_behind(errors):
    with held_back(CHATTER):
        errors("I0000 started")
        errors("fatal: no such device")
        assert errors.arrived() == []
    errors("after")
    assert errors.arrived() == ["fatal: no such device", "after"]


def test_an_error_brings_the_output_back(errors):
    def fail():
        errors("why")
        raise ValueError

    with pytest.raises(ValueError), held_back(CHATTER):
        fail()
    with pytest.raises(ValueError), dropped():
        fail()
    errors("after")
    assert errors.arrived() == ["why", "after"]


def test_one_thread_within_another_brings_back_the_true_output(errors):
    """As when a picture is decoded while TensorFlow loads: each begins before the other ends."""
    is_within, may_end = threading.Event(), threading.Event()

    def decode():
        with dropped():
            is_within.set()
            may_end.wait(10)

    thread = threading.Thread(target=decode)
    with held_back(CHATTER):
        thread.start()
        assert is_within.wait(10)
        errors("I0000 started")
        errors("libpng warning: odd")
    may_end.set()
    thread.join(10)
    errors("after")
    assert errors.arrived() == ["libpng warning: odd", "after"]
