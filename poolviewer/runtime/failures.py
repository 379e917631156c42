"""One sentence for a failure of any kind."""

from poolviewer.core.errors import PoolViewerError


def sentence_of(error: Exception, what: str) -> str:
    """Return a failure's own sentence; for one that nobody foresaw, what failed and why."""
    if isinstance(error, PoolViewerError):
        return str(error)
    lines = str(error).splitlines()
    return f"{what}: {lines[0] if lines else type(error).__name__}"
