"""Sessions to text and back, with the validation library imported when it is first needed."""

import threading
from types import ModuleType

from poolviewer.core.session import Session

_importing = threading.Lock()


def encode(session: Session) -> bytes:
    """Write a session as text; raises as `schema.encode`."""
    text: bytes = _schema().encode(session)
    return text


def decode(data: bytes, name: str) -> Session:
    """Read a session; raises as `schema.decode`."""
    session: Session = _schema().decode(data, name)
    return session


def _schema() -> ModuleType:
    """Return the schema, imported by one thread at a time.

    Pydantic's modules import each other in circles. A view that is opened while the first one is
    saved would otherwise meet modules that the other thread has imported by half.
    """
    with _importing:
        from poolviewer.sessions import schema  # noqa: PLC0415
    return schema
