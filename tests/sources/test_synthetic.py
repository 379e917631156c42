"""The synthetic source is a camera whose every frame is known beforehand."""

from itertools import pairwise

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources import synthetic
from poolviewer.sources.synthetic import SyntheticSource


class Clock:
    """Time that passes only while somebody sleeps."""

    now_s = 50.0

    def perf_counter(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(synthetic, "time", made)
    return made


def test_frames_are_due_at_the_rate(clock: Clock) -> None:
    source = SyntheticSource("10")
    source.open()
    frames = [source.read() for _ in range(4)]
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert [frame.captured_s for frame in frames] == pytest.approx([50.0, 50.1, 50.2, 50.3])


def test_default_rate(clock: Clock) -> None:
    source = SyntheticSource()
    source.open()
    for _ in range(31):
        frame = source.read()
    assert frame.captured_s == pytest.approx(51.0)


def test_slow_source_is_waited_for_in_short_steps(clock: Clock) -> None:
    source = SyntheticSource("0.2")
    source.open()
    assert source.read().index == 0
    waits = 0
    while (frame := source.read()) is None:
        waits += 1
    assert (frame.index, waits) == (1, 19)
    assert frame.captured_s == pytest.approx(55.0)


def test_late_reader_loses_frames(clock: Clock) -> None:
    source = SyntheticSource("10")
    source.open()
    source.read()
    clock.sleep(1.0)
    assert [source.read().index, source.read().index] == [10, 11]


def test_unlimited_rate_never_waits(clock: Clock) -> None:
    source = SyntheticSource("0")
    source.open()
    assert [source.read().index for _ in range(5)] == [0, 1, 2, 3, 4]
    assert clock.now_s == 50.0


def test_frames_follow_their_index_alone(clock: Clock) -> None:
    first, second = SyntheticSource("0"), SyntheticSource("25")
    first.open()
    second.open()
    for _ in range(3):
        one, other = first.read(), second.read()
        np.testing.assert_array_equal(one.picture, other.picture)


def test_frame_is_a_moving_colour_picture(clock: Clock) -> None:
    source = SyntheticSource("0")
    source.open()
    frames = [source.read() for _ in range(165)]
    picture = frames[0].picture
    assert (picture.shape, picture.dtype) == ((480, 640, 3), np.uint8)
    assert picture.flags.c_contiguous
    assert not picture.flags.writeable
    assert all((picture[:, :, c].max(), picture[:, :, c].min()) >= (200, 0) for c in range(3))
    assert all((a.picture != b.picture).any() for a, b in pairwise(frames))
    np.testing.assert_array_equal(frames[160].picture, picture)
    assert (source.info.kind, source.info.is_live) == ("synthetic", True)
    source.seek(3)
    source.close()


def test_unsound_rate() -> None:
    with pytest.raises(SourceError, match="0 to 1000 frames per second"):
        SyntheticSource("fast")
