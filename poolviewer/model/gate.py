"""The gate for model files: nothing that has not passed it reaches Keras."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from poolviewer.core.errors import ModelRefused, ModelUnchecked, PoolViewerError
from poolviewer.core.local_files import is_folder, open_regular, shown_name
from poolviewer.model.archive import unpack
from poolviewer.model.findings import IsCancelled, Unsound, stop_if
from poolviewer.model.folder import copy_folder
from poolviewer.model.forms import check_hdf5, check_unpacked
from poolviewer.model.private_copy import Copier, private_folder
from poolviewer.model.signatures import (
    CUT_OFF,
    DAMAGED,
    HEAD_BYTES,
    Form,
    describe_other,
    form_of,
)

_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AdmittedModel:
    """A model that passed the gate, in a form that Keras may load.

    Attributes
    ----------
    path
        A private copy, an unpacked ``.keras`` folder or an HDF5 file, that is gone when the
        `admit` which gave it ends.
    name
        The file's name as a person may see it.
    digest
        SHA-256 of what was given, in hexadecimal digits; of a folder, of its members in order.
    keras_version
        Which Keras wrote it, by its own word; empty if it does not say.
    notes
        Sentences for a person, such as that a newer Keras wrote it.
    config
        The network's description: ``class_name``, ``config`` and so on.
    """

    path: Path
    name: str
    digest: str
    keras_version: str
    notes: tuple[str, ...]
    config: Mapping[str, Any]


@contextmanager
def admit(
    path: Path, budget_bytes: int, is_cancelled: Callable[[], bool] = lambda: False
) -> Iterator[AdmittedModel]:
    """Judge a model file, and give a copy of it that Keras may load inside the ``with``.

    Neither Keras nor TensorFlow is imported. Any thread may call it.

    Parameters
    ----------
    path
        A ``.keras`` file, such a file unpacked into a folder, or an HDF5 file, whatever its name.
    budget_bytes
        The memory that the model may take; also bounds the copy.
    is_cancelled
        Asked between steps of some milliseconds.

    Raises
    ------
    ModelRefused
        It is unsound, or holds what is not opened.
    ModelUnchecked
        It is missing, may not be read or changed meanwhile, or there is no room for a copy.
    Cancelled
        A person called it off.
    """
    name = shown_name(path)
    with private_folder() as folder:
        try:
            with _damage_found():
                admitted = _admit(path, folder, budget_bytes, is_cancelled)
        except Unsound as finding:
            raise ModelRefused(f"{name} {finding}.") from finding
        yield admitted


@contextmanager
def _damage_found() -> Iterator[None]:
    """Zipfile and h5py may raise anything at all when a file is damaged."""
    try:
        yield
    except (PoolViewerError, Unsound):
        raise
    except Exception as error:
        raise Unsound(CUT_OFF if "truncated file" in str(error) else DAMAGED) from error


def _admit(path: Path, folder: Path, budget_bytes: int, is_cancelled: IsCancelled) -> AdmittedModel:
    copier = Copier(budget_bytes, is_cancelled)
    copy, whole, unpacked = folder / "copy", folder / "model.h5", folder / "model"
    form = "folder" if is_folder(path) else _copy_file(path, copy, copier)
    if form == "folder":
        copy_folder(path, unpacked, copier)
    elif form == "zip":
        unpack(copy, unpacked, budget_bytes, is_cancelled)
        copy.unlink()
    stop_if(is_cancelled)
    if form == "hdf5":
        config, writer = check_hdf5(copy, whole, budget_bytes, is_cancelled)
    else:
        config, writer = check_unpacked(unpacked, budget_bytes, is_cancelled)
    return AdmittedModel(
        path=whole if form == "hdf5" else unpacked,
        name=shown_name(path),
        digest=copier.digest,
        keras_version=writer if _VERSION.fullmatch(writer) else "",
        notes=_notes(shown_name(path), writer),
        config=MappingProxyType(config),
    )


def _copy_file(path: Path, target: Path, copier: Copier) -> Form:
    with open_regular(path, ModelUnchecked) as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise Unsound("is empty: save or fetch it again")
        form = form_of(head)
        if form is None:
            raise Unsound(describe_other(head))
        file.seek(0)
        copier.copy(file, path, target)
    return form


def _notes(name: str, writer: str) -> tuple[str, ...]:
    """Compare versions without importing Keras, which takes seconds."""
    try:
        installed = version("keras")
    except PackageNotFoundError:
        return ()
    if not _VERSION.fullmatch(writer) or _numbers(writer) <= _numbers(installed):
        return ()
    return (
        f"{name} was saved by Keras {writer}, which is newer than the {installed} here: "
        "what is new in it may be missing.",
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])
