"""One animation from the command line: of frames, of pictures, or of a step-through."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from poolviewer import cli_export
from poolviewer.batch.animating import is_animation
from poolviewer.batch.numbers_in_words import parse_frames
from poolviewer.batch.run import run
from poolviewer.batch.wish import BatchWish, Look
from poolviewer.core.errors import PoolViewerError
from poolviewer.core.view_wish import ViewWish
from tests.export.recordings import read
from tests.media import SAMPLES

FILM, CAT = str(SAMPLES / "bigbuckbunny.mp4"), str(SAMPLES / "chelsea.png")
COINS = str(SAMPLES / "coins.png")
MOMENT = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _application(qapp):
    """Fonts and images need an application."""


def wish(*sources, out, frames=None, overlay="", **options):
    return BatchWish(
        sources,
        str(out),
        ViewWish(),
        MOMENT,
        frames=parse_frames(frames) if frames else None,
        look=Look(scale=1.0, overlay=overlay),
        **options,
    )


def left_in(folder: Path):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("out", "options", "expected"),
    [
        ("a.gif", {}, True),
        ("a.MP4", {}, True),
        ("a.apng", {}, True),
        ("a.webp", {}, False),
        ("a.webp", {"frames": "5"}, False),
        ("a.webp", {"frames": "0:5"}, True),
        ("a.webp", {"overlay": "stepping"}, True),
        ("{frame}.webp", {"frames": "0:5"}, False),
        ("a.png", {"frames": "0:5"}, False),
    ],
)
def test_which_names_ask_for_one_animation(out, options, expected):
    assert is_animation(wish(FILM, out=out, **options)) is expected


@pytest.mark.parametrize("kind", ["gif", "webp", "apng", "mp4"])
def test_frames_of_a_video_become_one_animation_with_their_times(tmp_path, capsys, kind):
    out = tmp_path / f"a.{kind}"
    assert run(wish(FILM, out=out, frames="0:40:10")) == 0
    assert capsys.readouterr().out.splitlines() == [str(out)]
    film = read(out)
    assert len(film.frames) == 4
    pace = np.diff(film.times)
    assert pace == pytest.approx(pace[0], abs=0.02)
    assert pace[0] == pytest.approx(10 / 24, abs=0.1)
    assert film.length == pytest.approx(4 * pace[0], abs=0.05)
    assert (film.frames[0] != film.frames[3]).any()


def test_a_step_through_is_animated(tmp_path, capsys):
    out = tmp_path / "a.mp4"
    assert run(wish(CAT, out=out, overlay="stepping")) == 0
    film = read(out)
    assert len(film.frames) == 226  # the last one again, for a moment
    assert film.length == pytest.approx(23.9, abs=0.1)
    assert capsys.readouterr().out.splitlines() == [str(out)]


def test_pictures_stay_for_a_second_and_a_bad_one_is_told(tmp_path, capsys):
    out, bad = tmp_path / "a.gif", tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    assert run(wish(CAT, str(bad), COINS, out=out)) == 1
    film = read(out)
    assert film.times == pytest.approx([0.0, 1.0], abs=0.02)
    assert film.length == pytest.approx(2.0, abs=0.02)
    assert "bad.png" in capsys.readouterr().err


def test_a_file_stays_unless_it_may_be_replaced(tmp_path):
    out = tmp_path / "a.gif"
    out.write_bytes(b"old")
    with pytest.raises(PoolViewerError, match="--force"):
        run(wish(CAT, out=out))
    assert run(wish(CAT, out=out, skips_existing=True)) == 0
    assert out.read_bytes() == b"old"
    assert run(wish(CAT, out=out, is_forced=True)) == 0
    assert len(read(out).frames) == 1


@pytest.mark.parametrize(
    ("sources", "options", "words"),
    [
        ((FILM,), {"frames": "0:9", "channels": (0, 1)}, "one channel"),
        ((FILM,), {"frames": "0:9", "channels": None}, "one channel"),
        ((FILM,), {"frames": "0:9", "pins": ((0, 0), (1, 1))}, "one pin"),
        ((FILM,), {"frames": "0:9", "overlay": "stepping"}, "one moment"),
        ((CAT, COINS), {"overlay": "stepping"}, "one moment"),
        (("missing.png",), {}, "missing.png"),
        ((FILM,), {"frames": "90000:90010"}, "frames"),
    ],
)
def test_without_an_animation_there_is_one_sentence_and_no_file(tmp_path, sources, options, words):
    with pytest.raises(PoolViewerError, match=words):
        run(wish(*sources, out=tmp_path / "a.gif", **options))
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("output", "scale"), [("a.gif", 1.0), ("a.MP4", 1.0), ("a.webp", 2.0), ("a.png", 2.0)]
)
def test_animations_are_not_drawn_as_sharp_as_pictures(output, scale):
    assert cli_export._usual_scale(output) == scale
