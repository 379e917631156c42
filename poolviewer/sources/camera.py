"""Cameras, by number or by the name that the system gives them."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import SourceInfo
from poolviewer.sources.live import LiveSource
from poolviewer.sources.opencv import cv2

VIDEO_DEVICES = Path("/sys/class/video4linux")
_BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
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
    camera
        Its number, or its name as in `list_cameras`, or the beginning of it, in any case.
    """

    def __init__(self, camera: int | str) -> None:
        self._wanted = str(camera).strip()
        super().__init__(SourceInfo(f"camera {self._wanted}", "camera"))

    def _connect(self) -> cv2.VideoCapture:
        number = number_of(self._wanted)
        capture = cv2.VideoCapture(number, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
        if not capture.isOpened():
            capture.release()
            raise SourceError(_why_closed(number))
        return capture

    def _explain(self, waited_s: float) -> str:  # noqa: ARG002  # 2 s or at once: the same advice
        return f"Camera {self._wanted} sends no pictures: check its cable and its switch."


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
