"""The files that can carry a session, and where in them it stands."""

import struct
import zlib

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEYWORD = b"poolviewer-session"


def png_chunk(session: bytes) -> bytes:
    """Return the chunk that carries an encoded session in a PNG: compressed text (zTXt)."""
    body = b"zTXt" + PNG_KEYWORD + b"\0\0" + zlib.compress(session)
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def carried(data: bytes, most_bytes: int) -> bytes | None:
    """Return the encoded session that a file carries; None for a file without."""
    if data.startswith(PNG_SIGNATURE):
        return _in_png(data, most_bytes)
    return data if data.lstrip()[:12].startswith(b'{"poolview"') else None


def _in_png(data: bytes, most_bytes: int) -> bytes | None:
    place = len(PNG_SIGNATURE)
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if kind == b"zTXt" and body.startswith(PNG_KEYWORD + b"\0"):
            packed = body[len(PNG_KEYWORD) + 2 :]
            return zlib.decompressobj().decompress(packed, most_bytes)
        place += 12 + length
    return None
