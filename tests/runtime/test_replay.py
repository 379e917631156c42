"""Going back and forth: in what was kept of a live source, and in videos, in the real threads."""

import threading
from itertools import pairwise

import numpy as np
import pytest

from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.network import NetworkSpec
from poolviewer.core.ring import FrameRing
from poolviewer.core.timeline import Extent, ReplayLimits, Seek
from poolviewer.model.engine import KerasEngine
from poolviewer.runtime import capture
from poolviewer.runtime.replay import Replay
from poolviewer.sources.prepare import prepare
from tests import films, media
from tests.mjpeg_server import mjpeg_server

from .stand_ins import PICTURE, StandInCamera
from .test_capture import FRAMES, run, video  # noqa: F401 - fixtures

LIVE = "synthetic:500"


@pytest.fixture
def frozen(run):  # noqa: F811
    """Run a live source until some frames are kept, and freeze it."""

    def freeze(it, location=LIVE, count=20):
        it.open(location)
        seen = [it.next_frame() for _ in range(count)]
        it.ask(it.wishes.frozen, True)
        newest = it.frames.take() or seen[-1]
        return seen, newest

    return freeze


def timeline(it):
    """Return the newest timeline that was told."""
    return it.transport.timelines.take()


# Live sources


def test_a_frozen_live_source_is_looked_back_in(run, frozen):  # noqa: F811
    with run() as it:
        seen, newest = frozen(it)
        for frame in reversed(seen):
            again = it.seek(frame.index)
            assert again.index == frame.index
            assert again.picture is frame.picture  # nothing is copied, nothing is read again
            assert again.generation == 1
        it.transport.timelines.take()
        assert it.seek(newest.index).index == newest.index
        told = timeline(it)
        assert (told.position, told.last, told.position_s) == (newest.index, newest.index, 0.0)


def test_steps_walk_the_kept_frames_and_then_on_to_the_next_live_one(run, frozen):  # noqa: F811
    with run() as it:
        _, newest = frozen(it)
        back = [it.step(-1) for _ in range(5)]
        assert sorted(back, reverse=True) == back
        assert back[0] < newest.index
        assert [it.step(1) for _ in range(5)] == [*reversed(back[:4]), newest.index]
        it.wishes.stepped.emit(1)
        following = it.next_frame()
        assert following.index > newest.index
        assert it.step(-1) == newest.index  # the next one was kept, what was drained was not


def test_several_steps_beyond_the_newest_stop_at_it(run, frozen):  # noqa: F811
    with run() as it:
        _, newest = frozen(it)
        it.step(-3)
        assert it.step(50) == newest.index


def test_what_arrives_while_it_is_frozen_is_not_kept(run):  # noqa: F811
    camera = StandInCamera()
    with run(camera) as it:
        it.open("camera:0")
        it.until(lambda: camera.reads > 5)
        it.ask(it.wishes.frozen, True)
        timeline(it)
        it.seek(0)
        before, reads = timeline(it), camera.reads
        it.until(lambda: camera.reads > reads + 20)
        it.seek(1)
        assert timeline(it).last == before.last < camera.reads - 20
        it.ask(it.wishes.frozen, False)
        it.frames.take()
        assert it.next_frame().index > before.last + 20


def test_frames_of_a_real_stream_are_kept(run, frozen):  # noqa: F811
    with mjpeg_server("serve") as server, run() as it:
        seen, _ = frozen(it, server.url, 10)
        assert it.seek(seen[2].index).picture is seen[2].picture


def test_lower_limits_hold_at_once_and_zero_keeps_nothing(run, frozen):  # noqa: F811
    with run() as it:
        _, newest = frozen(it)
        size = newest.picture.nbytes
        it.ask(it.wishes.limited, ReplayLimits(60, 3 * size))
        assert timeline(it).first >= newest.index - 500
        it.seek(0)
        steps = [it.step(1) for _ in range(2)]
        assert steps[-1] == newest.index
        it.ask(it.wishes.limited, ReplayLimits(0, 3 * size))
        assert it.step(-1) is None


def test_another_source_has_a_ring_of_its_own(run, frozen):  # noqa: F811
    with run() as it:
        frozen(it)
        it.open("synthetic:30", 2)
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        timeline(it)
        assert it.seek(0).generation == 2
        assert timeline(it).first == 0


def test_a_size_that_changes_is_looked_back_through():
    replay, info = Replay(), SourceInfo("camera 0", "camera")
    for index, side in enumerate((4, 8, 2, 16)):
        replay.ring.add(Frame(np.zeros((side, side, 3), np.uint8), info, index, index / 10))
    found = [replay.look_back(Seek(index), 3).picture.shape[0] for index in range(4)]
    assert found == [4, 8, 2, 16]


@pytest.mark.parametrize("rate", ["0.5", "0"])
def test_the_slowest_and_the_fastest_source(run, frozen, rate):  # noqa: F811
    """Slower than one frame a second, and as fast as this machine makes them."""
    with run() as it:
        _, newest = frozen(it, f"synthetic:{rate}", 1 if rate == "0.5" else 30)
        assert it.seek(newest.index).picture is newest.picture


def test_frame_k_has_exactly_the_maps_it_had(run, frozen):  # noqa: F811
    """Through the real network: every bit of both maps is the same when a frame is shown again."""
    engine, network = KerasEngine(), NetworkSpec()
    engine.configure(network, 1, 2**30)

    def maps_of(frame):
        made = engine.run(frame, prepare(frame, network.input))
        return made.feature_maps.copy(), made.pooled_maps.copy()

    with run() as it:
        it.open("synthetic:60")
        live = {frame.index: maps_of(frame) for frame in (it.next_frame() for _ in range(12))}
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        for index in reversed(live):
            frame = it.seek(index)
            assert frame.index == index
            for now, before in zip(maps_of(frame), live[index], strict=True):
                assert now.tobytes() == before.tobytes()
    assert len({maps[0].tobytes() for maps in live.values()}) > 1


# Videos


def test_a_video_goes_on_from_where_it_was_sought(run, tmp_path):  # noqa: F811
    with run() as it:
        it.open(media.write_video(tmp_path / "slow.avi", FRAMES, rate=20))
        it.next_frame()
        assert it.seek(8).index == 8
        assert it.next_frame().index in (9, 10, 11)


def test_the_newest_of_many_wishes_wins_and_none_waits_in_a_queue(run, tmp_path):  # noqa: F811
    path = films.FILMS["no key frames but the first"](tmp_path)
    with run() as it:
        it.open(path)
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        for index in (199, 3, 150, 20, 180, 7):
            it.transport.seeks.put(Seek(index))
            it.wishes.sought.emit()
        found = []
        it.until(lambda: found.append(it.frames.take()) or (found[-1] and found[-1].index == 7))
        assert sum(frame is not None for frame in found) <= 2


class SlowFilm:
    """A video on whose ways nobody arrives before the test lets them."""

    interval_s = 0.01
    is_looping = True
    extent = Extent(1000, True, 0.0, 10.0)

    def __init__(self):
        self.info = SourceInfo("slow.mp4", "video", 1000)
        self.gate, self.slices, self.closed = threading.Event(), [], 0
        self.longest_s = 0.0
        self._index = 0

    def open(self):
        pass

    def approach(self, limit_s):
        self.slices.append(self._index)
        self.longest_s = max(self.longest_s, limit_s)
        return self.gate.wait(0.002) or self._index < 10

    def read(self):
        return Frame(PICTURE, self.info, self._index)

    def seek(self, index):
        self._index = index

    def close(self):
        self.closed += 1


def test_a_long_way_is_left_for_a_newer_wish(run):  # noqa: F811
    film = SlowFilm()
    with run(film) as it:
        it.open("slow.mp4")
        it.ask(it.wishes.frozen, True)
        it.frames.take()
        it.transport.seeks.put(Seek(900))
        it.ask(it.wishes.sought)
        it.until(lambda: film.slices.count(900) > 3)
        assert it.frames.take() is None
        assert it.seek(5).index == 5
        slices = film.slices.count(900)
        it.ask(it.wishes.sought)
        assert film.slices.count(900) == slices
    assert 0 < film.longest_s <= 0.1  # what a person waits for a newer wish, at most


def test_quitting_ends_a_long_way(run):  # noqa: F811
    film = SlowFilm()
    with run(film) as it:
        it.open("slow.mp4")
        it.transport.seeks.put(Seek(900))
        it.ask(it.wishes.sought)
        it.until(lambda: len(film.slices) > 3)
    assert film.closed == 1


def test_another_source_ends_a_long_way(run, video):  # noqa: F811
    film = SlowFilm()
    with run(film) as it:
        it.open("slow.mp4")
        it.transport.seeks.put(Seek(900))
        it.ask(it.wishes.sought)
        it.open(video, 2)
        it.frames.take()
        frames = [it.next_frame() for _ in range(3)]
        assert {frame.generation for frame in frames} == {2}


def test_without_looping_a_video_pauses_at_its_end_and_play_starts_over(run, video):  # noqa: F811
    with run() as it:
        it.ask(it.wishes.looping, False)
        it.open(video)
        it.until(lambda: it.recorder.named("paused") == [1])
        assert it.frames.take().index == FRAMES - 1
        assert timeline(it).position == FRAMES - 1
        it.ask(it.wishes.frozen, True)
        assert it.step(-1) == FRAMES - 2
        assert it.step(1) == FRAMES - 1
        it.ask(it.wishes.frozen, False)
        played = [it.next_frame().index for _ in range(3)]
        assert played[0] < played[1] < played[2] < FRAMES - 1 or FRAMES - 1 in played
        it.until(lambda: it.recorder.named("paused") == [1, 1])


def test_looping_is_chosen_while_it_plays(run, video):  # noqa: F811
    with run() as it:
        it.open(video)
        it.ask(it.wishes.looping, False)
        it.until(lambda: it.recorder.count("paused") == 1)
        it.ask(it.wishes.looping, True)
        it.ask(it.wishes.frozen, False)
        indices = [it.next_frame().index for _ in range(2 * FRAMES)]
        assert any(b < a for a, b in pairwise(indices))
        assert it.recorder.count("paused") == 1


def test_timeline_of_a_video_and_of_a_folder(run, video, tmp_path):  # noqa: F811
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index in range(3):
        (folder / f"{index}.png").write_bytes(media.encoded(".png"))
    with run() as it:
        it.open(video)
        it.ask(it.wishes.frozen, True)
        it.seek(5)
        told = timeline(it)
        assert (told.first, told.last, told.position, told.generation) == (0, FRAMES - 1, 5, 1)
        assert told.position_s == pytest.approx(0.05)
        assert told.length_s == pytest.approx(FRAMES / 100)
        it.open(folder, 2)
        it.seek(2)
        told = timeline(it)
        assert (told.first, told.last, told.position, told.generation) == (0, 2, 2, 2)


def test_replay_without_any_frame():
    replay = Replay()
    assert replay.look_back(Seek(3), 0) is None
    assert isinstance(replay.ring, FrameRing)


def test_playing_on_goes_a_long_way_in_slices_too(run):  # noqa: F811
    film = SlowFilm()
    with run(film) as it:
        it.open("slow.mp4")
        it.next_frame()
        film._index = 500  # where playing goes on is far from what was shown
        it.until(lambda: film.slices.count(500) > 3)
        it.ask(it.wishes.sought)  # others are heard meanwhile
        it.frames.take()
        assert it.seek(3).index == 3


def test_a_frame_on_its_way_is_shown_though_the_slider_is_dragged_on(run, monkeypatch):  # noqa: F811
    monkeypatch.setattr(capture, "_PATIENCE_S", 1e9)
    film = SlowFilm()
    with run(film) as it:
        it.open("slow.mp4")
        it.ask(it.wishes.frozen, True)
        for index in (900, 800, 700):
            it.transport.seeks.put(Seek(index))
            it.ask(it.wishes.sought)
        assert set(film.slices[1:]) == {900}
        it.frames.take()
        film.gate.set()
        found = []
        it.until(lambda: found.append(it.frames.take()) or film.slices[-1] == 700)
    assert 800 not in film.slices
