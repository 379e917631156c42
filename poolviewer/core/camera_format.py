"""What a camera is asked to deliver, as it stands in a location: ``camera:0,1280x720,30fps``."""

import re
from dataclasses import dataclass

from poolviewer.core.errors import SourceError

SCHEME = "camera:"
SIZES = ((0, 0), (320, 240), (640, 480), (1280, 720), (1920, 1080))
RATES = (0, 15, 30, 60)
MOST_SIDE, MOST_RATE = 16_384, 1000
_SIZE = re.compile(r"([0-9]{1,6})\s*[x×]\s*([0-9]{1,6})", re.IGNORECASE)
_RATE = re.compile(r"([0-9]{1,6})\s*fps", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CameraFormat:
    """A wish, which the camera may refuse.

    Parameters
    ----------
    width, height
        Of the picture; 0 for the camera's own size.
    rate
        Frames per second; 0 for the camera's own rate.
    """

    width: int = 0
    height: int = 0
    rate: int = 0

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def is_met_by(self, width: int, height: int) -> bool:
        """Say whether a picture has the size that was asked for, if any was."""
        return not self.width or (self.width, self.height) == (width, height)


AS_DELIVERED = CameraFormat()


def parse_camera(text: str) -> tuple[str, CameraFormat]:
    """Take ``0,1280x720,30fps`` apart: the camera's number or name, and what it shall deliver.

    A name may hold commas: only what looks like a size or a rate at the end is taken for one.
    Raises `SourceError` for a size or rate that no camera has.
    """
    device, width, height, rate = text.strip(), 0, 0, 0
    while "," in device:
        rest, _, last = device.rpartition(",")
        if size := _SIZE.fullmatch(last.strip()):
            width, height = int(size[1]), int(size[2])
        elif pace := _RATE.fullmatch(last.strip()):
            rate = int(pace[1])
        else:
            break
        device = rest.strip()
    if max(width, height) > MOST_SIDE or (width > 0) != (height > 0) or rate > MOST_RATE:
        raise SourceError(
            "No camera delivers that: write a size and a rate like camera:0,1280x720,30fps."
        )
    return device or "0", CameraFormat(width, height, rate)


def camera_location(device: str, wanted: CameraFormat = AS_DELIVERED) -> str:
    """Return the location of a camera that shall deliver a format; see `parse_camera`."""
    size = f",{wanted.width}x{wanted.height}" if wanted.width else ""
    return f"{SCHEME}{device}{size}{f',{wanted.rate}fps' if wanted.rate else ''}"


def is_camera(location: str) -> bool:
    """Say whether a location names a camera."""
    return location.strip().lower().startswith(SCHEME)


def device_of(location: str) -> str:
    """Return the number or name of the camera that a location names; empty for anything else."""
    return parse_camera(location.strip()[len(SCHEME) :])[0] if is_camera(location) else ""


def with_format(location: str, wanted: CameraFormat) -> str:
    """Return a camera's location with another format; any other location as it is."""
    return camera_location(device_of(location), wanted) if is_camera(location) else location
