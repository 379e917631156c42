"""Hostile and broken videos, written byte by byte while the tests run.

All carry JPEGs as their frames, so that every container can be made without an encoder.
"""

import struct
import zlib

from tests import media

WIDTH, HEIGHT = 40, 24  # of `media.gradient`


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def numbers(*values: int) -> bytes:
    """Write whole numbers as MP4 has them; a negative one keeps its sign."""
    return b"".join(struct.pack(">I", value & 0xFFFFFFFF) for value in values)


def mp4(
    frames: tuple[bytes, ...] | None = None,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    handler: bytes = b"vide",
    dref: bytes = box(b"url ", numbers(1)),
    tables: bytes | None = None,
    moov_of: object = None,
    fragment: bytes = b"",
    timescale: int = 25,
    duration: int = 1,
) -> bytes:
    """Write a QuickTime film of JPEGs; what is not given is sound."""
    frames = (media.encoded(".jpg"),) if frames is None else frames
    ftyp = box(b"ftyp", b"qt  ", numbers(0), b"qt  ")
    mdat = box(b"mdat", *frames)
    offsets, at = [], len(ftyp) + 8
    for frame in frames:
        offsets.append(at)
        at += len(frame)
    if tables is None:
        tables = sample_tables([len(frame) for frame in frames], offsets)
    description = box(
        b"jpeg", bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HH", width, height),
        numbers(0x480000, 0x480000, 0), struct.pack(">H", 1), bytes(32), struct.pack(">Hh", 24, -1),
    )  # fmt: skip
    stbl = box(b"stbl", box(b"stsd", numbers(0, 1), description), tables)
    dinf = box(b"dinf", box(b"dref", numbers(0, 1), dref))
    minf = box(b"minf", box(b"vmhd", numbers(1), bytes(8)), dinf, stbl)
    mdhd = box(b"mdhd", numbers(0, 0, 0, timescale, duration, 0))
    hdlr = box(b"hdlr", numbers(0), b"mhlr", handler, bytes(13))
    matrix = numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    tkhd = box(
        b"tkhd", numbers(7, 0, 0, 1, 0, duration), bytes(16), matrix,
        numbers(width << 16, height << 16),
    )  # fmt: skip
    trak = box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, minf))
    mvhd = box(
        b"mvhd", numbers(0, 0, 0, timescale, duration, 0x10000), bytes(12), matrix, bytes(24),
        numbers(2),
    )  # fmt: skip
    moov = box(
        b"moov",
        mvhd,
        trak,
        *([box(b"mvex", box(b"trex", numbers(0, 1, 1, 1, 0, 0)))] if fragment else []),
    )
    if callable(moov_of):
        moov = moov_of(moov)
    return ftyp + mdat + moov + fragment


def sample_tables(sizes: list[int], offsets: list[int]) -> bytes:
    count = len(sizes)
    return b"".join((
        box(b"stts", numbers(0, 1, count, 1)),
        box(b"stsc", numbers(0, 1, 1, 1, 1)),
        box(b"stsz", numbers(0, 0, count, *sizes)),
        box(b"stco", numbers(0, count, *offsets)),
    ))  # fmt: skip


def endless_samples(count: int) -> bytes:
    """Tables of 68 bytes that claim any number of samples of one byte each."""
    return b"".join((
        box(b"stts", numbers(0, 1, count, 1)),
        box(b"stsc", numbers(0, 1, 1, count, 1)),
        box(b"stsz", numbers(0, 1, count)),
        box(b"stco", numbers(0, 1, 36)),
    ))  # fmt: skip


def endless_fragment(count: int) -> bytes:
    """A fragment whose samples need no bytes at all."""
    traf = box(b"traf", box(b"tfhd", numbers(0x20000, 1)), box(b"trun", numbers(0, count)))
    return box(b"moof", box(b"mfhd", numbers(0, 1)), traf)


def compressed_moov(size: int) -> bytes:
    body = zlib.compress(bytes(size), 9)
    dcom = box(b"dcom", b"zlib")
    return box(b"moov", box(b"cmov", dcom, box(b"cmvd", numbers(size), body)))


def ebml(kind: str, *parts: bytes, size: int | None = None) -> bytes:
    body = b"".join(parts)
    return (
        bytes.fromhex(kind)
        + struct.pack(">Q", 1 << 56 | (len(body) if size is None else size))
        + body
    )


def uint(kind: str, value: int) -> bytes:
    return ebml(kind, value.to_bytes(8, "big"))


def mkv(
    frames: tuple[bytes, ...] | None = None,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    duration: float = 40.0,
    frame_ns: int = 40_000_000,
    codec: bytes = b"V_MJPEG",
    more_tracks: bytes = b"",
    scale: int = 1_000_000,
) -> bytes:
    frames = (media.encoded(".jpg"),) if frames is None else frames
    head = ebml("1a45dfa3", ebml("4282", b"matroska"), uint("4287", 4), uint("4285", 2))
    info = ebml("1549a966", uint("2ad7b1", scale), ebml("4489", struct.pack(">d", duration)))
    picture = ebml("e0", uint("b0", width), uint("ba", height))
    track = ebml(
        "ae",
        uint("d7", 1),
        uint("73c5", 1),
        uint("83", 1),
        ebml("86", codec),
        uint("23e383", frame_ns),
        picture,
    )
    blocks = [
        ebml("a3", b"\x81", struct.pack(">h", 40 * n), b"\x80", frame)
        for n, frame in enumerate(frames)
    ]
    cluster = ebml("1f43b675", uint("e7", 0), *blocks)
    return head + ebml("18538067", info, ebml("1654ae6b", track, more_tracks), cluster)


def chunk(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def avi(
    frames: tuple[bytes, ...] | None = None,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    count: int = 1,
    rate: int = 25,
    index: bytes | None = None,
    kind: bytes = b"vids",
) -> bytes:
    frames = (media.encoded(".jpg"),) if frames is None else frames
    avih = chunk(
        b"avih", struct.pack("<14I", 40000, 0, 0, 16, count, 0, 1, 0, width, height, 0, 0, 0, 0)
    )
    strh = chunk(
        b"strh", kind, b"MJPG", struct.pack("<10I", 0, 0, 0, 1, rate, 0, count, 0, 0, 0), bytes(8)
    )
    strf = chunk(b"strf", struct.pack("<IiiHH", 40, width, height, 1, 24), b"MJPG", bytes(20))
    hdrl = chunk(b"LIST", b"hdrl", avih, chunk(b"LIST", b"strl", strh, strf))
    movi = chunk(b"LIST", b"movi", *(chunk(b"00dc", frame) for frame in frames))
    return chunk(b"RIFF", b"AVI ", hdrl, movi, b"" if index is None else chunk(b"idx1", index))


def alias(name: str) -> bytes:
    """Write a Macintosh alias to a file, as QuickTime keeps references."""
    name_field = bytes((len(name),)) + name.encode().ljust(63, b"\0")
    record = bytes(50) + name_field + bytes(42)
    return box(b"alis", numbers(0), record)


def ogg(packet: bytes, serial: int = 1) -> bytes:
    """Write one Ogg page that begins a stream; its checksum is not looked at."""
    head = b"OggS\0\2" + struct.pack("<qIIIB", 0, serial, 0, 0, 1)
    return head + bytes((len(packet),)) + packet
