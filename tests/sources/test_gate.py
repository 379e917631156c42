"""Files from strangers: what is wrong with each is said in exactly one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import SourceRequest
from poolviewer.sources import gate
from poolviewer.sources.gate import check_path, open_media, read_picture_bytes
from poolviewer.sources.opening import open_source
from tests import media

PNG, JPEG = media.encoded(".png"), media.encoded(".jpg")
MP4_BOX = b"\0\0\0\x18ftyp"
CUT_OFF = "is cut off before its end: save or fetch it again."
DAMAGED = "is damaged: save or fetch it again."
UNKNOWN = "it begins like none of the formats that can be opened."
PLAY_LIST = "it is a list of other files or addresses; open one of those instead."

# Name, bytes, the sentence behind the name: refused before OpenCV is even loaded.
BAD_FILES = {
    "zero bytes": ("zero.png", b"", "is empty: save or fetch it again."),
    "text": ("notes.png", b"Dear diary,\n", "is not a picture: it begins like a text file."),
    "UTF-8": ("notes.jpg", "Füße".encode(), "is not a picture: it begins like a text file."),
    "text as video": ("a.mp4", b"hello", "is not a video: it begins like a text file."),
    "box name in text": ("a.mp4", b"The free", "is not a video: it begins like a text file."),
    "text as text": ("a.txt", b"x", "is not a picture or a video: it begins like a text file."),
    "ffconcat": ("a.mp4", media.FFCONCAT, f"is not a video: {PLAY_LIST}"),
    "play list": ("a.ts", b"#EXTM3U\nb.ts\n", f"is not a video: {PLAY_LIST}"),
    "web page": ("a.jpg", media.WEB_PAGE, "is not a picture: it begins like a web page."),
    "git-LFS": (
        "a.png",
        media.GIT_LFS,
        "is not a picture: it is a git-LFS pointer; run “git lfs pull” to fetch the file itself.",
    ),
    "SVG": (
        "a.png",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "is an SVG drawing that carries no saved view: save it as PNG to see it.",
    ),
    "HEIC": (
        "a.jpg",
        MP4_BOX + b"heic\0\0\0\0mif1",
        "is not a picture: it begins like a HEIC or AVIF picture, which is not read; "
        "save it as PNG or JPEG.",
    ),
    "BigTIFF": (
        "a.tif",
        b"II+\0\x08\0\0\0",
        "is not a picture: it begins like a BigTIFF, which is not read; save it as TIFF or PNG.",
    ),
    "PDF": (
        "a.png",
        b"%PDF-1.7\n",
        "is a PDF document that carries no saved view: save its pictures as PNG to see them.",
    ),
    "ZIP": ("a.keras", b"PK\x03\x04", "is not a picture or a video: it begins like a ZIP archive."),
    "noise": ("a.png", bytes(range(256)), f"is not a picture: {UNKNOWN}"),
    "RIFF of another kind": ("a.webp", b"RIFF\0\0\0\0ACONanih", f"is not a picture: {UNKNOWN}"),
    "half a PNG": ("a.png", PNG[: len(PNG) // 2], CUT_OFF),
    "PNG without end": ("a.png", PNG[:-12], CUT_OFF),
    "PNG signature only": ("a.png", PNG[:8], CUT_OFF),
    "PNG with a flipped bit": ("a.png", PNG[:60] + bytes([PNG[60] ^ 1]) + PNG[61:], DAMAGED),
    "PNG without pixels": ("a.png", media.png(0, 5), DAMAGED),
    "half a JPEG": ("a.jpg", JPEG[: len(JPEG) // 2], CUT_OFF),
    "JPEG without end": ("a.jpg", JPEG[:-2], CUT_OFF),
    "JPEG of markers": ("a.jpg", b"\xff\xd8\xff" + b"\xff\x01" * 1_000_001, DAMAGED),
    "half a GIF": ("a.gif", media.encoded(".gif")[:-20], CUT_OFF),
    "half a WebP": ("a.webp", media.encoded(".webp")[:-10], CUT_OFF),
    "half a BMP": ("a.bmp", media.encoded(".bmp")[:-10], CUT_OFF),
    "half a TIFF": ("a.tif", media.tiff(media.gradient())[:-10], CUT_OFF),
    "half a compressed TIFF": ("a.tif", media.encoded(".tif")[:100], CUT_OFF),
    "TIFF without size": ("a.tif", b"II*\0\x08\0\0\0\0\0\0\0\0\0", DAMAGED),
    "huge PNG": (
        "a.png",
        media.png(60000, 60000),
        "has 60000×60000 pixels, 3600 million, and the limit is 100 million: "
        "make it smaller first.",
    ),
    "huge BMP": (
        "a.bmp",
        b"BM" + bytes(12) + b"\x28\0\0\0" + b"\0\0\1\0" * 2,
        "has 65536×65536 pixels, 4295 million, and the limit is 100 million: "
        "make it smaller first.",
    ),
}


def sentence_of(function, *arguments) -> str:
    with pytest.raises(SourceError) as caught:
        function(*arguments)
    return str(caught.value)


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file(tmp_path: Path, case: str) -> None:
    name, data, expected = BAD_FILES[case]
    (tmp_path / name).write_bytes(data)
    assert sentence_of(check_path, str(tmp_path / name)) == f"{name} {expected}"


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file_is_opened_as_little_as_it_is_checked(tmp_path: Path, case: str) -> None:
    name, data, expected = BAD_FILES[case]
    (tmp_path / name).write_bytes(data)

    def open_it() -> None:
        source = open_source(SourceRequest(str(tmp_path / name)))
        source.open()

    assert sentence_of(open_it) == f"{name} {expected}"


def test_missing_file(tmp_path: Path) -> None:
    for path in (tmp_path / "a.png", tmp_path / "none" / "a.png", tmp_path / "a\0.png"):
        name = path.name.replace("\0", "\N{REPLACEMENT CHARACTER}")
        expected = f"{name} does not exist: check its name and folder."
        assert sentence_of(check_path, str(path)) == expected


def test_forbidden_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(gate.os, "open", refuse)
    expected = "a.png may not be read: ask its owner for permission."
    assert sentence_of(check_path, str(tmp_path / "a.png")) == expected


def test_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(gate.os, "open", fail)
    expected = f"a.png cannot be read: the system says “{os.strerror(5)}”."
    assert sentence_of(check_path, str(tmp_path / "a.png")) == expected


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_pipe_and_device_do_not_block(tmp_path: Path, make) -> None:
    make(tmp_path / "a.png")
    expected = "a.png is a pipe or a device: choose a file."
    assert sentence_of(check_path, str(tmp_path / "a.png")) == expected


def test_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> int:
        raise OSError(6, "No such device or address")

    monkeypatch.setattr(gate.os, "open", fail)
    expected = "a.png is a pipe or a device: choose a file."
    assert sentence_of(check_path, str(tmp_path / "a.png")) == expected


def test_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    os.truncate(path, gate.PICTURE_LIMIT + 2**20)
    expected = "a.png is 513 MB and the limit is 512: make it smaller first."
    assert sentence_of(check_path, str(path)) == expected


def test_folders(tmp_path: Path) -> None:
    folder = tmp_path / "x.png"
    folder.mkdir()
    assert sentence_of(check_path, str(folder)) == (
        "The folder x.png holds no pictures: "
        "choose one with PNG, JPEG, WebP, TIFF, BMP or GIF files."
    )
    (folder / "a.png").write_bytes(PNG)
    check_path(str(folder))


def test_video_is_no_picture() -> None:
    expected = "bigbuckbunny.mp4 is not a picture: it is a video."
    assert sentence_of(read_picture_bytes, media.SAMPLES / "bigbuckbunny.mp4") == expected


def test_odd_names(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9<b>\n.png")
    path.write_bytes(PNG)
    check_path(str(path))
    path.write_bytes(b"")
    expected = "caf\N{REPLACEMENT CHARACTER}<b>\N{REPLACEMENT CHARACTER}.png is empty"
    assert sentence_of(check_path, str(path)).startswith(expected)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1)])
@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif", ".bmp", ".gif"])
def test_thin_pictures_pass(tmp_path: Path, shape: tuple[int, int], ending: str) -> None:
    path = tmp_path / f"thin{ending}"
    path.write_bytes(media.encoded(ending, np.zeros((*shape, 3), np.uint8)))
    check_path(str(path))


@pytest.mark.parametrize("name", ["chelsea.png", "coffee.png", "coins.png", "bigbuckbunny.mp4"])
def test_samples_pass(name: str) -> None:
    check_path(str(media.SAMPLES / name))


def test_trailing_bytes_are_borne(tmp_path: Path) -> None:
    for name, data in (("a.png", PNG), ("a.jpg", JPEG)):
        (tmp_path / name).write_bytes(data + b"appended by a phone")
        check_path(str(tmp_path / name))


@pytest.mark.parametrize("location", ["camera:0", "synthetic:", "http://127.0.0.1/x", "rtsp://h"])
def test_what_is_no_path_is_left_to_its_opening(location: str) -> None:
    check_path(location)


def test_file_is_at_its_start(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    file, found = open_media(tmp_path / "a.png")
    with file:
        assert (found.kind, found.name, file.read()) == ("picture", "PNG", PNG)


def test_checking_loads_nothing_heavy() -> None:
    code = (
        "import sys; from poolviewer.sources.gate import check_path; check_path(sys.argv[1]);"
        "print(sorted({'cv2', 'numpy', 'PySide6', 'keras', 'ssl'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(media.SAMPLES / "coins.png")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
