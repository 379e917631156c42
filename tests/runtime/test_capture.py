"""Capture: real sources, and stand-ins where one must fail."""

import re
from contextlib import contextmanager
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from poolviewer.core import watchdog
from poolviewer.core.errors import SourceError
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import SourceRequest
from poolviewer.core.timeline import Seek
from poolviewer.runtime.capture import CaptureWorker
from poolviewer.runtime.replay import TransportBoxes
from poolviewer.runtime.threads import WorkerThread
from poolviewer.sources.opening import open_source
from tests import media
from tests.mjpeg_server import mjpeg_server
from tests.sources.hostile_media import HOSTILE

from .harness import TIMEOUT_MS, Barrier, Recorder, Wishes, in_thread
from .stand_ins import StandInCamera, StandInFolder

LIVE = "synthetic:500"
FRAMES = 12


class Capture:
    """A capture worker at work, with everything around it that the application has."""

    def __init__(self, worker, frames, transport, qtbot):
        self.frames, self.transport = frames, transport
        self.wishes, self.recorder = Wishes(), Recorder()
        self._qtbot, self._barrier = qtbot, Barrier(worker, qtbot)
        self.wishes.opened.connect(worker.open)
        self.wishes.frozen.connect(worker.set_frozen)
        self.wishes.stepped.connect(self._wish_step)
        self.wishes.sought.connect(worker.seek)
        self.wishes.looping.connect(worker.set_looping)
        self.wishes.limited.connect(worker.limit_replay)
        worker.moved.connect(self.recorder.on_moved)
        worker.paused.connect(self.recorder.on_paused)
        worker.opened.connect(self.recorder.on_opened)
        worker.captured.connect(self.recorder.on_captured)
        worker.recovered.connect(self.recorder.on_recovered)
        worker.failed.connect(self.recorder.on_failed)

    def open(self, location, generation=1):
        """Ask for a source and wait for the answer."""
        before = self._answers
        self.ask(self.wishes.opened, SourceRequest(str(location)), generation)
        self.until(lambda: self._answers > before)

    @property
    def _answers(self):
        return self.recorder.count("opened") + self.recorder.count("failed")

    def ask(self, wish, *arguments):
        wish.emit(*arguments)
        self._barrier.wait()

    def until(self, condition, timeout=TIMEOUT_MS):
        self._qtbot.waitUntil(condition, timeout=timeout)

    def next_frame(self):
        """Wait for a frame and take it."""
        taken = []
        self.until(lambda: taken.append(self.frames.take()) or taken[-1] is not None)
        return taken[-1]

    def step(self, count):
        """Step, and return the index of the frame that came; None where none came."""
        self.ask(self.wishes.stepped, count)
        frame = self.frames.take()
        return None if frame is None else frame.index

    def seek(self, index):
        """Ask for a frame, and return it once it has come."""
        self.transport.seeks.put(Seek(index))
        self.frames.take()
        self.wishes.sought.emit()
        frame = self.next_frame()
        self._barrier.wait()  # it is told after the frame where that lies
        return frame

    def _wish_step(self, count):
        self.transport.seeks.put(Seek(steps=count))
        self.wishes.sought.emit()

    @property
    def sentences(self):
        return [failure.sentence for failure in self.recorder.named("failed")]

    @property
    def opened(self):
        return [(info.name, generation) for info, generation in self.recorder.named("opened")]


@pytest.fixture
def run(qtbot):
    @contextmanager
    def running(*sources):
        """Run with real sources, or with these stand-ins one after another."""
        left = list(sources)
        frames, previews, transport = Latest(), Latest(), TransportBoxes.empty()

        def source_of(request):
            return left.pop(0) if left else open_source(request)

        worker = CaptureWorker(source_of, frames, previews, transport)
        with in_thread(worker, lambda worker: Capture(worker, frames, transport, qtbot)) as it:
            yield it

    return running


@pytest.fixture
def video(tmp_path):
    return media.write_video(tmp_path / "a.avi", FRAMES, rate=100)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "pictures"
    path.mkdir()
    for index in range(4):
        (path / f"{index}.png").write_bytes(media.encoded(".png"))
    return path


def test_picture_comes_once(run):
    with run() as it:
        it.open(media.SAMPLES / "coins.png", 4)
        frame = it.frames.take()
        assert (frame.name, frame.index, frame.generation) == ("coins.png", 0, 4)
        assert [e[0] for e in it.recorder.events] == ["opened", "captured", "moved"]
        assert it.opened == [("coins.png", 4)]
        it.ask(it.wishes.frozen, False)
        assert it.frames.take() is None


@pytest.mark.parametrize("count", [1, -1, 0])
def test_step_in_a_picture_shows_it_again(run, count):
    with run() as it:
        it.open(media.SAMPLES / "coins.png")
        first = it.frames.take()
        it.ask(it.wishes.stepped, count)
        assert it.frames.take().picture is first.picture


def test_folder_is_stepped_through_to_its_ends(run, folder):
    with run() as it:
        it.open(folder)
        assert it.frames.take().name == "0.png"
        assert [it.step(n) for n in (1, 1, -1, -1, -1, 3, 1, 1)] == [1, 2, 1, 0, 0, 3, 3, 3]
        assert not it.sentences


def test_step_goes_past_pictures_that_cannot_be_read(run, folder):
    for index in (1, 2):
        (folder / f"{index}.png").write_bytes(media.GIT_LFS)
    with run() as it:
        it.open(folder)
        it.frames.take()
        assert [it.step(1), it.step(1), it.step(1)] == [None, None, 3]
        assert [s.split()[0] for s in it.sentences] == ["1.png", "2.png"]
        assert it.recorder.count("recovered") == 1
        assert [it.step(-1), it.step(-1), it.step(-1)] == [None, None, 0]


def test_broken_ends_of_a_folder_are_told_at_every_step_and_left_again(run):
    with run(StandInFolder(3, broken=(2,))) as it:
        it.open("folder")
        it.frames.take()
        assert [it.step(n) for n in (1, 1, 1, 1, -1)] == [1, None, None, None, 1]
        assert it.sentences == ["2.png is damaged."] * 3


def test_video_plays_in_order_at_its_own_pace(run, video):
    """Frames bear the time of their reading: load can make a video slower, never faster."""
    with run() as it:
        it.open(video)
        frames = [it.next_frame() for _ in range(2 * FRAMES)]
    indices = [frame.index for frame in frames]
    assert indices != sorted(indices)  # it began again
    taken = sum((b - a) % FRAMES for a, b in pairwise(indices))
    assert frames[-1].captured_s - frames[0].captured_s > 0.8 * taken / 100
    assert [media.frame_number(frame.picture) for frame in frames] == indices


def test_frozen_video_stands_steps_and_goes_on_from_there(run, tmp_path):
    """Four frames a second: one that goes on is caught before it has gone far."""
    with run() as it:
        it.open(media.write_video(tmp_path / "slow.avi", FRAMES, rate=4))
        it.next_frame()
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        assert it.step(-FRAMES) == 0
        steps = (1, 3, -2, -1, FRAMES, -1, -5)
        assert [it.step(n) for n in steps] == [1, 4, 2, 1, 11, 10, 5]
        it.ask(it.wishes.frozen, True)
        assert it.frames.take() is None
        it.ask(it.wishes.frozen, False)
        assert it.next_frame().index in (6, 7, 8, 9)


def test_frozen_video_sends_nothing(run, video):
    with run() as it:
        it.open(video)
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        for _ in range(20):  # at a hundred frames a second, some would have come
            it.ask(it.wishes.frozen, True)
            assert it.frames.take() is None


def test_live_source_sends_its_newest(run):
    with run() as it:
        it.open(LIVE)
        indices = [it.next_frame().index for _ in range(20)]
    assert indices == sorted(set(indices))


def test_wake_up_comes_only_when_the_box_was_empty(run):
    camera = StandInCamera()
    with run(camera) as it:
        it.open("camera:0")
        it.until(lambda: camera.reads > 20)
        assert it.recorder.count("captured") == 1
        assert it.frames.take().index > 0
        it.until(lambda: it.recorder.count("captured") == 2)


def test_frozen_live_source_is_drained_and_stepped(run):
    camera = StandInCamera()
    with run(camera) as it:
        it.open("camera:0")
        it.next_frame()
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        for _ in range(2):
            reads = camera.reads
            it.until(lambda before=reads: camera.reads > before + 10)  # drained, and not shown
            assert it.frames.take() is None
            it.wishes.stepped.emit(1)
            assert it.next_frame().index > reads
        it.ask(it.wishes.frozen, False)
        indices = [it.next_frame().index for _ in range(3)]
        assert indices == sorted(set(indices))


def test_freezing_at_once_lets_no_further_frame_through(run):
    """The second frame is being read when the wish comes; it is the last one that is shown."""
    camera = StandInCamera()
    camera.free_reads = 1
    camera.gate.clear()
    with run(camera) as it:
        it.wishes.opened.emit(SourceRequest("camera:0"), 1)
        it.until(lambda: it.recorder.count("captured") == 1)
        it.wishes.frozen.emit(True)
        camera.gate.set()
        it.until(lambda: camera.reads > 12)
        assert it.frames.take().index == 1


def test_source_opened_while_frozen_shows_its_first_frame(run):
    with run(StandInCamera("old"), StandInCamera("new")) as it:
        it.open("camera:0")
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        it.open("camera:1", 2)
        frame = it.frames.take()
        assert (frame.index, frame.source.name, frame.generation) == (0, "new", 2)


@pytest.mark.parametrize("bad", ["nothing.png", "camera:63", "http://", "text.png", "empty"])
def test_bad_source_leaves_the_old_one_running(run, tmp_path, bad):
    (tmp_path / "text.png").write_text("no picture", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    location = tmp_path / bad if "." in bad or bad == "empty" else bad
    with run() as it:
        it.open(LIVE)
        it.open(location, 2)
        (failure,) = it.recorder.named("failed")
        assert (failure.where, failure.generation) == ("source", 2)
        assert failure.sentence.endswith(".")
        it.frames.take()
        frames = [it.next_frame() for _ in range(3)]
        assert {frame.generation for frame in frames} == {1}
        assert frames[0].index < frames[1].index < frames[2].index
        assert it.opened == [("synthetic", 1)]


@pytest.mark.parametrize(
    "case", ["PNG of 60000²", "MOV of 80 million samples", "HLS as video", "pipe", "Keras model"]
)
def test_hostile_file_leaves_the_old_source_running(run, tmp_path, video, case):
    hostile = HOSTILE[case].make(tmp_path)
    with run() as it:
        it.open(LIVE)
        it.open(hostile, 2)
        assert it.sentences == [HOSTILE[case].sentence]
        it.frames.take()
        assert it.next_frame().generation == it.next_frame().generation == 1
        it.open(video, 3)
        assert it.opened == [("synthetic", 1), ("a.avi", 3)]


def test_bad_source_leaves_a_video_playing_and_a_folder_steppable(run, tmp_path, video, folder):
    with run() as it:
        it.open(video)
        it.open(tmp_path / "nothing", 2)
        assert it.next_frame().captured_s < it.next_frame().captured_s
        it.open(folder, 3)
        it.open(tmp_path / "nothing", 4)
        it.frames.take()
        assert it.step(1) == 1


def test_newest_source_wins_and_its_box_holds_nothing_older(run, folder):
    with run() as it:
        it.open(LIVE)
        it.open(folder, 2)
        frame = it.frames.take()
        assert (frame.name, frame.generation) == ("0.png", 2)
        assert it.frames.take() is None
        assert it.opened == [("synthetic", 1), ("pictures", 2)]


def test_live_source_is_closed_before_it_is_opened_again(run):
    log = []
    cameras = [StandInCamera(name, log) for name in "abc"]
    with run(*cameras) as it:
        it.open("camera:0")
        it.open("camera:0", 2)
        it.open("camera:1", 3)
    assert log == ["open a", "close a", "open b", "open c", "close b", "close c"]


def test_file_opened_again_in_vain_goes_on(run, video):
    with run() as it:
        it.open(video)
        video.write_bytes(b"")
        it.open(video, 2)
        assert it.sentences == ["a.avi is empty: save or fetch it again."]
        assert it.next_frame().generation == it.next_frame().generation == 1


@pytest.fixture
def _short_retries(monkeypatch):
    monkeypatch.setattr(watchdog, "FIRST_RETRY_S", 0.001)
    monkeypatch.setattr(watchdog, "PATIENCE_S", 0.2)


@pytest.mark.usefixtures("_short_retries")
def test_silence_and_return_are_told_once_each(run):
    camera = StandInCamera()
    with run(camera) as it:
        it.open("camera:0")
        it.next_frame()
        for round_number in (1, 2):
            camera.fail_with(*[SourceError("The cable is out.")] * 9)
            it.until(lambda: it.recorder.count("recovered") == round_number)  # noqa: B023
            pattern = r"No picture from camera 0 for \d s: trying again\. The cable is out\."
            assert all(re.fullmatch(pattern, sentence) for sentence in it.sentences)
            going_on = [failure.is_going_on for failure in it.recorder.named("failed")]
            assert going_on.count(False) == round_number
        assert it.opened == [("camera 0", 1)]
        it.frames.take()
        assert it.next_frame().generation == 1


@pytest.mark.usefixtures("_short_retries")
def test_another_reason_is_told_too(run):
    camera = StandInCamera()
    with run(camera) as it:
        it.open("camera:0")
        it.next_frame()
        camera.fail_with(*[SourceError(sentence) for sentence in 6 * ["One."] + 6 * ["Two."]])
        it.until(lambda: it.recorder.count("recovered") == 1)
        reasons = [sentence.split(". ")[1] for sentence in it.sentences]
        assert [reason for reason, _ in groupby(reasons)] == ["One.", "Two."]


def test_real_stream_fails_and_recovers(run, monkeypatch):
    """The server closes after ten frames; the next connection gives ten more, and so on."""
    monkeypatch.setattr(watchdog, "PATIENCE_S", 60.0)  # the processes may start slowly here
    with mjpeg_server("close") as server, run() as it:
        it.open(server.url)
        it.until(lambda: it.frames.take() is not None)
        it.until(lambda: len(server.requests) == 3)
        assert it.next_frame().source.kind == "stream"
        assert not it.sentences  # too short to be spoken of
        assert it.opened == [(server.url, 1)]


@pytest.mark.usefixtures("_short_retries")
def test_error_that_nobody_foresaw_is_a_sentence_too(run):
    camera = StandInCamera()
    with run(camera, StandInCamera("bad", opening_error=MemoryError())) as it:
        it.open("camera:0")
        camera.fail_with(*[ValueError("first line\nsecond")] * 9)
        it.until(lambda: it.recorder.count("recovered") == 1)
        it.open("camera:1", 2)
        assert it.sentences[0].endswith(": trying again. The source cannot be read: first line")
        assert it.sentences[-1] == "This source cannot be opened: MemoryError"
        it.frames.take()
        assert it.next_frame().generation == 1


def test_source_that_fails_to_open_is_closed(run):
    camera = StandInCamera(opening_error=SourceError("No."))
    with run(camera) as it:
        it.open("camera:0")
        assert camera.log == ["open camera 0", "close camera 0"]


def test_source_without_a_picture_says_so_and_is_closed(run):
    folder = StandInFolder(0)
    with run(folder) as it:
        it.open("folder")
        assert it.sentences == ["folder holds no picture: choose another one."]
        assert folder.closed == 1
        assert not it.opened


def test_wishes_before_any_source_do_nothing(run):
    with run() as it:
        it.ask(it.wishes.stepped, 1)
        it.ask(it.wishes.frozen, True)
        it.ask(it.wishes.frozen, False)
        assert not it.recorder.events


@pytest.mark.parametrize("state", ["live", "frozen", "retrying"])
def test_stop_closes_a_camera_once(run, state):
    camera = StandInCamera()
    with run(camera) as it:
        it.open("camera:0")
        if state == "frozen":
            it.ask(it.wishes.frozen, True)
        if state == "retrying":
            camera.fail_with(*[SourceError("Out.")] * 1000)
            it.until(lambda: it.recorder.count("failed") == 1)
    assert camera.log[-1] == "close camera 0"
    assert camera.log.count("close camera 0") == 1


@pytest.mark.parametrize("source", ["nothing", "picture", "folder", "video", "frozen video"])
def test_stop_in_every_state(run, source, video, folder):
    paths = {"picture": media.SAMPLES / "coins.png", "folder": folder}
    with run() as it:
        if source != "nothing":
            it.open(paths.get(source, video))
        if source == "frozen video":
            it.ask(it.wishes.frozen, True)


def test_stop_before_the_source_is_open(qtbot):
    camera = StandInCamera()
    worker, wishes = CaptureWorker(lambda _: camera, Latest(), Latest()), Wishes()
    wishes.opened.connect(worker.open)
    thread = WorkerThread(worker, "test")
    thread.start()
    wishes.opened.emit(SourceRequest("camera:0"), 1)
    thread.request_stop()
    assert thread.wait(TIMEOUT_MS)
    assert camera.log == ["open camera 0", "close camera 0"]


@pytest.mark.parametrize("mode", ["silent", "stall", "close", "garbage", "404", "flood"])
def test_every_state_of_a_stream_ends_in_time(qtbot, mode):
    """Connecting, waiting, reading, resting: the thread is gone, and the process with it."""
    with mjpeg_server(mode) as server:
        worker, wishes = CaptureWorker(open_source, Latest(), Latest()), Wishes()
        wishes.opened.connect(worker.open)
        thread = WorkerThread(worker, "test")
        thread.start()
        wishes.opened.emit(SourceRequest(server.url), 1)
        qtbot.waitUntil(lambda: bool(server.requests), timeout=TIMEOUT_MS)
        thread.request_stop()
        assert thread.wait(2000)
        assert not readers()


def readers():
    """Return the reading processes of this one."""
    lists = [
        file.read_text(encoding="ascii") for file in Path("/proc/self/task").glob("*/children")
    ]
    commands = [Path(f"/proc/{pid}/cmdline") for pids in lists for pid in pids.split()]
    return [file for file in commands if b"poolviewer.sources.reader" in file.read_bytes()]


def test_stalled_stream_is_told_of_kept_and_taken_up_again(run, monkeypatch):
    """Ten frames, then silence; whoever connects anew gets ten more, once silence was told of.

    A busy machine may see only the newest of the ten, from which no pace can be learnt.
    """
    monkeypatch.setattr(watchdog, "PATIENCE_S", 0.5)
    monkeypatch.setattr(watchdog, "UNKNOWN_PACE_PATIENCE_S", 0.5)
    with mjpeg_server("stall") as server, run() as it:
        it.open(server.url)
        count = it.recorder.count
        for _ in range(2):
            told, recovered = count("failed"), count("recovered")
            server.answering.clear()
            it.until(lambda told=told: count("failed") > told)
            server.answering.set()
            it.until(lambda recovered=recovered: count("recovered") > recovered)
        pattern = rf"No picture from {server.url} for \d+ s: trying again\..*"
        assert all(re.fullmatch(pattern, sentence) for sentence in it.sentences)
        assert it.opened == [(server.url, 1)]
        assert len(server.requests) >= 3


def test_slow_stream_plays_on_one_connection(run, monkeypatch):
    """Longer between two frames than the patience with a source whose pace is not known."""
    monkeypatch.setattr(watchdog, "PATIENCE_S", 0.2)
    with mjpeg_server("slow") as server, run() as it:
        it.open(server.url)
        indices = [it.next_frame().index for _ in range(5)]
        assert indices == [0, 1, 2, 3, 4]
        assert not it.sentences
        assert len(server.requests) == 1


def test_source_goes_on_while_another_does_not_answer(run):
    with mjpeg_server("silent") as server, run() as it:
        it.open(LIVE)
        it.wishes.opened.emit(SourceRequest(server.url), 2)
        it.until(lambda: bool(server.requests))
        it.frames.take()
        assert [it.next_frame().generation for _ in range(20)] == [1] * 20
        it.until(lambda: bool(it.sentences))
        assert it.sentences == [
            f"{server.url} has not answered for 2 s: check that the camera is on."
        ]
        assert it.opened == [("synthetic", 1)]


def test_newer_wish_ends_one_that_does_not_answer(run):
    with mjpeg_server("silent") as server, run() as it:
        it.wishes.opened.emit(SourceRequest(server.url), 1)
        it.until(lambda: bool(server.requests))
        it.open(LIVE, 2)
        assert it.opened == [("synthetic", 2)]
        assert not it.sentences
        assert not readers()


@pytest.mark.usefixtures("_short_retries")
def test_camera_that_cannot_be_opened_again_stays_and_comes_back(run):
    """The cable is pulled while another format is chosen; then it is plugged in again."""
    again = StandInCamera()
    again.fail_with(*[SourceError("There is no camera 0.")] * 9)
    with run(StandInCamera(), again) as it:
        it.open("camera:0")
        it.wishes.opened.emit(SourceRequest("camera:0,640x480"), 2)
        it.until(lambda: len(it.opened) == 2)
        assert it.opened == [("camera 0", 1), ("camera 0", 2)]
        assert all(s.endswith("trying again. There is no camera 0.") for s in it.sentences)
        assert {failure.generation for failure in it.recorder.named("failed")} <= {2}
        it.frames.take()
        assert it.next_frame().generation == 2
