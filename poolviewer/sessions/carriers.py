"""The files that can carry a session: how it is put into each, and found again within limits.

- PNG: ``zTXt`` chunks with the keyword ``poolviewer-session``, before the pixels.
- SVG: ``<metadata id="poolviewer-session">`` with base64 of the session.
- PDF: an embedded file, ``poolviewer-session.json``.
- ``.poolview``: the session itself.

No parser of XML or PDF is run on files from strangers: what is looked for is found by its first
bytes, in time that grows with the file and memory that is bounded.
"""

import binascii
import struct
import zlib
from base64 import b64decode
from collections.abc import Iterator
from io import BufferedReader
from typing import Literal

Carrier = Literal["PNG", "SVG", "PDF", "session"]

HEAD_BYTES = 2048
MOST_BYTES = 72 * 2**20  # of the session's text
MOST_DRAWING_BYTES = 128 * 2**20  # of an SVG or a PDF that is searched
MOST_CHUNKS = 1000
PNG_PIECE_BYTES = 2**19
MOST_STREAMS = 100_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"poolviewer-session"
PDF_FILE_NAME = "poolviewer-session.json"
BEGINNING = b'{"poolview":'
MOST_MENTIONS = 1000  # of the keyword in an SVG
_TAG_BYTES = 512
_HEADER_BYTES = 1024  # the code tables of a deflated stream take some three hundred
_SVG_BEGINNINGS = (b"<svg", b"<?xml", b"<!--", b"<!doctype svg")


class DamagedSessionError(ValueError):
    """A session is there, but cut off, altered or too large."""


def png_chunk(session: bytes) -> bytes:
    """Return the chunks that carry an encoded session in a PNG: compressed text (zTXt).

    There are several of a large one: OpenCV does not open a picture with a chunk of 8 MB, and
    Pillow none whose text is longer than 1 MB.
    """
    starts = range(0, len(session), PNG_PIECE_BYTES)
    return b"".join(_chunk(session[start : start + PNG_PIECE_BYTES]) for start in starts)


def _chunk(text: bytes) -> bytes:
    body = b"zTXt" + KEYWORD + b"\0\0" + _deflated(text)
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def carrier_of(head: bytes) -> Carrier | None:
    """Return which carrier of sessions a file is that begins with these bytes; None for none."""
    if head.startswith(PNG_SIGNATURE):
        return "PNG"
    if head.startswith(b"%PDF-"):
        return "PDF"
    beginning = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(b"{") and b'"poolview"' in beginning[:64]:
        return "session"
    lower = beginning.lower()
    return "SVG" if lower.startswith(_SVG_BEGINNINGS) and b"<svg" in lower else None


def carried(file: BufferedReader, carrier: Carrier) -> bytes | None:
    """Return the encoded session that an open file carries; None for a file without.

    Raises
    ------
    DamagedSessionError
        It carries one that cannot be read, or more bytes than any has.
    """
    file.seek(0)
    if carrier == "PNG":
        return _in_png(file)
    if carrier == "session":
        return _within(file.read(MOST_BYTES + 1), MOST_BYTES)
    data = _within(file.read(MOST_DRAWING_BYTES + 1), MOST_DRAWING_BYTES)
    return _in_svg(data) if carrier == "SVG" else _in_pdf(data)


def _in_png(file: BufferedReader) -> bytes | None:
    """Join the session's chunks before the pixels; of all others only the headers are read."""
    file.seek(len(PNG_SIGNATURE))
    pieces: list[bytes] = []
    for _ in range(MOST_CHUNKS):
        header = file.read(8)
        if len(header) < 8 or header[4:] in (b"IDAT", b"IEND"):
            break
        length = int.from_bytes(header[:4])
        keyword = file.read(min(length, len(KEYWORD) + 2))
        if header[4:] == b"zTXt" and keyword.startswith(KEYWORD + b"\0"):
            left = MOST_BYTES - sum(map(len, pieces))
            pieces.append(_of_chunk(header[4:] + keyword, file, length - len(keyword), left))
        else:
            file.seek(length - len(keyword) + 4, 1)
    return b"".join(pieces) if pieces else None


def _of_chunk(beginning: bytes, file: BufferedReader, length: int, most: int) -> bytes:
    if length > MOST_BYTES:
        raise DamagedSessionError
    packed, checksum = file.read(length), file.read(4)
    if zlib.crc32(beginning + packed).to_bytes(4) != checksum:
        raise DamagedSessionError
    return _inflated(packed, most)


def _in_svg(data: bytes) -> bytes | None:
    """Find the element by its name, in whatever way its tag is written."""
    place = -1
    for _ in range(MOST_MENTIONS):
        place = data.find(KEYWORD, place + 1)
        if place < 0:
            return None
        start = data.rfind(b"<", max(place - _TAG_BYTES, 0), place)
        end = data.find(b">", place, place + _TAG_BYTES)
        if start >= 0 and end >= 0 and data.startswith(b"<metadata", start):
            return _of_element(data[end + 1 : data.find(b"<", end)])
    return None


def _of_element(text: bytes) -> bytes:
    try:
        return _within(b64decode(b"".join(text.split()), validate=True), MOST_BYTES)
    except binascii.Error as error:
        raise DamagedSessionError from error


def _in_pdf(data: bytes) -> bytes | None:
    """Find the embedded file by how its content begins, deflated or not.

    A deflated stream says itself where it ends, so that neither lengths nor tables are needed,
    and a document that another program has saved again is read as well.
    """
    for start in _streams(data):
        if data.startswith(BEGINNING, start):
            end = data.find(b"\nendstream", start)
            return _within(data[start : end if end >= 0 else None].rstrip(b"\r"), MOST_BYTES)
        if _begins_like_session(data[start : start + _HEADER_BYTES]):
            return _inflated(memoryview(data)[start:], has_rest=True)
    return None


def _streams(data: bytes) -> Iterator[int]:
    """Yield where the content of each stream of a PDF begins."""
    place = 0
    for _ in range(MOST_STREAMS):
        place = data.find(b"stream", place)
        if place < 0:
            return
        place += len(b"stream")
        if data.startswith((b"\n", b"\r\n"), place):
            yield place + (1 if data.startswith(b"\n", place) else 2)


def _begins_like_session(packed: bytes) -> bool:
    try:
        return zlib.decompressobj().decompress(packed, len(BEGINNING)) == BEGINNING
    except zlib.error:
        return False


def _deflated(session: bytes) -> bytes:
    """Take the base64 out of a session; its pixels are packed already, and nothing else is long."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    return packer.compress(session) + packer.flush()


def _inflated(
    packed: bytes | memoryview, most: int = MOST_BYTES, *, has_rest: bool = False
) -> bytes:
    """Return what was deflated; more than ``most`` bytes of it are never made."""
    unpacker = zlib.decompressobj()
    parts, left = [], most + 1
    try:
        for start in range(0, len(packed), 2**20):
            tail = unpacker.unconsumed_tail
            parts.append(unpacker.decompress(tail + bytes(packed[start : start + 2**20]), left))
            left -= len(parts[-1])
            if unpacker.eof or left <= 0:
                break
    except zlib.error as error:
        raise DamagedSessionError from error
    if left <= 0 or not unpacker.eof or (unpacker.unused_data and not has_rest):
        raise DamagedSessionError
    return b"".join(parts)


def _within(data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise DamagedSessionError
    return data
