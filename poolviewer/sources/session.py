"""A saved view as a source: its one frame, exactly as the network received it."""

import time
from pathlib import Path

from poolviewer.core.local_files import shown_name
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.session import Session


class SessionSource:
    """The frame of a session that was read from a file.

    Parameters
    ----------
    path
        The file that carries it.
    """

    interval_s = 0.0

    def __init__(self, path: Path, session: Session) -> None:
        self._path, self._session = path, session
        self._is_due = True

    @property
    def info(self) -> SourceInfo:
        session = self._session
        return SourceInfo(shown_name(self._path), "picture", 1, session.note, session)

    def open(self) -> None:
        """Nothing more is read."""

    def read(self) -> Frame | None:
        """Return the frame once; again after `seek`."""
        if not self._is_due:
            return None
        self._is_due = False
        session = self._session
        return Frame(
            session.picture,
            self.info,
            captured_s=time.perf_counter(),
            name=self.info.name,
            received=session.received,
        )

    def seek(self, index: int) -> None:  # noqa: ARG002  # one frame: every index is the first
        self._is_due = True

    def close(self) -> None:
        """Nothing is open."""
