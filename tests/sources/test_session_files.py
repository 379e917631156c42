"""A saved view as a source: which files it is read from, how little of others, what is said."""

import os
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SessionRefused, SourceError
from poolviewer.core.messages import SourceRequest
from poolviewer.sessions.carriers import png_chunk
from poolviewer.sessions.schema import decode, encode
from poolviewer.sources import session_files
from poolviewer.sources.folder import FolderSource
from poolviewer.sources.gate import check_path
from poolviewer.sources.image import PictureSource
from poolviewer.sources.opening import open_source
from poolviewer.sources.session import SessionSource
from poolviewer.sources.session_files import carries_session, read_session
from tests import media
from tests.sessions.cases import assert_same, small_session
from tests.sessions.test_carriers import PNG, SESSION, pdf, svg, with_chunk

NEWER = SESSION.replace(b'{"poolview":1,', b'{"poolview":2,')


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def sentence_of(function, *arguments) -> str:
    with pytest.raises(SourceError) as caught:
        function(*arguments)
    return str(caught.value)


def test_all_four_carriers_are_sources(tmp_path: Path, qapp) -> None:
    files = {"a.png": with_chunk(png_chunk(SESSION)), "b.svg": svg(), "c.pdf": pdf()}
    for name, data in (files | {"d.poolview": SESSION, "odd.jpg": SESSION}).items():
        path = written(tmp_path, name, data)
        check_path(str(path))
        source = open_source(SourceRequest(str(path)))
        assert isinstance(source, SessionSource)
        assert_same(source.info.session, decode(SESSION, name))
        np.testing.assert_array_equal(source.read().picture, small_session().picture)
        assert source.read() is None
        source.seek(0)
        assert source.read() is not None


def test_a_stripped_picture_is_a_plain_picture(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", PNG)
    assert read_session(path) is None
    source = open_source(SourceRequest(str(path)))
    assert isinstance(source, PictureSource)
    source.open()
    np.testing.assert_array_equal(source.read().picture, media.gradient())


def test_a_folder_of_figures_is_a_folder_of_pictures(tmp_path: Path) -> None:
    written(tmp_path, "a.png", with_chunk(png_chunk(SESSION)))
    written(tmp_path, "b.svg", svg())
    source = open_source(SourceRequest(str(tmp_path)))
    assert isinstance(source, FolderSource)
    source.open()
    np.testing.assert_array_equal(source.read().picture, media.gradient())


def test_a_newer_version_is_told(tmp_path: Path, qapp) -> None:
    expected = "was saved by a newer PoolViewer (format 2): update to open it."
    files = {"a.png": with_chunk(png_chunk(NEWER)), "b.svg": svg(NEWER), "c.pdf": pdf(NEWER)}
    for name, data in (files | {"d.poolview": NEWER}).items():
        path = written(tmp_path, name, data)
        assert sentence_of(open_source, SourceRequest(str(path))) == f"{name} {expected}"


def test_what_carries_none_is_told(tmp_path: Path, qapp) -> None:
    plain = svg().replace(svg()[svg().index(b"<metadata") : svg().index(b"<title>")], b"")
    cases = {
        "a.svg": (plain, "is an SVG drawing that carries no saved view: save it as PNG to see it."),
        "a.pdf": (
            pdf(None),
            "is a PDF document that carries no saved view: save its pictures as PNG to see them.",
        ),
        "a.poolview": (b"Dear diary", "carries no saved view: save it again."),
        "empty.poolview": (b"", "is empty: save or fetch it again."),
        "b.poolview": (
            b'{"poolview":"1"}',
            "carries no saved view of a format that is known: save it again.",
        ),
        "b.svg": (svg()[:-300], "carries a saved view that is damaged: save it again."),
        "b.png": (
            with_chunk(png_chunk(SESSION)[:-1] + b"x"),
            "carries a saved view that is damaged: save it again.",
        ),
    }
    for name, (data, expected) in cases.items():
        path = written(tmp_path, name, data)
        assert sentence_of(open_source, SourceRequest(str(path))) == f"{name} {expected}"


def test_pipes_and_devices_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.poolview")
    (tmp_path / "b.svg").symlink_to("/dev/zero")
    for name in ("a.poolview", "b.svg"):
        expected = f"{name} is a pipe or a device: choose a file."
        assert sentence_of(read_session, tmp_path / name) == expected


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("a.tif", b"II*\0"), ("a.mp4", b"\0\0\0\x18ftypmp42"), ("a.png", PNG), ("a.bin", b"")],
)
def test_of_large_plain_files_only_the_beginning_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, beginning: bytes
) -> None:
    path = written(tmp_path, name, beginning)
    os.truncate(path, 4 * 2**30)
    read = []

    def counting(path, failure):
        file = open_regular(path, failure)
        whole, seek = file.read, file.seek

        class Counting:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()

            def read(self, size):
                read.append(size)
                return whole(size)

            def seek(self, *place):
                return seek(*place)

        return Counting()

    open_regular = session_files.open_regular
    monkeypatch.setattr(session_files, "open_regular", counting)
    assert not carries_session(path)
    assert sum(read) < 4096


def test_refusals_are_refusals_of_a_session(tmp_path: Path) -> None:
    with pytest.raises(SessionRefused):
        read_session(written(tmp_path, "a.poolview", NEWER))
    assert read_session(written(tmp_path, "b.poolview", encode(small_session()))) is not None
