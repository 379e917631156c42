"""Which file each figure becomes, and that no two become one."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import FORMATS, USUAL_TEMPLATE, format_of
from poolviewer.core.file_names import file_name, name_key
from poolviewer.core.local_files import is_folder
from poolviewer.core.recording import KINDS, kind_of
from poolviewer.core.templates import FIELDS, pieces
from poolviewer.core.text import printable
from poolviewer.export.files import check_folder, check_writable, explained, shown

NUMBER = "n"
_ALL_FIELDS = {**dict.fromkeys(FIELDS, "x"), NUMBER: "x"}


class Names:
    """File names as a person asked for them.

    Parameters
    ----------
    output
        A template; an existing folder, or what ends like one, for names of the usual template.
    ending
        Of the files, where the template has none.

    Raises
    ------
    ExportError
        No kind of file follows from it, or the template is none.
    """

    def __init__(self, output: str, ending: str = "") -> None:
        if not output:
            raise ExportError("No output is given: write a file, a template or a folder after -o.")
        path = Path(output)
        is_place = output.endswith(("/", os.sep)) or is_folder(path)
        self._folder = path if is_place else None
        self._template = USUAL_TEMPLATE if is_place else output
        self._ending = ending or ("png" if is_place else "")
        self.has_fields = is_place or "{" in output or "}" in output
        if format_of(self._template if not self._ending else f"x.{self._ending}") is None:
            raise ExportError(_without_kind(output))
        self.needs = self._fields_needed() if self.has_fields else frozenset[str]()

    def path(self, fields: Mapping[str, str]) -> Path:
        """Return the whole path for some fields, of which those that it needs must be there."""
        if not self.has_fields:
            known = format_of(self._template) is not None
            name = self._template if known else f"{self._template}.{self._ending}"
            return Path(name)
        complete = {**_ALL_FIELDS, **fields}
        name = file_name(self._template, complete, self._ending)
        return self._folder / name if self._folder is not None else Path(name)

    def check(self) -> None:
        """Raise `ExportError` where nothing can be written, as far as that can be seen now."""
        if not self.has_fields:
            check_writable(self.path({}))
            return
        static = self._folder or Path(self._template.partition("{")[0] + "x").parent
        if is_folder(static):
            check_folder(static)

    def _fields_needed(self) -> frozenset[str]:
        self.path(_ALL_FIELDS)
        fields = {name: f"\N{NULL}{name}" for name in _ALL_FIELDS}
        found = (piece.value for piece in pieces(self._template, fields))
        return frozenset(value[1:] for value in found if value)


def _without_kind(output: str) -> str:
    """Say why no kind of file of one moment follows from an output."""
    name = shown(Path(output))
    if kind_of(output):
        return f"An animation is one file: give it a name without braces, unlike {name}."
    endings = ", ".join(f".{known.ending}" for known in FORMATS)
    films = ", ".join(f".{kind}" for kind in KINDS)
    return (
        f"{name} does not say what to write: its name must end in one of {endings}, "
        f"or for an animation in one of {films}."
    )


class Claims:
    """Who writes which file, so that no second one of a batch takes its place.

    Parameters
    ----------
    sources
        Paths that are read, and never written over.
    """

    def __init__(self, sources: Iterable[str] = ()) -> None:
        self._owners: dict[str, str] = {}
        self._sources = frozenset(map(os.path.realpath, sources))

    def claim(self, path: str, owner: str) -> str:
        """Return an empty text, or one sentence that says why a file must not be written."""
        if self._sources and os.path.realpath(path) in self._sources:
            return over_source(path)
        key = name_key(os.path.abspath(path))  # noqa: PTH100  # links are followed when written
        if key in self._owners:
            return two_of_one_name(path, self._owners[key], owner)
        self._owners[key] = owner
        return ""


def two_of_one_name(path: str, first: str, second: str) -> str:
    """Say that two figures would become one file."""
    both = f"{printable(first)} and {printable(second)}"
    return (
        f"{both} would both be {shown(Path(path))}: put what tells them apart into "
        "the name, such as {source}, {frame}, {channel}, {row}, {col} or {n}."
    )


def over_source(path: str) -> str:
    """Say that what is read is not written over, not even where that is wished for."""
    return f"{shown(Path(path))} is a source itself: choose another name or folder."


def already_there(path: Path) -> str:
    """Say that a file is not written over."""
    return f"{shown(path)} exists already: add --force to write over it, or --skip-existing."


def make_folder(path: Path) -> None:
    """Make the folder of a file that a template names; raises `ExportError`."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
