"""A file is what its first bytes say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.sources.formats import HEAD_BYTES, describe_unknown, format_of
from tests import media

HEADS = {
    "PNG": media.encoded(".png"),
    "JPEG": media.encoded(".jpg"),
    "WebP": media.encoded(".webp"),
    "TIFF": media.tiff(media.gradient(), order=">"),
    "BMP": media.encoded(".bmp"),
    "GIF": media.encoded(".gif"),
    "MP4": (media.SAMPLES / "bigbuckbunny.mp4").read_bytes(),
    "Matroska": b"\x1aE\xdf\xa3\x01",
    "AVI": b"RIFF\0\0\0\0AVI LIST",
    "Ogg": b"OggS\0",
    "MPEG": b"\0\0\x01\xba\x44",
    "MPEG-TS": (b"G" + bytes(187)) * 5,
    "Flash": b"FLV\x01\x05",
    "Windows Media": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
}
VIDEOS = set(list(HEADS)[6:])


@pytest.mark.parametrize("name", HEADS)
def test_format(name: str) -> None:
    found = format_of(HEADS[name][:HEAD_BYTES])
    assert found is not None
    assert (found.name, found.kind) == (name, "video" if name in VIDEOS else "picture")


def test_blu_ray_packets() -> None:
    found = format_of((bytes(4) + b"G" + bytes(187)) * 5)
    assert found is not None
    assert found.name == "MPEG-TS"


def test_bitmap_is_more_than_two_letters() -> None:
    assert format_of(b"BMW is a car, and this is no picture") is None


@given(st.binary(max_size=64))
def test_any_bytes_are_described(head: bytes) -> None:
    assert describe_unknown(head)


@given(st.text(st.characters(min_codepoint=32, codec="utf-8")))
def test_text_is_seen_as_text_wherever_it_is_cut(text: str) -> None:
    assert describe_unknown(("- " + text).encode()[:HEAD_BYTES]) == "it begins like a text file"
