"""Rates and percentiles over a sliding window, with times that the tests make up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.meters import Durations, Meters, Rate, Spread, spread

durations = st.lists(st.floats(0, 1e3), min_size=1, max_size=200)


def rate_of(times):
    rate = Rate()
    for count, time_s in enumerate(times, 5):
        rate.add(time_s, count)
    return rate


# Percentiles


def test_percentiles_lie_between_the_ranks():
    found = spread([0.004, 0.001, 0.003, 0.002])
    assert (found.median_s, found.p95_s) == pytest.approx((0.0025, 0.00385))
    assert spread([7.0]) == Spread(7.0, 7.0)
    assert spread([]) == Spread()


@given(durations)
def test_percentiles_part_the_durations(values):
    found = spread(values)
    assert min(values) <= found.median_s <= found.p95_s <= max(values)
    above = np.count_nonzero(np.array(values) > found.p95_s + 1e-9)
    assert above <= 0.05 * (len(values) - 1) + 1


# Rates


def test_a_steady_source_has_its_rate():
    rate = rate_of([100 + n / 30 for n in range(300)])
    assert rate.at(110) == pytest.approx(30)


def test_only_the_last_second_counts():
    slow = [100 + n / 10 for n in range(50)]
    fast = [105 + n / 60 for n in range(90)]
    assert rate_of(slow + fast).at(fast[-1]) == pytest.approx(60)


def test_a_count_that_is_looked_at_now_and_then_gives_the_same_rate():
    rate = Rate()
    for tick in range(8):
        frames = tick * 15  # of 60 frames a second, every quarter of a second
        rate.add(10 + frames / 60, frames)
        rate.add(10 + frames / 60, frames)  # looked at twice
    assert rate.at(11.8) == pytest.approx(60)


def test_a_rate_falls_to_nothing_when_nothing_comes():
    rate = rate_of([n / 30 for n in range(30)])
    assert rate.at(1.5) > 0
    assert rate.at(2.1) == 0
    assert rate.at(999) == 0


def test_a_rate_after_a_pause_is_not_lowered_by_it():
    rate = rate_of([0.0, 0.1, 60.0, 60.1, 60.2])
    assert rate.at(60.2) == pytest.approx(10)


def test_a_source_slower_than_a_frame_a_second_has_a_rate():
    rate = rate_of([0.0, 2.0, 4.0])
    assert rate.at(5.9) == pytest.approx(0.5)
    assert rate.at(8.1) == 0


@pytest.mark.parametrize("times", [[], [1.0], [1.0, 1.0]])
def test_there_is_no_rate_before_two_times(times):
    assert rate_of(times).at(1.0) == 0


# Durations


def test_durations_are_forgotten_after_their_window():
    kept = Durations(4)
    for second in range(10):
        kept.add(second, float(second))
    assert kept.spread(9).median_s == 7  # of 5 … 9
    assert kept.longest(9) == 9


def test_the_last_duration_stays():
    kept = Durations(4)
    kept.add(0, 0.5)
    kept.add(1, 0.7)
    assert kept.spread(100) == Spread(0.7, 0.7)
    assert kept.longest(100) == 0.7
    assert Durations().longest(1) == 0
    assert Durations().spread(1) == Spread()


def test_drops_are_summed():
    assert Meters(dropped_before_network=2, dropped_before_screen=3).dropped == 5
