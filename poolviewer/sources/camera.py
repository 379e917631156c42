"""Cameras, by number or by the name that the system gives them."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from poolviewer.core.camera_format import parse_camera
from poolviewer.core.errors import SourceError
from poolviewer.core.messages import SourceInfo
from poolviewer.sources.feeds import CaptureFeed, FeedWish
from poolviewer.sources.live import LiveSource
from poolviewer.sources.opencv import cv2
from poolviewer.sources.reading_process import Arrived

VIDEO_DEVICES = Path("/sys/class/video4linux")
_BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
_MOST_UNCOMPRESSED = 640 * 480
_NO_CAMERA = "No camera was found: plug one in, or open a picture or a video instead."


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that the system knows.

    Parameters
    ----------
    number
        What it is opened by.
    name
        What the system calls it, such as ``Integrated Webcam``.
    """

    number: int
    name: str


def list_cameras() -> tuple[Camera, ...]:
    """Return the cameras that the system tells of, by number; none where it tells nothing."""
    found = _linux_cameras(VIDEO_DEVICES) if sys.platform == "linux" else _other_cameras()
    return tuple(sorted(found, key=lambda camera: camera.number))


class CameraSource(LiveSource):
    """A camera, never mirrored.

    Parameters
    ----------
    text
        Its number, or its name as in `list_cameras`, or the beginning of it, in any case; a
        format may follow, see `poolviewer.core.camera_format`.
    """

    def __init__(self, text: int | str) -> None:
        device, self._format = parse_camera(str(text))
        wish = FeedWish("camera", device, *self._format.size, self._format.rate)
        super().__init__(SourceInfo(f"camera {device}", "camera"), wish)

    def _remark(self, arrived: Arrived) -> str:
        height, width = arrived.picture.shape[:2]
        delivered = f"{width}×{height}"
        if self._format.is_met_by(width, height):
            return delivered
        return f"{delivered}, not {self._format.width}×{self._format.height}"


def connect_camera(wish: FeedWish) -> CaptureFeed:
    """Open a camera, or raise `SourceError` with the reason; may block for ever."""
    number = number_of(wish.value)
    capture = cv2.VideoCapture(number, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
    if not capture.isOpened():
        capture.release()
        raise SourceError(_why_closed(number))
    ask_for(capture, wish)
    silent = f"Camera {wish.value} sends no pictures: check its cable and its switch."
    return CaptureFeed(capture, f"camera {wish.value}", silent, silent)


def ask_for(capture: cv2.VideoCapture, wish: FeedWish) -> None:
    """Ask a camera for a size and a rate, both of which it may ignore."""
    if wish.width and wish.height:
        if wish.width * wish.height > _MOST_UNCOMPRESSED:
            # Uncompressed, so many pixels do not fit through USB at more than some frames a second.
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, wish.width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wish.height)
    if wish.rate:
        capture.set(cv2.CAP_PROP_FPS, wish.rate)


def number_of(wanted: str) -> int:
    """Return the number of a camera from its number or name; raises `SourceError`."""
    if wanted.isascii() and wanted.isdecimal() and len(wanted) <= 4:
        return int(wanted)
    cameras = list_cameras()
    for camera in cameras:
        if camera.name.casefold().startswith(wanted.casefold()):
            return camera.number
    if not cameras:
        raise SourceError(_NO_CAMERA)
    raise SourceError(f"No camera is called {wanted}: choose {_choices(cameras)}.")


def _why_closed(number: int) -> str:
    cameras = list_cameras()
    if not cameras:
        return _NO_CAMERA
    if all(camera.number != number for camera in cameras):
        return f"There is no camera {number}: choose {_choices(cameras)}."
    if sys.platform == "linux" and not os.access(f"/dev/video{number}", os.R_OK | os.W_OK):
        return f"Camera {number} may not be used: add yourself to the group “video”."
    return f"Camera {number} does not open: close the other programs that use it."


def _choices(cameras: tuple[Camera, ...]) -> str:
    return " or ".join(f"camera:{camera.number} ({camera.name})" for camera in cameras)


def _linux_cameras(devices: Path) -> list[Camera]:
    """Read the names of capture devices: a camera's second node (index 1) carries metadata."""
    found = []
    for node in devices.glob("video[0-9]*"):
        if _line(node / "index") in ("0", ""):
            number = int(node.name.removeprefix("video"))
            found.append(Camera(number, _line(node / "name") or f"camera {number}"))
    return found


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _other_cameras() -> list[Camera]:
    try:
        from cv2_enumerate_cameras import enumerate_cameras  # noqa: PLC0415  # not on Linux
    except ImportError:
        return []
    cameras = enumerate_cameras(_BACKENDS.get(sys.platform, cv2.CAP_ANY))
    return [Camera(camera.index, camera.name) for camera in cameras]
