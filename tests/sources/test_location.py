"""What a person types is taken apart, or refused with one sentence."""

from pathlib import Path

import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources.location import Location, parse_location, rate_of

SOUND = {
    "a.png": ("path", "a.png"),
    "folder/with: colon.png": ("path", "folder/with: colon.png"),
    r"C:\pictures\a.png": ("path", r"C:\pictures\a.png"),
    "~/a.png": ("path", str(Path.home() / "a.png")),
    "~nobody-of-this-name/a.png": ("path", "~nobody-of-this-name/a.png"),
    "file:///tmp/a%20b.png": ("path", "/tmp/a b.png"),
    "file://localhost/tmp/a.png": ("path", "/tmp/a.png"),
    "file:///tmp/caf%E9.png": ("path", "/tmp/caf\udce9.png"),
    "file:///C:/a.png": ("path", "C:/a.png"),
    "camera:": ("camera", "0"),
    "camera:2": ("camera", "2"),
    "CAMERA:Integrated Webcam": ("camera", "Integrated Webcam"),
    "synthetic:": ("synthetic", ""),
    "synthetic:60": ("synthetic", "60"),
    " http://host/video?x=1 ": ("stream", "http://host/video?x=1"),
    "HTTPS://host:8443/": ("stream", "HTTPS://host:8443/"),
    "rtsp://user:secret@host/1": ("stream", "rtsp://user:secret@host/1"),
    "rtsps://[::1]:322/1": ("stream", "rtsps://[::1]:322/1"),
}
NO_HOST = "The {0} address has no sound host: write it like {0}://host:port/path."
RATE = "A synthetic source has 0 to 1000 frames per second: write synthetic:30."
UNSOUND = {
    "": "No source is named: choose a picture, a video, a stream or a camera.",
    "  ": "No source is named: choose a picture, a video, a stream or a camera.",
    "ftp://host/a.mp4": (
        "Addresses that begin with ftp:// are not opened: use http, https, rtsp or rtsps."
    ),
    "concat://a.ts": (
        "Addresses that begin with concat:// are not opened: use http, https, rtsp or rtsps."
    ),
    "http://": NO_HOST.format("http"),
    "http://host:99999/": NO_HOST.format("http"),
    "http://user:secret@host:port/": NO_HOST.format("http"),
    "rtsp://[::1/": NO_HOST.format("rtsp"),
    "http://host/a b": NO_HOST.format("http"),
    "http://host/a\nb": NO_HOST.format("http"),
    "file://server/share/a.png": (
        "Files of another computer are not opened: copy the file to this one."
    ),
    "synthetic:fast": RATE,
    "synthetic:-1": RATE,
    "synthetic:nan": RATE,
    "synthetic:inf": RATE,
}


@pytest.mark.parametrize("text", SOUND)
def test_sound_location(text: str) -> None:
    assert parse_location(text) == Location(*SOUND[text])


@pytest.mark.parametrize("text", UNSOUND)
def test_unsound_location(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_location(text)
    assert str(caught.value) == UNSOUND[text]


def test_rates() -> None:
    assert [rate_of(text) for text in ("", "0", "12.5")] == [30.0, 0.0, 12.5]
