"""What lies in the repository, and what must not be written in it."""

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from poolviewer import __version__

ROOT = Path(__file__).parents[2]
FOLDERS = {".ci", "packaging", "poolviewer", "resources", "tests"}
FILES = {
    ".gitattributes", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile",
    "README.md", "pyproject.toml",
}  # fmt: skip
IGNORED = (".git", *(ROOT / ".gitignore").read_text(encoding="utf-8").split())

# Written so that this file does not break its own rule.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.~/-])/(?:work|root|home/\w+|Users/\w+)" + "/"),
    "a package registry": re.compile(
        r"(?:pypi|pythonhosted|anaconda|conda-forge|debian|npmjs|mirror\w*)\.(?:org|com|net|io)\b"
    ),
}


def _files(folder: Path = ROOT) -> Iterator[Path]:
    """Walk what git would list, without needing git."""
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, pattern.rstrip("/")) for pattern in IGNORED):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def test_top_level_holds_nothing_else() -> None:
    tops = {path.relative_to(ROOT).parts for path in _files()}
    assert {parts[0] for parts in tops if len(parts) > 1} == FOLDERS
    assert {parts[0] for parts in tops if len(parts) == 1} == FILES


def test_tests_mirror_the_package() -> None:
    own = {"application", "architecture", "benchmarks", "bundle", "support"}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    rooms = {path.name for path in (ROOT / "poolviewer").iterdir() if path.is_dir()}
    assert folders - own - {"__pycache__"} <= rooms


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in _files()
        if (match := FOREIGN[what].search(_text(path)))
    ]
    assert not found, f"{what}: {found}"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of one machine", '"/' + 'work/main"'),
        ("a path of one machine", "cd /" + "root/x"),
        ("a path of one machine", "open('/" + "home/ada/picture.png')"),
        ("a package registry", "https://py" + "pi.org/simple"),
        ("a package registry", "files.python" + "hosted.org"),
        ("a package registry", "deb.deb" + "ian.org"),
    ],
)
def test_foreign_text_is_seen(what: str, text: str) -> None:
    assert FOREIGN[what].search(text)


def test_one_version_is_told_everywhere() -> None:
    metainfo = _text(ROOT / "packaging" / "org.poolviewer.PoolViewer.metainfo.xml")
    assert f'<release version="{__version__}"' in metainfo
    assert f"## [{__version__}]" in _text(ROOT / "CHANGELOG.md")


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    asked_for = [*project["dependencies"], *(line for extra in extras for line in extra)]
    names = {re.split(r"[<>=; ]", line)[0] for line in asked_for}
    assert names == set(re.findall(r"\*\*([\w-]+)\*\*", _text(ROOT / "CHANGELOG.md")))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
