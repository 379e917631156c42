"""Folders are listed as a person would order them."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.errors import SourceError
from poolviewer.sources.listing import list_pictures, natural_key


def names_of(folder: Path) -> list[str]:
    return [path.name for path in list_pictures(folder)]


def test_natural_order(tmp_path: Path) -> None:
    for name in ("pool10.png", "Pool9.JPG", "pool2.png", "a.webp", "pool2.bmp", "1.gif"):
        (tmp_path / name).touch()
    expected = ["1.gif", "a.webp", "pool2.bmp", "pool2.png", "Pool9.JPG", "pool10.png"]
    assert names_of(tmp_path) == expected


def test_only_pictures_are_listed(tmp_path: Path) -> None:
    for name in ("a.png", ".hidden.png", "._a.png", "a.mp4", "notes.txt", "png"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert names_of(tmp_path) == ["a.png"]


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        list_pictures(tmp_path / "none")
    assert str(caught.value) == (
        "The folder none cannot be read: check that it exists and ask its owner for permission."
    )


@given(st.lists(st.text("aB019.²é-"), max_size=8))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert Counter(sorted(names, key=natural_key)) == Counter(names)
