"""Freeze, look back and go on, in the whole application with the real network."""

import pytest
from PySide6.QtCore import QSettings, Qt

from poolviewer.core.timeline import ReplayLimits
from poolviewer.settings import Settings
from tests.media import SAMPLES

FILM = str(SAMPLES / "bigbuckbunny.mp4")


def shown(application):
    return application.controller.state.rendering.activations


@pytest.mark.parametrize("source", ["synthetic:60"])
def test_the_maps_of_a_frame_are_the_same_bit_for_bit_when_it_is_shown_again(started, wait, source):
    application = started(source)
    seen = {}

    def keep():
        made = shown(application)
        maps = made.feature_maps.tobytes(), made.pooled_maps.tobytes()
        seen.setdefault(made.frame.index, maps)
        return len(seen) >= 15

    wait(keep)
    timeline = application.controller.timeline
    for index in sorted(seen, reverse=True)[::3]:
        timeline.seek(index)
        wait(lambda index=index: shown(application).frame.index == index)
        made = shown(application)
        assert (made.feature_maps.tobytes(), made.pooled_maps.tobytes()) == seen[index]
    assert application.controller.state.is_frozen
    wait(lambda: "back" in application.window.transport_bar.words.text())
    application.controller.toggle_freeze()
    wait(lambda: shown(application).frame.index > max(seen))
    wait(lambda: application.window.transport_bar.words.text().startswith("live"))


def test_a_video_is_scrubbed_and_plays_on(started, wait, qtbot):
    application = started(FILM)
    bar = application.window.transport_bar
    wait(lambda: bar.isVisible() and "of 132" in bar.words.text())
    qtbot.keyClick(bar.scrubber, Qt.Key.Key_Home)
    application.controller.toggle_freeze()
    for index in (100, 20, 64):
        bar.scrubber.setValue(index)
    wait(lambda: shown(application).frame.index == 64)
    wait(lambda: application.controller.state.timeline.position == 64)
    application.controller.toggle_freeze()
    wait(lambda: shown(application).frame.index > 64)


def test_without_looping_the_window_shows_that_it_has_stopped(started, wait):
    application = started(FILM)
    bar = application.window.transport_bar
    bar.loop.click()
    application.controller.timeline.seek(125)
    wait(lambda: application.controller.state.is_frozen)
    wait(lambda: shown(application).frame.index == 131)
    assert bar.play.accessibleName() == "Play"
    bar.play.click()
    wait(lambda: shown(application).frame.index < 100)
    application.window.close()
    assert not Settings().is_looping


def test_limits_are_remembered(started):
    application = started(FILM)
    application.window.replay_limits_chosen.emit(ReplayLimits(3, 5 * 2**20))
    assert Settings().replay_limits == ReplayLimits(3, 5 * 2**20)


@pytest.mark.parametrize(
    ("seconds", "size"), [("null", '"x"'), ("-1", "0"), ("61", "1e99"), ("true", "true")]
)
def test_limits_that_make_no_sense_are_the_usual_ones(qapp, seconds, size):
    QSettings().setValue("replay/seconds", seconds)
    QSettings().setValue("replay/bytes", size)
    assert Settings().replay_limits == ReplayLimits(10, 256 * 2**20)
    assert Settings().is_looping
