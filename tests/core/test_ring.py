"""The ring of frames: what it keeps, to the byte, against a plain model of it."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.ring import FrameRing

CAMERA = SourceInfo("camera 0", "camera")


def frame(index: int, captured_s: float = 0.0, size: int = 1) -> Frame:
    return Frame(np.zeros((1, size, 3), np.uint8), CAMERA, index, captured_s)


def indices(ring: FrameRing) -> list[int]:
    """Walk the ring from its first frame to its last."""
    found = [ring.first]
    while found[-1] is not None:
        found.append(ring.beside(found[-1].index, 1))
    return [f.index for f in found if f is not None]


@dataclass
class Model:
    """The same in the plainest words: all frames, and the newest run of them that fits."""

    seconds: float = 1.0
    max_bytes: int = 30
    frames: list[Frame] = field(default_factory=list)

    def add(self, new: Frame) -> None:
        if self.frames and new.index <= self.frames[-1].index:
            self.frames = []
        is_kept = self.seconds > 0 and new.picture.nbytes <= self.max_bytes
        self.frames = self.fitting(new.captured_s, self.max_bytes - new.picture.nbytes)
        self.frames += [new] * is_kept

    def limit(self, seconds: float, max_bytes: int) -> None:
        self.seconds, self.max_bytes = seconds, max_bytes
        self.frames = self.fitting(self.frames[-1].captured_s, max_bytes) if self.frames else []
        self.frames *= seconds > 0

    def fitting(self, now_s: float, most_bytes: int) -> list[Frame]:
        for start in range(len(self.frames) + 1):
            left = self.frames[start:]
            is_young = all(now_s - f.captured_s <= self.seconds for f in left)
            if is_young and sum(f.picture.nbytes for f in left) <= most_bytes:
                return left
        return []


class RingMachine(RuleBasedStateMachine):
    """Frames of any size at any pace, limits that change: ring and model keep the same."""

    def __init__(self) -> None:
        super().__init__()
        self.ring, self.model = FrameRing(1.0, 30), Model()
        self.index, self.now_s = 0, 0.0

    @rule(
        size=st.integers(1, 12),
        gap_s=st.sampled_from([0.0, 0.002, 0.3, 3.0]),
        skipped=st.integers(0, 3),
    )
    def add(self, size: int, gap_s: float, skipped: int) -> None:
        self.index += 1 + skipped
        self.now_s += gap_s
        made = frame(self.index, self.now_s, size)
        self.ring.add(made)
        self.model.add(made)

    @rule()
    def begin_again(self) -> None:
        self.index = -1

    @rule(seconds=st.sampled_from([0, 0.5, 1, 10]), max_bytes=st.integers(3, 60))
    def limit(self, seconds: float, max_bytes: int) -> None:
        self.ring.limit(seconds, max_bytes)
        self.model.limit(seconds, max_bytes)

    @invariant()
    def keeps_the_same(self) -> None:
        assert indices(self.ring) == [f.index for f in self.model.frames]
        kept = sum(f.picture.nbytes for f in self.model.frames)
        assert self.ring.bytes_kept == kept <= self.model.max_bytes
        assert len(self.ring) == len(self.model.frames)


TestRing = RingMachine.TestCase
TestRing.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_the_cap_holds_even_while_a_frame_is_added(monkeypatch) -> None:
    """The new frame's bytes are already there when the old ones are let go."""
    ring, sums = FrameRing(60, 30), []
    let_go = FrameRing._let_go

    def watched(self: FrameRing, now_s: float, most_bytes: int) -> None:
        let_go(self, now_s, most_bytes)
        sums.append(self.bytes_kept + 30 - most_bytes)

    monkeypatch.setattr(FrameRing, "_let_go", watched)
    for index in range(100):
        ring.add(frame(index, index / 500, 1 + index % 7))
        sums.append(ring.bytes_kept)
    assert max(sums) == 30


@pytest.mark.parametrize(("rate", "kept"), [(500, 5001), (30, 301), (0.3, 4), (0.05, 1)])
def test_seconds_are_kept_at_any_rate(rate: float, kept: int) -> None:
    ring = FrameRing(10, 2**30)
    for index in range(6000):
        ring.add(frame(index, index / rate))
    assert abs(len(ring) - kept) <= 1  # where a frame lies on the border
    assert ring.last.index == 5999
    assert ring.last.captured_s - ring.first.captured_s <= 10


def test_nothing_is_copied() -> None:
    ring, made = FrameRing(), frame(5)
    ring.add(made)
    assert ring.at(5) is made


def test_a_frame_larger_than_the_cap_is_not_kept_and_those_before_are_let_go() -> None:
    ring = FrameRing(10, 9)
    ring.add(frame(0, 0.0, 3))
    ring.add(frame(1, 0.1, 4))
    assert (len(ring), ring.bytes_kept) == (0, 0)
    ring.add(frame(2, 0.2, 3))
    assert indices(ring) == [2]


def test_lower_limits_hold_at_once() -> None:
    ring = FrameRing(10, 300)
    for index in range(50):
        ring.add(frame(index, index / 10))
    ring.limit(10, 9)
    assert indices(ring) == [47, 48, 49]
    ring.limit(0.1, 9)
    assert len(ring) <= 2
    ring.limit(0, 9)
    assert len(ring) == 0
    ring.add(frame(60, 6.0))
    assert len(ring) == 0


def test_steps_walk_over_numbers_that_are_missing() -> None:
    ring = FrameRing()
    for index in (10, 13, 20):
        ring.add(frame(index))
    assert [ring.beside(13, n).index for n in (-9, -1, 0, 1)] == [10, 10, 13, 20]
    assert ring.beside(13, 2) is None
    assert ring.beside(20, 1) is None
    assert [ring.beside(14, n).index for n in (-1, 1)] == [13, 20]
    assert [ring.beside(2, n).index for n in (-1, 1)] == [10, 10]
    assert [ring.at(n).index for n in (-5, 10, 11, 20, 99)] == [10, 10, 13, 20, 20]


@given(st.integers(-3, 30), st.integers(-4, 4))
def test_empty_ring_has_nothing(index: int, steps: int) -> None:
    ring = FrameRing()
    assert ring.at(index) is ring.beside(index, steps) is ring.first is ring.last is None


def test_numbers_that_begin_again_let_go_of_those_before() -> None:
    ring = FrameRing()
    for made in (frame(7), frame(8), replace(frame(0), captured_s=1.0)):
        ring.add(made)
    assert indices(ring) == [0]
