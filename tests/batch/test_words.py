"""Frames and channels as they are typed, patterns, and names of files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from poolviewer.batch.naming import Claims, Names
from poolviewer.batch.numbers_in_words import FrameRange, parse_channels, parse_frames
from poolviewer.batch.patterns import Single, expand
from poolviewer.core.errors import ArgumentError, ExportError, SourceError
from poolviewer.core.laboratory.named import NEEDS_A_PERSON, OVERLAYS, overlay_named
from poolviewer.views.laboratory.modes import MODES
from tests.batch.sources import make_pictures

NOW = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("5", [5]),
        ("0:3", [0, 1, 2]),
        (":3", [0, 1, 2]),
        ("0:30:10", [0, 10, 20]),
        ("7:8:100", [7]),
    ],
)
def test_frames_are_those_of_a_slice(text, frames):
    chosen = parse_frames(text)
    assert list(chosen) == frames
    assert chosen.count == len(frames)


def test_frames_without_an_end_are_as_many_as_there_are():
    chosen = parse_frames("4::30")
    assert chosen == FrameRange(4, None, 30)
    assert chosen.count is None


@pytest.mark.parametrize(
    "text", ["", "-1", "a", "1:2:3:4", "5:5", "9:3", "0:9:0", "1.5", "²", "0:10000001"]
)
def test_frames_that_are_none(text):
    with pytest.raises(ValueError, match="names no frame"):
        parse_frames(text)


def test_channels_in_the_order_in_which_they_are_typed_and_once():
    assert parse_channels("0,3,5-8") == (0, 3, 5, 6, 7, 8)
    assert parse_channels("7,7,1-2,2") == (7, 1, 2)
    assert parse_channels("ALL") is None
    assert parse_channels("-1") == (-1,)


@pytest.mark.parametrize("text", ["", "a", "1-", "8-5", "0,,1", "1.5", "0-99999999999"])
def test_channels_that_are_none(text):
    with pytest.raises(ValueError, match=r"no whole number|names no channels"):
        parse_channels(text)


def test_pictures_of_folders_and_patterns_come_in_natural_order(tmp_path):
    make_pictures(tmp_path / "a", 11)
    names = [Path(one.location).name for one in expand((str(tmp_path / "a"),), None)]
    assert names == [f"{number}.jpg" for number in range(1, 12)]
    for pattern in ("a/*.jpg", "**/*.jpg", "a/[0-9]*.jpg"):
        found = expand((str(tmp_path / pattern),), None)
        assert [Path(one.location).name for one in found] == names


def test_file_whose_name_is_a_pattern_is_that_file(tmp_path):
    odd = tmp_path / "a[1]*.jpg"
    odd.touch()
    (tmp_path / "a1b.jpg").touch()
    assert list(expand((str(odd),), None)) == [Single(str(odd))]


def test_what_gives_nothing_is_told_in_its_place(tmp_path):
    sources = (str(tmp_path / "*.png"), str(tmp_path), "synthetic:", "gopher://a/")
    none, empty, live, foreign = expand(sources, None)
    assert isinstance(none, SourceError)
    assert "No file matches" in str(none)
    assert "holds no pictures" in str(empty)
    assert live == Single("synthetic:")
    assert isinstance(foreign, SourceError)


def test_frames_of_a_folder_are_its_pictures(tmp_path):
    folder = str(make_pictures(tmp_path / "a", 5))
    found = list(expand((folder,), FrameRange(1, None, 2)))
    assert [Path(one.location).name for one in found] == ["2.jpg", "4.jpg"]
    *found, missing = expand((folder,), FrameRange(3, 9))
    assert [Path(one.location).name for one in found] == ["4.jpg", "5.jpg"]
    assert str(missing) == "a has 5 pictures, and others were asked for: choose 0 to 4."


def test_names_follow_the_template(tmp_path):
    fields = {"source": "a/b\n", "channel": "3", "frame": "0", "model": "m", "layer": "l"}
    assert Names("out/{source}-c{channel}.svg").path(fields) == Path("out/a_b_-c3.svg")
    assert Names("plain.png").path({}) == Path("plain.png")
    assert Names(f"{tmp_path}", "svg").path({**fields, "row": "", "col": ""}).suffix == ".svg"
    assert Names("new/").path(fields).parent == Path("new")
    assert Names("{n}", "csv").path({"n": "4"}) == Path("4.csv")
    assert Names("{source}-{n}.png").needs == {"source", "n"}


@pytest.mark.parametrize("output", ["{nothing}.png", "{source.png", "{source}", "a.exe"])
def test_names_that_cannot_be(output):
    with pytest.raises(ExportError):
        Names(output)


def test_second_one_of_a_name_is_told_with_the_first():
    claims = Claims()
    assert claims.claim("/a/b.png", "one") == ""
    assert claims.claim("/a/c.png", "one") == ""
    assert "one and two would both be" in claims.claim("/a/B.png", "two")


def test_every_mode_of_the_laboratory_is_known():
    assert {mode.name for mode in MODES} == {*OVERLAYS, *NEEDS_A_PERSON}
    for name in OVERLAYS:
        assert overlay_named(name).mode == name
    for name in (*NEEDS_A_PERSON, "nothing"):
        with pytest.raises(ArgumentError, match="choose one of"):
            overlay_named(name)
