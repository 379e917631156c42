"""Size and wholeness are read from a picture's bytes, whatever was done to them."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.errors import SourceError
from poolviewer.sources.formats import format_of
from poolviewer.sources.headers import MAX_PIXELS, check_picture
from poolviewer.sources.image import decode_picture
from tests import media

PICTURES = {
    "PNG": media.encoded(".png"),
    "palette PNG": media.palette_png(),
    "JPEG": media.encoded(".jpg"),
    "turned JPEG": media.oriented_jpeg(6),
    "CMYK JPEG": media.CMYK_JPEG,
    "WebP": media.encoded(".webp"),
    "BMP": media.encoded(".bmp"),
    "GIF": media.encoded(".gif"),
    "TIFF": media.tiff(media.gradient()),
    "big-endian TIFF": media.tiff(media.gradient(), order=">"),
    "compressed TIFF": media.encoded(".tif"),
}


def check(data: bytes) -> None:
    found = format_of(data)
    if found is None or found.kind == "video":
        raise SourceError("no picture")
    check_picture(data, found, "a")
    decode_picture(data, "a")


@pytest.mark.parametrize("name", PICTURES)
def test_whole_picture_passes(name: str) -> None:
    check(PICTURES[name])


@pytest.mark.parametrize("name", PICTURES)
def test_truncation_at_any_length_is_refused(name: str) -> None:
    data = PICTURES[name]
    ends = range(len(data) - (name == "GIF"))  # its trailer alone says nothing about the image
    for end in ends:
        with pytest.raises(SourceError):
            check(data[:end])


@given(
    st.sampled_from(sorted(PICTURES)),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_spoilt_picture_is_read_or_refused(name: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(PICTURES[name])
    for place, value in changes:
        data[place % len(data)] = value
    with suppress(SourceError):
        check(bytes(data))


SIZED = {
    "PNG": media.png,
    "JPEG": lambda width, height: (
        b"\xff\xd8\xff\xc0\0\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\0"
    ),
    "JPEG with tables first": lambda width, height: (
        b"\xff\xd8\xff\xc4\0\x08\0\x01\0\x01\0\0"
        b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\0"
    ),
    "GIF": lambda width, height: b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0),
    "WebP": lambda width, height: (
        b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0"
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    ),
    "lossless WebP": lambda width, height: (
        b"RIFF\x11\0\0\0WEBPVP8L\x05\0\0\0\x2f"
        + struct.pack("<I", (width - 1) | (height - 1) << 14)
        + bytes(8)
    ),
    "lossy WebP": lambda width, height: (
        b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    ),
    "old BMP": lambda width, height: (
        b"BM" + bytes(8) + struct.pack("<IIHHHH", 26, 12, width, height, 1, 24)
    ),
    "upside-down BMP": lambda width, height: (
        b"BM" + bytes(8) + struct.pack("<IIiiHH", 54, 40, width, -height, 1, 24) + bytes(24)
    ),
}


@pytest.mark.parametrize("name", SIZED)
def test_size_is_limited_before_anything_else(name: str) -> None:
    data = SIZED[name](16000, 15000)
    with pytest.raises(SourceError, match=r"^a has 16000×15000 pixels, 240 million"):
        check(data)


@pytest.mark.parametrize("name", SIZED)
def test_bearable_size_is_not_the_complaint(name: str) -> None:
    assert MAX_PIXELS >= 10000 * 9999
    with pytest.raises(SourceError, match=r"^a is (cut off|damaged)"):
        check(SIZED[name](10000, 9999))


def test_gif_image_outside_its_canvas_is_refused() -> None:
    data = bytearray(PICTURES["GIF"])
    data[6:8] = b"\x01\0"
    found = format_of(data)
    assert found is not None
    with pytest.raises(SourceError, match=r"^a is damaged"):
        check_picture(bytes(data), found, "a")


def test_bytes_behind_the_first_gif_image_do_not_matter() -> None:
    check(PICTURES["GIF"] + b"more")
