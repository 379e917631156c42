"""Figures recorded one after another are those that the export draws."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from poolviewer.core.errors import ExportError
from poolviewer.core.recording import RecordingSpec
from poolviewer.drawing.palette import DARK
from poolviewer.export.figure import render_figure
from poolviewer.export.recording import FigureRecorder, _fitted
from tests.drawing.painting import pixels_of

from .cases import activations_of, network, request_of
from .recordings import difference, read
from .test_growing import names


def bgr_of(image):
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), :3].copy()


def recorded(path, requests, **options):
    recorder = FigureRecorder(RecordingSpec(str(path), **options))
    for index, request in enumerate(requests):
        recorder.add(request, index / 10)
    recorder.finish(0.0)
    return recorder


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_frame_is_the_exported_figure(tmp_path, scale):
    requests = [
        request_of(activations_of(seed=seed), scale=scale, theme=theme)
        for seed, theme in ((0, "light"), (1, "dark"))
    ]
    recorder = recorded(tmp_path / "a.apng", requests)
    film = read(tmp_path / "a.apng")
    assert recorder.frames == len(film.frames) == 2
    assert recorder.size_bytes == (tmp_path / "a.apng").stat().st_size
    for request, frame in zip(requests, film.frames, strict=True):
        assert (frame == bgr_of(render_figure(request))).all()


@pytest.mark.parametrize("kind", ["mp4", "gif", "webp"])
def test_text_stays_legible(tmp_path, kind):
    request = request_of()
    recorded(tmp_path / f"a.{kind}", [request])
    (frame,) = read(tmp_path / f"a.{kind}").frames
    caption = slice(-72, None)
    wanted = bgr_of(render_figure(request))[caption]
    assert wanted.min() < 120  # grey on white
    assert difference(frame[caption], wanted) < 3
    assert np.corrcoef(wanted.ravel(), frame[caption].ravel())[0, 1] > 0.99


def test_a_figure_of_another_size_is_fitted_into_the_first(tmp_path):
    first = request_of(activations_of(network(32, 32)))
    tall = request_of(activations_of(network(8, 90)), pixel=None)
    assert render_figure(first).size() != render_figure(tall).size()
    recorded(tmp_path / "a.apng", [first, tall, first])
    frames = read(tmp_path / "a.apng").frames
    assert (frames[0] == bgr_of(render_figure(first))).all()
    assert (frames[2] == bgr_of(render_figure(first))).all()
    assert frames[1].shape == frames[0].shape
    seen, small = frames[1], bgr_of(render_figure(tall))
    top = (seen.shape[0] - small.shape[0]) // 2
    assert top > 0
    assert (seen[top : top + small.shape[0]] == small).all()


def test_a_larger_figure_is_made_smaller():
    image = QImage(400, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    canvas = QImage(200, 200, QImage.Format.Format_RGB32)
    fitted = pixels_of(_fitted(image, canvas, DARK.background))
    is_red = (fitted[:, :, 0] > 200) & (fitted[:, :, 1] < 50)
    assert is_red.any(axis=1).sum() == 50
    assert is_red[75:125].all()


@pytest.mark.parametrize("end", ["finish", "abort"])
def test_without_a_figure_there_is_no_file(tmp_path, end):
    recorder = FigureRecorder(RecordingSpec(str(tmp_path / "a.mp4")))
    assert (recorder.frames, recorder.size_bytes, recorder.is_full) == (0, 0, False)
    if end == "finish":
        with pytest.raises(ExportError, match="Nothing was recorded"):
            recorder.finish(1.0)
    else:
        recorder.abort()
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("a.avi", {}, r"\.mp4, \.gif"),
        ("missing/a.mp4", {}, "does not exist"),
        ("a.mp4", {"scale": 9}, "scale must lie between"),
    ],
)
def test_what_cannot_be_recorded_is_said_before_it_begins(tmp_path, name, options, words):
    with pytest.raises(ExportError, match=words):
        FigureRecorder(RecordingSpec(str(tmp_path / name), **options))
    assert names(tmp_path) == []


def test_only_figures_are_recorded(tmp_path):
    recorder = FigureRecorder(RecordingSpec(str(tmp_path / "a.mp4")))
    with pytest.raises(TypeError):
        recorder.add("a figure", 0.0)
