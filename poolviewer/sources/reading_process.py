"""Starts, asks and ends the process that reads one camera or stream."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from poolviewer.core.errors import SourceError
from poolviewer.sources.feeds import FeedWish
from poolviewer.sources.headers import MAX_PIXELS
from poolviewer.sources.image import Picture
from poolviewer.sources.pipe_end import new_pipe
from poolviewer.sources.shared_block import SharedBlock

_ROOT = Path(__file__).parents[2]
_LONGEST_MESSAGE = 65_536
_END_S = 1.0
_ASK = b"?"


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """A picture from the reading process.

    Parameters
    ----------
    picture
        uint8 of shape (H, W, 3), BGR, read-only; it owns its memory.
    count
        How many pictures the process had read before this one.
    read_s
        `time.perf_counter` when it had been read: one clock for all processes.
    """

    picture: Picture
    count: int
    read_s: float


class ReadingProcess:
    """A process of its own for what may hang, crash or be cut off; used by one thread.

    Parameters
    ----------
    wish
        What it reads. It goes through the pipe: an address may hold a password, and every user of
        the computer sees the arguments of a process.
    """

    def __init__(self, wish: FeedWish) -> None:
        self._block = SharedBlock()
        self._pipe, theirs = new_pipe()
        self._is_asked = False
        self.rate = 0.0
        # Without -P a file cv2.py in the current folder would be run.
        command = [sys.executable, "-P", "-m", "poolviewer.sources.reader"]
        try:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), self._block.handle],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"},
                **_inheriting(theirs.fileno(), self._block.inherited),
            )
            self._pipe.send_bytes(json.dumps(asdict(wish)).encode())
        except OSError as error:
            self._pipe.close()
            self._block.close()
            raise SourceError(
                "No process can be started to read it: "
                f"the system says “{os.strerror(error.errno or 0)}”."
            ) from error
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def next(self, timeout_s: float) -> Arrived | None:
        """Wait for a picture that is newer than the last, but not longer than a time-out.

        Raises
        ------
        SourceError
            The source cannot be opened or has ended, or the process broke down.
        """
        try:
            if not self._is_asked:
                self._pipe.send_bytes(_ASK)
                self._is_asked = True
            while self._pipe.poll(timeout_s):
                message: dict[str, Any] = json.loads(self._pipe.recv_bytes(_LONGEST_MESSAGE))
                if "failed" in message:
                    raise SourceError(str(message["failed"]))
                if "count" in message:
                    return self._taken(message)
                self.rate = float(message["rate"])
        except (EOFError, OSError, ValueError, KeyError, TypeError) as error:
            raise SourceError(_BROKEN) from error
        return None

    def end(self) -> None:
        """End the process, whatever it does; it is not asked."""
        self._process.kill()
        self._pipe.close()
        self._block.close()
        with suppress(subprocess.TimeoutExpired):  # a driver may keep even a killed process
            self._process.wait(_END_S)

    def _taken(self, message: dict[str, Any]) -> Arrived:
        height, width = int(message["height"]), int(message["width"])
        if not 0 < height * width <= MAX_PIXELS or height < 0:
            raise ValueError
        picture = self._block.read((height, width, 3))
        picture.flags.writeable = False
        self._is_asked = False
        return Arrived(picture, int(message["count"]), float(message["read_s"]))


_BROKEN = "The process that reads it broke down: try again, or choose another source."


def _inheriting(pipe: int, others: tuple[int, ...]) -> dict[str, Any]:
    """Return the options by which a new process inherits its end of the pipe and the memory."""
    if sys.platform == "win32":
        os.set_handle_inheritable(pipe, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [pipe]})
        return {"startupinfo": startup, "creationflags": subprocess.CREATE_NO_WINDOW}
    return {"pass_fds": (pipe, *others)}
