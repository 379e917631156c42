"""MP4 and QuickTime: the tables of a film, read before FFmpeg believes them.

FFmpeg makes an entry for every sample that a table claims: a kilobyte took 3 GB and 13 seconds.
"""

import struct
from collections.abc import Iterator
from io import BufferedReader
from typing import NamedTuple

from poolviewer.core.errors import SourceError
from poolviewer.sources.headers import MAX_PIXELS, too_large
from poolviewer.sources.wholeness import DamagedError, cut_off, damaged

_MAX_BOXES = 1_000_000
_MAX_DEPTH = 12
_MAX_CLAIM = 4  # samples of compressed sound take less than the byte that old films claim
_MOST_READ = 4096  # bytes of a box; what is looked at stands at its beginning
# FFmpeg finds a table in any of these, wherever they stand.
_CONTAINERS = frozenset((
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"mvex", b"moof", b"traf",
    b"udta", b"tref", b"wave", b"meta",
))  # fmt: skip
_SPACE = (b"free", b"hoov")  # read as well where a "moov" comes first in it
_HAS_SIZES = 0x200  # a fragment lists the size of every sample
_IN_THIS_FILE = 1


class _Box(NamedTuple):
    kind: bytes
    start: int  # of its contents
    end: int  # as it says itself


def check_film(file: BufferedReader, size: int, name: str) -> None:
    """Refuse a film that is cut off, claims more than it holds, or points to another file.

    Raises
    ------
    SourceError
        Its tables are behind its end, are compressed, claim far more samples than it has bytes or
        more than `MAX_PIXELS`, or say that its frames are in another file.
    """
    claimed, has_tables, end = 0, False, 0
    try:
        for box in _boxes(file, size):
            has_tables = has_tables or (box.kind in (b"moov", b"moof") and box.end <= size)
            end = max(end, box.end)
            claimed += _check(file, box, name)
    except (DamagedError, struct.error) as error:
        raise SourceError(damaged(name)) from error
    if claimed > _MAX_CLAIM * size:
        raise SourceError(damaged(name))
    if end > size and not has_tables:
        raise SourceError(cut_off(name))


def _boxes(file: BufferedReader, size: int) -> Iterator[_Box]:
    """Yield every box at any depth."""
    pending = [(0, size, 0)]
    for _ in range(_MAX_BOXES):
        if not pending:
            return
        at, end, depth = pending.pop()
        box = _box(file, at, end)
        if box is None:
            continue
        pending.append((box.end, end, depth))
        if depth < _MAX_DEPTH:
            pending += [(start, min(box.end, end), depth + 1) for start in _insides(file, box)]
        yield box
    raise DamagedError


def _box(file: BufferedReader, at: int, end: int) -> _Box | None:
    if at + 8 > end:
        return None
    file.seek(at)
    length, kind = struct.unpack(">I4s", file.read(8))
    start = at + 8
    if length == 1:
        length, start = struct.unpack(">Q", file.read(8))[0], at + 16
    if length == 0:
        length = end - at
    return _Box(kind, start, at + length) if at + length >= start else None


def _insides(file: BufferedReader, box: _Box) -> tuple[int, ...]:
    """Return where the boxes in a box begin; in a "meta" at one of two places."""
    if box.kind == b"meta":
        return box.start, box.start + 4
    if box.kind not in _SPACE:
        return (box.start,) if box.kind in _CONTAINERS else ()
    file.seek(box.start)
    return (box.start,) if file.read(8)[4:] == b"moov" else ()


def _check(file: BufferedReader, box: _Box, name: str) -> int:
    """Check one box by itself; return how many bytes of samples it claims."""
    if box.kind == b"cmov":
        raise SourceError(f"{name} has compressed tables, which are not read: save it as MP4.")
    if box.kind not in _READERS:
        return 0
    file.seek(box.start)
    contents = file.read(min(box.end - box.start, _MOST_READ))
    return _READERS[box.kind](contents, name)


def _sizes(contents: bytes, _name: str) -> int:
    each, count = struct.unpack_from(">II", contents, 4)
    return int(count * each)


def _fragment(contents: bytes, _name: str) -> int:
    flags, count = struct.unpack_from(">II", contents)
    return 0 if flags & _HAS_SIZES else int(count)


def _references(contents: bytes, name: str) -> int:
    at = 8
    for _ in range(struct.unpack_from(">I", contents, 4)[0]):
        length, _kind, flags = struct.unpack_from(">I4sI", contents, at)
        if not flags & _IN_THIS_FILE:
            raise SourceError(
                f"{name} takes its frames from another file, which is not opened: "
                "save it with its frames in it."
            )
        at += max(length, 12)
    return 0


def _track(contents: bytes, name: str) -> int:
    at = 88 if contents[:1] == b"\1" else 76
    width, height = (side >> 16 for side in struct.unpack_from(">II", contents, at))
    if width * height > MAX_PIXELS:
        raise SourceError(too_large(name, width, height))
    return 0


_READERS = {b"stsz": _sizes, b"trun": _fragment, b"dref": _references, b"tkhd": _track}
