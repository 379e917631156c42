"""Files that carry a session: found by their first bytes and read within limits."""

from pathlib import Path

from poolviewer.core.errors import SourceError
from poolviewer.core.local_files import open_regular, shown_name
from poolviewer.core.session import Session

HEAD_BYTES = 64
MOST_FILE_BYTES = 256 * 2**20


def read_session(path: Path) -> Session | None:
    """Return the session that a file carries; None for a file without, such as a plain picture.

    Raises `SourceError` for a session that is damaged, harmful or of another version.
    """
    with open_regular(path, SourceError) as file:
        data = file.read(MOST_FILE_BYTES)
    from poolviewer.sessions.carriers import carried  # noqa: PLC0415 - most files carry none

    found = carried(data, MOST_FILE_BYTES)
    if found is None:
        return None
    from poolviewer.sessions.schema import decode  # noqa: PLC0415

    return decode(found, shown_name(path))
