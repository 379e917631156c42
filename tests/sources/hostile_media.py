"""Every kind of hostile or broken media, with the exact sentence that refuses it."""

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

from tests.sources import hostile_pictures as pictures
from tests.sources import hostile_videos as videos
from tests.sources.hostile_cases import (
    ABSENT,
    CUT_OFF,
    DAMAGED,
    ELSEWHERE,
    EMPTY,
    MARK,
    NO_FILE,
    NO_PICTURES,
    NO_VIDEO,
    SCHEMES,
    cut,
    file_of,
    place,
    too_large,
    typed,
)
from tests.sources.hostile_files import NOT_PICTURES, PICTURES

URL = videos.box(b"url ", videos.numbers(0), b"file:secret.mov\0")


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
        _symlink("a.png"), f"a.png cannot be read: the system says “{os.strerror(errno.ELOOP)}”."
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
        "a" * 300,
        f"{'a' * 300} cannot be read: the system says “{os.strerror(errno.ENAMETOOLONG)}”.",
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
