"""Figures and numbers without a window: what is in the files is what the engine gives."""

import json
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest

from poolviewer.core.errors import ExportError, SourceError
from poolviewer.core.network import NetworkSpec
from poolviewer.core.pooling import pool
from poolviewer.core.view_wish import ViewWish
from poolviewer.headless import ExportWish, compute, export, read_frame
from poolviewer.inspecting import inspect
from poolviewer.sources.opencv import cv2
from tests import media
from tests.mjpeg_server import mjpeg_server

CHELSEA = media.SAMPLES / "chelsea.png"
SHAPES = {
    "input": ((32, 32, 3), np.float32),
    "feature_maps": ((30, 30, 64), np.float32),
    "pooled_maps": ((15, 15, 64), np.float32),
    "winners": ((15, 15, 64), np.int64),
}


@pytest.fixture
def save(tmp_path, qapp):
    """Export into a folder of its own, where nothing but the file may be left."""

    def run(source, name="out.npz", **wishes):
        folder = tmp_path / "exported"
        folder.mkdir(exist_ok=True)
        path = folder / name
        assert export(wish(source, path, **wishes)) == str(path)
        assert list(folder.iterdir()) == [path]
        return path

    return run


def wish(source, path, *, frame=None, scale=2.0, **view):
    return ExportWish(ViewWish(str(source), **view), str(path), frame, scale)


def text_of(path):
    """Read the text chunks of a PNG, each of whose chunks must be sound."""
    data, at, texts = path.read_bytes(), 8, {}
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body)
        if kind == b"tEXt":
            keyword, text = body.split(b"\0", 1)
            texts[keyword.decode()] = text.decode("ascii")
        at += length + 12
    return texts


def test_numbers_are_those_of_the_engine(save):
    path = save(CHELSEA, channel=12, pin=(4, 7))
    activations, versions = compute(read_frame(str(CHELSEA)))
    with np.load(path, allow_pickle=False) as numbers:
        assert set(numbers) == {*SHAPES, "metadata"}
        for name, (shape, dtype) in SHAPES.items():
            assert (numbers[name].shape, numbers[name].dtype) == (shape, dtype)
        np.testing.assert_array_equal(numbers["input"], activations.prepared.values)
        np.testing.assert_array_equal(numbers["feature_maps"], activations.feature_maps)
        np.testing.assert_array_equal(numbers["pooled_maps"], activations.pooled_maps)
        metadata = json.loads(str(numbers["metadata"]))
        check_winners(numbers)
    assert metadata["packages"] == versions.packages
    assert (metadata["seed"], metadata["channel"]) == (0, 12)
    assert metadata["pixel"] == {"map": "pooled", "row": 4, "col": 7, "is_pinned": True}
    assert metadata["source"]["name"] == "chelsea.png"


def check_winners(numbers):
    """Each winner is a flat row-major index into H×W at which the pooled value stands."""
    feature, winners = numbers["feature_maps"], numbers["winners"]
    rows, cols = np.divmod(winners, feature.shape[1])
    values = feature[rows, cols, np.arange(feature.shape[2])]
    np.testing.assert_array_equal(values, numbers["pooled_maps"])
    window_rows, window_cols = np.mgrid[0:15, 0:15]
    assert (rows // 2 == window_rows[:, :, None]).all()
    assert (cols // 2 == window_cols[:, :, None]).all()


def test_input_is_what_opencv_makes_of_the_file(save):
    with np.load(save(CHELSEA)) as numbers:
        expected = cv2.resize(cv2.imread(str(CHELSEA)), (32, 32))
        np.testing.assert_array_equal(numbers["input"], expected.astype(np.float32))


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1)])
@pytest.mark.parametrize("name", ["out.npz", "out.png"])
def test_extreme_pictures_are_exported(save, tmp_path, shape, name):
    source = tmp_path / "odd.png"
    source.write_bytes(media.encoded(".png", media.gradient(*shape)))
    path = save(source, name)
    if name == "out.png":
        assert json.loads(text_of(path)["poolviewer"])["source"]["shape"] == [*shape, 3]
        return
    with np.load(path) as numbers:
        assert numbers["input"].shape == (32, 32, 3)
        expected = pool(numbers["feature_maps"], NetworkSpec().stage.pooling)
        np.testing.assert_array_equal(numbers["pooled_maps"], expected)


def test_figure_carries_its_metadata(save):
    path = save(CHELSEA, "out.png", channel=3, pin=(14, 0), scale=1.0)
    metadata = json.loads(text_of(path)["poolviewer"])
    activations, _ = compute(read_frame(str(CHELSEA)))
    assert metadata["trace"]["value"] == float(activations.pooled_maps[14, 0, 3])
    assert metadata["display"]["scale"] == 1.0
    picture = cv2.imread(str(path))
    assert picture.shape[1] == 1280
    assert np.ptp(picture) > 100


def test_scale_makes_the_figure_sharper(save):
    heights = [cv2.imread(str(save(CHELSEA, scale=k, name="out.png"))).shape for k in (1.0, 2.5)]
    assert heights[1][:2] == tuple(round(2.5 * side) for side in heights[0][:2])


@pytest.fixture
def video(tmp_path):
    return media.write_video(tmp_path / "a.avi", 9)


def test_frame_of_a_video(save, video):
    for index in (0, 8, 3):
        assert media.frame_number(read_frame(str(video), index).picture) == index
    with np.load(save(video, frame=5)) as numbers:
        metadata = json.loads(str(numbers["metadata"]))
        assert metadata["source"]["frame"] == 5
        expected = compute(read_frame(str(video), 5))[0].feature_maps
        np.testing.assert_array_equal(numbers["feature_maps"], expected)


def test_frame_of_a_folder_is_a_picture(tmp_path):
    for index, value in enumerate((10, 200)):
        picture = np.full((3, 3, 3), value, np.uint8)
        (tmp_path / f"{index}.png").write_bytes(media.encoded(".png", picture))
    assert read_frame(str(tmp_path), 1).picture.max() == 200
    assert read_frame(str(tmp_path)).picture.max() == 10


@pytest.mark.parametrize(
    ("source", "index", "sentence"),
    [
        (CHELSEA, 1, "chelsea.png has no frame 1: choose 0 to 0."),
        (CHELSEA, -1, "chelsea.png has no frame -1: choose 0 to 0."),
        ("synthetic:", 0, "synthetic is live and has no numbered frames: omit --frame."),
    ],
)
def test_frame_that_is_not_there(source, index, sentence):
    with pytest.raises(SourceError) as caught:
        read_frame(str(source), index)
    assert str(caught.value) == sentence


def test_live_sources_give_their_first_frame(save):
    assert read_frame("synthetic:").source.kind == "synthetic"
    with mjpeg_server("serve") as server:
        with np.load(save(server.url)) as numbers:
            assert len(np.unique(numbers["input"])) == 1  # its frames are plain
        assert server.requests


def test_file_that_was_there_is_replaced_as_a_whole_or_kept(save, tmp_path, video):
    path = save(CHELSEA)
    before = path.read_bytes()
    with pytest.raises(SourceError):
        export(wish(video, path, frame=9))
    with pytest.raises(ExportError):
        export(wish(CHELSEA, path, scale=9.0))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert save(video).read_bytes() != before


def test_pin_outside_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ExportError):
        export(wish(CHELSEA, tmp_path / "a.npz", pin=(15, 0)))
    assert not list(tmp_path.iterdir())


def test_inspect_for_programs_and_for_people():
    description = json.loads(inspect(None, None, is_json=True))
    assert set(description) == {
        "model", "digest", "inputs", "layers", "stages", "offers", "notes", "seed",
    }  # fmt: skip
    assert [layer["output_shape"] for layer in description["layers"]] == [
        [30, 30, 64],
        [15, 15, 64],
    ]
    assert description["layers"][0]["parameters"] == 3 * 3 * 3 * 64 + 64
    assert description["stages"] == [
        {
            "name": "max_pooling2d",
            "kind": "max",
            "pool_size": [2, 2],
            "strides": [2, 2],
            "padding": "valid",
            "data_format": "channels_last",
            "source_shape": [30, 30, 64],
            "pooled_shape": [15, 15, 64],
            "source_layer": "conv2d",
        }
    ]
    text = inspect(None, None, is_json=False)
    assert "Network tutorial\n" in text
    assert "max 2×2, strides 2×2, valid: 30×30×64 of conv2d → 15×15×64" in text


@pytest.mark.parametrize("name", ["view.png", "view.svg", "view.pdf"])
def test_a_saved_figure_is_a_source_of_the_same_numbers(save, tmp_path, name):
    figure = save(CHELSEA, name, channel=3, pin=(4, 7)).rename(tmp_path / name)
    first = save(CHELSEA).rename(tmp_path / "first.npz")
    with np.load(first) as expected, np.load(save(figure)) as found:
        for array in SHAPES:
            assert found[array].tobytes() == expected[array].tobytes()


WITHOUT_QT = """
import sys
sys.modules["PySide6"] = None
from poolviewer.cli import main
sys.exit(main(["export", sys.argv[1], "-o", sys.argv[2], "--pin", "4,7"]))
"""


@pytest.mark.parametrize("name", ["out.npz", "out.csv", "out.json"])
def test_numbers_need_no_qt(tmp_path, name):
    path = tmp_path / name
    command = [sys.executable, "-c", WITHOUT_QT, str(CHELSEA), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{path}\n"), done.stderr
    assert path.stat().st_size > 1000
