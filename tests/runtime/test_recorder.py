"""The recording thread: shots in, one file or none out, and always one word about it."""

from contextlib import contextmanager
from threading import get_ident

import pytest
from PySide6.QtCore import QObject, Signal, Slot

from poolviewer.core.errors import ExportError
from poolviewer.core.filming import Film
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Failure
from poolviewer.core.recording import Recorded, RecordingSpec, Shot
from poolviewer.runtime.recorder import RecordingWorker

from .harness import Barrier, in_thread

FILM_SPEC = RecordingSpec("b.gif", frames_per_s=4, longest_s=3.0)
SPEC = RecordingSpec("a.mp4", frames_per_s=10)


class StandInRecorder:
    """Notes what is done to it; full after, or failing at, as many figures as the test says."""

    def __init__(self, log, full_after, failing_at, finish_error):
        self.log, self.frames = log, 0
        self._full_after, self._failing_at = full_after, failing_at
        self._finish_error = finish_error

    @property
    def size_bytes(self):
        return 3_000_000_000 + self.frames

    @property
    def is_full(self):
        return self.frames >= self._full_after

    def add(self, request, time_s):
        if self.frames == self._failing_at:
            raise ExportError("No.")
        self.frames += 1
        self.log.append((request, time_s))

    def finish(self, end_s):
        if self._finish_error:
            raise self._finish_error
        self.log.append(("finish", end_s))

    def abort(self):
        self.log.append("abort")


class Wishes(QObject):
    begun = Signal(object, int)
    left = Signal()
    finished = Signal(float, int)
    cancelled = Signal(int)
    load_wished = Signal()
    filmed = Signal(object, int)

    def __init__(self):
        super().__init__()
        self.told = []

    @Slot(int, int, object)
    def on_progressed(self, *progress):
        self.told.append(progress)

    @Slot(object, int)
    def on_recorded(self, recorded, number):
        self.told.append((recorded, number))

    @Slot(object)
    def on_failed(self, failure):
        self.told.append(failure)


class House:
    """A recording thread, what is done to its recorders, and what it told."""

    def __init__(self, worker, shots, wishes, log, qtbot):
        self.shots, self.wishes, self.log = shots, wishes, log
        self._barrier = Barrier(worker, qtbot)

    def shoot(self, request, time_s, number=1):
        self.shots.put(Shot(request, time_s, number))
        self.wishes.left.emit()
        self.wait()

    def wait(self):
        self._barrier.wait()

    @property
    def told(self):
        return self.wishes.told


@pytest.fixture
def house(qtbot):
    @contextmanager
    def house(full_after=99, failing_at=99, open_error=None, finish_error=None):
        log, shots, wishes = [], Latest(), Wishes()

        def create(spec):
            if open_error:
                raise open_error
            log.append(spec.path)
            return StandInRecorder(log, full_after, failing_at, finish_error)

        worker = RecordingWorker(create, shots)
        wishes.begun.connect(worker.begin)
        wishes.left.connect(worker.process)
        wishes.finished.connect(worker.finish)
        wishes.filmed.connect(worker.film)
        wishes.cancelled.connect(worker.cancel)
        worker.progressed.connect(wishes.on_progressed)
        worker.recorded.connect(wishes.on_recorded)
        worker.failed.connect(wishes.on_failed)
        with in_thread(worker):
            made = House(worker, shots, wishes, log, qtbot)
            yield made
        qtbot.wait(0)

    return house


def test_shots_are_drawn_and_counted_and_the_file_is_finished(house):
    with house() as made:
        made.wishes.begun.emit(SPEC, 1)
        made.shoot("a", 0.0)
        made.shoot("b", 0.1)
        made.wishes.finished.emit(0.5, 1)
        made.wait()
    assert made.log == ["a.mp4", ("a", 0.0), ("b", 0.1), ("finish", 0.5)]
    assert made.told == [
        (1, 1, 3_000_000_001),
        (1, 2, 3_000_000_002),
        (Recorded("a.mp4", 0.5, 2, 3_000_000_002), 1),
    ]


def test_the_last_shot_is_not_lost(house):
    with house() as made:
        made.wishes.begun.emit(SPEC, 1)
        made.shots.put(Shot("a", 0.0, 1))
        made.wishes.finished.emit(0.05, 1)
        made.wait()
    assert made.log == ["a.mp4", ("a", 0.0), ("finish", 0.05)]
    assert made.told[-1] == (Recorded("a.mp4", 0.1, 1, 3_000_000_001), 1)


def test_shots_of_another_recording_are_dropped(house):
    with house() as made:
        made.wishes.begun.emit(SPEC, 2)
        made.shoot("old", 9.0, number=1)
        made.shoot("new", 0.0, number=2)
        made.wishes.finished.emit(1.0, 1)
        made.wishes.cancelled.emit(1)
        made.wait()
        assert made.log == ["a.mp4", ("new", 0.0)]
        made.wishes.cancelled.emit(2)
        made.wait()


def test_a_cancelled_recording_is_aborted_once_and_says_nothing(house):
    with house() as made:
        made.wishes.begun.emit(SPEC, 1)
        made.shoot("a", 0.0)
        made.wishes.cancelled.emit(1)
        made.wishes.cancelled.emit(1)
        made.shoot("b", 0.1)
        made.wishes.finished.emit(1.0, 1)
        made.wait()
    assert made.log == ["a.mp4", ("a", 0.0), "abort"]
    assert made.told == [(1, 1, 3_000_000_001)]


def test_without_room_it_finishes_by_itself_and_says_so(house):
    with house(full_after=2) as made:
        made.wishes.begun.emit(SPEC, 1)
        for index in range(4):
            made.shoot(index, index / 10)
        made.wishes.finished.emit(1.0, 1)
        made.wait()
    assert made.log == ["a.mp4", (0, 0.0), (1, 0.1), ("finish", 0.1)]
    assert made.told[-1] == (Recorded("a.mp4", 0.2, 2, 3_000_000_002, is_cut_short=True), 1)


def test_a_figure_that_cannot_be_drawn_ends_it(house):
    with house(failing_at=1) as made:
        made.wishes.begun.emit(SPEC, 1)
        for index in range(3):
            made.shoot(index, index / 10)
    assert made.log == ["a.mp4", (0, 0.0), "abort"]
    assert made.told[-1] == Failure("recording", "No.", 1)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ExportError("There is no permission."), "There is no permission."),
        (ImportError("no codec\nat all"), "The recording failed: no codec"),
    ],
)
@pytest.mark.parametrize("when", ["open_error", "finish_error"])
def test_a_file_that_cannot_be_written_is_told(house, when, error, sentence):
    with house(**{when: error}) as made:
        made.wishes.begun.emit(SPEC, 1)
        made.shoot("a", 0.0)
        made.wishes.finished.emit(1.0, 1)
        made.wait()
    assert made.told[-1] == Failure("recording", sentence, 1)
    assert made.told.count(made.told[-1]) == 1


def test_the_end_of_the_thread_completes_the_file(house):
    with house() as made:
        made.wishes.begun.emit(SPEC, 1)
        made.shoot("a", 0.3)
    assert made.log == ["a.mp4", ("a", 0.3), ("finish", 0.3)]


def test_the_next_recording_works_after_a_failure(house):
    with house(failing_at=0) as made:
        for number in (1, 2):
            made.wishes.begun.emit(SPEC, number)
            made.shoot("a", 0.0, number)
    assert made.log == ["a.mp4", "abort"] * 2
    assert [failure.generation for failure in made.told] == [1, 2]


@pytest.mark.parametrize("error", [None, ImportError("no FFmpeg")])
def test_what_it_needs_is_loaded_before_in_its_thread(qtbot, error):
    threads, wishes = [], Wishes()

    def load():
        threads.append(get_ident())
        if error:
            raise error

    worker = RecordingWorker(lambda spec: None, Latest(), load)
    wishes.load_wished.connect(worker.load)
    worker.failed.connect(wishes.on_failed)
    with in_thread(worker):
        wishes.load_wished.emit()
        Barrier(worker, qtbot).wait()
    assert len(threads) == 1
    assert threads[0] != get_ident()
    assert wishes.told == []


def film_of(names, failure=None):
    def scenes():
        for number, name in enumerate(names):
            yield name, number / 4
        if failure:
            raise failure

    return Film(FILM_SPEC, len(names), scenes)


def test_a_film_is_drawn_to_its_end(house, qtbot):
    with house() as made:
        made.wishes.filmed.emit(film_of("abc"), 1)
        qtbot.waitUntil(lambda: len(made.told) == 4)
    assert made.log == ["b.gif", ("a", 0.0), ("b", 0.25), ("c", 0.5), ("finish", 3.0)]
    assert [told[1] for told in made.told[:3]] == [1, 2, 3]
    assert made.told[3] == (Recorded("b.gif", 3.0, 3, 3_000_000_003, noun="Animation"), 1)


def test_a_film_hears_a_wish_between_two_pictures(house, qtbot):
    def endless():
        number = 0
        while True:
            yield "a", number / 4
            number += 1

    with house(full_after=10**9, failing_at=-1) as made:
        made.wishes.filmed.emit(Film(FILM_SPEC, 10**9, endless), 1)
        qtbot.waitUntil(lambda: len(made.told) > 3)
        made.wishes.cancelled.emit(1)
        made.wait()
        drawn = len(made.log)
        assert made.log[-1] == "abort"
        made.wishes.begun.emit(SPEC, 2)
        made.shoot("b", 0.0, number=2)
        made.wait()
    assert made.log[drawn : drawn + 2] == ["a.mp4", ("b", 0.0)]
    assert not [told for told in made.told if isinstance(told, Failure)]


@pytest.mark.parametrize(
    ("options", "failure", "words"),
    [
        ({"full_after": 2}, None, "disk is full"),
        ({"failing_at": 1}, None, "No."),
        ({"finish_error": ExportError("Not now.")}, None, "Not now."),
        ({}, ExportError("It does not apply."), "It does not apply."),
        ({}, ZeroDivisionError("zero"), "animation failed"),
        ({"open_error": ExportError("No folder.")}, None, "No folder."),
    ],
)
def test_half_a_film_is_none(house, qtbot, options, failure, words):
    with house(**options) as made:
        made.wishes.filmed.emit(film_of("abc", failure), 7)
        qtbot.waitUntil(lambda: any(isinstance(told, Failure) for told in made.told))
        made.wait()
    (failed,) = [told for told in made.told if isinstance(told, Failure)]
    assert words in failed.sentence
    assert failed.generation == 7
    assert not options or "finish_error" in options or made.log[-1:] in (["abort"], [])
    assert not any(isinstance(told, tuple) and isinstance(told[0], Recorded) for told in made.told)


def test_nothing_is_left_of_a_film_when_its_thread_ends(house, qtbot):
    def endless():
        while True:
            yield "a", 0.0

    with house(full_after=10**9, failing_at=-1) as made:
        made.wishes.filmed.emit(Film(FILM_SPEC, 10**9, endless), 1)
        qtbot.waitUntil(lambda: len(made.told) > 2)
    assert made.log[-1] == "abort"
    assert ("finish", 3.0) not in made.log
