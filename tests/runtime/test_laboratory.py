"""An inquiry becomes a finding beside the maps; what fails says so in its place."""

from dataclasses import dataclass, replace

import pytest

from poolviewer.core.annotation import MapName, Outline, Pixel, Role
from poolviewer.core.geometry import Rect
from poolviewer.core.laboratory.experiment import Experiment, Finding, Inquiry
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.mailbox import Latest
from poolviewer.core.view_state import ViewState, trace_scene
from poolviewer.runtime.laboratory import LaboratoryController
from poolviewer.runtime.store import Store
from tests.views.renderings import rendering_of

from .recording_views import RecordingViews
from .test_inference import SMALL, engine, frame_of, run

__all__ = ["engine", "run"]  # fixtures
PIXEL = Pixel(MapName.POOLED, 1, 2)


@dataclass(frozen=True, slots=True)
class Failing(Experiment):
    """Fails as if its arithmetic were wrong."""

    def conduct(self, subject):
        raise ValueError("a number is missing")


@dataclass(frozen=True, slots=True)
class Halving(Experiment):
    """Runs the network again on half of every number."""

    def conduct(self, subject):
        values = subject.activations.prepared.values
        return Finding(self, subject.channel, altered=subject.rerun(values / 2))


@dataclass(frozen=True, slots=True)
class Clicking(Experiment):
    """Needs a pixel, and counts clicks on the pooled map."""

    clicks: int = 0
    needs_pixel = True

    def conduct(self, subject):
        return Finding(self, subject.channel, subject.pixel)

    def clicked(self, pixel, finding):
        is_mine = pixel.map_name is MapName.POOLED
        return replace(self, clicks=self.clicks + 1) if is_mine else None


def ask(it, inquiry):
    it.boxes.inquiries.put(inquiry)
    return it.do()


def test_a_finding_comes_with_the_maps_and_with_every_frame(run, engine):
    with run(lambda: engine) as it:
        assert it.do(frame=frame_of(0), network=(SMALL, 1)).finding is None
        first = ask(it, Inquiry(Lost(), 1)).finding
        assert (first.experiment, first.channel) == (Lost(), 1)
        runs = len(engine.ran)
        second = it.do(frame=frame_of(1)).finding
        assert second is not first
        assert len(engine.ran) == runs + 1
        assert ask(it, Inquiry()).finding is None
        assert len(engine.ran) == runs + 1
        assert it.recorder.count("failed") == 0


def test_a_channel_that_the_network_lacks_is_its_last(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        assert ask(it, Inquiry(Lost(), 63)).finding.channel == 1


def test_an_experiment_that_fails_says_so_beside_the_maps(run, engine):
    with run(lambda: engine) as it:
        it.do(frame=frame_of(0), network=(SMALL, 1))
        rendering = ask(it, Inquiry(Failing(), 0))
        assert "a number is missing" in rendering.finding.obstacle
        assert rendering.activations.frame.index == 0
        assert it.do(frame=frame_of(1)).activations.frame.index == 1
        assert it.recorder.count("failed") == 0


def test_maps_that_were_altered_are_shown_until_it_is_left(run, engine):
    with run(lambda: engine) as it:
        plain = it.do(frame=frame_of(0), network=(SMALL, 1))
        altered = ask(it, Inquiry(Halving(), 0))
        assert altered.activations is altered.finding.altered
        assert altered.activations is not plain.activations
        assert ask(it, Inquiry()).activations is plain.activations


@pytest.fixture
def store(qapp):
    return Store(RecordingViews(), ViewState(rendering=rendering_of(), channel=2))


@pytest.fixture
def inquiries():
    return Latest()


@pytest.fixture
def laboratory(store, inquiries):
    return LaboratoryController(store, inquiries, freeze=lambda is_frozen: None)


def test_what_is_asked_follows_the_experiment_and_its_channel(laboratory, store, inquiries, qtbot):
    with qtbot.waitSignal(laboratory.work_requested):
        laboratory.set_experiment(Lost())
    assert inquiries.take() == Inquiry(Lost(), 2)
    with qtbot.waitSignal(laboratory.work_requested):
        store.update(channel=3)
    assert inquiries.take() == Inquiry(Lost(), 3)
    with qtbot.assertNotEmitted(laboratory.work_requested):
        store.update(hovered=PIXEL)  # which this experiment does not need
    laboratory.set_experiment(None)
    assert inquiries.take() == Inquiry()


def test_an_experiment_that_needs_a_pixel_hears_of_it(laboratory, store, inquiries):
    laboratory.set_experiment(Clicking())
    store.update(hovered=PIXEL)
    assert inquiries.take().pixel == PIXEL


def test_clicks_go_to_the_experiment_that_takes_them(laboratory, store):
    assert not laboratory.answers(PIXEL)
    laboratory.set_experiment(Clicking())
    assert laboratory.answers(PIXEL)
    assert store.state.experiment == Clicking(1)
    assert not laboratory.answers(Pixel(MapName.INPUT, 0, 0))


def test_a_finding_of_another_mode_or_of_another_channel_is_not_drawn():
    outline = Outline(Rect(0, 0, 1, 1), Role.WINNER)
    finding = Finding(Lost(), 2, outlines={MapName.POOLED: (outline,)})
    state = ViewState(
        rendering=replace(rendering_of(), finding=finding), channel=2, experiment=Lost()
    )
    assert trace_scene(state).outlines[MapName.POOLED] == (outline,)
    for other in (replace(state, channel=1), replace(state, experiment=Clicking())):
        assert not trace_scene(other).outlines.get(MapName.POOLED)
    older = replace(state, experiment=Lost("offsets"))
    assert older.finding is None
    assert trace_scene(older).outlines[MapName.POOLED] == (outline,)  # until the newer one comes
