"""Resources are found, and a missing one says so."""

from pathlib import Path

import pytest

from poolviewer import resources
from poolviewer.resources import SAMPLE_PICTURE, resource_path, resources_root


def test_sample_picture_is_a_file() -> None:
    assert resource_path(SAMPLE_PICTURE).is_file()


def test_every_file_of_the_folder_can_be_asked_for_by_name() -> None:
    files = [path for path in resources_root().rglob("*") if path.is_file()]
    assert files
    for path in files:
        name = path.relative_to(resources_root()).as_posix()
        assert resource_path(name) == path


def test_missing_resource_names_itself_and_its_place() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/none\.svg is missing at .*none\.svg"):
        resource_path("icons/none.svg")


@pytest.mark.parametrize("name", ["../pyproject.toml", "samples/../../LICENSE", "/etc/hostname"])
def test_name_that_leaves_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a resource"):
        resource_path(name)


def test_resources_inside_the_package_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "poolviewer"
    (tmp_path / "resources").mkdir()
    package.mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources_root() == tmp_path / "resources"
    (package / "resources").mkdir()
    assert resources_root() == package / "resources"
