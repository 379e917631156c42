"""Motion JPEG over HTTP: pictures between boundaries, one after another, for ever.

FFmpeg reads this too, but waits for several pictures before it shows the first, keeps the size of
the first for all that follow, and decodes every one, wanted or not.
"""

from http.client import HTTPException, HTTPMessage, HTTPResponse

import numpy as np

from poolviewer.core.errors import SourceError
from poolviewer.sources.feeds import Grabbed, checked
from poolviewer.sources.formats import format_of
from poolviewer.sources.headers import check_picture
from poolviewer.sources.image import Picture
from poolviewer.sources.opencv import cv2

MOST_BYTES = 64 * 2**20
_LONGEST_LINE = 65_536
_MOST_HEADERS = 64


class MjpegFeed:
    """The pictures of an HTTP answer.

    Parameters
    ----------
    response
        An answer that `is_mjpeg`.
    name
        What sentences call it.
    """

    rate = 0.0

    def __init__(self, response: HTTPResponse, name: str) -> None:
        self._response = response
        self._name = name
        boundary = response.headers.get_param("boundary") or ""
        # Some cameras write the two dashes into the parameter, too.
        self._boundary = b"--" + str(boundary).removeprefix("--").encode("latin-1", "replace")
        self._is_at_headers = False

    def grab(self) -> Grabbed:
        try:
            data = self._next_part()
        except (OSError, EOFError, HTTPException, ValueError) as error:
            raise SourceError(ended(self._name)) from error
        return lambda: _decoded(data, self._name)

    def _next_part(self) -> bytes:
        # Not at the end of the part before: the next boundary may come with the next picture.
        if not self._is_at_headers:
            self._read_to_boundary()
        self._is_at_headers = False
        length = self._read_headers()
        if length is None:
            self._is_at_headers = True
            return self._read_to_boundary()
        data = self._response.read(length)
        if len(data) < length:
            raise EOFError
        return data

    def _read_headers(self) -> int | None:
        """Return the length that the headers of a part tell, if they tell a sound one."""
        length = None
        for _ in range(_MOST_HEADERS):
            line = self._line()
            if not line.strip():
                return length
            key, _, value = line.partition(b":")
            if key.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
                if length > MOST_BYTES:
                    raise EOFError
        raise EOFError

    def _read_to_boundary(self) -> bytes:
        """Return what stands before the next boundary, which begins a line."""
        parts: list[bytes] = []
        size = 0
        while True:
            line = self._line()
            if line.startswith(self._boundary):
                return b"".join(parts).removesuffix(b"\n").removesuffix(b"\r")
            parts.append(line)
            size += len(line)
            if size > MOST_BYTES:
                raise EOFError

    def _line(self) -> bytes:
        line = self._response.readline(_LONGEST_LINE)
        if not line:
            raise EOFError
        return line


def is_mjpeg(headers: HTTPMessage) -> bool:
    """Say whether an answer is a row of pictures."""
    return headers.get_content_maintype() == "multipart" and bool(headers.get_param("boundary"))


def ended(name: str) -> str:
    """Return the sentence for a stream that was closed by its server."""
    return f"{name} has closed the connection: check that the camera is on."


def unreadable(name: str) -> str:
    """Return the sentence for a stream of something else."""
    return f"{name} sends no video that can be read: check the path of the address."


def _decoded(data: bytes, name: str) -> Picture:
    found = format_of(data[:16])
    if found is None or found.name != "JPEG":
        raise SourceError(unreadable(name))
    check_picture(data, found, name)
    encoded = np.frombuffer(data, dtype=np.uint8)
    return checked(cv2.imdecode(encoded, cv2.IMREAD_COLOR), name)
