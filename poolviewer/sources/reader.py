"""The process that reads one camera or stream: what hangs or crashes here harms nobody else.

It is started by `poolviewer.sources.reading_process` and ends with it. It keeps the newest
picture, and hands it over when it is asked for one: nothing queues, however fast the source.
"""

import json
import os
import signal
import sys
import time
from threading import Condition, Thread

from poolviewer.core.errors import SourceError
from poolviewer.sources.camera import connect_camera
from poolviewer.sources.feeds import Feed, FeedWish, Grabbed
from poolviewer.sources.pipe_end import PipeEnd, connection_of
from poolviewer.sources.shared_block import SharedBlock
from poolviewer.sources.stream import connect_stream

_MOST_BAD = 10


class Reader:
    """Reads in one thread, listens in another, and hands pictures over in the one that runs it.

    Parameters
    ----------
    pipe
        Messages to and from the process that asks.
    block
        Where pictures are left for it.
    """

    def __init__(self, pipe: PipeEnd, block: SharedBlock) -> None:
        self._pipe = pipe
        self._block = block
        self._changed = Condition()
        self._newest: tuple[Grabbed, int, float] | None = None
        self._end = ""
        self._is_asked = False

    def run(self, wish: FeedWish) -> None:
        """Hand pictures over, as many as are asked for, until the source ends."""
        for work in ((self._listen,), (self._read, wish)):
            Thread(target=work[0], args=work[1:], daemon=True).start()
        has_sent, bad = False, 0
        while True:
            grabbed, count, read_s = self._next()
            try:
                picture = grabbed()
            except Exception as error:
                bad += 1
                if not has_sent and bad >= _MOST_BAD:
                    raise SourceError(_sentence_of(error)) from error
                continue
            self._block.write(picture)
            height, width = picture.shape[:2]
            with self._changed:
                self._is_asked = False
            self._tell(height=height, width=width, count=count, read_s=read_s)
            has_sent = True

    def fail(self, error: Exception) -> None:
        """Say why there are no more pictures."""
        self._tell(failed=_sentence_of(error))

    def _next(self) -> tuple[Grabbed, int, float]:
        """Wait until a picture is there and wanted; raises `SourceError` at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_asked and (self._newest or self._end))
            newest, self._newest = self._newest, None
        if newest is None:
            raise SourceError(self._end)
        return newest

    def _listen(self) -> None:
        try:
            while self._pipe.recv_bytes():
                with self._changed:
                    self._is_asked = True
                    self._changed.notify()
        finally:
            os._exit(0)  # nobody is there any more; the reading thread may hang for ever

    def _read(self, wish: FeedWish) -> None:
        count = 0
        try:
            feed = connect(wish)
            self._tell(rate=feed.rate)
            while True:
                grabbed = feed.grab()
                with self._changed:
                    self._newest = (grabbed, count, time.perf_counter())
                    self._changed.notify()
                count += 1
        except Exception as error:  # noqa: BLE001 - told to the other process
            with self._changed:
                self._end = _sentence_of(error)
                self._changed.notify()

    def _tell(self, **message: object) -> None:
        self._pipe.send_bytes(json.dumps(message).encode())


def connect(wish: FeedWish) -> Feed:
    """Open what is wished for, or raise `SourceError`."""
    return connect_camera(wish) if wish.kind == "camera" else connect_stream(wish.value)


def _sentence_of(error: Exception) -> str:
    if isinstance(error, SourceError):
        return str(error)
    return f"The source cannot be read: {type(error).__name__}."


def main() -> None:
    """Serve the process that started this one, whose request comes first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the window
    pipe, block = connection_of(int(sys.argv[1])), SharedBlock(sys.argv[2])
    reader = Reader(pipe, block)
    try:
        reader.run(FeedWish(**json.loads(pipe.recv_bytes())))
    except Exception as error:  # noqa: BLE001 - told to the other process
        reader.fail(error)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
