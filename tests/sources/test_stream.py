"""Streams from a real server on the loopback address, well-behaved and not."""

import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources import stream
from poolviewer.sources.stream import StreamSource, diagnose, public_url
from tests.mjpeg_server import MjpegServer, mjpeg_server

SECRETS = ("bob", "secret", "token")


@pytest.fixture
def _short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TIMEOUT_S", 0.8)


def url_of(server: MjpegServer) -> str:
    return server.url.replace("//", "//bob:secret@") + "?token=1"


@contextmanager
def opened(server: MjpegServer) -> Iterator[StreamSource]:
    with closing(StreamSource(url_of(server))) as source:
        source.open()
        yield source


def sentence_of(function) -> str:
    with pytest.raises(SourceError) as caught:
        function()
    assert not any(secret in str(caught.value) for secret in SECRETS)
    return str(caught.value)


def test_frames_arrive_in_order() -> None:
    with mjpeg_server("serve") as server, opened(server) as source:
        frames = [source.read() for _ in range(7)]
    assert [frame.index for frame in frames] == list(range(7))
    shades = [int(frame.picture[0, 0, 0]) for frame in frames]
    first = shades[0] // 40
    assert shades == [(first + n) % 5 * 40 for n in range(7)]
    assert frames[0].picture.shape == (48, 64, 3)
    assert frames[0].source.kind == "stream"
    assert server.requests[-1] == "/video?token=1"


def test_name_shows_no_secret() -> None:
    assert StreamSource("rtsp://bob:secret@Host:554/live?token=1#secret").info.name == (
        "rtsp://host:554/live"
    )
    assert public_url("http://[::1]:80") == "http://[::1]:80"
    assert public_url("https://host") == "https://host"


def test_closed_by_its_server_and_opened_again() -> None:
    with mjpeg_server("close") as server, opened(server) as source:
        for _ in range(10):
            last = source.read()
        expected = f"{server.url} has ended: open it again once the camera sends."
        assert sentence_of(source.read) == expected
        assert source.read().index == last.index + 1


@pytest.mark.usefixtures("_short_timeout")
def test_silent_after_some_frames_and_opened_again() -> None:
    with mjpeg_server("stall") as server, opened(server) as source:
        for _ in range(10):
            source.read()
        expected = f"{server.url} has sent no picture for 0.8 s: check the camera."
        assert sentence_of(source.read) == expected
        assert source.read().index == 10


@pytest.mark.usefixtures("_short_timeout")
def test_silent_from_the_start() -> None:
    with mjpeg_server("silent") as server:
        expected = f"{server.url} has not answered for 0.8 s: check that the camera is on."
        assert sentence_of(StreamSource(url_of(server)).open) == expected
        assert f"{server.url} {diagnose(url_of(server))}" == expected


def test_garbage_instead_of_pictures() -> None:
    with mjpeg_server("garbage") as server, closing(StreamSource(url_of(server))) as source:
        expected = f"{server.url} sends no video that can be read: check the path of the address."
        assert sentence_of(source.read) == expected


@pytest.mark.parametrize(
    ("mode", "rest"),
    [
        ("404", "does not exist on its server (404): check the path of the address."),
        ("503", "is refused by its server (503): check the address and the camera."),
        ("403", "is refused by its server (403): check the address and the camera."),
        ("401", "refuses the user name or the password: check both in the address."),
        ("page", "sends no video that can be read: check the path of the address."),
    ],
)
def test_refusing_server(mode: str, rest: str) -> None:
    with mjpeg_server(mode) as server:
        assert sentence_of(StreamSource(url_of(server)).open) == f"{server.url} {rest}"


@pytest.mark.parametrize("mode", ["401", "403"])
def test_server_that_asks_for_a_password(mode: str) -> None:
    with mjpeg_server(mode) as server:
        expected = "asks for a user name and a password: write them as //user:password@host."
        assert sentence_of(StreamSource(server.url).open) == f"{server.url} {expected}"


class _GuardedPage(BaseHTTPRequestHandler):
    def do_GET(self):
        expected = b64encode("bob:s@:secretü".encode()).decode()
        if self.headers["Authorization"] == f"Basic {expected}":
            self.send_response(200)
        else:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.mark.parametrize(
    ("user", "rest"),
    [
        ("bob:s%40%3Asecret%C3%BC@", "sends no video that can be read: check the path"),
        ("bob:secret@", "refuses the user name or the password: check both in"),
        ("bob@", "refuses the user name or the password: check both in"),
        (":secret@", "refuses the user name or the password: check both in"),
    ],
)
def test_password_is_sent(user: str, rest: str) -> None:
    with HTTPServer(("127.0.0.1", 0), _GuardedPage) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            place = f"127.0.0.1:{server.server_port}/x"
            sentence = sentence_of(StreamSource(f"http://{user}{place}").open)
        finally:
            server.shutdown()
            thread.join()
    assert sentence.startswith(f"http://{place} {rest}")


@pytest.mark.parametrize("scheme", ["http", "https", "rtsp", "rtsps"])
def test_refused_connection(scheme: str) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))  # bound but not listening: nobody else can answer there
        port = free.getsockname()[1]
        source = StreamSource(f"{scheme}://bob:secret@127.0.0.1:{port}/x")
        assert sentence_of(source.open) == (
            f"{scheme}://127.0.0.1:{port}/x refuses connections at port {port}: "
            "check the port and the camera."
        )


def test_server_of_another_kind() -> None:
    with mjpeg_server("page") as server:
        url = server.url.replace("http", "rtsp")
        expected = f"{url} sends no video that can be read: check the path of the address."
        assert sentence_of(StreamSource(url).open) == expected
        secure = server.url.replace("http", "https")
        expected = f"{secure} cannot be reached: check the address and the network."
        assert sentence_of(StreamSource(secure).open) == expected


def test_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(stream.socket, "create_connection", fail)
    assert diagnose("rtsp://no-such-host/x") == (
        "names a host that is not known: check the address and the network."
    )
