"""Zipped models: only the members that Keras needs are taken out, each with a bounded size."""

import re
import stat
import zipfile
from pathlib import Path

from poolviewer.core.errors import ModelUnchecked
from poolviewer.model.findings import IsCancelled, Unsound, quoted, size_in_words, stop_if
from poolviewer.model.private_copy import NO_ROOM
from poolviewer.model.signatures import CUT_OFF, PYTORCH
from poolviewer.model.strict_json import JSON_LIMIT

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
VOCABULARY = re.compile(r"assets/(?:\w+/)+vocabulary\.txt", re.ASCII)
ASSETS_LIMIT = 16 * 2**20

MEMBER_LIMIT = 1_000
_DIRECTORY_LIMIT = 2**20
_EXPANSION = 200
_CHUNK = 2**20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NOT_KERAS = "Keras writes no such file, save the model again with Keras"
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"


def unpack(archive: Path, folder: Path, budget_bytes: int, is_cancelled: IsCancelled) -> None:
    """Take the members of a model out of a zip file of our own into a folder of our own.

    Raises
    ------
    Unsound
        A member given twice, outside of the archive, linked, encrypted, packed by an unknown
        method or too large; a member missing; an archive of something else. A damaged archive
        raises whatever `zipfile` makes of it.
    """
    _check_directory(archive)
    with zipfile.ZipFile(archive) as opened:
        members = _members(opened)
        _check_total(list(members.values()), budget_bytes)
        for name, member in members.items():
            _take(opened, member, folder / name, is_cancelled)


def _check_directory(archive: Path) -> None:
    """Look at the size of the list of members before Python makes an object of each."""
    with archive.open("rb") as file:
        file.seek(max(0, archive.stat().st_size - 2**16 - 98))
        tail = file.read()
    start = len(tail) - 22 if tail[-22:].startswith(_END) else tail.rfind(_END)
    if start < 0:
        raise Unsound(CUT_OFF)
    size = int.from_bytes(tail[start + 12 : start + 16], "little")
    large = tail[max(0, start - 76) : start]
    if large.startswith(_END_64):
        size = max(int.from_bytes(large[40:48], "little"), size if size < 2**32 - 1 else 0)
    if size > _DIRECTORY_LIMIT:
        raise Unsound(f"lists {size_in_words(size)} of members: {_NOT_KERAS}")


def _members(opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    listed = opened.infolist()
    if len(listed) > MEMBER_LIMIT:
        raise Unsound(f"holds {len(listed):,} members: {_NOT_KERAS}")
    seen: set[str] = set()
    for member in listed:
        _check_name(member)
        if member.filename in seen:
            raise Unsound(f"holds {quoted(member.filename)} twice: {_NOT_KERAS}")
        seen.add(member.filename)
    _check_kind(seen)
    members = {member.filename: member for member in listed if is_member(member.filename)}
    for member in members.values():
        _check_member(member)
    return members


def is_member(name: str) -> bool:
    """Say whether a member is one that Keras reads."""
    return name in (CONFIG, METADATA, WEIGHTS) or VOCABULARY.fullmatch(name) is not None


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    parts = name.replace("\\", "/").split("/")
    if name != member.filename or name.startswith("/") or ":" in name or ".." in parts:
        raise Unsound(f"holds {quoted(name)}, which leads out of it: {_NOT_KERAS}")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unsound(f"holds {quoted(name)}, which is a link or a device: {_NOT_KERAS}")


def _check_kind(names: set[str]) -> None:
    if any(name.endswith("data.pkl") for name in names):
        raise Unsound(PYTORCH)
    if "model.weights.npz" in names:
        raise Unsound("keeps its weights as NumPy arrays: save it again with weights_format='h5'")
    if CONFIG not in names and any(is_member(name.partition("/")[2]) for name in names):
        raise Unsound("holds a folder with the model in it: unpack it and open that folder")
    for name in (CONFIG, WEIGHTS):
        check_presence(name, names)


def check_presence(name: str, names: set[str]) -> None:
    """Refuse a model that lacks its description or its weights."""
    if name in names:
        return
    if name == CONFIG:
        raise Unsound("is an archive without a Keras model: choose a .keras or an HDF5 file")
    raise Unsound(f"has no weights ({WEIGHTS}) in it: save it again with model.save(…)")


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise Unsound("is encrypted: unpack it with its password and save the model again")
    if member.compress_type not in _METHODS:
        raise Unsound(f"packs {quoted(member.filename)} in a way that is not known: {_NOT_KERAS}")
    limit = size_limit(member.filename)
    if limit is not None and member.file_size > limit:
        size = size_in_words(member.file_size)
        raise Unsound(
            f"has {size} of {quoted(member.filename)} and the limit is 16 MB: simplify it"
        )


def size_limit(name: str) -> int | None:
    """Return how large a member may be at most; None where only the budget bounds it."""
    return None if name == WEIGHTS else JSON_LIMIT


def _check_total(members: list[zipfile.ZipInfo], budget_bytes: int) -> None:
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > JSON_LIMIT + _EXPANSION * packed:
        raise Unsound(
            f"unpacks from {size_in_words(packed)} to {size_in_words(total)}: {_NOT_KERAS}"
        )
    if total > budget_bytes:
        raise Unsound(
            f"unpacks to {size_in_words(total)} and the memory that may be used is "
            f"{size_in_words(budget_bytes)}: raise the limit or choose a smaller model"
        )


def _take(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, is_cancelled: IsCancelled
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with opened.open(member) as packed, target.open("xb") as out:
        # Reading to the end lets zipfile compare the checksum.
        while chunk := packed.read(_CHUNK):
            stop_if(is_cancelled)
            left -= len(chunk)
            if left < 0:
                raise Unsound(f"packs more into {quoted(member.filename)} than it declares")
            try:
                out.write(chunk)
            except OSError as error:
                raise ModelUnchecked(NO_ROOM) from error
    if left:
        raise Unsound(CUT_OFF)
