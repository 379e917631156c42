"""Streams from the network: MJPEG over HTTP, and RTSP."""

import http.client
import socket
import ssl
import time
from base64 import b64encode
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import SourceInfo
from poolviewer.sources.feeds import CaptureFeed, Feed, FeedWish
from poolviewer.sources.live import LiveSource
from poolviewer.sources.mjpeg import MjpegFeed, ended, is_mjpeg
from poolviewer.sources.opencv import cv2

TIMEOUT_S = 2.0
_FFMPEG_OPEN_S, _FFMPEG_READ_S = 8.0, 60.0
_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
_NO_VIDEO = "sends no video that can be read: check the path of the address."


class StreamSource(LiveSource):
    """A stream of pictures at an http, https, rtsp or rtsps address.

    Neither the name nor any sentence shows a user name, a password or a query of the address.

    Parameters
    ----------
    url
        An address that `poolviewer.sources.location.parse_location` took for a stream.
    """

    def __init__(self, url: str) -> None:
        super().__init__(SourceInfo(public_url(url), "stream"), FeedWish("stream", url))


def connect_stream(url: str) -> Feed:
    """Open an address, or raise `SourceError` with the reason; blocks for seconds."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        feed = _mjpeg_feed(url, parts)
        if feed is not None:
            return feed
    return _ffmpeg_feed(url)


def _mjpeg_feed(url: str, parts: SplitResult) -> MjpegFeed | None:
    """Return the pictures of an answer that is motion JPEG; None for what FFmpeg should try."""
    try:
        connection, response = _answer(parts)
    except ssl.SSLError:
        return None  # a camera's own certificate, which FFmpeg does not mind
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(f"{public_url(url)} {_why_not(error, parts)}") from error
    if response.status == 200 and is_mjpeg(response.headers):
        if connection.sock is not None:
            connection.sock.settimeout(_FFMPEG_READ_S)
        return MjpegFeed(response, public_url(url))
    connection.close()
    if response.status in (403, 404) or response.status >= 500:
        raise SourceError(f"{public_url(url)} {_of_status(response.status, parts)}")
    return None


def _ffmpeg_feed(url: str) -> CaptureFeed:
    started_s = time.perf_counter()
    # Time-outs set later than here have no effect, and a silent server blocks for 30 s.
    timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(_FFMPEG_OPEN_S * 1000)]
    timeouts += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(_FFMPEG_READ_S * 1000)]
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, timeouts)
    name = public_url(url)
    if capture.isOpened():
        return CaptureFeed(capture, name, f"{name} {_NO_VIDEO}", ended(name))
    is_silent = time.perf_counter() - started_s >= 0.9 * _FFMPEG_OPEN_S
    raise SourceError(f"{name} {_silent(_FFMPEG_OPEN_S) if is_silent else diagnose(url)}")


def public_url(url: str) -> str:
    """Return an address without what may be secret: user, password, query and fragment."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def diagnose(url: str) -> str:
    """Find out why an address gave no video, as the rest of a sentence behind its name.

    OpenCV says only that it failed, so the server is asked once more, here.
    """
    parts = urlsplit(url)
    try:
        if parts.scheme not in ("http", "https"):
            socket.create_connection(_address(parts), TIMEOUT_S).close()
            return _NO_VIDEO
        connection, response = _answer(parts)
    except (OSError, http.client.HTTPException) as error:
        return _why_not(error, parts)
    connection.close()
    return _of_status(response.status, parts)


def _answer(parts: SplitResult) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """Ask the server; a password is sent only to one that asks for it plainly."""
    connection, response = _request(parts, {})
    challenge = response.getheader("WWW-Authenticate", "")
    credentials = _credentials(parts)
    if response.status == 401 and credentials and challenge.lower().startswith("basic"):
        connection.close()
        return _request(parts, {"Authorization": f"Basic {credentials}"})
    return connection, response


def _request(
    parts: SplitResult, headers: dict[str, str]
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(*_address(parts), timeout=TIMEOUT_S)
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        connection.request("GET", target, headers=headers)
        return connection, connection.getresponse()
    except BaseException:
        connection.close()
        raise


def _address(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def _credentials(parts: SplitResult) -> str:
    """Return user and password as Basic authorization has them; empty where there are none."""
    if not parts.username and not parts.password:
        return ""
    user, password = (unquote_to_bytes(part or "") for part in (parts.username, parts.password))
    return b64encode(user + b":" + password).decode("ascii")


def _why_not(error: Exception, parts: SplitResult) -> str:
    if isinstance(error, TimeoutError):
        return _silent(TIMEOUT_S)
    if isinstance(error, ConnectionRefusedError):
        port = _address(parts)[1]
        return f"refuses connections at port {port}: check the port and the camera."
    if isinstance(error, socket.gaierror):
        return "names a host that is not known: check the address and the network."
    return "cannot be reached: check the address and the network."


def _silent(seconds: float) -> str:
    return f"has not answered for {seconds:g} s: check that the camera is on."


def _of_status(status: int, parts: SplitResult) -> str:
    has_credentials = bool(_credentials(parts))
    if status == 401 and has_credentials:
        return "refuses the user name or the password: check both in the address."
    if status in (401, 403) and not has_credentials:
        return "asks for a user name and a password: write them as //user:password@host."
    if status == 404:
        return "does not exist on its server (404): check the path of the address."
    if status >= 400:
        return f"is refused by its server ({status}): check the address and the camera."
    return _NO_VIDEO
