"""The chain behind a pixel in the whole application: pinned, walked through, followed elsewhere."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.layer_graph import INPUT
from tests.application.conftest import CAT
from tests.media import SAMPLES

DEEP = str(SAMPLES / "hed_block1.keras")
FILM = str(SAMPLES / "bigbuckbunny.mp4")


def chain_of(application):
    return application.window.side.trace.chain


def layers_of(application):
    return [step.layer for step in chain_of(application).steps.steps]


def state_of(application):
    return application.controller.state


def goes_down(application):
    """Return whether a chain is listed, down to the input."""
    chain = chain_of(application)._scene.chain
    return chain is not None and chain.input_pixel is not None


def unfolded(application):
    step = state_of(application).chain_focus.step
    steps = chain_of(application).steps.steps
    return next((each for each in steps if each.step == step), None)


@pytest.fixture
def pinned(started, wait):
    """Return the tutorial's network on the cat, a pixel pinned and its chain in the list."""
    application = started(CAT, pin=(4, 7))
    wait(lambda: len(layers_of(application)) == 2)
    return application


def test_a_pinned_pixel_is_walked_through_by_keyboard_and_followed_elsewhere(pinned, wait):
    panel = chain_of(pinned)
    assert [step.agrees for step in panel.steps.steps] == [True, True]
    panel.steps.setFocus()
    QTest.keyClick(panel.steps, Qt.Key.Key_Down)
    wait(panel.taps.isVisible)
    QTest.keyClick(panel.steps, Qt.Key.Key_Down)
    wait(lambda: getattr(unfolded(pinned), "source", None) == INPUT)
    wait(lambda: len(panel.taps.grids) == 3)
    for view in (pinned.window.maps.input, pinned.window.maps.pooled):
        (mark,) = view._overlay.marks
        assert (mark.number, mark.is_strong) == (2, True)
    step = unfolded(pinned)
    grid = panel.taps.grids[1]
    place = panel.taps.cell(1, 2, 0).center().toPoint()
    QTest.mouseClick(panel.taps, Qt.MouseButton.LeftButton, pos=place)
    wait(lambda: panel.steps.steps[1].tap == grid.taps[2][0] != step.tap)
    assert panel.steps.steps[1].followed == (step.pixel[0] + 2, step.pixel[1], 1)


def test_letting_the_pixel_go_takes_the_chain_away(pinned, wait):
    pinned.controller.chains.unfold(0)
    wait(lambda: bool(pinned.window.maps.input._overlay.marks))
    pinned.controller.unpin()
    wait(lambda: not chain_of(pinned).isVisible())
    assert not pinned.window.maps.input._overlay.marks


def test_a_hidden_tab_asks_for_no_maps_on_the_way(pinned, wait):
    assert state_of(pinned).inquiry.has_steps
    tabs = pinned.window.side.tabs
    tabs.setCurrentWidget(pinned.window.side.numbers)
    wait(lambda: not state_of(pinned).inquiry.has_steps)
    tabs.setCurrentWidget(pinned.window.side.trace)
    wait(lambda: state_of(pinned).inquiry.has_steps)


def test_in_a_trained_model_the_chain_goes_down_to_the_input(started, wait):
    application = started(CAT, model=DEEP, pin=(20, 30))
    wait(lambda: bool(state_of(application).rendering.activations.step_maps))
    wait(lambda: goes_down(application))
    steps = chain_of(application).steps.steps
    assert len(steps) > 2
    assert all(step.agrees for step in steps)
    assert len(application.window.maps.feature._overlay.marks) >= 2


def test_hover_over_a_picture_never_runs_the_model(started, wait):
    application = started(CAT, model=DEEP)
    wait(lambda: bool(state_of(application).rendering.activations.step_maps))
    rendering = state_of(application).rendering
    for col in range(5, 12):
        application.window.pixel_hovered.emit(Pixel(MapName.POOLED, 6, col))
        wait(
            lambda col=col: (6, col) in [s.pixel[:2] for s in chain_of(application).steps.steps[:1]]
        )
        assert goes_down(application)
    assert state_of(application).rendering is rendering


def test_a_moving_picture_waits_for_a_pin(started, wait):
    application = started(FILM, model=DEEP)
    application.window.pixel_hovered.emit(Pixel(MapName.POOLED, 6, 7))
    wait(lambda: "Pin the pixel" in chain_of(application)._ending.text())
    application.controller.toggle_pin(Pixel(MapName.POOLED, 6, 7))
    wait(lambda: goes_down(application))
    assert not chain_of(application)._ending.isVisible()
