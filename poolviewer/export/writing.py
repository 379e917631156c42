"""Write one moment to a file of any kind: the one place that knows all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import FORMATS, FileFormat, FileOptions, format_of
from poolviewer.export import numbers
from poolviewer.export.files import check_writable, shown, write_whole, write_with
from poolviewer.export.metadata import metadata
from poolviewer.export.request import FigureRequest
from poolviewer.export.session import session_of

# ruff: noqa: PLC0415 - numbers are written where Qt's libraries are missing

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

USUAL = FileOptions()


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be put into a file, and the picture where one was drawn."""

    data: bytes | Callable[[BinaryIO], object]
    image: "QImage | None" = None


def check_file(path: Path) -> FileFormat:
    """Return what kind of file a path asks for; raises `ExportError` if it cannot be written.

    Meant for before the work starts: it tries to write beside the file, and removes the trial.
    """
    found = format_of(path.name)
    if found is None:
        endings = ", ".join(f".{known.ending}" for known in FORMATS)
        raise ExportError(
            f"{shown(path)} does not say what to write: its name must end in one of {endings}."
        )
    check_writable(path)
    return found


def write_figure(
    path: Path, request: FigureRequest, options: FileOptions = USUAL
) -> "QImage | None":
    """Write a request to a file, whole or not at all; needs a `QGuiApplication` for pictures.

    Returns
    -------
    QImage or None
        The picture, where one was drawn.

    Raises
    ------
    ExportError
        With one sentence.
    """
    kind = check_file(path)
    if kind.is_drawn:
        from poolviewer.export.figure import arranged

        arranged(request).check_drawn()
    made = WRITERS[kind.ending](request, options)
    if isinstance(made.data, bytes):
        write_whole(path, made.data)
    else:
        write_with(path, made.data)
    return made.image


def _session(request: FigureRequest) -> bytes:
    from poolviewer.sessions.codec import encode

    return encode(session_of(request))


def _png(request: FigureRequest, _options: FileOptions) -> Written:
    from poolviewer.export.figure import render_figure
    from poolviewer.export.raster import png_bytes

    image = render_figure(request)
    return Written(png_bytes(image, metadata(request), _session(request)), image)


def _jpeg(request: FigureRequest, options: FileOptions) -> Written:
    from poolviewer.export.figure import render_figure
    from poolviewer.export.raster import jpeg_bytes

    image = render_figure(request)
    return Written(jpeg_bytes(image, options.jpeg_quality), image)


def _webp(request: FigureRequest, options: FileOptions) -> Written:
    from poolviewer.export.figure import render_figure
    from poolviewer.export.raster import webp_bytes

    image = render_figure(request)
    return Written(webp_bytes(image, options.webp_quality), image)


def _svg(request: FigureRequest, _options: FileOptions) -> Written:
    from poolviewer.export.vector import svg_bytes

    return Written(svg_bytes(request, _session(request)))


def _pdf(request: FigureRequest, _options: FileOptions) -> Written:
    from poolviewer.export.vector import pdf_bytes

    return Written(pdf_bytes(request, _session(request)))


def _npz(request: FigureRequest, _options: FileOptions) -> Written:
    return Written(lambda file: numbers.write_npz(file, request))


def _npy(request: FigureRequest, options: FileOptions) -> Written:
    return Written(lambda file: numbers.write_npy(file, request, options))


def _csv(request: FigureRequest, options: FileOptions) -> Written:
    return Written(lambda file: numbers.write_csv(file, request, options))


def _json(request: FigureRequest, _options: FileOptions) -> Written:
    return Written(lambda file: numbers.write_json(file, request))


def _poolview(request: FigureRequest, _options: FileOptions) -> Written:
    return Written(_session(request))


# By the ending: one row for each of `FORMATS`.
WRITERS: Mapping[str, Callable[[FigureRequest, FileOptions], Written]] = {
    "png": _png,
    "jpg": _jpeg,
    "webp": _webp,
    "svg": _svg,
    "pdf": _pdf,
    "npz": _npz,
    "npy": _npy,
    "csv": _csv,
    "json": _json,
    "poolview": _poolview,
}
