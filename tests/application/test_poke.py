"""Poke in the whole application: a real mouse, real threads, TensorFlow."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.network import NetworkSpec
from poolviewer.core.numbers import format_number
from poolviewer.export.request import figure_request
from poolviewer.export.words import caption
from tests.media import SAMPLES

LEFT = Qt.MouseButton.LeftButton
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
FILM = str(SAMPLES / "bigbuckbunny.mp4")
MODELS = [str(SAMPLES / "hed_block1.keras"), str(SAMPLES / "mtcnn_pnet.keras")]
FEATURE, INPUT = Pixel(MapName.FEATURE, 8, 14), Pixel(MapName.INPUT, 10, 12)


def state_of(application):
    return application.controller.state


def maps_of(application):
    return state_of(application).rendering.activations


def arrays_of(application):
    maps = maps_of(application)
    return maps.prepared.values, maps.prepared.pixels, maps.feature_maps, maps.pooled_maps


def are_same(arrays, others):
    return all(
        one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
        for one, other in zip(arrays, others, strict=True)
    )


def press(application, key, modifiers=NONE):
    QTest.keyClick(application.window.windowHandle(), key, modifiers)


def place_of(application, pixel):
    view = getattr(application.window.maps, pixel.map_name.value)
    tile = geometry_of(maps_of(application).stage, pixel.map_name).tile(pixel.row, pixel.col)
    return view.view.viewport(), view.world_to_widget(*tile.centre).toPoint()


def drag(application, pixel, up, parts=5):
    viewport, point = place_of(application, pixel)
    QTest.mousePress(viewport, LEFT, pos=point)
    for part in range(1, parts + 1):
        QTest.mouseMove(viewport, point - QPoint(0, up * part // parts))
    QTest.mouseRelease(viewport, LEFT, pos=point - QPoint(0, up))


def is_shown(application):
    """Whether the maps on the screen are those of the present settings."""
    state = state_of(application)
    return state.finding is not None and state.finding.experiment == state.experiment


@pytest.fixture
def poking(started, wait):
    """Start an application, and choose the mode by its key."""

    def poking(*args, **options):
        application = started(*args, **options)
        application.window.activateWindow()
        press(application, Qt.Key.Key_7, ALT)
        wait(lambda: state_of(application).experiment == Poke() and is_shown(application))
        return application

    return poking


def test_a_drag_flips_what_pools_and_undo_brings_it_back_bit_for_bit(poking, wait):
    application = poking()
    before = arrays_of(application)
    drag(application, FEATURE, 100)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    (edit,) = state_of(application).experiment.done
    after = maps_of(application)
    old = before[2][8, 14, 0]
    assert edit.by > 0
    assert after.feature_maps[8, 14, 0] == np.float32(np.float64(old) + edit.by)
    assert after.pooled_maps[4, 7, 0] == after.feature_maps[8:10, 14:16, 0].max()
    assert after.pooled_maps[4, 7, 0] != before[3][4, 7, 0]
    was, now = (format_number(float(value[4, 7, 0])) for value in (before[3], after.pooled_maps))
    words = application.window.laboratory.words
    assert f"pooled (4, 7) {was} → {now}" in words
    shown = arrays_of(application)

    press(application, Qt.Key.Key_Z, CONTROL)
    wait(lambda: is_shown(application) and not state_of(application).experiment.can_undo)
    assert are_same(arrays_of(application), before)
    press(application, Qt.Key.Key_Y, CONTROL)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    assert are_same(arrays_of(application), shown)


def test_an_input_pixel_goes_through_the_network_and_leaving_shows_the_untouched_maps(poking, wait):
    application = poking()
    before = arrays_of(application)
    drag(application, INPUT, -120)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    (edit,) = state_of(application).experiment.done
    assert edit.by == pytest.approx(-120 / 200 * 255)
    values, pixels, feature_maps, _ = arrays_of(application)
    assert values[10, 12].tolist() == pytest.approx((before[0][10, 12] + edit.by).tolist())
    assert (pixels != before[1]).any(axis=2).sum() == 1
    is_other = (feature_maps != before[2]).any(axis=2)
    assert is_other.sum() == 9
    assert is_other[8:11, 10:13].all()
    press(application, Qt.Key.Key_7, ALT)
    wait(lambda: state_of(application).rendering.finding is None)
    assert are_same(arrays_of(application), before)
    press(application, Qt.Key.Key_7, ALT)  # and the mode remembers
    wait(lambda: is_shown(application))
    assert (arrays_of(application)[2] == feature_maps).all()


def test_escape_in_mid_drag_takes_it_back_and_keeps_the_pin(poking, wait):
    application = poking(pin=(4, 7))
    viewport, point = place_of(application, FEATURE)
    QTest.mousePress(viewport, LEFT, pos=point)
    QTest.mouseMove(viewport, point - QPoint(0, 80))
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    press(application, Qt.Key.Key_Escape)
    assert state_of(application).experiment == Poke()
    assert state_of(application).pinned is not None
    QTest.mouseRelease(viewport, LEFT, pos=point)
    press(application, Qt.Key.Key_Escape)
    assert state_of(application).pinned is None


def test_a_click_pins_and_keys_and_numbers_change_the_pin(poking, wait):
    application = poking()
    viewport, point = place_of(application, FEATURE)
    QTest.mouseClick(viewport, LEFT, pos=point)
    assert state_of(application).pinned == FEATURE
    press(application, Qt.Key.Key_Up, ALT)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    assert state_of(application).experiment.done[0].by > 0
    panel = application.window.laboratory.panels["poke"]
    wait(panel.apply.isEnabled)
    panel.amount.setValue(-7.5)
    panel.apply.click()
    assert [edit.by for edit in state_of(application).experiment.done][1] == -7.5
    press(application, Qt.Key.Key_Escape)
    assert state_of(application).pinned is None


def test_a_pinned_value_is_followed_and_the_figure_says_what_was_done(poking, wait):
    application = poking(pin=(4, 7))
    before = state_of(application).history.moments[-1].value
    assert "changed by hand" not in caption(figure_request(state_of(application), "light"))
    drag(application, FEATURE, 100)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    value = float(maps_of(application).pooled_maps[4, 7, 0])
    assert value != before
    assert [moment.value for moment in state_of(application).history.moments] == [value]
    assert "pixels were changed by hand" in caption(figure_request(state_of(application), "light"))
    press(application, Qt.Key.Key_7, ALT)
    wait(lambda: state_of(application).rendering.finding is None)
    assert state_of(application).history.moments[-1].value == before
    assert "changed by hand" not in caption(figure_request(state_of(application), "light"))


def test_the_chain_tells_that_a_number_was_changed_by_hand(poking, wait):
    application = poking(pin=(4, 7))
    chain = application.window.side.trace.chain
    wait(lambda: "agrees" in chain.summary)
    drag(application, FEATURE, 100)
    wait(lambda: "pixels were changed by hand" in chain.summary)
    assert "rounding" not in chain.summary


def test_a_change_is_made_in_every_frame_of_a_film(poking, wait):
    application = poking(FILM)
    drag(application, FEATURE, 150)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    seen = set()

    def is_made():
        maps = maps_of(application)
        if is_shown(application):
            seen.add(maps.frame.index)
            window = maps.feature_maps[8:10, 14:16, 0]
            assert maps.pooled_maps[4, 7, 0] == window.max()
        return len(seen) > 5

    wait(is_made)
    (edit,) = state_of(application).experiment.done
    assert edit.by > 0


def test_an_average_says_that_nothing_wins_and_follows(poking, wait):
    application = poking()
    average = NetworkSpec(pool_kind="average")
    application.controller.networks.set_network(average)
    wait(lambda: maps_of(application).network == average and is_shown(application))
    before = maps_of(application).pooled_maps
    drag(application, FEATURE, 100)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    (edit,) = state_of(application).experiment.done
    change = maps_of(application).pooled_maps[4, 7, 0] - before[4, 7, 0]
    assert change == pytest.approx(edit.by / 4, rel=1e-4)
    assert "Average pooling has no winner" in application.window.laboratory.words


def test_changes_beside_a_smaller_network_wait_for_a_larger_one(poking, wait):
    application = poking()
    drag(application, Pixel(MapName.FEATURE, 26, 27), 100)
    wait(lambda: is_shown(application) and state_of(application).experiment.can_undo)
    shown = arrays_of(application)
    small = NetworkSpec(input=replace(NetworkSpec().input, height=16, width=16))
    application.controller.networks.set_network(small)
    wait(lambda: maps_of(application).network == small and is_shown(application))
    assert state_of(application).finding.altered is None
    assert "1 change lies outside the maps" in application.window.laboratory.words
    application.controller.networks.set_network(NetworkSpec())
    wait(lambda: maps_of(application).network == NetworkSpec() and is_shown(application))
    assert are_same(arrays_of(application), shown)


@pytest.mark.parametrize("model", MODELS)
def test_real_models_answer(poking, wait, model):
    application = poking(model=model)
    wait(lambda: not isinstance(maps_of(application).network, NetworkSpec))
    wait(lambda: is_shown(application))
    before = arrays_of(application)
    for pixel in (FEATURE, INPUT):
        count = len(state_of(application).experiment.done)
        viewport, point = place_of(application, pixel)
        QTest.mouseClick(viewport, LEFT, pos=point)
        press(application, Qt.Key.Key_Up, ALT)
        wait(
            lambda many=count + 1: (
                len(state_of(application).experiment.done) == many and is_shown(application)
            )
        )
        assert not are_same(arrays_of(application), before)
    for _ in range(2):
        press(application, Qt.Key.Key_Z, CONTROL)
    wait(lambda: is_shown(application) and not state_of(application).experiment.can_undo)
    assert are_same(arrays_of(application), before)
