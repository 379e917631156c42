"""The tables of a film are read as FFmpeg would, and no further."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.errors import SourceError
from poolviewer.sources.films import check_film
from tests import media
from tests.sources import hostile_videos as videos
from tests.sources.hostile_videos import box, mp4, numbers

SOUND_FILMS = {
    "the sample": (media.SAMPLES / "bigbuckbunny.mp4").read_bytes(),
    "one frame": mp4(),
    "no frames": mp4(()),
    "fragment that lists its sizes": mp4(
        fragment=box(b"moof", box(b"traf", box(b"trun", numbers(0x200, 1, 9))))
    ),
    "fragment of few frames": mp4(fragment=videos.endless_fragment(9)),
    "the largest picture": mp4(width=10000, height=10000),
    "old tables in free space": mp4(fragment=box(b"free", videos.endless_samples(2**31))),
    "box of 64 bits": mp4(fragment=numbers(1) + b"free" + numbers(0, 16)),
    "box up to the end": mp4(fragment=numbers(0) + b"free" + bytes(99)),
    "cut off behind its tables": mp4(fragment=numbers(10**9) + b"mdat"),
    "few bytes behind the last box": mp4(fragment=b"1234567"),
}
DAMAGED = "a is damaged: save or fetch it again."
CUT_OFF = "a is cut off before its end: save or fetch it again."
SPOILT_FILMS = {
    "samples": (mp4(tables=videos.endless_samples(2**31)), DAMAGED),
    "samples of a fragment": (mp4(fragment=videos.endless_fragment(2**31)), DAMAGED),
    "many fragments": (mp4(fragment=videos.endless_fragment(1000) * 200), DAMAGED),
    "track in free space": (
        mp4(moov_of=lambda m: box(b"free", m), tables=videos.endless_samples(2**31)),
        DAMAGED,
    ),
    "track in the user's data": (
        box(b"ftyp", b"qt  ") + box(b"moov", box(b"udta", videos.endless_samples(2**31))),
        DAMAGED,
    ),
    "track in new metadata": (
        box(b"moov", box(b"meta", bytes(4), videos.endless_samples(2**31))),
        DAMAGED,
    ),
    "track in old metadata": (box(b"moov", box(b"meta", videos.endless_samples(2**31))), DAMAGED),
    "million boxes": (box(b"moov", numbers(8, 0) * 1_000_001), DAMAGED),
    "short table": (box(b"moov", box(b"stsz", bytes(4))), DAMAGED),
    "cut off in its frames": (mp4()[:100], CUT_OFF),
    "cut off in its tables": (mp4()[:-100], CUT_OFF),
}


def check(data: bytes) -> None:
    check_film(BytesIO(data), len(data), "a")


@pytest.mark.parametrize("name", SOUND_FILMS)
def test_sound_film_passes(name: str) -> None:
    check(SOUND_FILMS[name])


@pytest.mark.parametrize("name", SPOILT_FILMS)
def test_spoilt_film_is_refused(name: str) -> None:
    data, sentence = SPOILT_FILMS[name]
    with pytest.raises(SourceError) as caught:
        check(data)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("version", [0, 1])
def test_size_of_a_track_of_either_version(version: int) -> None:
    sides = numbers(10001 << 16, 10000 << 16)
    data = box(b"moov", box(b"tkhd", bytes([version]), bytes(75 + 12 * version), sides))
    with pytest.raises(SourceError, match=r"^a has 10001×10000 pixels, 100 million"):
        check(data)


def test_second_reference_counts_too() -> None:
    own, other = box(b"url ", numbers(1)), box(b"url ", numbers(0), b"file:secret.mov")
    with pytest.raises(SourceError, match=r"^a takes its frames from another file"):
        check(box(b"moov", box(b"dref", numbers(0, 2), own, other)))


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=12))
def test_any_bytes_are_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(mp4(fragment=videos.endless_fragment(9)))
    for place, value in changes:
        data[place % len(data)] = value
    with suppress(SourceError):
        check(bytes(data))
