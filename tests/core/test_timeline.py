"""The words of the transport bar, and wishes that become one."""

import numpy as np
import pytest

from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.ring import FrameRing
from poolviewer.core.timeline import (
    Extent,
    Seek,
    Timeline,
    Transport,
    clock,
    film_timeline,
    live_timeline,
    transport_words,
)

FILM = SourceInfo("a.mp4", "video")
CAMERA = SourceInfo("camera 0", "camera")
FOLDER = SourceInfo("pictures", "folder", 4)
PICTURE = SourceInfo("a.png", "picture", 1)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0:00.0"),
        (4.44, "0:04.4"),
        (59.96, "1:00.0"),
        (600, "10:00.0"),
        (3723.4, "1:02:03.4"),
        (-1, "0:00.0"),
    ],
)
def test_clock(seconds, expected):
    assert clock(seconds) == expected


@pytest.mark.parametrize(
    ("transport", "expected"),
    [
        (
            Transport(FILM, Timeline(0, 300, 132, 4.4, 10.0)),
            "frame 132 of 301  ·  0:04.4 / 0:10.0",
        ),
        (Transport(FILM, Timeline(0, 40, 7, 0.3, 1.6, False)), "frame 7 of 41+  ·  0:00.3"),
        (Transport(FOLDER, Timeline(0, 3, 1)), "picture 2 of 4"),
        (Transport(CAMERA, Timeline(0, 0, 0)), "live"),
        (Transport(CAMERA, Timeline(5, 300, 300, 0.0, 9.4)), "live  ·  last 9 s kept"),
        (Transport(CAMERA, Timeline(5, 300, 300, 0.0, 9.4), is_frozen=True), "frame 300"),
        (
            Transport(CAMERA, Timeline(5, 300, 204, 3.2, 9.4), is_frozen=True),
            "frame 204  ·  3.2 s back",
        ),
        (
            Transport(CAMERA, Timeline(205, 300, 204, 3.2, 9.4), is_frozen=True),
            "frame 204  ·  no longer kept",
        ),
        (Transport(FILM), ""),
        (Transport(), ""),
    ],
)
def test_words(transport, expected):
    assert transport_words(transport) == expected


@pytest.mark.parametrize(
    ("source", "is_useful"),
    [(FILM, True), (CAMERA, True), (FOLDER, True), (PICTURE, False), (None, False)],
)
def test_the_bar_is_for_more_than_one_frame(source, is_useful):
    assert Transport(source, Timeline()).is_useful == is_useful
    assert not Transport(source).is_useful


def test_a_folder_of_one_needs_no_bar():
    assert not Transport(SourceInfo("pictures", "folder", 1), Timeline()).is_useful


def test_steps_add_up_to_one_wish():
    assert Seek(40).further(2).further(-1).target(7) == 41
    assert Seek().further(-3).target(7) == 4


def test_timeline_of_a_ring():
    ring = FrameRing()
    assert live_timeline(ring, 9, 2) == Timeline(9, 9, 9, generation=2)
    for index in (4, 6, 9):
        ring.add(Frame(np.zeros((1, 1, 3), np.uint8), CAMERA, index, index / 10))
    told = live_timeline(ring, 6, 2)
    assert (told.first, told.last, told.position, told.generation) == (4, 9, 6, 2)
    assert told.position_s == pytest.approx(0.3)
    assert told.length_s == pytest.approx(0.5)


def test_timeline_of_a_film_holds_its_position_whatever_is_known():
    assert film_timeline(Extent(3, False, 0.5, 0.6), 7, 1).last == 7
