"""One sentence for a failure of any kind."""

from poolviewer.core.errors import PoolViewerError
from poolviewer.core.text import printable


def sentence_of(error: Exception, what: str) -> str:
    """Return a failure's own sentence; for one that nobody foresaw, what failed and why."""
    if isinstance(error, PoolViewerError):
        return str(error)
    lines = str(error).splitlines()
    return printable(f"{what}: {lines[0] if lines else type(error).__name__}")
