"""What becomes of a pinned pooled pixel, frame by frame."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.pin_history import MOST_FRAMES, PinHistory, as_table, followed, switches
from tests.export.cases import activations_of, network

SPEC = network(8, 8)  # 6×6 → 3×3
PIN = Pixel(MapName.POOLED, 1, 2)  # rows 2–3, columns 4–5 of the feature map
CHANNEL = 1


def frame_with(index, winner=(0, 0), value=5.0, *, source=0, run=0, spec=SPEC):
    """Return maps in whose pinned window one position holds a value and all others nothing."""
    activations = activations_of(spec)
    feature = np.zeros_like(activations.feature_maps)
    feature[2 + winner[0], 4 + winner[1], CHANNEL] = value
    pooled = activations.pooled_maps.copy()
    pooled[1, 2, CHANNEL] = value
    frame = replace(activations.frame, index=index, generation=source, captured_s=index / 30)
    return replace(
        activations, frame=frame, feature_maps=feature, pooled_maps=pooled, generation=run
    )


def history_of(*frames, pin=PIN, channel=CHANNEL):
    history = PinHistory()
    for activations in frames:
        history = followed(history, activations, channel, pin)
    return history


def test_a_value_that_stands_still_while_its_winner_moves():
    positions = [(0, 0), (0, 1), (0, 1), (1, 0), (0, 0)]
    history = history_of(*(frame_with(i, position) for i, position in enumerate(positions)))
    assert [moment.winner for moment in history.moments] == positions
    assert {moment.value for moment in history.moments} == {5.0}
    assert switches(history.moments) == 3
    assert switches(history.last(2)) == 1
    assert history.subject.window_shape == (2, 2)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=20))
def test_switches_are_counted_as_by_hand(positions):
    history = history_of(*(frame_with(i, position) for i, position in enumerate(positions)))
    by_hand = sum(a != b for a, b in pairwise(positions))
    assert switches(history.moments) == by_hand


def test_frames_are_kept_in_their_order_and_none_twice():
    history = history_of(*(frame_with(i) for i in (4, 7, 6, 4, 9)))
    assert [moment.index for moment in history.moments] == [4, 6, 7, 9]
    assert history.current == 9
    back = followed(history, frame_with(6), CHANNEL, PIN)
    assert back.moments == history.moments
    assert back.current == 6


def test_the_frame_on_the_screen_changes_nothing():
    history = history_of(frame_with(1), frame_with(2))
    assert followed(history, frame_with(2), CHANNEL, PIN) is history


@pytest.mark.parametrize(
    "other",
    [
        {"channel": 2},
        {"pin": Pixel(MapName.POOLED, 0, 0)},
        {"source": 1},
        {"run": 1},
    ],
    ids=["channel", "pin", "source", "network"],
)
def test_another_subject_begins_anew(other):
    before = history_of(frame_with(1), frame_with(2))
    made = {name: other[name] for name in ("source", "run") if name in other}
    after = followed(
        before, frame_with(2, **made), other.get("channel", CHANNEL), other.get("pin", PIN)
    )
    assert [moment.index for moment in after.moments] == [2]


@pytest.mark.parametrize("pin", [None, Pixel(MapName.FEATURE, 1, 2), Pixel(MapName.POOLED, 9, 9)])
def test_nothing_is_followed_without_a_pooled_pixel(pin):
    after = followed(history_of(frame_with(1)), frame_with(2), CHANNEL, pin)
    assert (after.subject, after.moments) == (None, ())
    assert followed(after, frame_with(3), CHANNEL, pin) is after
    assert followed(after, None, CHANNEL, PIN) is after


def test_the_oldest_are_forgotten_and_an_older_one_begins_anew():
    history = history_of(*(frame_with(i) for i in range(1, MOST_FRAMES + 3)))
    assert len(history.moments) == MOST_FRAMES
    assert (history.moments[0].index, history.moments[-1].index) == (3, MOST_FRAMES + 2)
    again = followed(history, frame_with(0), CHANNEL, PIN)
    assert [moment.index for moment in again.moments] == [0]


def test_an_average_has_no_winner():
    spec = network(8, 8, pool_kind="average")
    history = history_of(frame_with(0, spec=spec), frame_with(1, spec=spec))
    assert [moment.winner for moment in history.moments] == [None, None]
    assert (history.subject.kind, switches(history.moments)) == ("average", 0)


def test_the_table_reads_back():
    history = history_of(frame_with(3, (0, 1), 0.1), frame_with(6, (1, 0), 2.5))
    lines = [line.split("\t") for line in as_table(history.moments).splitlines()]
    assert lines[0] == ["frame", "time_s", "pooled", "winner_row", "winner_col"]
    assert [line[0] for line in lines[1:]] == ["3", "6"]
    assert [float(line[1]) for line in lines[1:]] == pytest.approx([0, 0.1])
    assert [np.float32(line[2]) for line in lines[1:]] == [np.float32(0.1), 2.5]
    assert [line[3:] for line in lines[1:]] == [["0", "1"], ["1", "0"]]


def altered(history, activations):
    return followed(history, activations, CHANNEL, PIN, is_altered=True)


def test_a_value_changed_by_hand_is_followed_on_its_frame_and_kept_apart():
    pristine = history_of(frame_with(0, value=1.0), frame_with(1, value=2.0))
    first = altered(pristine, frame_with(1, value=3.0))
    assert [moment.value for moment in first.moments] == [3.0]
    assert altered(first, frame_with(1, value=3.0)) is first
    second = altered(first, frame_with(1, (1, 1), value=4.0))
    assert [(moment.value, moment.winner) for moment in second.moments] == [(4.0, (1, 1))]
    later = altered(second, frame_with(2, value=5.0))
    assert [moment.index for moment in later.moments] == [1, 2]
    back = followed(later, frame_with(2, value=2.0), CHANNEL, PIN)
    assert [moment.value for moment in back.moments] == [2.0]
