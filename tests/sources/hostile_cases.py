"""What the tables of hostile media are made with: makers, and the words of sentences."""

import json
import os
import pickle
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
SVG = "is an SVG drawing that carries no saved view: save it as PNG to see it."
PDF = "is a PDF document that carries no saved view: save its pictures as PNG to see them."
HEIC = "it begins like a HEIC or AVIF picture, which is not read; save it as PNG or JPEG."
SCHEMES = "are not opened: use http, https, rtsp or rtsps."


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
