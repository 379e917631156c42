"""From a wish to the source that fulfils it."""

from pathlib import Path

from poolviewer.core.local_files import is_folder
from poolviewer.core.messages import SourceRequest
from poolviewer.core.protocols import FrameSource
from poolviewer.sources.camera import CameraSource
from poolviewer.sources.folder import FolderSource
from poolviewer.sources.gate import open_media
from poolviewer.sources.image import PictureSource
from poolviewer.sources.location import parse_location
from poolviewer.sources.session import SessionSource
from poolviewer.sources.session_files import read_session
from poolviewer.sources.stream import StreamSource
from poolviewer.sources.synthetic import SyntheticSource
from poolviewer.sources.video import VideoSource


def open_source(request: SourceRequest) -> FrameSource:
    """Make the source of a request without opening it.

    Parameters
    ----------
    request
        A pasted picture, or the location of a picture, folder, video, stream, camera or
        synthetic source. What a file is, is judged by its first bytes.

    Raises
    ------
    SourceError
        The location is unsound, or the file is missing, unreadable or neither picture nor video.
    """
    if request.picture is not None:
        return PictureSource(Path(request.location), request.picture)
    location = parse_location(request.location)
    if location.kind == "camera":
        return CameraSource(location.value)
    if location.kind == "synthetic":
        return SyntheticSource(location.value)
    if location.kind == "stream":
        return StreamSource(location.value)
    return _source_of_path(Path(location.value))


def _source_of_path(path: Path) -> FrameSource:
    if is_folder(path):
        return FolderSource(path)
    session = read_session(path)
    if session is not None:
        return SessionSource(path, session)
    file, found = open_media(path)
    file.close()
    return PictureSource(path) if found.kind == "picture" else VideoSource(path)
