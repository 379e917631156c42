"""How the interpreter is set, and that it is afterwards as it was before."""

import gc
import sys

import pytest

from poolviewer.core.interpreter import (
    SWITCH_INTERVAL_S,
    THRESHOLDS,
    lasting_imports,
    paused_collector,
    responsive_interpreter,
)
from tests.processes import run_python

OPENED = """
import gc, sys
from poolviewer import launching
from poolviewer.core.view_wish import ViewWish

def state():
    return round(sys.getswitchinterval(), 6), gc.get_threshold(), gc.isenabled()

def run(wish):
    print(state() == (0.0005, (700, 10, 100), True), gc.get_freeze_count() > 10_000)
    return 7

def import_app():
    from poolviewer import app
    app.run = run

before = state()
import_app()
print(launching.open_window(ViewWish()), state() == before)
"""


@pytest.fixture(autouse=True)
def _as_before():
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.unfreeze()
    gc.enable()
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


def test_pauses_may_overlap():
    first, second = paused_collector(), paused_collector()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_a_pause_ends_with_an_error():
    with pytest.raises(ValueError, match="x"), paused_collector():
        raise ValueError("x")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    with paused_collector():
        pass
    assert not gc.isenabled()


def test_what_is_imported_is_not_walked_again():
    made: list[object] = []
    with lasting_imports():
        assert not gc.isenabled()
        made.append([])
    assert gc.isenabled()
    walked = {id(thing) for thing in gc.get_objects()}
    assert id(made) not in walked
    later: list[object] = []
    assert id(later) in {id(thing) for thing in gc.get_objects()}


def test_a_window_is_served_often_and_everything_is_put_back():
    before = gc.get_threshold(), sys.getswitchinterval()
    with responsive_interpreter():
        assert gc.get_threshold() == THRESHOLDS
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)
        assert gc.isenabled()
    assert (gc.get_threshold(), sys.getswitchinterval()) == before
    with pytest.raises(ValueError, match="x"), responsive_interpreter():
        raise ValueError("x")
    assert (gc.get_threshold(), sys.getswitchinterval()) == before


def test_cycles_among_young_objects_are_still_freed():
    class Knot:
        count = 0

        def __init__(self):
            self.own = self

        def __del__(self):
            Knot.count += 1

    with responsive_interpreter():
        for _ in range(5000):
            Knot()
    assert Knot.count > 1000


def test_the_window_runs_so():
    result = run_python(OPENED, QT_QPA_PLATFORM="offscreen")
    assert result.stdout.split("\n")[:2] == ["True True", "7 True"], result.stderr
