"""A camera stand-in: MJPEG over HTTP on the loopback address, well-behaved or not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np

from poolviewer.sources.opencv import cv2
from tests import media

Mode = Literal[
    "serve", "close", "stall", "silent", "garbage", "page", "resize", "flood", "slow",
    "no length", "no dashes", "once", "long", "headers", "endless", "bomb", "video",
    "401", "403", "404", "503",
]  # fmt: skip
SIZES = ((48, 64), (240, 320), (24, 20))  # of "resize", three frames each
PACE_S = {"garbage": 0.0, "flood": 0.0, "slow": 1.25}


class MjpegServer(ThreadingHTTPServer):
    """Sends JPEG frames; frame n is a plain picture of grey 40 · (n mod 5).

    Whoever connects while `answering` is clear waits until it is set.
    """

    daemon_threads = False

    def __init__(self, mode: Mode) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = mode
        self.closing = threading.Event()
        self.answering = threading.Event()
        self.answering.set()
        self.requests: list[str] = []
        self.sent = 0
        self.video = _video() if mode == "video" else b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/video"


class _Handler(BaseHTTPRequestHandler):
    server: MjpegServer

    def do_GET(self):
        self.server.requests.append(self.path)
        self.server.answering.wait()
        if self.server.mode.isdecimal():
            self.send_error(int(self.server.mode))
            return
        if self.server.mode == "silent":
            self.server.closing.wait()
            return
        self.send_response(200)
        if self.server.mode == "page":
            self.end_headers()
            self.wfile.write(b"<html>a camera's front page</html>")
            return
        if self.server.mode == "video":
            self._send_video()
            return
        # Some cameras repeat the dashes here.
        boundary = "frame" if self.server.mode == "no dashes" else "--frame"
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={boundary}")
        self.end_headers()
        with suppress(ConnectionError):
            self._send_body()

    def _send_video(self):
        self.send_header("Content-Length", str(len(self.server.video)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(self.server.video)

    def _send_body(self):
        mode, index = self.server.mode, 0
        while not self.server.closing.is_set():
            data = self._part(index)
            length = 10**12 if mode == "long" else len(data)
            told = b"" if mode in ("no length", "endless") else b"Content-Length: %d\r\n" % length
            told += b"X-More: and more\r\n" * (1000 if mode == "headers" else 0)
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\n" + told + b"\r\n" + data)
            if mode != "once":
                self.wfile.write(b"\r\n")
            index += 1
            self.server.sent += 1
            if mode == "close" and index == 10:
                return
            if (mode == "stall" and index == 10) or mode == "once":
                self.server.closing.wait()
            self.server.closing.wait(PACE_S.get(mode, 0.01))

    def _part(self, index):
        if self.server.mode == "garbage":
            return b"no picture at all " * 50
        if self.server.mode == "endless":
            return b"no boundary\n" * 20_000
        if self.server.mode == "resize":
            return _jpeg(index, SIZES[index // 3 % 3])
        if self.server.mode == "bomb":
            data = bytearray(_jpeg(index))
            at = data.index(b"\xff\xc0") + 5
            data[at : at + 4] = b"\xff\xff\xff\xff"
            return bytes(data)
        return _jpeg(index)

    def log_message(self, *args):
        pass


def _video() -> bytes:
    """Make a film; not in a server's thread: FFmpeg opens only one thing at a time."""
    with TemporaryDirectory() as folder:
        return media.write_video(Path(folder) / "a.avi", 5).read_bytes()


def _jpeg(index: int, size: tuple[int, int] = SIZES[0]) -> bytes:
    picture = np.full((*size, 3), index % 5 * 40, np.uint8)
    return cv2.imencode(".jpg", picture)[1].tobytes()


@contextmanager
def mjpeg_server(mode: Mode) -> Iterator[MjpegServer]:
    """Serve in a thread of its own until the block is left, then let go of everything."""
    server = MjpegServer(mode)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.answering.set()
        server.shutdown()
        thread.join()
        server.server_close()
