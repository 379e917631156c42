"""Compare in the whole application: keys, a real mouse, a live source, another network."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.network import NetworkSpec
from poolviewer.views.fields import SpinBox

LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier


def state_of(application):
    return application.controller.state


def open_mode(application, wait):
    # A mouse that already stands where a test moves it to would not be told of.
    QCursor.setPos(0, 0)
    wait(application.window.isActiveWindow)
    QTest.keyClick(application.window.windowHandle(), Qt.Key.Key_4, ALT)
    wait(lambda: state_of(application).finding is not None)
    wait(lambda: len(application.window.laboratory.extra_maps.views) == 2)
    wait(application.window.laboratory.extra_maps.views[1].isVisible)


def point_at(application, number, row, col):
    """Move the mouse to a pixel of an extra map, and return where it is."""
    view = application.window.laboratory.extra_maps.views[number]
    geometry = state_of(application).finding.details.geometry
    point = view.world_to_widget(*geometry.tile(row, col).centre).toPoint()
    QTest.mouseMove(view.view.viewport(), point)
    return view.view.viewport(), point


def outlined(application):
    scene = application.window.laboratory.extra_maps.views
    return [[mark.rect for mark in view.outlines] for view in scene]


def test_keys_open_it_change_it_and_leave_it(started, wait):
    application = started()
    open_mode(application, wait)
    window = application.window
    assert (state_of(application).finding.maps[1].values <= 0).all()
    panel = window.laboratory.panels["compare"]
    QTest.keyClick(panel.fields["kind"], Qt.Key.Key_Up)
    wait(lambda: state_of(application).finding is not None)
    assert state_of(application).experiment == Compare("max")
    assert not state_of(application).finding.maps[1].values.any()
    assert window.laboratory.words.startswith("0 of 225 pixels differ.")
    strides = panel.fields["strides"].findChildren(SpinBox)
    for box in strides:
        QTest.keyClick(box, Qt.Key.Key_Down)
    wait(lambda: state_of(application).experiment == Compare("max", strides=(1, 1)))
    wait(lambda: state_of(application).finding is not None)
    assert state_of(application).finding.maps[0].values.shape == (29, 29)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_4, ALT)
    wait(window.gallery.isVisible)


def test_hover_is_shared_by_all_maps_and_a_click_pins(started, wait):
    application = started()
    open_mode(application, wait)
    window = application.window
    viewport, point = point_at(application, 1, 4, 7)
    wait(lambda: state_of(application).hovered == Pixel(MapName.POOLED, 4, 7))
    tile = state_of(application).finding.details.geometry.tile(4, 7)
    wait(lambda: outlined(application) == [[tile], [tile]])
    assert tile in [mark.rect for mark in window.maps.pooled.outlines]
    roles = [mark.role for mark in window.maps.feature.outlines]
    assert Role.WINDOW in roles
    assert Role.SECOND in roles
    words = window.laboratory.panels["compare"].words
    wait(lambda: words.text.startswith("First (4, 7): max("))
    QTest.mouseClick(viewport, LEFT, pos=point)
    wait(lambda: state_of(application).pinned == Pixel(MapName.POOLED, 4, 7))
    point_at(application, 0, 9, 9)
    wait(lambda: state_of(application).hovered == Pixel(MapName.POOLED, 9, 9))
    assert outlined(application) == [[tile], [tile]]
    viewport, point = point_at(application, 1, 4, 7)
    QTest.mouseClick(viewport, LEFT, pos=point)
    wait(lambda: state_of(application).pinned is None)
    QTest.mouseMove(window.side, window.side.rect().center())
    wait(lambda: state_of(application).hovered is None)
    wait(lambda: outlined(application) == [[], []])


def test_leaving_under_the_mouse_traces_nothing_any_more(started, wait):
    application = started()
    open_mode(application, wait)
    point_at(application, 0, 4, 7)
    wait(lambda: state_of(application).hovered == Pixel(MapName.POOLED, 4, 7))
    QTest.keyClick(application.window.windowHandle(), Qt.Key.Key_4, ALT)
    wait(application.window.gallery.isVisible)
    wait(lambda: state_of(application).hovered is None)
    assert Role.SECOND not in [mark.role for mark in application.window.maps.feature.outlines]


def test_other_settings_under_a_still_mouse_are_explained_at_once(started, wait):
    application = started()
    open_mode(application, wait)
    point_at(application, 0, 4, 7)
    wait(lambda: state_of(application).hovered == Pixel(MapName.POOLED, 4, 7))
    strides = application.window.laboratory.panels["compare"].fields["strides"]
    for box in strides.findChildren(SpinBox):
        QTest.keyClick(box, Qt.Key.Key_Up)
    wait(lambda: state_of(application).experiment == Compare(strides=(3, 3)))
    wait(lambda: state_of(application).finding is not None)
    geometry = state_of(application).finding.details.geometry
    tile = geometry.tile(*geometry.pixel_at(10.0, 16.0))
    wait(lambda: outlined(application) == [[tile], [tile]])


def test_live_frames_are_followed_in_a_mirrored_window_and_through_networks(started, wait):
    application = started("synthetic:60")
    open_mode(application, wait)
    window, controller = application.window, application.controller
    window.wishes["mirror"].trigger()
    wait(lambda: state_of(application).display.is_mirrored)
    point_at(application, 0, 3, 2)
    wait(lambda: state_of(application).hovered == Pixel(MapName.POOLED, 3, 2))
    index = state_of(application).rendering.activations.frame.index
    wait(lambda: state_of(application).rendering.activations.frame.index > index + 5)
    state = state_of(application)
    maps = state.rendering.activations.feature_maps[6:8, 4:6, state.channel]
    np.testing.assert_allclose(state.latest_finding.details.values[3, 2], maps.mean(), rtol=1e-5)
    network = NetworkSpec()
    controller.networks.set_network(replace(network, pool_kind="average"))
    wait(lambda: state_of(application).rendering.activations.stage.pooling.kind == "average")
    wait(lambda: state_of(application).finding is not None)
    assert state_of(application).finding.details.settings.kind == "max"
    wait(lambda: window.laboratory.panels["compare"].fields["kind"].value() == "max")
