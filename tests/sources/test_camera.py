"""Cameras: found by number and name, opened for the platform, missed with one sentence."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources import camera
from poolviewer.sources.camera import (
    Camera,
    CameraSource,
    connect_camera,
    list_cameras,
    number_of,
)
from poolviewer.sources.feeds import FeedWish
from poolviewer.sources.opencv import cv2
from poolviewer.sources.reading_process import Arrived

NO_CAMERA = "No camera was found: plug one in, or open a picture or a video instead."


class FakeCapture:
    """A capture that notes how it was opened."""

    opened: tuple[object, ...] = ()
    asked: ClassVar[list[tuple[int, float]]] = []
    is_there = True
    has_picture = True

    def __init__(self, *arguments: object) -> None:
        FakeCapture.opened = arguments
        FakeCapture.asked.clear()

    def set(self, what: int, value: float) -> bool:
        FakeCapture.asked.append((what, value))
        return False

    def get(self, what: int) -> float:
        return 30.0

    def isOpened(self) -> bool:
        return self.is_there

    def read(self) -> tuple[bool, np.ndarray]:
        return self.has_picture, np.zeros((4, 5, 3), np.uint8)

    def release(self) -> None:
        pass


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(camera.sys, "platform", "linux")
    monkeypatch.setattr(camera, "VIDEO_DEVICES", tmp_path)
    monkeypatch.setattr(camera.cv2, "VideoCapture", FakeCapture)
    return tmp_path


def plug_in(devices: Path, number: int, name: str | None, index: int | None = 0) -> None:
    node = devices / f"video{number}"
    node.mkdir()
    if name is not None:
        (node / "name").write_text(f"{name}\n", encoding="utf-8")
    if index is not None:
        (node / "index").write_text(f"{index}\n", encoding="utf-8")


def sentence_of(function, *arguments) -> str:
    with pytest.raises(SourceError) as caught:
        function(*arguments)
    return str(caught.value)


def test_names_on_linux(devices: Path) -> None:
    plug_in(devices, 10, "USB Camera: Türkis")
    plug_in(devices, 0, "Integrated Webcam")
    plug_in(devices, 1, "Integrated Webcam", index=1)
    plug_in(devices, 2, None, index=None)
    assert list_cameras() == (
        Camera(0, "Integrated Webcam"),
        Camera(2, "camera 2"),
        Camera(10, "USB Camera: Türkis"),
    )


def test_names_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("cv2_enumerate_cameras")
    asked = []

    def enumerate_cameras(backend: int) -> list[SimpleNamespace]:
        asked.append(backend)
        return [SimpleNamespace(index=1, name="B"), SimpleNamespace(index=0, name="A")]

    package.enumerate_cameras = enumerate_cameras
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", package)
    for platform, backend in (("win32", cv2.CAP_DSHOW), ("darwin", cv2.CAP_AVFOUNDATION)):
        monkeypatch.setattr(camera.sys, "platform", platform)
        assert list_cameras() == (Camera(0, "A"), Camera(1, "B"))
        assert asked.pop() == backend


def test_without_the_package_there_are_no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    assert list_cameras() == ()


def test_number_of_a_name(devices: Path) -> None:
    plug_in(devices, 0, "Integrated Webcam")
    plug_in(devices, 4, "USB Camera")
    assert [number_of(wanted) for wanted in ("7", "usb camera", "Integrated", "USB")] == [
        7,
        4,
        0,
        4,
    ]
    assert sentence_of(number_of, "Telescope") == (
        "No camera is called Telescope: "
        "choose camera:0 (Integrated Webcam) or camera:4 (USB Camera)."
    )


@pytest.mark.parametrize(
    ("platform", "backend"),
    [
        ("linux", cv2.CAP_V4L2),
        ("win32", cv2.CAP_DSHOW),
        ("darwin", cv2.CAP_AVFOUNDATION),
        ("other", cv2.CAP_ANY),
    ],
)
def test_frames(devices: Path, monkeypatch, platform: str, backend: int) -> None:
    monkeypatch.setattr(camera.sys, "platform", platform)
    feed = connect_camera(FeedWish("camera", "3"))
    assert FakeCapture.opened == (3, backend)
    assert not FakeCapture.asked
    assert feed.grab()().shape == (4, 5, 3)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("3", []),
        ("3,320x240", [(cv2.CAP_PROP_FRAME_WIDTH, 320), (cv2.CAP_PROP_FRAME_HEIGHT, 240)]),
        ("3,15fps", [(cv2.CAP_PROP_FPS, 15)]),
        (
            "3,1280x720,60fps",
            [
                (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
                (cv2.CAP_PROP_FRAME_WIDTH, 1280),
                (cv2.CAP_PROP_FRAME_HEIGHT, 720),
                (cv2.CAP_PROP_FPS, 60),
            ],
        ),
    ],
)
def test_format_is_asked_for(devices: Path, text: str, asked: list[tuple[int, float]]) -> None:
    connect_camera(CameraSource(text)._wish)
    assert FakeCapture.asked == asked


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("0", "640×480"),
        ("0,640x480", "640×480"),
        ("0,1280x720", "640×480, not 1280×720"),
    ],
)
def test_what_is_delivered_is_told(text: str, remark: str) -> None:
    source = CameraSource(text)
    assert (source.info.name, source.info.kind) == ("camera 0", "camera")
    frame = source._frame(Arrived(np.zeros((480, 640, 3), np.uint8), 0, 1.0))
    assert frame.source.remark == source.info.remark == remark


def test_camera_by_name(devices: Path) -> None:
    plug_in(devices, 4, "USB Camera")
    connect_camera(FeedWish("camera", "USB Camera"))
    assert FakeCapture.opened[0] == 4
    assert CameraSource("USB Camera").info.name == "camera USB Camera"


def test_no_camera(devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeCapture, "is_there", False)
    for wanted in ("0", "USB Camera"):
        assert sentence_of(connect_camera, FeedWish("camera", wanted)) == NO_CAMERA


def test_other_camera(devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeCapture, "is_there", False)
    plug_in(devices, 2, "USB Camera")
    assert sentence_of(connect_camera, FeedWish("camera", "0")) == (
        "There is no camera 0: choose camera:2 (USB Camera)."
    )


@pytest.mark.parametrize(
    ("is_allowed", "expected"),
    [
        (True, "Camera 2 does not open: close the other programs that use it."),
        (False, "Camera 2 may not be used: add yourself to the group “video”."),
    ],
)
def test_busy_or_forbidden(devices: Path, monkeypatch, is_allowed: bool, expected: str) -> None:
    monkeypatch.setattr(FakeCapture, "is_there", False)
    monkeypatch.setattr(camera.os, "access", lambda *_arguments: is_allowed)
    plug_in(devices, 2, "USB Camera")
    assert sentence_of(connect_camera, FeedWish("camera", "2")) == expected


def test_silent_camera(devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeCapture, "has_picture", False)
    assert sentence_of(connect_camera(FeedWish("camera", "0")).grab) == (
        "Camera 0 sends no pictures: check its cable and its switch."
    )


def test_real_system_without_such_a_camera() -> None:
    """Number 9999 exists nowhere: OpenCV itself is asked, and nothing hangs or is printed."""
    assert sentence_of(connect_camera, FeedWish("camera", "9999")) in (
        NO_CAMERA,
        sentence_of(lambda: _raise_no_such(9999)),
    )


def _raise_no_such(number: int) -> None:
    choices = " or ".join(f"camera:{c.number} ({c.name})" for c in list_cameras())
    raise SourceError(f"There is no camera {number}: choose {choices}.")
