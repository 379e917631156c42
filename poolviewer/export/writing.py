"""Write one moment to a file of any kind: the one place that knows all of them."""

from pathlib import Path

from PySide6.QtGui import QImage

from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import FORMATS, FileFormat, format_of
from poolviewer.export.figure import render_figure
from poolviewer.export.files import check_writable, png_bytes, save_npz, shown, write_whole
from poolviewer.export.metadata import metadata
from poolviewer.export.request import FigureRequest
from poolviewer.export.session import session_of
from poolviewer.sessions.schema import encode


def check_file(path: Path) -> FileFormat:
    """Return what kind of file a path asks for; raises `ExportError` if it cannot be written."""
    found = format_of(path.name)
    if found is None:
        endings = ", ".join(f".{known.ending}" for known in FORMATS)
        raise ExportError(
            f"{shown(path)} does not say what to write: its name must end in one of {endings}."
        )
    check_writable(path)
    return found


def write_figure(path: Path, request: FigureRequest) -> QImage | None:
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
    if kind.ending == "png":
        image = render_figure(request)
        write_whole(path, png_bytes(image, metadata(request), encode(session_of(request))))
        return image
    if kind.ending == "npz":
        save_npz(path, request.activations, metadata(request))
    elif kind.ending == "poolview":
        write_whole(path, encode(session_of(request)))
    else:
        raise ExportError(f"{kind.words} cannot be written yet.")
    return None
