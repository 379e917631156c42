"""A folder gives one picture at a time and survives those that it cannot read."""

from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources.folder import FolderSource
from tests import media


@pytest.fixture
def source(tmp_path: Path) -> FolderSource:
    folder = tmp_path / "x.png"
    folder.mkdir()
    for number in (1, 2, 10):
        picture = np.full((4, 5, 3), number, np.uint8)
        (folder / f"pool{number}.png").write_bytes(media.encoded(".png", picture))
    opened = FolderSource(folder)
    opened.open()
    return opened


def value_of(source: FolderSource) -> tuple[str, int, int]:
    frame = source.read()
    assert frame is not None
    return frame.name, frame.index, int(frame.picture[0, 0, 0])


def test_current_picture_comes_once(source: FolderSource) -> None:
    assert (source.info.name, source.info.kind, source.info.count) == ("x.png", "folder", 3)
    assert value_of(source) == ("pool1.png", 0, 1)
    assert source.read() is None


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (1, ("pool2.png", 1, 2)),
        (2, ("pool10.png", 2, 10)),
        (99, ("pool10.png", 2, 10)),
        (-1, ("pool1.png", 0, 1)),
    ],
)
def test_seek_is_clipped(source: FolderSource, index: int, expected: tuple) -> None:
    source.seek(index)
    assert value_of(source) == expected


def test_bad_and_vanished_pictures_do_not_end_the_folder(
    source: FolderSource, tmp_path: Path
) -> None:
    (tmp_path / "x.png" / "pool1.png").write_bytes(b"text")
    (tmp_path / "x.png" / "pool2.png").unlink()
    sentences = [
        "pool1.png is not a picture: it begins like a text file.",
        "pool2.png does not exist: check its name and folder.",
    ]
    for index, expected in enumerate(sentences):
        source.seek(index)
        with pytest.raises(SourceError) as caught:
            source.read()
        assert str(caught.value) == expected
        assert source.read() is None
    source.seek(2)
    assert value_of(source) == ("pool10.png", 2, 10)


def test_first_picture_that_can_be_read_is_the_first(source: FolderSource, tmp_path: Path) -> None:
    (tmp_path / "x.png" / "pool1.png").write_bytes(media.GIT_LFS)
    (tmp_path / "x.png" / "pool2.png").write_bytes(b"text")
    assert value_of(source) == ("pool10.png", 2, 10)
    assert source.read() is None
    source.seek(0)
    with pytest.raises(SourceError, match=r"^pool1\.png "):
        source.read()


def test_folder_of_which_nothing_can_be_read(source: FolderSource, tmp_path: Path) -> None:
    for path in (tmp_path / "x.png").iterdir():
        path.write_bytes(b"text")
    with pytest.raises(SourceError) as caught:
        source.read()
    assert str(caught.value) == "pool1.png is not a picture: it begins like a text file."
    assert source.read() is None


def test_folder_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no pictures"):
        FolderSource(tmp_path).open()


def test_closed_folder_gives_nothing(source: FolderSource) -> None:
    source.close()
    source.seek(1)
    assert source.read() is None


def test_current_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert FolderSource(Path()).info.name == tmp_path.name
