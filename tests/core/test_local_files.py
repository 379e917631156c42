"""Names are shown without tricks; only regular files are opened."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.errors import ExportError, PoolViewerError
from poolviewer.core.local_files import is_folder, open_regular, shown_name


@given(st.binary(min_size=1, max_size=20))
def test_shown_names_are_printable(name: bytes) -> None:
    shown = shown_name(Path(os.fsdecode(b"folder/" + name)))
    assert shown.isprintable()
    assert shown.encode()


def test_what_cannot_be_looked_at_is_no_folder(tmp_path: Path) -> None:
    assert is_folder(tmp_path)
    assert not is_folder(tmp_path / "none")
    assert not is_folder(Path("a\0b"))


def test_the_failure_is_of_the_kind_asked_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("none", "pipe"):
        with pytest.raises(ExportError, match=name):
            open_regular(tmp_path / name, ExportError)


def test_a_regular_file_is_opened_at_its_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"all of it")
    with open_regular(tmp_path / "file", PoolViewerError) as file:
        assert file.read() == b"all of it"
