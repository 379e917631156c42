"""Streams from a real server on the loopback address, well-behaved and not."""

import socket
import threading
from base64 import b64encode
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources import mjpeg, stream
from poolviewer.sources.feeds import CaptureFeed, Feed
from poolviewer.sources.mjpeg import MjpegFeed
from poolviewer.sources.stream import StreamSource, connect_stream, diagnose, public_url
from tests import media
from tests.mjpeg_server import MjpegServer, mjpeg_server

SECRETS = ("bob", "secret", "token")


def url_of(server: MjpegServer) -> str:
    return server.url.replace("//", "//bob:secret@") + "?token=1"


def sentence_of(function) -> str:
    with pytest.raises(SourceError) as caught:
        function()
    assert not any(secret in str(caught.value) for secret in SECRETS)
    return str(caught.value)


def shade_of(feed: Feed) -> int:
    return int(feed.grab()()[0, 0, 0])


@pytest.mark.parametrize("mode", ["serve", "no length", "no dashes"])
def test_pictures_arrive_in_order(mode: str) -> None:
    with mjpeg_server(mode) as server:
        feed = connect_stream(url_of(server))
        assert isinstance(feed, MjpegFeed)
        assert [shade_of(feed) for _ in range(7)] == [0, 40, 80, 120, 160, 0, 40]
        assert feed.grab()().shape == (48, 64, 3)
    assert server.requests == ["/video?token=1"]


def test_first_picture_does_not_wait_for_the_second() -> None:
    """What FFmpeg makes of the same stream begins only with the third."""
    with mjpeg_server("once") as server:
        assert shade_of(connect_stream(server.url)) == 0


def test_other_video_is_left_to_ffmpeg() -> None:
    with mjpeg_server("video") as server:
        feed = connect_stream(server.url)
        assert isinstance(feed, CaptureFeed)
        assert [media.frame_number(feed.grab()()) for _ in range(3)] == [0, 1, 2]
        expected = f"{server.url} has closed the connection: check that the camera is on."
        assert sentence_of(lambda: [feed.grab() for _ in range(10)]) == expected


def test_name_shows_no_secret() -> None:
    source = StreamSource("rtsp://bob:secret@Host:554/live?token=1#secret")
    assert (source.info.name, source.info.kind) == ("rtsp://host:554/live", "stream")
    assert public_url("http://[::1]:80") == "http://[::1]:80"
    assert public_url("https://host") == "https://host"


def test_closed_by_its_server() -> None:
    with mjpeg_server("close") as server:
        feed = connect_stream(url_of(server))
        for _ in range(10):
            feed.grab()
        expected = f"{server.url} has closed the connection: check that the camera is on."
        assert sentence_of(feed.grab) == expected


@pytest.mark.parametrize("mode", ["long", "headers", "endless"])
def test_answer_that_would_fill_the_memory_ends(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mjpeg, "MOST_BYTES", 100_000)
    with mjpeg_server(mode) as server:
        assert "has closed" in sentence_of(connect_stream(server.url).grab)


def test_silent_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TIMEOUT_S", 0.8)
    with mjpeg_server("silent") as server:
        expected = f"{server.url} has not answered for 0.8 s: check that the camera is on."
        assert sentence_of(lambda: connect_stream(url_of(server))) == expected
        assert f"{server.url} {diagnose(url_of(server))}" == expected


def test_garbage_instead_of_pictures() -> None:
    with mjpeg_server("garbage") as server:
        expected = f"{server.url} sends no video that can be read: check the path of the address."
        assert sentence_of(connect_stream(url_of(server)).grab()) == expected


def test_picture_of_too_many_pixels_is_not_decoded() -> None:
    with mjpeg_server("bomb") as server:
        grabbed = connect_stream(url_of(server)).grab()
        assert "the limit is 100 million" in sentence_of(grabbed)


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
        assert sentence_of(lambda: connect_stream(url_of(server))) == f"{server.url} {rest}"


@pytest.mark.parametrize("mode", ["401", "403"])
def test_server_that_asks_for_a_password(mode: str) -> None:
    with mjpeg_server(mode) as server:
        expected = "asks for a user name and a password: write them as //user:password@host."
        assert sentence_of(lambda: connect_stream(server.url)) == f"{server.url} {expected}"


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
            sentence = sentence_of(lambda: connect_stream(f"http://{user}{place}"))
        finally:
            server.shutdown()
            thread.join()
    assert sentence.startswith(f"http://{place} {rest}")


@pytest.mark.parametrize("scheme", ["http", "https", "rtsp", "rtsps"])
def test_refused_connection(scheme: str) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))  # bound but not listening: nobody else can answer there
        port = free.getsockname()[1]
        url = f"{scheme}://bob:secret@127.0.0.1:{port}/x"
        assert sentence_of(lambda: connect_stream(url)) == (
            f"{scheme}://127.0.0.1:{port}/x refuses connections at port {port}: "
            "check the port and the camera."
        )


def test_server_of_another_kind() -> None:
    with mjpeg_server("page") as server:
        url = server.url.replace("http", "rtsp")
        expected = f"{url} sends no video that can be read: check the path of the address."
        assert sentence_of(lambda: connect_stream(url)) == expected
        secure = server.url.replace("http", "https")
        expected = f"{secure} cannot be reached: check the address and the network."
        assert sentence_of(lambda: connect_stream(secure)) == expected


def test_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(stream.socket, "create_connection", fail)
    assert diagnose("rtsp://no-such-host/x") == (
        "names a host that is not known: check the address and the network."
    )
