"""A live source shows what is now, not what piled up, and comes back after a failure."""

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import SourceInfo
from poolviewer.sources import live
from poolviewer.sources.live import LiveSource, drain


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class FakeCapture:
    """Frames that are due at given times; a read waits for the next, and fails after the last."""

    def __init__(self, clock: Clock, due_s: list[float]) -> None:
        self.clock = clock
        self.due_s = due_s
        self.is_released = False

    def grab(self) -> bool:
        if not self.due_s:
            return False
        self.clock.now_s = max(self.clock.now_s + 0.001, self.due_s[0])
        self.last = self.due_s.pop(0)
        return True

    def read(self) -> tuple[bool, np.ndarray | None]:
        if not self.grab():
            return False, None
        return True, np.full((2, 3, 3), int(self.last - 100), np.uint8)

    def release(self) -> None:
        self.is_released = True


class FakeSource(LiveSource):
    def __init__(self, captures: list[FakeCapture]) -> None:
        super().__init__(SourceInfo("fake", "camera"))
        self.captures = captures

    def _connect(self) -> FakeCapture:
        if not self.captures:
            raise SourceError("gone")
        return self.captures.pop(0)

    def _explain(self, waited_s: float) -> str:
        return f"silent for {waited_s:g} s, has sent: {self._has_sent}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(live.time, "perf_counter", made)
    return made


def test_frames_in_order(clock: Clock) -> None:
    source = FakeSource([FakeCapture(clock, [101, 102])])
    source.open()
    frames = [source.read(), source.read()]
    assert [(f.index, f.picture[0, 0, 0], f.captured_s) for f in frames] == [
        (0, 1, 101.0),
        (1, 2, 102.0),
    ]
    assert not frames[0].picture.flags.writeable
    assert frames[0].source.is_live
    assert source.interval_s == 0
    source.seek(0)
    source.close()


def test_stale_frames_are_thrown_away_after_a_pause(clock: Clock) -> None:
    capture = FakeCapture(clock, [float(second) for second in range(101, 130)])
    source = FakeSource([capture])
    source.open()
    assert source.read().picture[0, 0, 0] == 1
    clock.now_s = 120.5
    assert source.read().picture[0, 0, 0] == 22  # 21 was waited for, so it was the first fresh one
    assert source.read().captured_s == clock.now_s


def test_nothing_is_thrown_away_without_a_pause(clock: Clock) -> None:
    source = FakeSource([FakeCapture(clock, [100.1, 100.2, 100.3])])
    source.open()
    assert [source.read().index for _ in range(3)] == [0, 1, 2]


def test_draining_a_source_without_limit_ends(clock: Clock) -> None:
    capture = FakeCapture(clock, [0.0] * 100_000)
    drain(capture)
    assert clock.now_s == pytest.approx(100 + live.DRAIN_LIMIT_S, abs=0.01)


def test_failure_then_reconnection(clock: Clock) -> None:
    first, second = FakeCapture(clock, [100.1]), FakeCapture(clock, [100.2])
    source = FakeSource([first, second])
    source.open()
    source.read()
    with pytest.raises(SourceError, match=r"^silent for 0 s, has sent: True$"):
        source.read()
    assert first.is_released
    assert source.read().index == 1
    with pytest.raises(SourceError, match="silent"):
        source.read()
    with pytest.raises(SourceError, match="gone"):
        source.read()


def test_opening_again_lets_go_of_the_first(clock: Clock) -> None:
    first, second = FakeCapture(clock, []), FakeCapture(clock, [])
    source = FakeSource([first, second])
    source.open()
    source.open()
    assert (first.is_released, second.is_released) == (True, False)
    source.close()
    assert second.is_released
