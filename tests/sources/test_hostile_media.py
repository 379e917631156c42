"""Hostile and broken media: one sentence each, and nothing of them is run, shown or left."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Frame, SourceRequest
from poolviewer.sources.gate import check_path
from poolviewer.sources.opening import open_source
from tests import media
from tests.sources import hostile_pictures as pictures
from tests.sources import hostile_videos as videos
from tests.sources.hostile_cases import SECRET, secret_film
from tests.sources.hostile_media import HOSTILE

NOBODY = 65534
GRADIENT = media.gradient()
ROOT = Path(__file__).parents[2]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, with a secret of every kind and an empty folder for the hostile file."""
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    (tmp_path / "secret.mov").write_bytes(secret_film())
    (tmp_path / "secret.png").write_bytes(media.encoded(".png"))
    (tmp_path / "given").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def frame_of(location: str | Path) -> Frame | None:
    """Open a source as the window does, and read its first frame."""
    with closing(open_source(SourceRequest(str(location)))) as source:
        source.open()
        return source.read()


def sentence_of(function, location: str | Path) -> str | None:
    """Return what is said against a location; None where it is opened."""
    try:
        function(str(location))
    except SourceError as error:
        return str(error)
    return None


def open_files_count() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def entries(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("case", HOSTILE)
def test_refused_with_one_sentence(stage: Path, case: str) -> None:
    location = HOSTILE[case].make(stage / "given")
    before, open_files = entries(stage), open_files_count()
    sentence = sentence_of(frame_of, location)
    assert sentence == HOSTILE[case].sentence
    assert sentence.isprintable()
    assert SECRET not in sentence
    assert sentence_of(check_path, location) == (sentence if HOSTILE[case].is_early else None)
    assert entries(stage) == before  # nothing of it ran
    assert open_files_count() == open_files
    np.testing.assert_array_equal(frame_of("secret.png").picture, GRADIENT)  # the next good one
    assert frame_of("secret.mov").picture.mean() > 250


def test_there_are_enough_kinds() -> None:
    assert len(HOSTILE) >= 150


Sound = dict[str, tuple[str, Callable[[], bytes]]]
SOUND: Sound = {
    "16 bits": ("a.png", lambda: media.encoded(".png", GRADIENT.astype(np.uint16) * 257)),
    "grey": ("a.png", lambda: media.encoded(".png", GRADIENT[:, :, 0])),
    "transparent": (
        "a.png",
        lambda: media.encoded(".png", np.dstack([GRADIENT, GRADIENT[:, :, 0]])),
    ),
    "256 MB of comment": ("a.png", lambda: pictures.text_bomb(2**28)),
    "256 MB of colour profile": ("a.png", lambda: pictures.profile_bomb(2**28)),
    "APNG of 2³¹ frames": ("a.apng", lambda: pictures.animated_png(2**31 - 1)),
    "GIF of a million frames": ("a.gif", lambda: pictures.gif_of_frames(1_000_000)),
    "WebP of a thousand frames": ("a.webp", lambda: pictures.animated_webp(1000, 40, 24)),
    "TIFF whose pages are a loop": (
        "a.tif",
        lambda: pictures.tiff_of(40, 24, bytes(960), next_page=8),
    ),
    "TIFF with a page behind its end": (
        "a.tif",
        lambda: pictures.tiff_of(40, 24, bytes(960), next_page=2**32 - 1),
    ),
    "TIFF of one tile": ("a.tif", lambda: pictures.tiff_of(40, 24, bytes(64 * 64), tile=(64, 64))),
    "MOV of no time scale": ("a.mov", lambda: videos.mp4(timescale=0)),
    "MOV of a century": ("a.mov", lambda: videos.mp4(timescale=1, duration=2**32 - 1)),
    "AVI of 2³² frames": ("a.avi", lambda: videos.avi(count=2**32 - 1, rate=2**32 - 1)),
    "AVI whose index lies": ("a.avi", lambda: videos.avi(index=b"00dc" + b"\xff\xff\xff\x7f" * 3)),
    "AVI of 60000² by its header": ("a.avi", lambda: videos.avi(width=60000, height=60000)),
    "MKV of 60000² by its header": ("a.mkv", lambda: videos.mkv(width=60000, height=60000)),
    "MKV of endless time": ("a.mkv", lambda: videos.mkv(duration=float("inf"), frame_ns=2**63)),
    "MKV of no time": ("a.mkv", lambda: videos.mkv(duration=float("nan"), frame_ns=1, scale=0)),
    "named like an address": ("http:x.png", lambda: media.encoded(".png")),
    "named like a protocol": ("concat:a|b.png", lambda: media.encoded(".png")),
    "named like an option": ("-o.png", lambda: media.encoded(".png")),
    "named in no encoding": (os.fsdecode(b"caf\xe9\n.png"), lambda: media.encoded(".png")),
    "named with 255 letters": ("a" * 251 + ".png", lambda: media.encoded(".png")),
}
BULKY: Sound = {
    "MKV of three million tracks": (
        "a.mkv", lambda: videos.mkv(more_tracks=b"\xae\x80" * 3_000_000),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SOUND | BULKY)
def test_odd_but_sound_media_open(stage: Path, case: str) -> None:
    name, make = (SOUND | BULKY)[case]
    Path(name).write_bytes(make())
    check_path(name)
    frame = frame_of(name)
    assert frame.picture.shape == (24, 40, 3)


PEAK = """
import json, os, resource
from pathlib import Path
from tests.sources.test_hostile_media import BULKY, HOSTILE, SOUND, frame_of, sentence_of

def refused(folder):
    for case in HOSTILE.values():
        given = folder / str(len(os.listdir(folder)))
        given.mkdir()
        yield sentence_of(frame_of, case.make(given)) == case.sentence

def opened(folder, cases=SOUND):
    for name, make in cases.values():
        (folder / name).write_bytes(make())
        yield frame_of(folder / name) is not None

def bulky(folder):
    return opened(folder, BULKY)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = peak()
count = sum({cases}(Path(os.environ["GIVEN"])))
print(json.dumps([peak() - before, count]))
"""


@pytest.mark.parametrize(
    ("cases", "count", "bound_mb"),
    [("refused", len(HOSTILE), 200), ("opened", len(SOUND), 200), ("bulky", len(BULKY), 640)],
)
def test_memory_stays_under_its_bound(
    tmp_path: Path, cases: str, count: int, bound_mb: int
) -> None:
    """All of them in one process: its peak is that of the worst; FFmpeg's is a block of 512 MB."""
    result = subprocess.run(
        [sys.executable, "-c", PEAK.replace("{cases}", cases)],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "GIVEN": str(tmp_path)},
    )  # fmt: skip
    peak_mb, as_expected = json.loads(result.stdout.splitlines()[-1])
    assert as_expected == count
    assert peak_mb < bound_mb


def test_video_that_grows_while_it_plays(stage: Path) -> None:
    """OpenCV brings every frame to the size of the first."""
    frames = (pictures.JPEG, pictures.zero_jpeg(10000, 10008), pictures.JPEG)
    Path("a.avi").write_bytes(videos.avi(frames, count=3))
    with closing(open_source(SourceRequest("a.avi"))) as source:
        source.open()
        assert [source.read().picture.shape for _ in range(4)] == [(24, 40, 3)] * 4


@pytest.mark.parametrize("name", ["a.png", "a.mov"])
def test_file_that_vanishes_after_the_check(stage: Path, name: str) -> None:
    shutil.copy(f"secret{Path(name).suffix}", name)
    check_path(name)
    source = open_source(SourceRequest(name))
    Path(name).unlink()
    assert sentence_of(lambda _: source.open(), name) == (
        f"{name} does not exist: check its name and folder."
    )


@pytest.mark.parametrize("name", ["a.png", "a.mov"])
def test_file_that_changes_after_the_check(stage: Path, name: str) -> None:
    """What was checked is what is read: a second look is taken at the file as it is by then."""
    shutil.copy(f"secret{Path(name).suffix}", name)
    check_path(name)
    source = open_source(SourceRequest(name))
    Path(name).write_bytes(b"ffconcat version 1.0\nfile secret.mov\n")
    what = "picture" if name == "a.png" else "video"
    assert sentence_of(lambda _: source.open(), name) == (
        f"{name} is not a {what}: it is a list of other files or addresses; "
        "open one of those instead."
    )


def test_file_that_is_forbidden() -> None:
    """Root may read everything, so that it must stop being root for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "a.png"
        path.write_bytes(media.encoded(".png"))
        path.chmod(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(NOBODY)
        try:
            found = [sentence_of(check_path, path), sentence_of(frame_of, path)]
        finally:
            os.seteuid(user)
    assert found == ["a.png may not be read: ask its owner for permission."] * 2


@pytest.mark.parametrize(
    "case", ["empty", "ffconcat as video", "pipe", "PNG of 60000²", "MOV of 80 million samples",
             "PNG of too few rows", "MPEG-TS cut off", "Keras model", "name with colours"],
)  # fmt: skip
def test_command_line(stage: Path, case: str) -> None:
    location = HOSTILE[case].make(stage / "given")
    before = entries(stage)
    result = subprocess.run(
        [sys.executable, "-m", "poolviewer", "export", location, "-o", "out.png"],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert result.stderr == f"poolviewer: {HOSTILE[case].sentence}\n"
    assert (result.returncode, result.stdout) == (2, "")
    assert entries(stage) == before
