"""A camera stand-in: MJPEG over HTTP on the loopback address, well-behaved or not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import numpy as np

from poolviewer.sources.opencv import cv2

Mode = Literal["serve", "close", "stall", "silent", "garbage", "page", "401", "404", "503"]


class MjpegServer(ThreadingHTTPServer):
    """Sends JPEG frames; frame n is a plain picture of grey 40 · (n mod 5)."""

    daemon_threads = False

    def __init__(self, mode: Mode) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = mode
        self.closing = threading.Event()
        self.requests: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/video"


class _Handler(BaseHTTPRequestHandler):
    server: MjpegServer

    def do_GET(self):
        self.server.requests.append(self.path)
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
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        with suppress(ConnectionError):
            self._send_body()

    def _send_body(self):
        index = 0
        while not self.server.closing.is_set():
            data = _jpeg(index) if self.server.mode != "garbage" else b"no picture at all " * 50
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ")
            self.wfile.write(str(len(data)).encode() + b"\r\n\r\n" + data + b"\r\n")
            index += 1
            if self.server.mode == "close" and index == 10:
                return
            if self.server.mode == "stall" and index == 10:
                self.server.closing.wait()
            self.server.closing.wait(0.0 if self.server.mode == "garbage" else 0.01)

    def log_message(self, *args):
        pass


def _jpeg(index: int) -> bytes:
    picture = np.full((48, 64, 3), index % 5 * 40, np.uint8)
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
        server.shutdown()
        thread.join()
        server.server_close()
