"""Saved views that are dropped while others, or a person's newer wishes, are on their way."""

from dataclasses import replace

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.stepping import Stepping
from poolviewer.core.messages import SourceRequest
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.network import NetworkSpec
from tests.application.test_sessions import FACES, saved
from tests.media import SAMPLES

__all__ = ["saved"]  # a fixture
HED = str(SAMPLES / "hed_block1.keras")
PIN, OTHER = Pixel(MapName.POOLED, 4, 7), Pixel(MapName.FEATURE, 9, 9)
SMALL = NetworkSpec(filters=9)


def seen(application):
    state = application.controller.state
    return state.source.name, state.network, state.channel, state.pinned, state.experiment


@pytest.fixture
def views(started, saved, wait):
    """Save two views of two networks; return both as they were seen, with their paths."""
    application = started(channel=40, pin=(4, 7))
    controller = application.controller
    controller.laboratory.set_experiment(Lost("margin"))
    first, *_ = saved(application, "first.png")
    look = seen(application)[1:]
    controller.laboratory.set_experiment(None)
    controller.networks.set_network(SMALL)
    wait(lambda: controller.state.rendering.activations.network == SMALL)
    controller.set_channel(3)
    controller.unpin()
    controller.toggle_pin(OTHER)
    second, *_ = saved(application, "second.png")
    return {first: (first.name, *look), second: (second.name, *seen(application)[1:])}


def open_view(application, path):
    application.controller.open_source(SourceRequest(str(path)))


def test_the_last_of_many_views_is_seen(started, views, wait):
    application = started()
    first, second = views
    for path in (first, second, first, second, first, second):
        open_view(application, path)
    wait(lambda: seen(application) == views[second])
    open_view(application, first)
    wait(lambda: seen(application) == views[first])


def test_a_view_that_is_restored_first_is_no_wish_of_the_person(started, views, wait):
    application = started()
    first, second = views
    controller = application.controller
    open_view(application, first)
    # It has been wished for, though the thread that reads it is not told before the first is seen.
    controller.open_requested.disconnect()
    open_view(application, second)
    wait(lambda: seen(application) == views[first])
    capture = application._capture
    controller.open_requested.connect(capture.open)
    controller.open_requested.emit(SourceRequest(str(second)), controller._requested_generation)
    wait(lambda: seen(application) == views[second])


def test_a_network_of_fewer_channels_is_no_wish_for_another_channel(started, views, wait):
    application = started(channel=40)
    first = next(iter(views))
    controller = application.controller
    controller.networks.set_network(SMALL)
    open_view(application, first)
    wait(lambda: seen(application) == views[first])


def test_a_view_ends_a_step_through_that_plays(started, views, wait):
    application = started()
    second = list(views)[1]
    application.window.laboratory.toggle("stepping")
    wait(lambda: application.controller.state.finding is not None)
    panel = application.window.laboratory.panels["stepping"]
    panel.play.click()
    open_view(application, second)
    before = application.controller.state.experiment
    assert isinstance(before, Stepping)
    application.controller.laboratory.set_experiment(replace(before, position=9))
    wait(lambda: seen(application) == views[second])
    assert not panel.is_playing


def test_a_network_that_was_chosen_after_the_view_stays(started, views, wait):
    application = started()
    first = next(iter(views))
    controller = application.controller
    other = replace(SMALL, filters=5)
    open_view(application, first)
    controller.networks.set_network(other)
    wait(lambda: controller.state.pinned == PIN)
    assert controller.state.network == other
    wait(lambda: controller.state.rendering.activations.network == other)


def test_a_model_that_was_chosen_while_another_is_looked_for_comes(
    started, saved, wait, tmp_path, monkeypatch
):
    own = tmp_path / "own.keras"
    own.write_bytes(FACES.read_bytes())
    application = started()
    controller = application.controller
    controller.networks.open_model(ModelFile(str(own)))
    wait(lambda: isinstance(controller.state.rendering.activations.network, ModelSpec))
    path, *_ = saved(application)
    second = started()
    sessions = second.controller.sessions
    found = []
    sessions.job_requested.disconnect()
    sessions.job_requested.connect(found.append)
    open_view(second, path)
    wait(lambda: bool(found))
    second.controller.networks.open_model(ModelFile(HED))
    sessions.on_job_done(found[0]())
    wait(lambda: isinstance(second.controller.state.network, ModelSpec))
    assert second.controller.state.network.name == "hed_block1.keras"
    assert second.controller.state.notice is None
