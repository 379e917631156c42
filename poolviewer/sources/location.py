"""What a person typed, dropped or chose, taken apart."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from poolviewer.core.errors import SourceError

LocationKind = Literal["path", "stream", "camera", "synthetic"]
STREAM_SCHEMES = ("http", "https", "rtsp", "rtsps")
DEFAULT_RATE = 30.0
MAX_RATE = 1000.0


@dataclass(frozen=True, slots=True)
class Location:
    """What to open: a path, a stream's URL, a camera's number or name, or a synthetic rate."""

    kind: LocationKind
    value: str


def parse_location(text: str) -> Location:
    """Take a location apart without touching the disk; raises `SourceError` where it is unsound."""
    scheme, separator, rest = text.strip().partition(":")
    scheme = scheme.lower()
    if separator and scheme == "camera":
        return Location("camera", rest.strip() or "0")
    if separator and scheme == "synthetic":
        rate_of(rest)
        return Location("synthetic", rest)
    if re.match(r"[a-z][a-z0-9+.-]+$", scheme) and rest.startswith("//"):
        return _parse_url(text.strip(), scheme)
    if not text.strip():
        raise SourceError("No source is named: choose a picture, a video, a stream or a camera.")
    return Location("path", _expanded(text))


def rate_of(text: str) -> float:
    """Return the frames per second of ``synthetic:TEXT``; 0 means as many as can be taken."""
    try:
        rate = float(text) if text.strip() else DEFAULT_RATE
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= MAX_RATE:
        raise SourceError(
            f"A synthetic source has 0 to {MAX_RATE:.0f} frames per second: write synthetic:30."
        )
    return rate


def _parse_url(url: str, scheme: str) -> Location:
    if scheme == "file":
        return Location("path", _path_of_url(url))
    if scheme not in STREAM_SCHEMES:
        raise SourceError(
            f"Addresses that begin with {scheme}:// are not opened: use http, https, rtsp or rtsps."
        )
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_sound = False
    if not is_sound or not url.isprintable() or " " in url:
        raise SourceError(
            f"The {scheme} address has no sound host: write it like {scheme}://host:port/path."
        )
    return Location("stream", url)


def _path_of_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise SourceError("Files of another computer are not opened: copy the file to this one.")
    path = unquote(parts.path, errors="surrogateescape")
    return re.sub(r"^/(?=[A-Za-z]:)", "", path)


def _expanded(text: str) -> str:
    try:
        return str(Path(text).expanduser())
    except RuntimeError:  # the home folder of a person who does not exist
        return text
