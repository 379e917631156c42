"""Every kind of file is written by one call, whole or not at all."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import FORMATS, ExportChoices, FileOptions
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.core.laboratory.predict import Predict
from poolviewer.export.preview import preview_of
from poolviewer.export.writing import WRITERS, check_file, write_figure
from poolviewer.factories import copy_as

from .cases import request_of

PICTURES = {"png", "jpg", "webp"}


def test_every_format_has_a_writer():
    assert {known.ending for known in FORMATS} == set(WRITERS)


@pytest.mark.parametrize("ending", [*WRITERS, "jpeg", "PNG"])
def test_every_format_is_written(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    image = write_figure(path, request_of())
    assert path.stat().st_size > 100
    assert (image is not None) == (ending.lower().replace("jpeg", "jpg") in PICTURES)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("layout", ["free", "slide"])
@pytest.mark.parametrize("parts", [("trace",), ("laboratory", "legend")])
def test_a_figure_of_which_nothing_is_there_is_no_file(tmp_path, parts, layout):
    spec = FigureSpec(parts, layout=layout)
    request = request_of(pixel=None, spec=spec)
    with pytest.raises(ExportError, match="nothing of the chosen parts is there"):
        write_figure(tmp_path / "x.svg", request)
    assert "is there" in preview_of(request, ExportChoices(spec), (320, 180)).sentence
    copied = copy_as(request, ExportChoices(spec))
    assert (copied.image, "is there" in copied.sentence) == (None, True)
    assert list(tmp_path.iterdir()) == []
    write_figure(tmp_path / "x.json", request)
    write_figure(tmp_path / "x.svg", request_of(spec=FigureSpec((*parts, "title", "trace"))))
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("scale", [1.0, 1.5, 8.0])
def test_pictures_have_their_scale_and_resolution(tmp_path, scale):
    image = write_figure(tmp_path / "x.png", request_of(scale=scale))
    with Image.open(tmp_path / "x.png") as opened:
        assert opened.size == (round(1280 * scale), image.height())
        assert opened.info["dpi"] == pytest.approx((96 * scale, 96 * scale), abs=0.1)


def test_options_reach_the_file(tmp_path):
    choices = ExportChoices(extent="all", map_name="feature")
    write_figure(tmp_path / "x.npy", request_of(), choices.options)
    assert np.load(tmp_path / "x.npy").shape == (30, 30, 4)
    for ending in ("jpg", "webp"):
        for quality in (30, 90):
            write_figure(tmp_path / f"{quality}.{ending}", request_of(), FileOptions(quality))
        small, large = (tmp_path / f"{quality}.{ending}" for quality in (30, 90))
        assert small.stat().st_size < large.stat().st_size


def test_the_session_is_in_every_file_that_reopens(tmp_path):
    for known in FORMATS:
        write_figure(tmp_path / f"x.{known.ending}", request_of())
        data = (tmp_path / f"x.{known.ending}").read_bytes()
        marks = (b"poolviewer-session", b"/EmbeddedFile", b'{"poolview"')
        has_session = any(mark in data for mark in marks)
        assert has_session == known.can_reopen


@pytest.mark.parametrize("ending", ["npz", "npy", "csv"])
def test_concealed_numbers_leave_what_was_there(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    path.write_bytes(b"old")
    with pytest.raises(ExportError, match="open question"):
        write_figure(path, request_of(experiment=Predict()))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", WRITERS)
def test_a_full_disk_leaves_what_was_there(tmp_path, ending):
    import resource  # noqa: PLC0415 - Windows has none

    path = tmp_path / f"x.{ending}"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        with pytest.raises(ExportError, match="disk is full") as caught:
            write_figure(path, request_of())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(caught.value).count(".") <= 2
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.png", "png"), ("a.PNG", "png"), ("a b.NpZ", "npz"), ("é.x.npz", "npz"), (".svg", "svg")],
)
def test_ending_chooses_the_kind(tmp_path, name, ending):
    assert check_file(tmp_path / name).ending == ending
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "a.tiff", "a.png.txt", "png"])
def test_other_endings_are_refused_with_the_choices(tmp_path, name):
    with pytest.raises(ExportError, match=r"\.png.*\.svg.*\.npz"):
        check_file(tmp_path / name)


def test_what_cannot_be_written_is_told_before_the_work(tmp_path):
    with pytest.raises(ExportError, match=r"folder of .* does not exist"):
        check_file(tmp_path / "missing" / "a.png")


WITHOUT_QT = """
import sys
sys.modules["PySide6"] = None
from pathlib import Path
from tests.export.cases import request_of
from poolviewer.export.writing import write_figure
for ending in ("npz", "npy", "csv", "json", "poolview"):
    write_figure(Path(sys.argv[1]) / f"x.{ending}", request_of())
"""


def test_numbers_need_no_qt(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT, str(tmp_path)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert len(list(tmp_path.iterdir())) == 5
    assert json.loads((tmp_path / "x.json").read_text())["remark"] == ""
