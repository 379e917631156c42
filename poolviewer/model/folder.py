"""Unpacked models: only the files that Keras needs are taken out of a folder."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from poolviewer.core.errors import ModelUnchecked
from poolviewer.core.local_files import open_regular, why_not
from poolviewer.model.archive import (
    CONFIG,
    METADATA,
    WEIGHTS,
    check_presence,
    is_member,
    size_limit,
)
from poolviewer.model.findings import Unsound, quoted, size_in_words
from poolviewer.model.private_copy import Copier
from poolviewer.model.signatures import SAVED_MODEL

_NO_MODEL = "is a folder without a Keras model: choose a .keras file, an HDF5 file or a folder "
_ENTRY_LIMIT = 1_000


def copy_folder(folder: Path, target: Path, copier: Copier) -> None:
    """Copy the members of an unpacked model into a new folder of our own.

    Raises
    ------
    Unsound
        No model, a SavedModel, a member missing, linked or too large.
    ModelUnchecked
        A member may not be read or changes meanwhile.
    """
    try:
        names = set(os.listdir(folder))  # noqa: PTH208  # a Path for each is slow
    except OSError as error:
        raise ModelUnchecked(why_not(folder, error)) from error
    if CONFIG not in names:
        is_saved_model = "saved_model.pb" in names
        raise Unsound(SAVED_MODEL if is_saved_model else f"{_NO_MODEL}with {CONFIG} in it")
    check_presence(WEIGHTS, names)
    names &= {CONFIG, METADATA, WEIGHTS}
    for name in [*sorted(names), *_vocabularies(folder)]:
        _copy_member(folder, name, target, copier)


def _vocabularies(folder: Path) -> Iterator[str]:
    """Return the members below ``assets``, in order, without following links."""
    assets, entries = folder / "assets", 0
    if assets.is_symlink():
        raise Unsound(f"holds {quoted('assets')}, which is a link or a device: copy what it names")
    for place, folders, files in os.walk(assets):
        folders.sort()
        entries += len(folders) + len(files)
        if entries > _ENTRY_LIMIT:
            raise Unsound(f"holds more than {_ENTRY_LIMIT:,} files in {quoted('assets')}: tidy it")
        names = (Path(place, file).relative_to(folder).as_posix() for file in sorted(files))
        yield from filter(is_member, names)


def _copy_member(folder: Path, name: str, target: Path, copier: Copier) -> None:
    path = folder / name
    try:
        status = path.lstat()
    except OSError as error:
        raise ModelUnchecked(why_not(path, error)) from error
    if not stat.S_ISREG(status.st_mode):
        raise Unsound(f"holds {quoted(name)}, which is a link or a device: copy what it names")
    limit = size_limit(name)
    if limit is not None and status.st_size > limit:
        size = size_in_words(status.st_size)
        raise Unsound(f"has {size} of {quoted(name)} and the limit is 16 MB: simplify it")
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    with open_regular(path, ModelUnchecked) as file:
        copier.note(name, status.st_size)
        copier.copy(file, path, target / name)
