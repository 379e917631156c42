"""Before a camera is opened: may it be, in which format, and which are there."""

import pytest
from PySide6.QtCore import Qt

from poolviewer.core.camera_format import CameraFormat
from poolviewer.core.messages import CameraList, Failure, SourceInfo, SourceRequest
from poolviewer.factories import list_cameras
from poolviewer.runtime import cameras
from poolviewer.runtime.cameras import FORBIDDEN, CameraPermission, Cameras
from poolviewer.runtime.jobs import JobWorker

from .harness import TIMEOUT_MS, in_thread

SMALL = CameraFormat(320, 240)


class Person:
    """Decides about the camera when the test says so."""

    def __init__(self):
        self.asked = []

    def ask(self, answer):
        self.asked.append(answer)


class Desk:
    """The cameras of a person, and what they asked for."""

    def __init__(self, person, wanted=None, job=list_cameras):
        self.person, self.opened, self.refused, self.jobs = person, [], [], []
        self.cameras = Cameras(job, wanted or CameraFormat(), person.ask)
        self.cameras.open_requested.connect(self.opened.append)
        self.cameras.refused.connect(self.refused.append)
        self.cameras.job_requested.connect(self.jobs.append)

    def open(self, location):
        self.cameras.open(SourceRequest(location))

    @property
    def locations(self):
        return [request.location for request in self.opened]


@pytest.fixture
def desk(qtbot):
    return Desk(Person())


def always(answer):
    answer(True)


def test_everything_but_a_camera_is_opened_without_asking(desk):
    for location in ("a.png", "http://host/", "synthetic:30"):
        desk.open(location)
    assert desk.locations == ["a.png", "http://host/", "synthetic:30"]
    assert not desk.person.asked


def test_camera_is_opened_once_it_is_allowed(desk):
    desk.open("camera:0")
    assert not desk.opened
    desk.person.asked.pop()(True)
    assert desk.locations == ["camera:0"]
    assert not desk.refused


def test_forbidden_camera_is_one_sentence(desk):
    desk.open("camera:0")
    desk.person.asked.pop()(False)
    assert not desk.opened
    assert desk.refused == [FORBIDDEN]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_answer_that_comes_after_a_newer_wish_is_dropped(desk, is_allowed):
    desk.open("camera:0")
    desk.open("a.png")
    desk.person.asked.pop()(is_allowed)
    assert desk.locations == ["a.png"]
    assert not desk.refused


def test_system_that_does_not_ask_says_yes_at_once(qapp):
    """Linux and Windows; on macOS this very call would ask."""
    answers = []
    CameraPermission().ask(answers.append)
    assert answers == [True]


def test_answer_of_the_system_arrives_later(qapp, qtbot, monkeypatch):
    """The system says that nobody was asked yet; the real request then answers from Qt's loop."""

    class Undecided:
        @staticmethod
        def instance():
            return Undecided()

        def checkPermission(self, _wish):
            return Qt.PermissionStatus.Undetermined

        def requestPermission(self, *arguments):
            qapp.requestPermission(*arguments)

    monkeypatch.setattr(cameras, "QCoreApplication", Undecided)
    answers = []
    permission = CameraPermission()
    permission.ask(answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=TIMEOUT_MS)
    assert answers == [True]


@pytest.mark.parametrize(
    ("location", "opened"),
    [
        ("camera:0", "camera:0,320x240"),
        ("camera:0,640x480", "camera:0,640x480"),
        ("camera:0,9fps", "camera:0,9fps"),
        ("camera:0,0x9", "camera:0,0x9"),
    ],
)
def test_chosen_format_is_asked_for_where_the_wish_names_none(qtbot, location, opened):
    person = Person()
    desk = Desk(person, SMALL)
    desk.open(location)
    person.asked.pop()(True)
    assert desk.locations == [opened]


def test_another_format_opens_the_camera_that_is_on_again(desk):
    desk.cameras.choose_format(SMALL)
    assert not desk.person.asked
    desk.cameras.on_source_opened(SourceInfo("camera USB Camera", "camera"), 1)
    desk.cameras.choose_format(SMALL)
    desk.person.asked.pop()(True)
    desk.cameras.choose_format(CameraFormat())
    desk.person.asked.pop()(True)
    assert desk.locations == ["camera:USB Camera,320x240", "camera:USB Camera"]
    desk.cameras.on_source_opened(SourceInfo("a.png", "picture"), 2)
    desk.cameras.choose_format(SMALL)
    assert not desk.person.asked


def test_one_look_at_a_time(desk):
    for _ in range(3):
        desk.cameras.look()
    assert desk.jobs == [list_cameras]
    desk.cameras.on_job_done("something else")
    desk.cameras.look()
    assert len(desk.jobs) == 1
    desk.cameras.on_job_done(CameraList(()))
    desk.cameras.look()
    assert len(desk.jobs) == 2
    desk.cameras.on_failed(Failure("export", "No."))
    desk.cameras.look()
    assert len(desk.jobs) == 3


def test_plugging_in_and_out_is_seen(qtbot, monkeypatch):
    monkeypatch.setattr("poolviewer.runtime.cameras.LOOK_EVERY_MS", 20)
    present = []
    seen = []

    def look():
        return CameraList(tuple(present))

    desk = Desk(Person(), job=look)
    worker = JobWorker()
    desk.cameras.job_requested.connect(worker.run)
    worker.done.connect(desk.cameras.on_job_done)
    worker.done.connect(seen.append)
    with in_thread(worker):
        desk.cameras.begin_looking()

        def is_seen():
            return bool(seen) and seen[-1].cameras == tuple(present)

        for now in ([("camera:0", "A")], [("camera:0", "A"), ("camera:1", "B")], []):
            present[:] = now
            qtbot.waitUntil(is_seen, timeout=TIMEOUT_MS)
        desk.cameras.stop_looking()
