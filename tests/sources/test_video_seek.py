"""Seeking: the very frame that reading gives, of any file, in any order, and soon."""

import random
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources import film_reader
from poolviewer.sources.film_reader import FilmReader
from poolviewer.sources.opencv import cv2
from poolviewer.sources.video import VideoSource
from tests import films, media

JUMPED = {"B-frames and edit list", "open groups", "uneven MP4", "uneven Matroska"}


def read_all(path: Path) -> list[np.ndarray]:
    """Read a file with OpenCV alone."""
    capture, pictures = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG), []
    while (read := capture.read())[0]:
        pictures.append(read[1])
    capture.release()
    return pictures


@pytest.fixture
def landings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every jump: the frame that was landed on."""
    found: list[int] = []
    jump = FilmReader._jump

    def watched(self: FilmReader, key: int, index: int) -> None:
        jump(self, key, index)
        found.append(self.taken - 1)

    monkeypatch.setattr(FilmReader, "_jump", watched)
    return found


@pytest.mark.parametrize("kind", films.FILMS)
def test_every_sought_frame_is_the_one_that_reading_gives(tmp_path, kind, landings) -> None:
    path = films.FILMS[kind](tmp_path)
    expected = read_all(path)
    order = random.Random(3).sample(range(len(expected)), len(expected))
    with closing(VideoSource(path)) as source:
        source.open()
        for index in [len(expected) - 1, *order[:80], 10**6, 5]:
            source.seek(index)
            frame = source.read()
            assert frame.index == min(index, len(expected) - 1)
            assert np.array_equal(frame.picture, expected[frame.index]), index
    assert bool(landings) or kind not in JUMPED
    assert -1 not in landings


@pytest.mark.parametrize("kind", ["B-frames and edit list", "uneven MP4"])
def test_stepping_back_takes_few_jumps(tmp_path, kind, landings) -> None:
    path = films.FILMS[kind](tmp_path)
    expected = read_all(path)
    with closing(VideoSource(path)) as source:
        source.open()
        for index in range(180, 100, -1):
            source.seek(index)
            frame = source.read()
            assert frame.index == index
            assert np.array_equal(frame.picture, expected[index])
    assert len(landings) <= 8


def test_jumps_are_far_shorter_than_reading(tmp_path, monkeypatch) -> None:
    """What is counted is frames, not seconds: the same on every machine."""
    path = films.encode(tmp_path / "long.mp4", films.X264, 1500)
    taken = []
    grab = FilmReader._grab
    monkeypatch.setattr(FilmReader, "_grab", lambda self: taken.append(1) or grab(self))
    with closing(VideoSource(path)) as source:
        source.open()
        for index in (1400, 300, 900, 50, 1200):
            source.seek(index)
            assert media.frame_number(source.read().picture) == index % 256
    assert len(taken) < 5 * 100


def test_a_landing_that_was_not_foretold_is_not_believed(tmp_path, monkeypatch, landings) -> None:
    """Frames are then counted by reading, and the file is never jumped in again."""
    path = films.FILMS["B-frames and edit list"](tmp_path)
    monkeypatch.setattr(film_reader, "ROLL", -400)  # jumps land much too early or nowhere
    expected = read_all(path)
    with closing(VideoSource(path)) as source:
        source.open()
        for index in (190, 20, 150, 70):
            source.seek(index)
            assert np.array_equal(source.read().picture, expected[index])
    assert len(landings) <= 2


def test_a_stamp_behind_a_landing_that_was_not_foretold_ends_all_jumping(
    tmp_path, monkeypatch, landings
) -> None:
    path = films.FILMS["B-frames and edit list"](tmp_path)
    expected, stamp_of = read_all(path), film_reader.stamp_of
    has_misled = []

    def misleading(capture: cv2.VideoCapture) -> int:
        if landings and not has_misled:
            has_misled.append(True)
            return stamp_of(capture) + 1
        return stamp_of(capture)

    monkeypatch.setattr(film_reader, "stamp_of", misleading)
    with closing(VideoSource(path)) as source:
        source.open()
        for index in (190, 20, 150, 70, 190):
            source.seek(index)
            assert np.array_equal(source.read().picture, expected[index])
    assert has_misled
    assert len(landings) == 1


def test_the_way_is_gone_in_slices_and_a_newer_wish_wins(tmp_path) -> None:
    path = films.FILMS["no key frames but the first"](tmp_path)
    with closing(VideoSource(path)) as source:
        source.open()
        source.read()
        source.seek(199)
        assert not source.approach(0.0)
        assert not source.approach(0.0)
        source.seek(3)
        slices = 0
        while not source.approach(0.0):
            slices += 1
        assert source.read().index == 3
        assert slices <= 8


def test_the_end_is_found_in_slices_too(tmp_path) -> None:
    path = media.write_video(tmp_path / "a.mkv", 90)
    with closing(VideoSource(path)) as source:
        source.open()
        source.seek(10**9)
        while not source.approach(0.0):
            pass
        assert media.frame_number(source.read().picture) == 89
        assert source.info.count == 90


def test_extent_is_learnt(tmp_path) -> None:
    """A Matroska file does not list its frames: they are counted while it plays."""
    path = films.FILMS["uneven Matroska"](tmp_path)
    with closing(VideoSource(path)) as source:
        source.open()
        assert not source.extent.is_complete
        while not source.extent.is_complete:
            source.read()
        assert source.extent.count == films.COUNT
        assert source.info.count is None  # as long as nobody has seen the end
        first, last = films._JITTER[0], films._JITTER[-1]
        assert source.extent.length_s == pytest.approx((last - first) / 1000 + 1 / 25, abs=0.05)
        source.seek(100)
        source.read()
        assert source.extent.position_s == pytest.approx((films._JITTER[100] - first) / 1000)
        gap_s = (films._JITTER[101] - films._JITTER[100]) / 1000
        assert source.interval_s == pytest.approx(gap_s)


def test_without_looping_the_last_frame_is_the_end(tmp_path) -> None:
    with closing(VideoSource(media.write_video(tmp_path / "a.avi", 3))) as source:
        source.open()
        source.is_looping = False
        assert [source.read().index for _ in range(3)] == [0, 1, 2]
        assert source.read() is None
        assert source.read() is None
        source.seek(1)
        assert [source.read().index for _ in range(2)] == [1, 2]
        assert source.read() is None
        source.is_looping = True
        assert source.read().index == 0


def test_another_file_in_its_place_is_not_jumped_in(tmp_path, landings) -> None:
    path = films.FILMS["B-frames and edit list"](tmp_path)
    with closing(VideoSource(path)) as source:
        source.open()
        source.seek(190)
        source.read()
        assert landings
        path.unlink()
        media.write_video(path, 150, "mp4v")
        for index in (0, 140, 70, 149):
            source.seek(index)
            assert media.frame_number(source.read().picture) == index


def test_file_that_vanishes_is_played_to_its_end(tmp_path) -> None:
    path = media.write_video(tmp_path / "a.avi", 90)
    with closing(VideoSource(path)) as source:
        source.open()
        path.unlink()
        assert [source.read().index for _ in range(90)] == list(range(90))
        with pytest.raises(SourceError):
            source.read()
