"""A camera's location: its number or name, a size, a rate."""

import pytest

from poolviewer.core.camera_format import (
    AS_DELIVERED,
    CameraFormat,
    camera_location,
    device_of,
    parse_camera,
    with_format,
)
from poolviewer.core.errors import SourceError

HD = CameraFormat(1280, 720, 30)


@pytest.mark.parametrize(
    ("text", "device", "wanted"),
    [
        ("0", "0", AS_DELIVERED),
        ("", "0", AS_DELIVERED),
        (" 2 , 640X480 ", "2", CameraFormat(640, 480)),
        ("0,1280×720,30fps", "0", HD),
        ("0,30fps,1280x720", "0", HD),
        ("USB Camera, left,60 FPS", "USB Camera, left", CameraFormat(rate=60)),
        (",640x480", "0", CameraFormat(640, 480)),
    ],
)
def test_parts(text: str, device: str, wanted: CameraFormat) -> None:
    assert parse_camera(text) == (device, wanted)


@pytest.mark.parametrize("text", ["0,0x480", "0,99999x2", "0,2000fps", "0,640x0,30fps"])
def test_what_no_camera_delivers(text: str) -> None:
    with pytest.raises(SourceError, match=r"^No camera delivers that: write .+\.$"):
        parse_camera(text)


@pytest.mark.parametrize("wanted", [AS_DELIVERED, HD, CameraFormat(rate=15), CameraFormat(4, 3)])
def test_location_there_and_back(wanted: CameraFormat) -> None:
    location = camera_location("USB Camera, left", wanted)
    assert parse_camera(location.removeprefix("camera:")) == ("USB Camera, left", wanted)
    assert device_of(location) == "USB Camera, left"


def test_format_of_a_location_is_replaced() -> None:
    assert with_format("camera:0,640x480,60fps", HD) == "camera:0,1280x720,30fps"
    assert with_format("Camera: 1", AS_DELIVERED) == "camera:1"
    assert with_format("a.png", HD) == "a.png"
    assert device_of("http://camera:0/") == ""


def test_what_meets_a_wish() -> None:
    assert AS_DELIVERED.is_met_by(1, 2)
    assert HD.is_met_by(1280, 720)
    assert not HD.is_met_by(640, 480)
    assert HD.size == (1280, 720)
