"""What a file is, judged by its first bytes and never by its ending."""

from dataclasses import dataclass
from typing import Literal

MediaKind = Literal["picture", "video"]
HEAD_BYTES = 2048

# fmt: off
PICTURE_ENDINGS = frozenset((
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".bmp", ".dib",
    ".gif",
))
VIDEO_ENDINGS = frozenset((
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ogv", ".ts", ".mts", ".m2ts", ".mpg",
    ".mpeg", ".vob", ".flv", ".wmv", ".asf",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that can be opened, such as the picture format PNG."""

    kind: MediaKind
    name: str


_PREFIXES = (
    (b"\x89PNG\r\n\x1a\n", Format("picture", "PNG")),
    (b"\xff\xd8\xff", Format("picture", "JPEG")),
    (b"II*\0", Format("picture", "TIFF")),
    (b"MM\0*", Format("picture", "TIFF")),
    (b"GIF87a", Format("picture", "GIF")),
    (b"GIF89a", Format("picture", "GIF")),
    (b"\x1aE\xdf\xa3", Format("video", "Matroska")),
    (b"OggS", Format("video", "Ogg")),
    (b"\0\0\x01\xba", Format("video", "MPEG")),
    (b"\0\0\x01\xb3", Format("video", "MPEG")),
    (b"FLV\x01", Format("video", "Flash")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0b\xcel", Format("video", "Windows Media")),
)
_RIFF = {b"WEBP": Format("picture", "WebP"), b"AVI ": Format("video", "AVI")}
_MP4_BOXES = (b"ftyp", b"moov", b"wide", b"free", b"skip", b"pnot")
_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_DIB_HEADERS = (12, 40, 52, 56, 64, 108, 124)

_OTHERS = (
    (
        b"version https://git-lfs",
        "it is a git-LFS pointer; run “git lfs pull” to fetch the file itself",
    ),
    (b"%PDF", "it begins like a PDF document"),
    (b"PK\x03\x04", "it begins like a ZIP archive"),
    (b"\x1f\x8b", "it begins like a gzip archive"),
    (b"\x89HDF", "it begins like an HDF5 file"),
    (b"8BPS", "it begins like a Photoshop document"),
    (b"ID3", "it begins like a sound file"),
    (b"fLaC", "it begins like a sound file"),
    (b"\x80\x04\x95", "it begins like pickled Python objects, which are never loaded"),
    (b"II+\0", "it begins like a BigTIFF, which is not read; save it as TIFF or PNG"),
    (b"MM\0+", "it begins like a BigTIFF, which is not read; save it as TIFF or PNG"),
)
_PLAY_LIST = "it is a list of other files or addresses; open one of those instead"
_TEXTS = (
    (b"<svg", "it begins like an SVG drawing; save it as PNG"),
    (b"<!doctype html", "it begins like a web page"),
    (b"<html", "it begins like a web page"),
    (b"%!ps", "it begins like a PostScript drawing; save it as PNG"),
    (b"#extm3u", _PLAY_LIST),
    (b"ffconcat", _PLAY_LIST),
    (b"[playlist]", _PLAY_LIST),
    (b"<asx", _PLAY_LIST),
    (b"v=0", _PLAY_LIST),  # of an SDP
)
_KERAS_MEMBERS = (b"metadata.json", b"config.json", b"model.weights.h5")


def format_of(head: bytes) -> Format | None:
    """Return what a file is that begins with these bytes; None where it cannot be opened."""
    for prefix, found in _PREFIXES:
        if head.startswith(prefix):
            return found
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if _is_mp4(head):
        return None if _is_heic(head) else Format("video", "MP4")
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _DIB_HEADERS:
        return Format("picture", "BMP")
    return Format("video", "MPEG-TS") if _is_transport_stream(head) else None


def describe_unknown(head: bytes) -> str:
    """Say in words how a file begins that cannot be opened."""
    for prefix, words in _OTHERS:
        if head.startswith(prefix):
            return words
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "it begins like a sound file"
    if _is_heic(head):
        return "it begins like a HEIC or AVIF picture, which is not read; save it as PNG or JPEG"
    if not _is_text(head):
        return "it begins like none of the formats that can be opened"
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith(b"<?xml"):
        beginning = beginning[max(beginning.find(b"<svg"), 0) :]
    for prefix, words in _TEXTS:
        if beginning.startswith(prefix):
            return words
    return "it begins like a text file"


def is_keras_model(head: bytes) -> bool:
    """Say whether a file begins like a Keras model: an archive of one, or HDF5 that names it."""
    if head.startswith(b"\x89HDF"):
        return b"keras_version" in head
    return head.startswith(b"PK\x03\x04") and head[30:].startswith(_KERAS_MEMBERS)


def _is_mp4(head: bytes) -> bool:
    """A box of under 16 MB comes first, or the frames themselves; text never begins so."""
    return head[4:8] == b"mdat" or (head[:1] == b"\0" and head[4:8] in _MP4_BOXES)


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS


def _is_transport_stream(head: bytes) -> bool:
    """Packets of 188 bytes (192 on Blu-ray) each begin with the same byte."""
    for start, size in ((0, 188), (4, 192)):
        if all(head[start + n * size : start + n * size + 1] == b"G" for n in range(4)):
            return True
    return False


def _is_text(head: bytes) -> bool:
    """No control characters, and UTF-8 but for a character cut at the end."""
    if any(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in head):
        return False
    return any(_decodes(head[: len(head) - cut]) for cut in range(4))


def _decodes(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError:
        return False
    return True
