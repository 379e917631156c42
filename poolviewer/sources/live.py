"""What a stream and a camera have in common: they are read in a process of their own."""

from dataclasses import replace

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.sources.feeds import FeedWish
from poolviewer.sources.reading_process import Arrived, ReadingProcess

LONGEST_WAIT_S = 0.25


class LiveSource:
    """Hands on the newest picture of a reading process, whatever happens to that process.

    Parameters
    ----------
    info
        What a person is told about it.
    wish
        What the process reads.

    Attributes
    ----------
    longest_wait_s
        Longest time that `read` waits for a frame.
    """

    interval_s = 0.0

    def __init__(self, info: SourceInfo, wish: FeedWish) -> None:
        self._info = info
        self._wish = wish
        self._process: ReadingProcess | None = None
        self._first = self._next = 0
        self.longest_wait_s = LONGEST_WAIT_S

    @property
    def info(self) -> SourceInfo:
        return self._info

    def open(self) -> None:
        """Begin to connect, anew if need be; returns at once."""
        self.close()
        self._first = self._next
        self._process = ReadingProcess(self._wish)

    def read(self) -> Frame | None:
        """Return the newest frame; None if none came for `longest_wait_s`. Connects if need be."""
        if self._process is None:
            self.open()
        assert self._process is not None  # noqa: S101 - for the type checker
        try:
            arrived = self._process.next(self.longest_wait_s)
        except SourceError:
            self.close()
            raise
        return self._frame(arrived) if arrived else None

    def seek(self, index: int) -> None:
        """Do nothing: the source is live."""

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _frame(self, arrived: Arrived) -> Frame:
        index = self._first + arrived.count
        self._next = index + 1
        self._info = replace(self._info, remark=self._remark(arrived))
        return Frame(arrived.picture, self._info, index, arrived.read_s, name=self._info.name)

    def _remark(self, arrived: Arrived) -> str:  # noqa: ARG002 - what a camera has to say
        return ""
