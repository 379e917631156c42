"""Videos: every frame by its own number, whatever the file says about itself."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poolviewer.core.errors import SourceError
from poolviewer.sources import video
from poolviewer.sources.opencv import cv2
from poolviewer.sources.video import VideoSource
from tests import media

KINDS = {"a.avi": "MJPG", "a.mp4": "mp4v", "a.mkv": "MJPG", "a.wmv": "WMV2", "a.flv": "FLV1"}
NO_VIDEO = "holds no video that can be played: save or fetch it again."


@contextmanager
def opened(path: Path) -> Iterator[VideoSource]:
    with closing(VideoSource(path)) as source:
        source.open()
        yield source


def numbers(source: VideoSource, count: int) -> list[tuple[int, int]]:
    frames = [source.read() for _ in range(count)]
    return [(frame.index, media.frame_number(frame.picture)) for frame in frames]


@pytest.mark.parametrize("name", KINDS)
def test_plays_in_order_and_again_from_the_start(tmp_path: Path, name: str) -> None:
    path = media.write_video(tmp_path / name, 7, KINDS[name])
    with opened(path) as source:
        expected = [(i, i) for i in (0, 1, 2, 3, 4, 5, 6, 0, 1)]
        assert numbers(source, 9) == expected
        assert source.info.count == 7


def test_one_frame_is_played_for_ever(tmp_path: Path) -> None:
    """Here OpenCV's own seeking to frame 0 fails."""
    with opened(media.write_video(tmp_path / "a.mp4", 1, "mp4v")) as source:
        assert numbers(source, 3) == [(0, 0)] * 3


def test_frames_are_read_only_messages(tmp_path: Path) -> None:
    with opened(media.write_video(tmp_path / "a.avi", 2)) as source:
        first, second = source.read(), source.read()
    assert first.picture.shape == (64, 128, 3)
    assert not first.picture.flags.writeable
    assert media.frame_number(first.picture) == 0
    assert second.captured_s > first.captured_s > 0
    assert first.name == "a.avi"
    assert first.source.kind == "video"


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media.write_uneven_video(tmp_path_factory.mktemp("video") / "uneven.mp4", 40)


def test_opencv_itself_seeks_wrongly(uneven: Path) -> None:
    """The reason why frames are counted by reading; where this fails, seek with OpenCV."""
    capture = cv2.VideoCapture(str(uneven), cv2.CAP_FFMPEG)
    capture.set(cv2.CAP_PROP_POS_FRAMES, 30)
    has_picture, picture = capture.read()
    capture.release()
    assert not has_picture or media.frame_number(picture) != 30


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(-2, 45), max_size=6))
def test_seek_is_exact(uneven: Path, indices: list[int]) -> None:
    with opened(uneven) as source:
        for index in indices:
            source.seek(index)
            expected = min(max(index, 0), 39)
            following = (expected + 1) % 40
            assert numbers(source, 2) == [(expected, expected), (following, following)]


def test_seek_in_the_sample_equals_reading_it() -> None:
    path = media.SAMPLES / "bigbuckbunny.mp4"
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    expected = [capture.read()[1] for _ in range(61)]
    capture.release()
    with opened(path) as source:
        assert source.info.count == 132
        assert source.interval_s == pytest.approx(1 / 25)
        for index in (60, 0, 37, 38, 5):
            source.seek(index)
            frame = source.read()
            assert frame.index == index
            np.testing.assert_array_equal(frame.picture, expected[index])


@pytest.fixture
def grabs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every frame that is decoded."""
    taken: list[int] = []

    def counting(real) -> Callable[[], bool]:
        return lambda: taken.append(1) or real.grab()

    replace(monkeypatch, "grab", counting)
    return taken


def test_way_back_is_remembered(uneven: Path, grabs: list[int]) -> None:
    with opened(uneven) as source:
        first = [source.read() for _ in range(36)]
        assert len(grabs) == 36
        for index in range(35, 3, -1):  # 32 frames
            source.seek(index)
            frame = source.read()
            assert frame.index == index
            assert frame.picture is first[index].picture
            assert frame.captured_s > first[35].captured_s
        assert numbers(source, 31) == [(i, i) for i in range(5, 36)]
        assert len(grabs) == 36
        assert numbers(source, 1) == [(36, 36)]
        assert len(grabs) == 37
        source.seek(4)  # forgotten for the sake of the last one
        assert numbers(source, 2) == [(4, 4), (5, 5)]
        assert len(grabs) == 37 + 6


def test_way_back_from_the_end(uneven: Path, grabs: list[int]) -> None:
    with opened(uneven) as source:
        numbers(source, 40)
        for index, expected in ((40, 39), (38, 38), (39, 39), (10**6, 39)):
            source.seek(index)
            assert numbers(source, 1) == [(expected, expected)]
        assert len(grabs) == 41
        assert numbers(source, 2) == [(0, 0), (1, 1)]
        assert len(grabs) == 43


def test_memory_is_bounded_in_bytes(tmp_path: Path, monkeypatch, grabs: list[int]) -> None:
    monkeypatch.setattr(video, "MAX_RECENT_BYTES", 2 * 64 * 128 * 3)
    with opened(media.write_video(tmp_path / "a.avi", 9)) as source:
        numbers(source, 6)
        source.seek(4)
        assert numbers(source, 2) == [(4, 4), (5, 5)]
        assert len(grabs) == 6
        source.seek(3)
        assert numbers(source, 1) == [(3, 3)]
        assert len(grabs) == 6 + 4


def test_count_of_a_remembered_frame_is_the_present_one(tmp_path: Path) -> None:
    with opened(media.write_video(tmp_path / "a.mkv", 3)) as source:
        assert [source.read().source.count for _ in range(3)] == [None] * 3
        source.seek(3)
        frame = source.read()
        assert (frame.index, frame.source.count) == (2, 3)


def test_nothing_is_remembered_of_a_file_opened_anew(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "a.avi", 3)
    with opened(path) as source:
        numbers(source, 3)
        source.close()
        media.write_video(path, 1)
        source.open()
        source.seek(2)
        assert numbers(source, 1) == [(0, 0)]


def test_frame_at(tmp_path: Path) -> None:
    with opened(media.write_video(tmp_path / "a.avi", 12)) as source:
        assert [media.frame_number(source.frame_at(i).picture) for i in (3, 11, 0)] == [3, 11, 0]
        for index in (12, -1, 10**12):
            with pytest.raises(SourceError) as caught:
                source.frame_at(index)
            assert str(caught.value) == "a.avi has 12 frames: choose 0 to 11."
        assert source.frame_at(11).index == 11


def test_frame_at_of_a_single_frame(tmp_path: Path) -> None:
    with opened(media.write_video(tmp_path / "a.avi", 1)) as source:
        with pytest.raises(SourceError) as caught:
            source.frame_at(1)
        assert str(caught.value) == "a.avi has 1 frame: choose 0."


@pytest.mark.parametrize("count", [-9.2e18, 0, 2**31 - 1, float("nan"), float("inf")])
def test_absurd_counts_are_not_believed(tmp_path: Path, monkeypatch, count: float) -> None:
    report(monkeypatch, {cv2.CAP_PROP_FRAME_COUNT: count})
    with opened(media.write_video(tmp_path / "a.avi", 3)) as source:
        assert source.info.count is None
        assert numbers(source, 4)[-1] == (0, 0)
        assert source.info.count == 3


def test_count_that_is_too_low_is_dropped(tmp_path: Path, monkeypatch) -> None:
    report(monkeypatch, {cv2.CAP_PROP_FRAME_COUNT: 2})
    with opened(media.write_video(tmp_path / "a.avi", 4)) as source:
        counts = [source.read().source.count for _ in range(5)]
    assert counts == [2, 2, None, None, 4]


def test_guessed_count_is_not_believed(tmp_path: Path) -> None:
    with opened(media.write_video(tmp_path / "a.mkv", 3)) as source:
        assert source.info.count is None


@pytest.mark.parametrize("rate", [0, -25, 1e9, 90000, float("nan"), float("inf")])
def test_absurd_rates_are_not_believed(tmp_path: Path, monkeypatch, rate: float) -> None:
    report(monkeypatch, {cv2.CAP_PROP_FPS: rate})
    with opened(media.write_video(tmp_path / "a.avi", 1)) as source:
        assert source.interval_s == video.DEFAULT_INTERVAL_S


def test_huge_frames_are_refused(tmp_path: Path, monkeypatch) -> None:
    report(monkeypatch, {cv2.CAP_PROP_FRAME_WIDTH: 30000, cv2.CAP_PROP_FRAME_HEIGHT: 30000})
    source = VideoSource(media.write_video(tmp_path / "a.avi", 1))
    with pytest.raises(SourceError) as caught:
        source.open()
    assert str(caught.value) == (
        "a.avi has 30000×30000 pixels, 900 million, and the limit is 100 million: "
        "make it smaller first."
    )


def test_video_of_no_frames(tmp_path: Path) -> None:
    """An AVI of no frames opens in OpenCV, and ends before its first."""
    with opened(media.write_video(tmp_path / "a.avi", 0)) as source:
        for ask in (source.read, lambda: source.frame_at(0)):
            with pytest.raises(SourceError) as caught:
                ask()
            assert str(caught.value) == f"a.avi {NO_VIDEO}"


CUT_OFF = "is cut off before its end: save or fetch it again."


@pytest.mark.parametrize(("spoil", "expected"), [("cut", CUT_OFF), ("noise", NO_VIDEO)])
def test_broken_video(tmp_path: Path, spoil: str, expected: str) -> None:
    path = media.write_video(tmp_path / "a.mp4", 5, "mp4v")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if spoil == "cut" else data[:32] + bytes(5000))
    source = VideoSource(path)
    with pytest.raises(SourceError) as caught:
        source.open()
    assert str(caught.value) == f"a.mp4 {expected}"


def test_video_replaced_while_it_plays(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "a.avi", 3)
    with opened(path) as source:
        numbers(source, 3)
        path.write_bytes(media.FFCONCAT)
        with pytest.raises(SourceError) as caught:
            numbers(source, 3)
        assert str(caught.value) == (
            "a.avi is not a video: it is a list of other files or addresses; "
            "open one of those instead."
        )
        path.write_bytes(media.encoded(".png"))
        with pytest.raises(SourceError) as caught:
            source.read()
        assert str(caught.value) == f"a.avi {NO_VIDEO}"


def test_undecodable_frame_does_not_end_the_video(tmp_path: Path, monkeypatch) -> None:
    outcomes = iter([(False, None), (True, media.video_frame(1))])
    replace(monkeypatch, "retrieve", lambda _real: lambda: next(outcomes))
    with opened(media.write_video(tmp_path / "a.avi", 3)) as source:
        with pytest.raises(SourceError) as caught:
            source.read()
        assert str(caught.value) == "Frame 0 of a.avi cannot be read: open another video."
        assert numbers(source, 1) == [(1, 1)]


def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "a.avi", 2).rename(tmp_path / os.fsdecode(b"caf\xe9.avi"))
    with opened(path) as source:
        assert numbers(source, 2) == [(0, 0), (1, 1)]


def test_nothing_is_left_open(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "a.avi", 2)
    before = len(list(Path("/dev/fd").iterdir()))
    with opened(path) as source:
        numbers(source, 7)
    assert len(list(Path("/dev/fd").iterdir())) == before


def report(monkeypatch: pytest.MonkeyPatch, properties: dict[int, float]) -> None:
    """Make every capture report other figures than its file does."""
    replace(
        monkeypatch,
        "get",
        lambda real: lambda which: properties[which] if which in properties else real.get(which),
    )


def replace(monkeypatch: pytest.MonkeyPatch, name: str, method: Callable) -> None:
    """Replace one method of every capture that decodes; a subclass would end the process."""
    capture_class = cv2.VideoCapture

    class Changed:
        def __init__(self, *arguments: object) -> None:
            self._real = capture_class(*arguments)
            setattr(self, name, method(self._real))

        def __getattr__(self, other: str) -> object:
            return getattr(self._real, other)

    def capture(*arguments: object) -> object:
        is_scan = len(arguments) == 3 and bool(arguments[2])
        return capture_class(*arguments) if is_scan else Changed(*arguments)

    monkeypatch.setattr(cv2, "VideoCapture", capture)
