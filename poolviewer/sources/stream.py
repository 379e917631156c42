"""Streams from the network: MJPEG over HTTP, and RTSP."""

import http.client
import socket
import time
from base64 import b64encode
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import SourceInfo
from poolviewer.sources.live import LiveSource
from poolviewer.sources.opencv import cv2

TIMEOUT_S = 2.0
_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
_NO_VIDEO = "sends no video that can be read: check the path of the address."


class StreamSource(LiveSource):
    """A stream of pictures at an http, https, rtsp or rtsps address.

    Opening and reading give up after `TIMEOUT_S` each; the next read connects anew. Neither
    the name nor any sentence shows a user name, a password or a query of the address.

    Parameters
    ----------
    url
        An address that `poolviewer.sources.location.parse_location` took for a stream.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = public_url(url)
        super().__init__(SourceInfo(self._name, "stream"))

    def _connect(self) -> cv2.VideoCapture:
        started_s = time.perf_counter()
        timeout_ms = int(TIMEOUT_S * 1000)
        # Time-outs set later than here have no effect and a silent server blocks for 30 s.
        timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, timeout_ms]
        timeouts += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, timeout_ms]
        capture = cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, timeouts)
        if capture.isOpened():
            return capture
        is_silent = _is_timeout(time.perf_counter() - started_s)
        raise SourceError(f"{self._name} {_silent() if is_silent else diagnose(self._url)}")

    def _explain(self, waited_s: float) -> str:
        if _is_timeout(waited_s):
            return f"{self._name} has sent no picture for {TIMEOUT_S:g} s: check the camera."
        if not self._has_sent:
            return f"{self._name} {_NO_VIDEO}"
        return f"{self._name} has ended: open it again once the camera sends."


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
    address = (parts.hostname or "", parts.port or _PORTS[parts.scheme])
    try:
        if parts.scheme in ("http", "https"):
            return _of_status(_http_status(parts, address), bool(_credentials(parts)))
        socket.create_connection(address, TIMEOUT_S).close()
    except TimeoutError:
        return _silent()
    except ConnectionRefusedError:
        return f"refuses connections at port {address[1]}: check the port and the camera."
    except socket.gaierror:
        return "names a host that is not known: check the address and the network."
    except (OSError, http.client.HTTPException):
        return "cannot be reached: check the address and the network."
    return _NO_VIDEO


def _http_status(parts: SplitResult, address: tuple[str, int]) -> int:
    """Return what the server answers; a password is sent only to one that asks for it plainly."""
    status, challenge = _request(parts, address, {})
    credentials = _credentials(parts)
    if status == 401 and credentials and challenge.lower().startswith("basic"):
        status, _ = _request(parts, address, {"Authorization": f"Basic {credentials}"})
    return status


def _request(
    parts: SplitResult, address: tuple[str, int], headers: dict[str, str]
) -> tuple[int, str]:
    """Return a server's status and how it wants to be given a password."""
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(*address, timeout=TIMEOUT_S)
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        return response.status, response.getheader("WWW-Authenticate", "")
    finally:
        connection.close()


def _credentials(parts: SplitResult) -> str:
    """Return user and password as Basic authorization has them; empty where there are none."""
    if not parts.username and not parts.password:
        return ""
    user, password = (unquote_to_bytes(part or "") for part in (parts.username, parts.password))
    return b64encode(user + b":" + password).decode("ascii")


def _is_timeout(waited_s: float) -> bool:
    return waited_s >= 0.9 * TIMEOUT_S


def _silent() -> str:
    return f"has not answered for {TIMEOUT_S:g} s: check that the camera is on."


def _of_status(status: int, has_credentials: bool) -> str:
    if status == 401 and has_credentials:
        return "refuses the user name or the password: check both in the address."
    if status in (401, 403) and not has_credentials:
        return "asks for a user name and a password: write them as //user:password@host."
    if status == 404:
        return "does not exist on its server (404): check the path of the address."
    if status >= 400:
        return f"is refused by its server ({status}): check the address and the camera."
    return _NO_VIDEO
