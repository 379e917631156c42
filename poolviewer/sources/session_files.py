"""Files that carry a session: found by their first bytes and read within limits."""

from pathlib import Path
from typing import TYPE_CHECKING

from poolviewer.core.errors import SessionRefused, SourceError
from poolviewer.core.local_files import open_regular, shown_name

if TYPE_CHECKING:
    from poolviewer.core.session import Session  # needs NumPy, and the gate stays light

# ruff: noqa: PLC0415 - what judges sessions is imported for the few files that carry one

SESSION_ENDING = ".poolview"
_WITHOUT = {
    "SVG": "is an SVG drawing that carries no saved view: save it as PNG to see it.",
    "PDF": "is a PDF document that carries no saved view: save its pictures as PNG to see them.",
}


def read_session(path: Path) -> "Session | None":
    """Return the session that a file carries; None for a file without, such as a plain picture.

    Of a picture without one only its first bytes and the headers before its pixels are read.

    Raises
    ------
    SourceError
        The file cannot be read.
    SessionRefused
        The session is damaged, harmful or of another version; or there is none in a file that
        could be opened for nothing else.
    """
    found = _carried(path)
    if found is None:
        return None
    from poolviewer.sessions.codec import decode

    return decode(found, shown_name(path))


def carries_session(path: Path) -> bool:
    """Say whether a file carries a session, sound or not; raises as `read_session`."""
    return _carried(path) is not None


def _carried(path: Path) -> bytes | None:
    from poolviewer.sessions.carriers import (
        HEAD_BYTES,
        DamagedSessionError,
        carried,
        carrier_of,
    )

    name = shown_name(path)
    with open_regular(path, SourceError) as file:
        head = file.read(HEAD_BYTES)
        carrier = carrier_of(head)
        try:
            found = carried(file, carrier) if carrier else None
        except DamagedSessionError as error:
            raise SessionRefused(
                f"{name} carries a saved view that is damaged: save it again."
            ) from error
    if found is None and carrier in _WITHOUT:
        raise SessionRefused(f"{name} {_WITHOUT[carrier]}")
    if carrier is None and head and path.suffix.lower() == SESSION_ENDING:
        raise SessionRefused(f"{name} carries no saved view: save it again.")
    return found
