"""HDF5 files: every object is looked at before anything of it is read."""

import math
import zlib
from collections.abc import Iterator
from pathlib import Path

import h5py
from h5py import h5a, h5d, h5o, h5s, h5t, h5z

from poolviewer.model.findings import Unsound, quoted, size_in_words

OBJECT_LIMIT = 100_000
ATTRIBUTE_LIMIT = 1_000
TEXT_LIMIT = 16 * 2**20
CHUNK_LIMIT = 16 * 2**20
_EXPANSION = 200
_SMALL = 16 * 2**20
_NOT_KERAS = "Keras writes no such file, save the model again with Keras"
_FILTERS = {h5z.FILTER_DEFLATE: "gzip", h5z.FILTER_SHUFFLE: "shuffle", h5z.FILTER_LZF: "lzf"}
_OPTIMIZERS = ("optimizer", "optimizer_weights")
_NUMBERS = (h5t.INTEGER, h5t.FLOAT, h5t.ENUM)  # Keras keeps booleans as an enumeration


def check_members(
    file: h5py.File, budget_bytes: int, *, is_whole: bool
) -> Iterator[tuple[str, h5py.Group | h5py.Dataset, int]]:
    """Yield every group and array that Keras would read, after having looked at it.

    The state of an optimizer is passed over: a network that is only looked at needs none.

    Yields
    ------
    tuple
        The path inside the file, the group or array, and the bytes of an array.

    Raises
    ------
    Unsound
        A link that is not hard; data kept in other files or made of other data; no numbers;
        less stored than declared; compression that unpacks to more than declared, or of an
        unknown kind; too many objects or attributes; more bytes than the budget. A damaged
        file raises whatever h5py makes of it.
    """
    check_notes(file.id)
    seen: set[int] = set()
    length, total = Path(file.filename).stat().st_size, 0
    names = ["model_weights"] if is_whole else [n for n in file if n not in _OPTIMIZERS]
    pending: list[tuple[str, h5py.Group, list[str]]] = [("", file["/"], names)]
    while pending:
        path, group, names = pending.pop()
        for name in names:
            found = _member(group, name)
            _check_once(found, seen)
            inner = f"{path}/{name}" if path else name
            check_notes(found.id)
            if isinstance(found, h5py.Group):
                pending.append((inner, found, list(found)))
                yield inner, found, 0
                continue
            size = _check_array(inner, found, length)
            total += size
            if total > budget_bytes:
                raise Unsound(
                    f"has weights of more than {size_in_words(budget_bytes)}, which is the memory "
                    "that may be used: raise the limit or choose a smaller model"
                )
            yield inner, found, size


def _check_once(found: h5py.Group | h5py.Dataset, seen: set[int]) -> None:
    """Refuse circles, and arrays that would be copied again under each of many names."""
    address = h5o.get_info(found.id).addr
    if address in seen:
        raise Unsound(f"holds one part under two names: {_NOT_KERAS}")
    seen.add(address)
    if len(seen) > OBJECT_LIMIT:
        raise Unsound(f"holds more than {OBJECT_LIMIT:,} parts: {_NOT_KERAS}")


def _member(group: h5py.Group, name: str) -> h5py.Group | h5py.Dataset:
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise Unsound(f"holds a link to another place, {quoted(name)}: {_NOT_KERAS}")
    found = group[name]
    if not isinstance(found, h5py.Group | h5py.Dataset):
        raise Unsound(f"holds {quoted(name)}, which is no array: {_NOT_KERAS}")
    return found


def check_notes(owner: h5py.h5g.GroupID | h5d.DatasetID) -> None:
    """Refuse an object with too many attributes, or too large ones."""
    count = h5a.get_num_attrs(owner)
    if count > ATTRIBUTE_LIMIT:
        raise Unsound(f"holds {count:,} notes on one part: {_NOT_KERAS}")
    for index in range(count):
        note = h5a.open(owner, index=index)
        # Not get_storage_size(), which fails for the empty lists that Keras writes.
        size = note.get_space().get_simple_extent_npoints() * note.get_type().get_size()
        if size > TEXT_LIMIT:
            raise Unsound(f"holds a note of {size_in_words(size)}: {_NOT_KERAS}")


def _check_array(path: str, found: h5py.Dataset, length: int) -> int:
    kind, space, made = found.id.get_type(), found.id.get_space(), found.id.get_create_plist()
    if made.get_external_count() or made.get_layout() == h5d.VIRTUAL:
        raise Unsound(f"keeps {quoted(path)} in another file: {_NOT_KERAS}")
    if not _is_number(kind):
        raise Unsound(f"has {quoted(path)}, which holds no numbers: {_NOT_KERAS}")
    if space.get_simple_extent_type() == h5s.NULL:
        return 0
    declared: int = math.prod(found.shape) * kind.get_size()
    stored = found.id.get_storage_size()
    if made.get_layout() == h5d.CHUNKED:
        _check_chunks(path, found.id, made, declared, stored)
    elif stored < declared:
        _refuse_missing(path, declared, stored)
    if stored > length:
        _refuse_missing(path, stored, length)
    return declared


def _is_number(kind: h5t.TypeID) -> bool:
    """Two bytes of no kind at all are how Keras keeps bfloat16, one byte a float8."""
    limit = 2 if kind.get_class() == h5t.OPAQUE else 16
    return kind.get_class() in (*_NUMBERS, h5t.OPAQUE) and int(kind.get_size()) <= limit


def _refuse_missing(path: str, declared: int, stored: int) -> None:
    raise Unsound(
        f"declares {size_in_words(declared)} for {quoted(path)} and holds {size_in_words(stored)}: "
        "save or fetch it again"
    )


def _check_chunks(
    path: str, found: h5d.DatasetID, made: h5py.h5p.PropDCID, declared: int, stored: int
) -> None:
    filters = [made.get_filter(index)[0] for index in range(made.get_nfilters())]
    if filters[-1:] == [h5z.FILTER_FLETCHER32]:
        filters.pop()
    known = [_FILTERS.get(number, "") for number in filters]
    if known not in ([], ["shuffle"], ["gzip"], ["lzf"], ["shuffle", "gzip"], ["shuffle", "lzf"]):
        raise Unsound(f"packs {quoted(path)} in a way that is not known: {_NOT_KERAS}")
    size = math.prod(made.get_chunk()) * found.get_type().get_size()
    if size > max(declared, CHUNK_LIMIT):
        raise Unsound(f"has {quoted(path)} in pieces of {size_in_words(size)}: {_NOT_KERAS}")
    limit = declared if not known else min(declared, _SMALL + _EXPANSION * stored)
    if declared > limit or (not known and stored < declared):
        _refuse_missing(path, declared, stored)
    if "gzip" in known:
        _unpack(path, found, size)


def _unpack(path: str, found: h5d.DatasetID, size: int) -> None:
    """HDF5 itself unpacks a piece to its very end, however long that is."""
    for index in range(found.get_num_chunks()):
        place = found.get_chunk_info(index)
        _, packed = found.read_direct_chunk(place.chunk_offset)
        unpacked = zlib.decompressobj()
        if place.filter_mask == 0 and len(unpacked.decompress(packed, size + 1)) > size:
            raise Unsound(f"packs more into {quoted(path)} than it declares: {_NOT_KERAS}")
