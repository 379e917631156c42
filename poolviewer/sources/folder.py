"""A folder of pictures, one at a time."""

import time
from pathlib import Path

from poolviewer.core.errors import SourceError
from poolviewer.core.local_files import shown_name
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.sources.image import read_picture
from poolviewer.sources.listing import list_pictures


class FolderSource:
    """The pictures of a folder in natural order (``pool2`` before ``pool10``).

    `read` gives the current picture once; `seek` chooses another. A picture that cannot be read
    fails when it is chosen, with its name, and the others can still be chosen; before any choice
    the first that can be read is the current one.
    """

    interval_s = 0.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: tuple[Path, ...] = ()
        self._index = 0
        self._is_due = True
        self._is_sought = False

    @property
    def info(self) -> SourceInfo:
        name = shown_name(self._folder.absolute())
        return SourceInfo(name, "folder", len(self._paths) or None)

    def open(self) -> None:
        """List the folder; files that come later are not seen."""
        self._paths = list_pictures(self._folder)

    def read(self) -> Frame | None:
        """Return the current picture once; again after `seek`."""
        if not self._is_due or not self._paths:
            return None
        self._is_due = False
        return self._frame(self._index) if self._is_sought else self._first_frame()

    def seek(self, index: int) -> None:
        self._index = min(max(index, 0), max(len(self._paths) - 1, 0))
        self._is_due = self._is_sought = True

    def close(self) -> None:
        self._paths = ()

    def _first_frame(self) -> Frame:
        """Go on to the first picture that can be read; where none can, the first says why."""
        first_error: SourceError | None = None
        for index in range(len(self._paths)):
            try:
                frame = self._frame(index)
            except SourceError as error:
                first_error = first_error or error
            else:
                self._index = index
                return frame
        assert first_error is not None  # noqa: S101 - for the type checker
        raise first_error

    def _frame(self, index: int) -> Frame:
        path = self._paths[index]
        picture = read_picture(path)
        return Frame(picture, self.info, index, time.perf_counter(), name=shown_name(path))
