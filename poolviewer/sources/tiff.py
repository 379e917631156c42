"""TIFF: the tags of the first page, the only one that is shown."""

import struct

from poolviewer.sources.wholeness import DamagedError, need

_WIDTH, _HEIGHT, _BITS, _VALUES = 256, 257, 258, 339
_PLACES = ((273, 279), (324, 325))  # offsets and byte counts of strips, of tiles
_TAGS = {_WIDTH, _HEIGHT, _BITS, _VALUES, *(tag for pair in _PLACES for tag in pair)}
_WORDS = {1: "uint", 2: "int", 3: "float"}


def tiff_size(data: bytes) -> tuple[int, int]:
    """Return width and height; raises `DamagedError` where there are none."""
    tags = _tags(data)
    if not tags.get(_WIDTH) or not tags.get(_HEIGHT):
        raise DamagedError
    return tags[_WIDTH][0], tags[_HEIGHT][0]


def tiff_walk(data: bytes) -> None:
    """Raise `CutOffError` where a strip or tile lies behind the end."""
    tags = _tags(data)
    for offsets, counts in _PLACES:
        for offset, count in zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False):
            need(data, offset + count)


def measured_values(data: bytes) -> str | None:
    """Return the type of a TIFF's values where they are no colours of 8 or 16 bits."""
    tags = _tags(data)
    kind, bits = max(tags.get(_VALUES, ()), default=1), max(tags.get(_BITS, ()), default=1)
    return f"{_WORDS[kind]}{bits}" if kind in _WORDS and (kind == 3 or bits > 16) else None


def _tags(data: bytes) -> dict[int, tuple[int, ...]]:
    """Read the whole numbers of the first page's tags."""
    order = "<" if data[:2] == b"II" else ">"
    at = struct.unpack_from(order + "I", data, 4)[0]
    tags: dict[int, tuple[int, ...]] = {}
    for entry in range(struct.unpack_from(order + "H", data, at)[0]):
        place = at + 2 + 12 * entry
        tag, kind, count = struct.unpack_from(order + "HHI", data, place)
        letter = {3: "H", 4: "I"}.get(kind)
        if tag in _TAGS and letter and tag not in tags:  # written twice it would be read for ever
            size = count * struct.calcsize(letter)
            where = place + 8 if size <= 4 else struct.unpack_from(order + "I", data, place + 8)[0]
            need(data, where + size)
            tags[tag] = struct.unpack_from(f"{order}{count}{letter}", data, where)
    return tags
