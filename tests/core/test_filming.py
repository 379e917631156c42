"""Which windows of a step-through an animation shows, and when."""

from itertools import pairwise

import pytest

from poolviewer.core.filming import LINGER_S, MOST_PICTURES, plan_walk
from poolviewer.core.recording import MOST_FRAMES_PER_S


def test_every_window_of_the_tutorial_is_shown():
    plan = plan_walk(225, 10)
    assert plan.positions == tuple(range(225))
    assert plan.interval_s == 0.1
    assert plan.length_s == pytest.approx(22.4 + LINGER_S)
    assert plan.remark == ""


@pytest.mark.parametrize("count", [1, 2, 7, 899, 900, 901, 1800, 90_000, 3_000_000])
@pytest.mark.parametrize("speed", [0.5, 1, 10, 30, 31, 60, 1000])
def test_first_and_last_are_shown_at_a_steady_pace(count, speed):
    plan = plan_walk(count, speed)
    assert (plan.positions[0], plan.positions[-1]) == (0, count - 1)
    assert len(plan.positions) <= MOST_PICTURES
    assert 1 / plan.interval_s <= MOST_FRAMES_PER_S
    steps = [late - early for early, late in pairwise(plan.positions)]
    assert set(steps[:-1]) <= {plan.step}
    assert all(0 < step <= plan.step for step in steps)


def test_what_is_left_out_is_said():
    assert (
        plan_walk(90_000, 10).remark
        == "Of the 90,000 windows, one in 101 is shown: zoom in for all of a part."
    )


def test_a_speed_beyond_any_player_keeps_the_length():
    plan = plan_walk(601, 120)
    assert plan.step == 4
    assert plan.length_s == pytest.approx(5 + LINGER_S)


@pytest.mark.parametrize("speed", [0.1, 1, 10, 30])
def test_the_wish_has_room_for_every_picture(speed):
    plan = plan_walk(40, speed)
    spec = plan.spec("a.gif", 2)
    assert spec.longest_s * spec.frames_per_s >= len(plan.positions) - 1e-6
    assert (spec.path, spec.scale) == ("a.gif", 2)
