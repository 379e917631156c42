"""The gate for files from strangers: nothing that has not passed it reaches OpenCV."""

import os
from io import BufferedReader
from pathlib import Path

from poolviewer.core.errors import SourceError
from poolviewer.core.local_files import is_folder, open_regular, shown_name
from poolviewer.sources.films import check_film
from poolviewer.sources.formats import (
    HEAD_BYTES,
    PICTURE_ENDINGS,
    VIDEO_ENDINGS,
    Format,
    describe_unknown,
    format_of,
    is_keras_model,
)
from poolviewer.sources.headers import check_picture
from poolviewer.sources.listing import list_pictures
from poolviewer.sources.location import parse_location
from poolviewer.sources.session_files import carries_session

PICTURE_LIMIT = 512 * 2**20
VIDEO_LIMIT = 64 * 2**30


def check_path(location: str) -> None:
    """Refuse in milliseconds what could never be opened, without loading OpenCV.

    Cameras, streams and synthetic sources pass when their names are sound; that they are there
    is known only once they are opened.

    Parameters
    ----------
    location
        What a person typed: a path, a URL, ``camera:…`` or ``synthetic:…``.

    Raises
    ------
    SourceError
        Missing, unreadable, empty or truncated file; neither picture nor video; too large; a
        folder without pictures; a URL that is not for video; a drawing or document that carries
        no saved view.
    """
    parsed = parse_location(location)
    if parsed.kind != "path":
        return
    path = Path(parsed.value)
    if is_folder(path):
        list_pictures(path)
        return
    if carries_session(path):
        return
    file, found = open_media(path)
    with file:
        if found.kind == "picture":
            check_picture(file.read(), found, shown_name(path))


def read_picture_bytes(path: Path) -> bytes:
    """Read a picture file that is whole and of bearable size; raises `SourceError`."""
    file, found = open_media(path)
    with file:
        if found.kind != "picture":
            raise SourceError(f"{shown_name(path)} is not a picture: it is a video.")
        data = file.read()
    check_picture(data, found, shown_name(path))
    return data


def open_media(path: Path) -> tuple[BufferedReader, Format]:
    """Open a picture or video for reading and say which; raises `SourceError`."""
    file = open_regular(path, SourceError)
    try:
        found = _format_of(file, path)
    except BaseException:
        file.close()
        raise
    return file, found


def _format_of(file: BufferedReader, path: Path) -> Format:
    name = shown_name(path)
    size = os.fstat(file.fileno()).st_size
    if size == 0:
        raise SourceError(f"{name} is empty: save or fetch it again.")
    head = file.read(HEAD_BYTES)
    file.seek(0)
    found = format_of(head)
    if is_keras_model(head):
        raise SourceError(f"{name} is a Keras model: open it with Open model or --model.")
    if found is None:
        raise SourceError(f"{name} is not {_expected(path)}: {describe_unknown(head)}.")
    limit = PICTURE_LIMIT if found.kind == "picture" else VIDEO_LIMIT
    if size > limit:
        raise SourceError(
            f"{name} is {size / 2**20:.0f} MB and the limit is {limit / 2**20:.0f}: "
            "make it smaller first."
        )
    if found.name == "MP4":
        check_film(file, size, name)
        file.seek(0)
    return found


def _expected(path: Path) -> str:
    ending = path.suffix.lower()
    if ending in PICTURE_ENDINGS:
        return "a picture"
    return "a video" if ending in VIDEO_ENDINGS else "a picture or a video"
