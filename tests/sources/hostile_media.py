"""Hostile and broken media: how each is made, and the exact sentence that refuses it."""

import gzip
import json
import os
import pickle
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import h5py

from tests import media
from tests.sources import hostile_pictures as pictures
from tests.sources import hostile_videos as videos

Maker = Callable[[Path], str]
SECRET = "the secret sentence"
MARK = "\N{REPLACEMENT CHARACTER}"

CUT_OFF = "is cut off before its end: save or fetch it again."
DAMAGED = "is damaged: save or fetch it again."
EMPTY = "is empty: save or fetch it again."
ABSENT = "does not exist: check its name and folder."
NO_VIDEO = "holds no video that can be played: save or fetch it again."
NO_FILE = "is a pipe or a device: choose a file."
ELSEWHERE = (
    "takes its frames from another file, which is not opened: save it with its frames in it."
)
PLAY_LIST = "it is a list of other files or addresses; open one of those instead."
KERAS = "is a Keras model: open it with Open model or --model."
NO_PICTURES = "holds no pictures: choose one with PNG, JPEG, WebP, TIFF, BMP or GIF files."
UNKNOWN = "it begins like none of the formats that can be opened."
TEXT = "it begins like a text file."
SOUND = "it begins like a sound file."
SVG = "it begins like an SVG drawing; save it as PNG."
HEIC = "it begins like a HEIC or AVIF picture, which is not read; save it as PNG or JPEG."
SCHEMES = "are not opened: use http, https, rtsp or rtsps."

ENTITY = (
    b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:secret.txt'>]>"
    b"<svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>"
)
FFCONCAT = b"ffconcat version 1.0\nfile secret.mov\n"
HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.mov\n#EXT-X-ENDLIST\n"
URL = videos.box(b"url ", videos.numbers(0), b"file:secret.mov\0")


@dataclass(frozen=True)
class Case:
    """What makes a hostile source in an empty folder and says where it is; what is said of it."""

    make: Maker
    sentence: str
    is_early: bool = True  # refused by `check_path`, before OpenCV is loaded


Bytes = bytes | Callable[[Path], bytes]


def file_of(name: str, data: Bytes, words: str, *, late: bool = False) -> Case:
    """Make the case of one file; ``words`` follow its name."""

    def make(folder: Path) -> str:
        path = folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))
        path.write_bytes(data if isinstance(data, bytes) else data(folder))
        return str(path)

    shown = "".join(c if c.isprintable() else MARK for c in name)
    return Case(make, f"{shown} {words}", not late)


def place(make: Callable[[Path], object], sentence: str, name: str = "a.png") -> Case:
    """Make the case of something that is no ordinary file."""

    def made(folder: Path) -> str:
        make(folder / name)
        return str(folder / name)

    return Case(made, sentence)


def typed(location: str, sentence: str) -> Case:
    """Make the case of what a person types; the secret files are in the present folder."""
    return Case(lambda _folder: location, sentence)


def too_large(width: int, height: int) -> str:
    return (
        f"has {width}×{height} pixels, {width * height / 1e6:.0f} million, "
        "and the limit is 100 million: make it smaller first."
    )


def is_not(what: str, begins: str) -> str:
    return f"is not {what}: {begins}"


def pickled(folder: Path) -> bytes:
    """Return a pickle that makes a folder where it is loaded."""

    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(folder / "executed"),)

    return pickle.dumps(Trap(), protocol=4)


def archive(*members: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for member in members:
            file.writestr(member, json.dumps({"keras_version": "3.15.1"}))
    return buffer.getvalue()


def hdf5(**attributes: str) -> bytes:
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        file.attrs.update(attributes)
    return buffer.getvalue()


def cut(codec: str, keep: int) -> Callable[[Path], bytes]:
    """Record a real video and keep its first bytes only; ``codec`` also tells the container."""

    def make(folder: Path) -> bytes:
        path = media.write_video(folder / f"whole{codec[: codec.index(' ')]}", 5, codec[-4:])
        data = path.read_bytes()
        path.unlink()
        return data[:keep]

    return make


def secret_film() -> bytes:
    """A sound film whose picture, all white, is the secret."""
    return videos.mp4((pictures.WHITE_JPEG,))


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _symlink(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _sparse(beginning: bytes, size: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(beginning)
        os.truncate(path, size)

    return make


def _folder_of(**files: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.mkdir()
        for name, data in files.items():
            (path / name.replace("_", ".")).write_bytes(data)

    return make


NOT_PICTURES = {
    "empty": file_of("a.png", b"", EMPTY),
    "one byte": file_of("a.png", b"\0", is_not("a picture", UNKNOWN)),
    "text": file_of("a.jpg", SECRET.encode(), is_not("a picture", TEXT)),
    "UTF-16 text": file_of("a.png", SECRET.encode("utf-16"), is_not("a picture", UNKNOWN)),
    "web page": file_of("a.png", media.WEB_PAGE, is_not("a picture", "it begins like a web page.")),
    "git-LFS pointer": file_of(
        "a.png",
        media.GIT_LFS,
        "is not a picture: it is a git-LFS pointer; run “git lfs pull” to fetch the file itself.",
    ),
    "noise": file_of("a.png", bytes(range(255, 0, -1)) * 9, is_not("a picture", UNKNOWN)),
    "zeros": file_of("a.png", bytes(5000), is_not("a picture", UNKNOWN)),
    "SVG": file_of("a.png", b"<svg/>", is_not("a picture", SVG)),
    "SVG with an entity": file_of("a.svg", ENTITY, is_not("a picture or a video", SVG)),
    "compressed SVG": file_of(
        "a.svgz",
        gzip.compress(ENTITY),
        is_not("a picture or a video", "it begins like a gzip archive."),
    ),
    "PDF": file_of("a.png", b"%PDF-1.7\n", is_not("a picture", "it begins like a PDF document.")),
    "EPS": file_of(
        "a.tif",
        b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n",
        is_not("a picture", "it begins like a PostScript drawing; save it as PNG."),
    ),
    "PSD": file_of(
        "a.tif",
        b"8BPS\0\1" + bytes(20),
        is_not("a picture", "it begins like a Photoshop document."),
    ),
    "HEIC": file_of("a.jpg", videos.box(b"ftyp", b"heic", bytes(4)), is_not("a picture", HEIC)),
    "AVIF": file_of(
        "a.avif", videos.box(b"ftyp", b"avif", bytes(4)), is_not("a picture or a video", HEIC)
    ),
    "JPEG 2000": file_of(
        "a.jp2", bytes.fromhex("0000000c6a5020200d0a870a"), is_not("a picture or a video", UNKNOWN)
    ),
    "OpenEXR": file_of(
        "a.exr", bytes.fromhex("762f3101") + bytes(99), is_not("a picture or a video", UNKNOWN)
    ),
    "BigTIFF": file_of(
        "a.tif",
        b"II+\0\x08\0\0\0",
        is_not("a picture", "it begins like a BigTIFF, which is not read; save it as TIFF or PNG."),
    ),
    "pickle": file_of(
        "a.png",
        pickled,
        is_not("a picture", "it begins like pickled Python objects, which are never loaded."),
    ),
    "NumPy array": file_of("a.npy", b"\x93NUMPY\1\0", is_not("a picture or a video", UNKNOWN)),
    "ZIP": file_of("a.png", archive("a.png"), is_not("a picture", "it begins like a ZIP archive.")),
    "program": file_of("a.png", b"\x7fELF" + bytes(99), is_not("a picture", UNKNOWN)),
    "shell script": file_of("a.png", b"#!/bin/sh\ntouch executed\n", is_not("a picture", TEXT)),
    "Keras model": file_of("a.keras", archive("metadata.json", "config.json"), KERAS),
    "Keras model named a picture": file_of("a.png", archive("config.json"), KERAS),
    "HDF5 model": file_of("a.h5", hdf5(keras_version="3.15.1"), KERAS),
    "HDF5 of something else": file_of(
        "a.h5", hdf5(), is_not("a picture or a video", "it begins like an HDF5 file.")
    ),
    "sound": file_of("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", is_not("a picture or a video", SOUND)),
    "MP3": file_of("a.mp4", b"ID3\3" + bytes(99), is_not("a video", SOUND)),
    "ffconcat as video": file_of("a.mp4", FFCONCAT, is_not("a video", PLAY_LIST)),
    "ffconcat as picture": file_of("a.png", FFCONCAT, is_not("a picture", PLAY_LIST)),
    "HLS": file_of("a.m3u8", HLS, is_not("a picture or a video", PLAY_LIST)),
    "HLS as video": file_of("a.mp4", HLS, is_not("a video", PLAY_LIST)),
    "HLS with a mark": file_of("a.ts", b"\xef\xbb\xbf" + HLS, is_not("a video", PLAY_LIST)),
    "SDP": file_of(
        "a.sdp", b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", is_not("a picture or a video", PLAY_LIST)
    ),
    "ASX": file_of(
        "a.asx",
        b"<ASX version='3.0'><ref href='secret.mov'/></ASX>",
        is_not("a picture or a video", PLAY_LIST),
    ),
    "PLS": file_of(
        "a.pls", b"[playlist]\nFile1=secret.mov\n", is_not("a picture or a video", PLAY_LIST)
    ),
    "DASH": file_of(
        "a.mpd",
        b"<?xml version='1.0'?><MPD><BaseURL>secret.mov</BaseURL></MPD>",
        is_not("a picture or a video", TEXT),
    ),
    "image sequence": file_of("a%d.png", b"", EMPTY),
}

PICTURES = {
    **{
        f"half a {name}": file_of(f"a.{name.lower()}", data[: len(data) // 2], CUT_OFF)
        for name, data in pictures.WHOLE.items()
    },
    **{
        f"{name} of {side}²": file_of(f"a.{name.lower()}", make(side, side), too_large(side, side))
        for side in (30000, 60000)
        for name, make in pictures.SIZED.items()
    },
    "WebP of 16384²": file_of(
        "a.webp", pictures.webp_of_size(16384, 16384), too_large(16384, 16384)
    ),
    "PNG of 2³¹−1": file_of(
        "a.png", media.png(2**31 - 1, 2**31 - 1), too_large(2**31 - 1, 2**31 - 1)
    ),
    "PNG without pixels": file_of("a.png", media.png(0, 0), DAMAGED),
    "GIF without pixels": file_of("a.gif", pictures.gif_of_size(0, 9), DAMAGED),
    "BMP without pixels": file_of("a.bmp", pictures.bmp_of_size(9, 0), DAMAGED),
    "TIFF without pixels": file_of("a.tif", pictures.tiff_of(0, 0, b""), DAMAGED),
    "JPEG without pixels": file_of("a.jpg", pictures.jpeg_of_size(0, 9), DAMAGED),
    "PNG with a wrong checksum": file_of(
        "a.png", pictures.PNG.replace(b"IDAT", b"IDAT\1", 1)[:-1], DAMAGED
    ),
    "PNG of too few rows": file_of("a.png", media.png(10000, 10000), DAMAGED, late=True),
    "PNG without an end": file_of("a.png", pictures.PNG[:-12], CUT_OFF),
    "PNG of a chunk behind the end": file_of(
        "a.png", pictures.png_of()[:33] + b"\x7f\xff\xff\xffzTXt", CUT_OFF
    ),
    "JPEG of a kilobyte for 100 million": file_of(
        "a.jpg", pictures.jpeg_of_size(10000, 9999), CUT_OFF
    ),
    "JPEG of ten thousand scans": file_of(
        "a.jpg", pictures.jpeg_of_scans(10_000, 2000, 2000), DAMAGED
    ),
    "JPEG without a frame": file_of("a.jpg", b"\xff\xd8\xff\xd9", DAMAGED),
    "GIF of a frame outside": file_of("a.gif", pictures.gif_of_size(9, 9), DAMAGED),
    "GIF of a million blocks": file_of(
        "a.gif", pictures.GIF[:13] + b"\x21\xfe" + b"\1 " * 1_000_001, DAMAGED
    ),
    "GIF of a million extensions": file_of(
        "a.gif", b"GIF89a\1\0\1\0\0\0\0" + b"\x21\xfe\0" * 1_000_001, DAMAGED
    ),
    "TIFF whose pages begin behind its end": file_of("a.tif", b"II*\0\xff\xff\xff\x7f", CUT_OFF),
    "TIFF of 65535 tags": file_of("a.tif", pictures.tiff_of_tags(65535), DAMAGED),
    "TIFF of tiles of 2³⁰": file_of(
        "a.tif", pictures.tiff_of(40, 24, bytes(99), tile=(2**30, 2**30)), DAMAGED, late=True
    ),
    "TIFF of 65535 channels": file_of(
        "a.tif", pictures.tiff_of(9999, 9999, bytes(99), samples=65535), DAMAGED, late=True
    ),
    "TIFF of measured values": file_of(
        "a.tif",
        pictures.tiff_of(4, 4, bytes(64), bits=32, kind=3),
        "holds measured values (float32): save it with 8 or 16 bits a channel.",
    ),
    "TIFF of 800 MB of measured values": file_of(
        "a.tif",
        pictures.tiff_of(9999, 9999, bytes(64), bits=64, kind=3),
        "holds measured values (float64): save it with 8 or 16 bits a channel.",
    ),
    "BMP that begins behind its end": file_of(
        "a.bmp", pictures.BMP[:10] + b"\xff\xff\xff\x7f" + pictures.BMP[14:], CUT_OFF
    ),
}

VIDEOS = {
    "MP4 cut off": file_of("a.mp4", cut(".mp4 mp4v", 500), CUT_OFF),
    "MOV cut off": file_of("a.mov", cut(".mov mp4v", 500), CUT_OFF),
    "Matroska cut off": file_of("a.mkv", cut(".mkv MJPG", 300), NO_VIDEO, late=True),
    "WebM cut off": file_of("a.webm", cut(".webm VP80", 300), NO_VIDEO, late=True),
    "AVI cut off": file_of("a.avi", cut(".avi MJPG", 200), NO_VIDEO, late=True),
    "Flash cut off": file_of("a.flv", cut(".flv FLV1", 100), NO_VIDEO, late=True),
    "MPEG-TS cut off": file_of("a.ts", cut(".ts mpg2", 3 * 188 + 1), NO_VIDEO, late=True),
    "MPEG cut off": file_of("a.mpg", cut(".mpg mpg1", 40), NO_VIDEO, late=True),
    "Windows Media cut off": file_of("a.wmv", cut(".wmv WMV2", 300), NO_VIDEO, late=True),
    "Theora cut off": file_of("a.ogv", videos.ogg(b"\x80theora\3\2\1"), NO_VIDEO, late=True),
    "Ogg of sound": file_of("a.ogv", videos.ogg(b"OpusHead\1\1" + bytes(9)), NO_VIDEO, late=True),
    "Ogg of ten thousand streams": file_of(
        "a.ogv", b"".join(videos.ogg(b"\x80theora", n) for n in range(10_000)), NO_VIDEO, late=True
    ),
    "MP4 of noise": file_of("a.mp4", videos.box(b"ftyp", b"isom") + bytes(range(256)) * 9, CUT_OFF),
    "MP4 without a picture": file_of("a.mp4", videos.mp4(handler=b"soun"), NO_VIDEO, late=True),
    "AVI of sound": file_of("a.avi", videos.avi(kind=b"auds"), NO_VIDEO, late=True),
    **{
        f"{name} of no frames": file_of(f"a.{name}", make(()), NO_VIDEO, late=True)
        for name, make in (("mov", videos.mp4), ("mkv", videos.mkv), ("avi", videos.avi))
    },
    **{
        f"MOV of {side}²": file_of(
            "a.mov", videos.mp4(width=side, height=side), too_large(side, side)
        )
        for side in (30000, 60000)
    },
    **{
        f"{name} of {side}²": file_of(
            f"a.{name}",
            make((pictures.jpeg_of_size(side, side),), width=side, height=side),
            NO_VIDEO,
            late=True,
        )
        for side in (30000, 60000)
        for name, make in (("mkv", videos.mkv), ("avi", videos.avi))
    },
    "AVI of a frame of 100 million": file_of(
        "a.avi",
        lambda _: videos.avi((pictures.zero_jpeg(10000, 10008),)),
        too_large(10000, 10008),
        late=True,
    ),
    "MOV in another file": file_of("a.mov", videos.mp4(dref=URL), ELSEWHERE),
    "MOV under another name": file_of(
        "a.mov", videos.mp4(dref=videos.alias("secret.mov")), ELSEWHERE
    ),
    "MOV of 80 million samples": file_of(
        "a.mov", videos.mp4(tables=videos.endless_samples(80_000_000)), DAMAGED
    ),
    "MP4 of 80 million samples in a fragment": file_of(
        "a.mp4", videos.mp4(fragment=videos.endless_fragment(80_000_000)), DAMAGED
    ),
    "MOV of compressed tables": file_of(
        "a.mov",
        lambda _: videos.mp4(moov_of=lambda _moov: videos.compressed_moov(2**26)),
        "has compressed tables, which are not read: save it as MP4.",
    ),
    "MOV hidden in free space": file_of(
        "a.mov", videos.mp4(moov_of=lambda moov: videos.box(b"free", moov), dref=URL), ELSEWHERE
    ),
}

PLACES = {
    "absent": typed("none.png", f"none.png {ABSENT}"),
    "absent folder": typed("none/a.png", f"a.png {ABSENT}"),
    "file as folder": typed("secret.png/a.png", f"a.png {ABSENT}"),
    "nothing": typed("  ", "No source is named: choose a picture, a video, a stream or a camera."),
    "pipe": place(os.mkfifo, f"a.png {NO_FILE}"),
    "socket": place(_socket, f"a.png {NO_FILE}"),
    "/dev/zero": typed("/dev/zero", f"zero {NO_FILE}"),
    "/dev/null": typed("/dev/null", f"null {NO_FILE}"),
    "device as picture": place(_symlink("/dev/zero"), f"a.png {NO_FILE}"),
    "dangling link": place(_symlink("none.png"), f"a.png {ABSENT}"),
    "link to itself": place(
        _symlink("a.png"), f"a.png cannot be read: the system says “{os.strerror(40)}”."
    ),
    "folder of nothing": place(_folder_of(), f"The folder a.png {NO_PICTURES}"),
    "folder of text": place(_folder_of(a_txt=b"x"), f"The folder a.png {NO_PICTURES}"),
    "picture over the limit": place(
        _sparse(pictures.PNG, 2**29 + 1),
        "a.png is 512 MB and the limit is 512: make it smaller first.",
    ),
    "video over the limit": place(
        _sparse(videos.avi(), 2**36 + 2**30),
        "a.avi is 66560 MB and the limit is 65536: make it smaller first.",
        "a.avi",
    ),
    "name with a NUL": typed("a\0.png", f"a{MARK}.png {ABSENT}"),
    "name of 300 letters": typed(
        "a" * 300, f"{'a' * 300} cannot be read: the system says “{os.strerror(36)}”."
    ),
    "name of 255 letters": file_of("a" * 251 + ".png", b"", EMPTY),
    "name with lines": file_of("a\nTraceback:\r.png", b"", EMPTY),
    "name in no encoding": file_of("caf\udce9.png", b"", EMPTY),
    "name that turns the text": file_of("a\u202egnp.exe", b"", EMPTY),
    "name with a dash": file_of("--help.png", b"", EMPTY),
    "name with colours": file_of("\x1b[31ma.png", b"", EMPTY),
    "name with marks": file_of("<img src='secret.png'>.png", b"", EMPTY),
    "concat:": typed("concat:secret.mov|secret.mov", f"concat:secret.mov|secret.mov {ABSENT}"),
    "subfile:": typed(
        "subfile,,start,0,end,0,,:secret.mov", f"subfile,,start,0,end,0,,:secret.mov {ABSENT}"
    ),
    "crypto:": typed("crypto:secret.mov", f"crypto:secret.mov {ABSENT}"),
    "file:": typed("file:secret.mov", f"file:secret.mov {ABSENT}"),
    "data:": typed("data:,secret", f"data:,secret {ABSENT}"),
    "pipe:": typed("pipe:0", f"pipe:0 {ABSENT}"),
    "another computer": typed(
        "file://host/secret.mov",
        "Files of another computer are not opened: copy the file to this one.",
    ),
    **{
        f"{scheme}://": typed(
            f"{scheme}://secret.mov", f"Addresses that begin with {scheme}:// {SCHEMES}"
        )
        for scheme in (
            "concat",
            "crypto",
            "tcp",
            "udp",
            "ftp",
            "gopher",
            "smb",
            "rtmp",
            "javascript",
        )
    },
    "address without a host": typed(
        "http:///secret.mov",
        "The http address has no sound host: write it like http://host:port/path.",
    ),
    "address with lines": typed(
        "http://host/\r\nX: y",
        "The http address has no sound host: write it like http://host:port/path.",
    ),
    "image sequence that is typed": typed("secret%d.png", f"secret%d.png {ABSENT}"),
}

HOSTILE = {**NOT_PICTURES, **PICTURES, **VIDEOS, **PLACES}
