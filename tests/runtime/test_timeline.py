"""The controller of the timeline: one wish at a time, news no faster than they are read."""

from dataclasses import replace

import pytest

from poolviewer.core.messages import SourceInfo
from poolviewer.core.timeline import ReplayLimits, Seek, Timeline
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.store import Store
from poolviewer.runtime.timeline import TimelineController

from .recording_views import RecordingViews

CAMERA, FILM = SourceInfo("camera 0", "camera"), SourceInfo("a.mp4", "video", 9)
FOLDER = SourceInfo("pictures", "folder", 4)


class House:
    """A timeline controller and what it asks for."""

    def __init__(self, source):
        self.views = RecordingViews()
        self.store = Store(self.views, ViewState(source=source))
        self.timeline = TimelineController(self.store, self.freeze)
        self.boxes = self.timeline.boxes
        self.wishes, self.held, self.limits, self.loops = [], [], [], []
        self.timeline.seek_requested.connect(lambda: self.wishes.append(1))
        self.timeline.hold_requested.connect(self.held.append)
        self.timeline.replay_limited.connect(self.limits.append)
        self.timeline.looping_changed.connect(self.loops.append)

    def freeze(self, is_frozen):
        self.store.update(is_frozen=is_frozen)

    def tell(self, **changes):
        self.boxes.timelines.put(replace(Timeline(), **changes))
        self.timeline.on_moved()


@pytest.fixture
def house(qapp):
    made = []

    def build(source=FILM):
        made.append(House(source))
        return made[-1]

    yield build
    for one in made:
        one.timeline.stop_telling()


def test_steps_that_wait_become_one_wish(house):
    it = house()
    for count in (1, 1, -1, 1):
        it.timeline.step(count)
    assert it.boxes.seeks.take() == Seek(steps=2)
    it.timeline.step(1)
    assert it.boxes.seeks.take() == Seek(steps=1)
    assert it.store.state.is_frozen


def test_the_newest_seek_wins_and_steps_go_on_from_it(house):
    it = house()
    it.timeline.seek(5)
    it.timeline.seek(7)
    it.timeline.step(1)
    assert it.boxes.seeks.take() == Seek(7, 1)
    assert it.wishes[0] == 1


@pytest.mark.parametrize(("source", "is_frozen"), [(CAMERA, True), (FILM, False), (FOLDER, False)])
def test_seeking_freezes_what_is_live(house, source, is_frozen):
    it = house(source)
    it.timeline.seek(3)
    assert it.store.state.is_frozen == is_frozen
    assert it.boxes.seeks.take() == Seek(3)


def test_without_a_source_nothing_is_wished(house):
    it = house(None)
    it.timeline.seek(3)
    it.timeline.step(1)
    it.timeline.hold(True)
    assert not it.wishes
    assert not it.held


def test_a_playing_video_waits_while_it_is_held(house):
    it = house()
    it.timeline.hold(True)
    it.timeline.hold(False)
    assert it.held == [True, False]
    it.freeze(True)
    it.timeline.hold(True)
    assert it.held == [True, False]


def test_news_are_shown_at_once_and_then_not_more_often_than_they_are_read(house, qtbot):
    it = house()
    it.timeline.begin(1)
    for position in range(50):
        it.tell(position=position, generation=1)
    assert it.store.state.timeline.position == 0
    qtbot.waitUntil(lambda: it.store.state.timeline.position == 49)
    assert it.views.take().count("transport") == 2


def test_news_of_an_older_source_are_dropped(house):
    it = house()
    it.timeline.begin(2)
    it.tell(position=3, generation=1)
    assert it.store.state.timeline is None
    it.timeline.on_paused(1)
    assert not it.store.state.is_frozen
    it.timeline.on_paused(2)
    assert it.store.state.is_frozen


def test_nothing_is_shown_once_the_window_closes(house):
    it = house()
    it.timeline.stop_telling()
    it.tell(position=3)
    assert it.store.state.timeline is None


def test_choices_are_passed_on(house):
    it = house()
    it.timeline.set_looping(False)
    assert (it.loops, it.store.state.is_looping) == ([False], False)
    limits = ReplayLimits(5, 2**20)
    it.timeline.limit_replay(limits)
    assert it.limits == [limits]
