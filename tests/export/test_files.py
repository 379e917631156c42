import errno
import json
import os
import struct
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from poolviewer.core.errors import ExportError
from poolviewer.core.pooling import winners
from poolviewer.export import files
from poolviewer.export.files import check_output, png_bytes, save_npz, save_png, write_whole
from tests.drawing.painting import pixels_of

from .cases import activations_of, network

METADATA = {"schema": 1, "name": "Käse\n\udc80 ☃", "numbers": [1, 2.5, None]}


def image_of(colour="#123456"):
    image = QImage(7, 5, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def chunks_of(png):
    """Parse a PNG by hand; every check sum must be right."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, position = [], 8
    while position < len(png):
        length, kind = struct.unpack_from(">I4s", png, position)
        data = png[position + 8 : position + 8 + length]
        (check,) = struct.unpack_from(">I", png, position + 8 + length)
        assert check == zlib.crc32(kind + data)
        chunks.append((kind, data))
        position += 12 + length
    return chunks


def test_png_carries_its_metadata():
    chunks = chunks_of(png_bytes(image_of(), METADATA))
    assert [kind for kind, _ in chunks[:2]] == [b"IHDR", b"tEXt"]
    keyword, text = chunks[1][1].split(b"\0")
    assert keyword == b"poolviewer"
    assert json.loads(text.decode("ascii")) == METADATA
    assert chunks[-1] == (b"IEND", b"")


@pytest.mark.parametrize(("dots", "expected"), [(None, 3780), (7559, 7559)])
def test_png_knows_its_resolution(dots, expected):
    image = image_of()
    if dots:
        image.setDotsPerMeterX(dots)
        image.setDotsPerMeterY(dots)
    found = [data for kind, data in chunks_of(png_bytes(image, {})) if kind == b"pHYs"]
    assert [struct.unpack(">IIB", data) for data in found] == [(expected, expected, 1)]


def test_saved_png_opens_with_the_same_pixels(tmp_path):
    rng = np.random.default_rng(0)
    image = image_of()
    for y, x in np.ndindex(5, 7):
        image.setPixelColor(x, y, QColor(*map(int, rng.integers(0, 256, 3))))
    save_png(tmp_path / "x.png", image, METADATA)
    loaded = QImage(str(tmp_path / "x.png"))
    assert (pixels_of(loaded) == pixels_of(image)).all()
    assert json.loads(loaded.text("poolviewer")) == METADATA


def test_an_image_that_is_none_is_refused():
    with pytest.raises(ExportError, match="could not be turned into a PNG"):
        png_bytes(QImage(), {})


@pytest.mark.parametrize("kind", ["max", "average"])
def test_npz_holds_exactly_the_numbers(tmp_path, kind):
    activations = activations_of(network(pool_kind=kind), nan_share=0.2)
    save_npz(tmp_path / "x.npz", activations, METADATA)
    with np.load(tmp_path / "x.npz", allow_pickle=False) as numbers:
        assert set(numbers) == {"input", "feature_maps", "pooled_maps", "winners", "metadata"}
        assert json.loads(str(numbers["metadata"])) == METADATA
        for name, expected in (
            ("input", activations.prepared.values),
            ("feature_maps", activations.feature_maps),
            ("pooled_maps", activations.pooled_maps),
        ):
            assert numbers[name].dtype == np.float32
            assert numbers[name].tobytes() == expected.tobytes()
            assert numbers[name].shape == expected.shape
        won = numbers["winners"]
        assert won.dtype == np.int64
        assert (won == winners(activations.feature_maps, activations.stage.pooling)).all()
        assert (won == -1).all() == (kind == "average")


def test_winners_index_the_pooled_values(tmp_path):
    activations = activations_of()
    save_npz(tmp_path / "x.npz", activations, {})
    with np.load(tmp_path / "x.npz") as numbers:
        flat = numbers["feature_maps"].reshape(-1, 4)
        assert (np.take_along_axis(flat, numbers["winners"].reshape(-1, 4), 0)
                == numbers["pooled_maps"].reshape(-1, 4)).all()  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "png"), ("a.PNG", "png"), ("a b.NpZ", "npz"), ("é.x.npz", "npz")]
)
def test_ending_chooses_the_kind(tmp_path, name, kind):
    assert check_output(tmp_path / name) == kind
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "a.jpg", "a.png.txt", ".png", "png", "a.npy"])
def test_other_endings_are_refused_with_the_choices(tmp_path, name):
    with pytest.raises(ExportError, match=r"\.png .*\.npz"):
        check_output(tmp_path / name)


def _missing_folder(folder):
    return folder / "missing" / "x.png"


def _file_as_folder(folder):
    (folder / "file").write_text("")
    return folder / "file" / "x.png"


def _folder(folder):
    (folder / "x.png").mkdir()
    return folder / "x.png"


def _long_name(folder):
    return folder / ("x" * 300 + ".png")


def _impossible_name(folder):
    return folder / "x\0.png"


def _loop(folder):
    (folder / "x.png").symlink_to(folder / "x.png")
    return folder / "x.png"


BAD = {
    _missing_folder: "does not exist",
    _file_as_folder: "does not exist",
    _folder: "is a folder",
    _long_name: "too long",
    _impossible_name: "not a possible file name",
    _loop: "x.png",
}


@pytest.mark.parametrize("make", BAD)
@pytest.mark.parametrize("act", [check_output, lambda path: write_whole(path, b"x")])
def test_impossible_outputs_get_one_sentence(tmp_path, make, act):
    path = make(tmp_path)
    before = _names(tmp_path)
    with pytest.raises(ExportError, match=BAD[make]) as caught:
        act(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert _names(tmp_path) == before


def _names(folder):
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EIO, "not written: input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failing_write_leaves_the_old_file_and_nothing_else(
    tmp_path, monkeypatch, code, words, step
):
    target = tmp_path / "x.png"
    target.write_bytes(b"old")

    def fail(*_):
        raise OSError(code, os.strerror(code))

    if step == "fsync":
        monkeypatch.setattr(files.os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ExportError, match=words):
        save_png(target, image_of(), {})
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == [str(target)]


def test_interrupt_leaves_nothing_and_passes(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_npz(tmp_path / "x.npz", activations_of(), {})
    assert _names(tmp_path) == []


@pytest.mark.parametrize("act", [check_output, lambda path: write_whole(path, b"new")])
def test_protected_file_is_not_overwritten(tmp_path, monkeypatch, act):
    target = tmp_path / "x.png"
    target.write_bytes(b"old")
    # The tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(files.os, "access", lambda path, mode: Path(path) != target)
    with pytest.raises(ExportError, match="no permission"):
        act(target)
    assert target.read_bytes() == b"old"


def test_readers_see_the_old_file_or_the_new_one(tmp_path):
    target = tmp_path / "x.png"
    old, new = b"a" * 400_000, b"b" * 400_000
    write_whole(target, old)
    seen = set()
    done = threading.Event()

    def watch():
        while not done.is_set():
            seen.add(target.read_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(30):
        write_whole(target, new)
        write_whole(target, old)
    done.set()
    watcher.join(5)
    assert seen <= {old, new}


@pytest.mark.parametrize("mode", [0o022, 0o077])
def test_new_files_have_the_usual_mode(tmp_path, mode):
    before = os.umask(mode)
    try:
        write_whole(tmp_path / "x", b"")
    finally:
        os.umask(before)
    if sys.platform != "win32":
        assert (tmp_path / "x").stat().st_mode & 0o777 == 0o666 & ~mode


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    write_whole(tmp_path / "link.png", b"new")
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "real.png").read_bytes() == b"new"
