"""The models that can be found again by their content: those opened before, and the samples."""

from pathlib import Path

from poolviewer.core.errors import NetworkError
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.model_search import RECENT_KEY, model_by_digest, recent_from
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.samples import model_paths

DIGITS = 12
ORGANISATION = APPLICATION = "PoolViewer"  # as `process` names them for Qt
_Mark = tuple[str, int, int]


class KnownModels:
    """Finds the file of a saved view's model; files that stay the same are read only once.

    Parameters
    ----------
    remedy
        What to do where there is none, to follow a colon.
    """

    def __init__(self, remedy: str) -> None:
        self._remedy = remedy
        self._found: dict[str, tuple[tuple[_Mark, ...], str | None]] = {}

    def path_of(self, model: ModelSpec) -> str:
        """Return the file that holds a model, whole; raises `NetworkError` where none does."""
        paths = (*recent_models(), *model_paths())
        marks = tuple(map(_mark, paths))
        found = self._found.get(model.digest)
        if found is None or found[0] != marks:
            found = marks, model_by_digest(model.digest, paths)
            self._found[model.digest] = found
        if found[1] is None:
            raise NetworkError(
                f"This view was saved from {printable(model.name, MAX_NAME)} (SHA-256 "
                f"{model.digest[:DIGITS]}…), which is not among the models opened before: "
                f"{self._remedy}"
            )
        return found[1]


def recent_models() -> tuple[str, ...]:
    """Return the paths that the window remembers, the newest first; none where Qt is missing."""
    try:
        from PySide6.QtCore import QSettings  # noqa: PLC0415 - numbers are made without Qt, too
    except ImportError:
        return ()
    return recent_from(QSettings(ORGANISATION, APPLICATION).value(RECENT_KEY))


def _mark(path: str) -> _Mark:
    """Return what changes when a file does."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return path, -1, -1
    return path, found.st_mtime_ns, found.st_size
