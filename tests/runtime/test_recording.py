"""Recording from the window's side: what is looked at when, and what a person is told."""

from dataclasses import replace
from itertools import pairwise

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.filming import Film
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.stepping import Stepping
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Failure
from poolviewer.core.recording import Recorded, RecordingChoices, RecordingProgress, RecordingSpec
from poolviewer.core.view_state import ViewState
from poolviewer.runtime import recording as module
from poolviewer.runtime.recording import RecordingController
from poolviewer.runtime.store import Store
from tests.export.cases import activations_of
from tests.views.renderings import rendering_of

from .recording_views import RecordingViews

SPEC = RecordingSpec("a.mp4", frames_per_s=10, longest_s=5.0)
CHOICES = RecordingChoices("gif", 7)


class Clock:
    """A clock that a test turns by hand; it began long ago."""

    now_s = 1000.0

    def perf_counter(self):
        return self.now_s


def rendering_at(captured_s):
    made = rendering_of()
    frame = replace(activations_of().frame, captured_s=captured_s)
    return replace(made, activations=replace(made.activations, frame=frame))


class House:
    """A recording controller with what it asks for; its clock is turned by hand."""

    def __init__(self, clock, state=None):
        self.clock, self.views, self.shots = clock, RecordingViews(), Latest()
        self.store = Store(self.views, state or ViewState(rendering=rendering_at(999.0)))
        self.asked, self.kept, self.films = [], [], []
        self.recording = RecordingController(
            self.store,
            self.shots,
            lambda state, scale: (state, scale),
            RecordingChoices(),
            self.film_of,
        )
        for name in (
            "load_requested",
            "begin_requested",
            "shot_left",
            "finish_requested",
            "cancel_requested",
            "film_requested",
        ):
            signal = getattr(self.recording, name)
            signal.connect(lambda *args, name=name: self.asked.append((name, *args)))
        self.recording.choices_changed.connect(self.kept.append)

    def film_of(self, state, spec):
        self.films.append(Film(replace(spec, longest_s=9.0), 5, lambda: iter(()), "One in 2."))
        self.filmed_state = state
        return self.films[-1]

    @property
    def progress(self):
        return self.store.state.recording

    @property
    def notice(self):
        return self.store.state.notice and self.store.state.notice.sentence

    def start(self, spec=SPEC):
        self.recording.start(spec, CHOICES)
        self.recording._clock.stop()  # the test turns it

    def tick(self, seconds):
        self.clock.now_s += seconds
        self.recording._clock.timeout.emit()

    def new_maps(self):
        self.store.update(rendering=rendering_at(self.clock.now_s - 0.01))

    def taken(self):
        """Return the time of the shot that waits, if one does."""
        shot = self.shots.take()
        return None if shot is None else round(shot.time_s, 3)


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def house(qapp, clock):
    made = House(clock)
    yield made
    made.recording._clock.stop()


def test_what_is_seen_first_is_the_first_shot(house):
    house.start()
    assert house.asked == [("begin_requested", SPEC, 1), ("shot_left",)]
    shot = house.shots.take()
    assert shot.request == (house.store.state, SPEC.scale) or shot.request[1] == SPEC.scale
    assert (shot.time_s, shot.recording) == (0.0, 1)
    assert house.progress.spec == SPEC
    assert house.kept == [CHOICES]


def test_a_new_frame_has_the_time_of_its_capture(house):
    house.start()
    house.shots.take()
    house.clock.now_s += 0.05
    house.new_maps()
    house.tick(0.05)
    assert house.taken() == 0.04


def test_no_more_frames_than_were_chosen(house):
    house.start()
    times = [house.taken()]
    for _ in range(100):
        house.new_maps()
        house.tick(0.01)
        times.append(house.taken())
    found = [time for time in times if time is not None]
    assert len(found) == 11
    assert all(later > earlier for earlier, later in pairwise(found))


def test_what_stands_still_leaves_no_shot(house):
    house.start()
    house.shots.take()
    for _ in range(10):
        house.tick(0.1)
    assert house.taken() is None
    assert house.progress.elapsed_s == pytest.approx(1.0)


def test_another_page_of_the_gallery_is_not_in_the_figure(house):
    house.start()
    house.shots.take()
    state = house.store.state
    house.store.update(display=replace(state.display, place=1), rendering=replace(state.rendering))
    house.tick(0.3)
    assert house.taken() is None


@pytest.mark.parametrize(
    "change",
    [
        {"channel": 2},
        {"hovered": Pixel(MapName.POOLED, 0, 0)},
        {"pinned": Pixel(MapName.POOLED, 0, 0)},
        {"display": DisplaySpec("viridis")},
        {"display": DisplaySpec(is_mirrored=True)},
    ],
)
def test_what_changes_on_a_frame_that_stands_still_is_seen_now(house, change):
    house.start()
    house.shots.take()
    house.store.update(**change)
    house.tick(0.3)
    assert house.taken() == 0.3


def test_a_step_of_the_laboratory_is_seen_now(house):
    house.start()
    house.shots.take()
    rendering = house.store.state.rendering
    subject = Subject(rendering.activations, 0, None, None)
    house.store.update(rendering=replace(rendering, finding=Stepping().conduct(subject)))
    house.tick(0.3)
    assert house.taken() == 0.3


def test_shots_that_nobody_took_are_counted(house):
    house.shots.put("left over")
    house.start()
    for _ in range(3):
        house.new_maps()
        house.tick(0.1)
    house.tick(0.01)
    assert house.progress.left_out == 3
    house.recording.on_recorded(Recorded("a.mp4", 0.4, 1, 1000), 1)
    assert "3 frames had to be left out" in house.notice


def test_progress_is_shown(house):
    house.start()
    house.recording.on_progressed(1, 5, 3_000_000_000)
    assert (house.progress.frames, house.progress.size_bytes) == (5, 3_000_000_000)
    assert house.views.last("recording") == (house.progress,)
    house.recording.on_progressed(0, 9, 9)
    assert house.progress.frames == 5


@pytest.mark.parametrize("by", ["stop", "limit", "ask"])
def test_it_ends_once(house, by):
    house.start()
    if by == "limit":
        house.tick(5.0)
    else:
        house.clock.now_s += 5.0
        getattr(house.recording, by)()
    house.recording.stop()
    assert house.asked[-1] == ("finish_requested", 5.0, 1)
    assert [name for name, *_ in house.asked].count("finish_requested") == 1
    assert house.progress.is_ending
    house.recording.cancel()
    assert house.progress is not None
    house.recording.on_recorded(Recorded("a.mp4", 5.0, 3, 1000), 1)
    assert house.progress is None
    assert house.notice == "Recording saved as a.mp4 (5.0 s, 3 frames, 1 kB)."
    assert not house.store.state.notice.is_error


def test_the_clock_ticks_by_itself_until_the_end(house, qtbot):
    house.recording.start(replace(SPEC, frames_per_s=30), CHOICES)
    house.clock.now_s += 0.1
    qtbot.waitUntil(lambda: house.progress.elapsed_s > 0)
    house.clock.now_s += 60
    qtbot.waitUntil(lambda: house.progress.is_ending)
    assert not house.recording._clock.isActive()


def test_cancelling_says_that_nothing_was_saved(house):
    house.start()
    house.recording.cancel()
    assert house.asked[-1] == ("cancel_requested", 1)
    assert house.progress is None
    assert house.notice == "The recording was cancelled: nothing was saved."
    house.recording.cancel()
    assert len(house.asked) == 3


def test_a_file_that_was_complete_before_it_was_cancelled_is_told_of(house):
    house.start()
    house.recording.cancel()
    house.recording.on_recorded(Recorded("a.mp4", 1.0, 3, 1000), 1)
    assert house.notice.startswith("Recording saved as a.mp4")


def test_a_failure_ends_it(house):
    house.start()
    house.recording.on_failed(Failure("recording", "The disk is full.", 0))
    assert house.progress is not None
    house.recording.on_failed(Failure("recording", "The disk is full.", 1))
    assert house.progress is None
    assert house.notice == "The disk is full."
    assert house.store.state.notice.is_error


def test_a_full_disk_is_shown_as_an_error(house):
    house.start()
    house.recording.on_recorded(Recorded("a.mp4", 1.0, 3, 1000, is_cut_short=True), 1)
    assert house.store.state.notice.is_error


def test_the_next_one_has_a_number_of_its_own(house):
    house.start()
    house.recording.cancel()
    house.start()
    assert house.shots.take().recording == 2
    house.start()
    assert house.asked[-1] == ("shot_left",)
    assert [args for args in house.asked if args[0] == "begin_requested"][1:] == [
        ("begin_requested", SPEC, 2)
    ]


def test_asking_shows_what_was_chosen_last(house):
    house.recording.ask()
    assert house.views.last("ask_recording") == (RecordingChoices(),)
    assert house.asked == [("load_requested",)]
    house.start()
    house.recording.cancel()
    house.recording.ask()
    assert house.views.last("ask_recording") == (CHOICES,)


def test_without_maps_there_is_nothing_to_record(qapp, clock):
    house = House(clock, ViewState())
    house.recording.ask()
    assert house.notice.startswith("There is nothing to record yet")
    house.start()
    assert house.progress is None
    assert isinstance(SPEC, RecordingSpec)
    assert house.asked == []


def test_progress_without_a_recording_is_nothing(house):
    house.recording.stop()
    house.recording._on_clock_timeout()
    assert (house.asked, house.progress) == ([], None)
    assert RecordingProgress(SPEC).elapsed_s == 0


def stepping_house(clock, **options):
    rendering = rendering_at(999.0)
    return House(clock, ViewState(rendering=rendering, experiment=Stepping(**options)))


def test_a_step_through_is_animated(clock):
    house = stepping_house(clock)
    house.recording.ask_animation()
    rows, cols = house.store.state.rendering.activations.stage.pooled_shape
    assert house.views.last("ask_animation") == (RecordingChoices(), rows * cols)
    assert house.asked == [("load_requested",)]
    house.recording.animate(SPEC, CHOICES)
    assert house.kept == [CHOICES]
    assert house.filmed_state.experiment == Stepping()
    assert house.asked[-1] == ("film_requested", house.films[0], 1)
    assert (house.progress.count, house.progress.spec.longest_s) == (5, 9.0)
    house.recording.on_progressed(1, 2, 2_000_000)
    assert house.progress.in_words == "Animation  ·  2 of 5 frames  ·  2.0 MB"
    assert house.progress.share == 0.4
    house.recording.on_recorded(Recorded("a.mp4", 9.0, 5, 1000, noun="Animation"), 1)
    assert house.progress is None
    assert house.notice == "Animation saved as a.mp4 (9.0 s, 5 frames, 1 kB). One in 2."


@pytest.mark.parametrize("end", ["stop", "cancel"])
def test_an_animation_is_whole_or_not_at_all(clock, end):
    house = stepping_house(clock)
    house.recording.animate(SPEC, CHOICES)
    getattr(house.recording, end)()
    assert house.asked[-1] == ("cancel_requested", 1)
    assert house.progress is None
    assert house.notice == "The animation was cancelled: nothing was saved."


def test_without_a_step_through_nothing_is_animated(clock):
    house = House(clock)
    house.recording.ask_animation()
    assert house.notice == module.NO_WALK
    house.recording.animate(SPEC, CHOICES)
    assert house.asked == []
    assert house.films == []


def test_an_animation_waits_for_the_recording_that_goes_on(clock):
    house = stepping_house(clock)
    house.start()
    house.recording.ask_animation()
    assert house.notice == module.IS_BUSY
    house.recording.animate(SPEC, CHOICES)
    assert house.films == []
