"""A start of the real program on a real screen, measured from outside."""

import pytest

from poolviewer.bench.start import measure_warm_start
from tests.virtual_screen import virtual_screen

HEAVY = {"av", "cv2", "h5py", "keras", "matplotlib", "poolviewer.model", "tensorflow"}


@pytest.fixture(scope="module")
def start():
    with virtual_screen() as environment:
        return measure_warm_start(environment)


def test_the_window_comes_before_anything_heavy(start):
    assert not HEAVY & set(start.modules)
    assert {"PySide6.QtWidgets", "poolviewer.views.main_window"} <= set(start.modules)


def test_the_times_follow_each_other(start):
    assert 0 < start.window_ms < start.first_maps_ms
    assert start.longest_gap_ms > 0
    assert all(start.window_ms <= at and gap > 33 for at, gap in start.long_gaps)
    assert max((gap for _, gap in start.long_gaps), default=0) <= start.longest_gap_ms
