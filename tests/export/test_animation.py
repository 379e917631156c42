"""Animations: what was added is read back, with its times; or there is no file."""

import os
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from poolviewer.core.errors import ExportError
from poolviewer.export import animation
from poolviewer.export.animation import AnimationWriter, check_animation
from poolviewer.sources.opencv import cv2

from .recordings import difference, read, read_video
from .test_growing import names, run_limited

KINDS = ["mp4", "gif", "webp", "apng"]
TIMES = [0.0, 0.113, 0.2, 0.61]
# The root mean square difference that a codec may make; 0 is lossless.
TOLERANCE = {"mp4": 4.0, "gif": 6.0, "webp": 4.0, "apng": 0.0}
STEP_S = {"mp4": 0.001, "gif": 0.01, "webp": 0.001, "apng": 0.001}

FILL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from poolviewer.export.animation import AnimationWriter
limit = 3_500_000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
rng = np.random.default_rng(0)
writer = AnimationWriter(Path(sys.argv[1]), (240, 320), 10, 10_000)
while not writer.is_full:
    writer.add(rng.integers(0, 256, (240, 320, 4), np.uint8), writer.frames / 10)
writer.close()
print(writer.frames)
"""


def picture(index, shape=(48, 64)):
    """Make a smooth picture with a bright square that moves, BGRA."""
    rows, cols = np.mgrid[0 : shape[0], 0 : shape[1]]
    pixels = np.stack([rows * 2, cols * 2, rows + cols, rows * 0 + 255], axis=-1).astype(np.uint8)
    pixels[8:24, 8 + 4 * index : 24 + 4 * index] = (250, 250, 250, 255)
    return pixels


def written(path, pictures, times, *, rate=10, end_s=0.0):
    writer = AnimationWriter(path, pictures[0].shape[:2], rate, 100)
    for pixels, time_s in zip(pictures, times, strict=True):
        writer.add(pixels, time_s)
    writer.close(end_s)
    return writer


@pytest.mark.parametrize("kind", KINDS)
def test_frames_and_times_come_back(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    pictures = [picture(index) for index in range(4)]
    writer = written(path, pictures, TIMES)
    film = read(path)
    assert writer.frames == len(film.frames) == 4
    assert film.times == pytest.approx(TIMES, abs=STEP_S[kind])
    assert film.length == pytest.approx(0.71, abs=2 * STEP_S[kind])
    for pixels, frame in zip(pictures, film.frames, strict=True):
        assert frame.shape == (48, 64, 3)
        assert difference(frame, pixels[:, :, :3]) <= TOLERANCE[kind]
    assert writer.size_bytes == path.stat().st_size
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_stands_still_lasts_to_the_end(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    written(path, [picture(0), picture(1)], [0.0, 0.3], end_s=5.0)
    film = read(path)
    assert film.length == pytest.approx(5.0, abs=2 * STEP_S[kind])
    assert film.times[:2] == pytest.approx([0.0, 0.3], abs=STEP_S[kind])
    assert difference(film.frames[-1], picture(1)[:, :, :3]) <= TOLERANCE[kind]


@pytest.mark.parametrize("rate", [1, 30])
def test_one_frame_lasts_one_interval(tmp_path, rate):
    written(tmp_path / "a.mp4", [picture(0)], [0.0], rate=rate)
    assert read(tmp_path / "a.mp4").length == pytest.approx(1 / rate, abs=0.002)


@pytest.mark.parametrize("kind", KINDS)
def test_one_frame_is_enough(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    written(path, [picture(0)], [0.0])
    (frame,) = read(path).frames
    assert difference(frame, picture(0)[:, :, :3]) <= TOLERANCE[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_time_never_stands_still_or_goes_back(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    written(path, [picture(i) for i in range(4)], [0.0, 0.5, 0.5, 0.2])
    times = read(path).times
    assert len(times) == 4
    assert all(later > earlier for earlier, later in pairwise(times))


def test_an_mp4_plays_before_it_is_read_to_its_end(tmp_path):
    path = tmp_path / "a.mp4"
    written(path, [picture(i) for i in range(4)], TIMES)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_index_of_an_mp4_has_room_for_every_frame(tmp_path):
    path = tmp_path / "a.mp4"
    writer = AnimationWriter(path, (16, 16), 30, 3000)
    for index in range(3000):
        writer.add(np.full((16, 16, 4), index % 256, np.uint8), index / 30 + (index % 2) * 0.004)
    assert writer.is_full
    writer.close(120.0)
    assert len(read_video(path).frames) == 3001


@pytest.mark.parametrize(("shape", "seen"), [((49, 65), (48, 64)), ((48, 65), (48, 64))])
def test_an_odd_side_of_an_mp4_loses_its_last_pixels(tmp_path, shape, seen):
    path = tmp_path / "a.mp4"
    written(path, [picture(0, shape)], [0.0])
    (frame,) = read(path).frames
    assert frame.shape[:2] == seen
    assert difference(frame, picture(0, shape)[: seen[0], : seen[1], :3]) < TOLERANCE["mp4"]


def test_colours_are_those_that_players_expect(tmp_path):
    path = tmp_path / "a.mp4"
    red = np.full((64, 64, 4), (40, 30, 200, 255), np.uint8)
    written(path, [red], [0.0])
    assert difference(read(path).frames[0], red[:, :, :3]) < 3
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_range) == (1, 1)
        assert context.pix_fmt == "yuv420p"


def test_every_frame_of_a_gif_has_its_own_colours(tmp_path):
    """One palette for all could not hold the reds of one frame and the blues of the next."""
    ramps = []
    for place in range(3):
        pixels = np.full((16, 256, 4), 255, np.uint8)
        pixels[:, :, :3] = 0
        pixels[:, :, place] = np.arange(256)
        ramps.append(pixels)
    path = tmp_path / "a.gif"
    written(path, ramps, [0.0, 0.1, 0.2])
    for frame, ramp in zip(read(path).frames, ramps, strict=True):
        assert difference(frame, ramp[:, :, :3]) < 1.5


def test_other_endings_are_refused_with_the_choices(tmp_path):
    for name in ("a.avi", "a", ".mp4x", "a.png"):
        with pytest.raises(ExportError, match=r"\.mp4, \.gif, \.webp or \.apng"):
            check_animation(tmp_path / name)
    assert [check_animation(tmp_path / f"A.{kind.upper()}") for kind in KINDS] == KINDS
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_recorded_is_no_file(tmp_path, kind):
    writer = AnimationWriter(tmp_path / f"a.{kind}", (48, 64), 10, 10)
    with pytest.raises(ExportError, match="Nothing was recorded"):
        writer.close()
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_aborted_recording_leaves_nothing(tmp_path, kind, count):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"old")
    writer = AnimationWriter(path, (48, 64), 10, 10)
    for index in range(count):
        writer.add(picture(index), index / 10)
    assert len(names(tmp_path)) == 2
    writer.abort()
    writer.abort()
    assert names(tmp_path) == [path.name]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_leaves_a_file_that_plays(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    result = run_limited(FILL_DISK, path)
    assert result.returncode == 0, result.stderr
    frames = int(result.stdout)
    assert frames > 3
    assert path.stat().st_size <= 3_500_000
    assert len(read(path).frames) == frames
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("kind", KINDS)
def test_a_disk_that_is_full_at_once_leaves_no_file_and_says_so(tmp_path, kind):
    result = run_limited(FILL_DISK.replace("3_500_000", "100_000"), tmp_path / f"a.{kind}")
    assert "was not written because the disk is full" in result.stderr
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_write_that_fails_leaves_no_file_and_says_so(tmp_path, kind, monkeypatch):
    def fail(*_):
        raise OSError(5, os.strerror(5))

    writer = AnimationWriter(tmp_path / f"a.{kind}", (48, 64), 10, 10)
    writer.add(picture(0), 0.0)
    monkeypatch.setattr(animation.GrowingFile, "_write_all", fail)
    with pytest.raises(ExportError, match="was not written: input/output error"):
        writer.close()
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_that_vanishes_is_told(tmp_path, kind):
    folder = tmp_path / "folder"
    folder.mkdir()
    writer = AnimationWriter(folder / f"a.{kind}", (48, 64), 10, 10)
    writer.add(picture(0), 0.0)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(ExportError, match=r"folder of .* does not exist"):
        writer.close()
    assert names(tmp_path) == []


def test_a_folder_without_permission_is_told(tmp_path, monkeypatch):
    def fail(*_args, **_options):
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "touch", fail)  # the tests may run as root, whom no mode keeps out
    with pytest.raises(ExportError, match="no permission to write"):
        AnimationWriter(tmp_path / "a.mp4", (48, 64), 10, 10)


def test_both_ffmpegs_work_in_one_process(tmp_path):
    """OpenCV reads a film with its own FFmpeg while PyAV writes another."""
    written(tmp_path / "a.mp4", [picture(i) for i in range(10)], [i / 10 for i in range(10)])
    capture = cv2.VideoCapture(str(tmp_path / "a.mp4"))
    writer = AnimationWriter(tmp_path / "b.mp4", (48, 64), 10, 10)
    for index in range(10):
        is_read, frame = capture.read()
        assert is_read
        writer.add(np.dstack([frame, frame[:, :, :1]]), index / 10)
    writer.close()
    capture.release()
    assert len(read(tmp_path / "b.mp4").frames) == 10
