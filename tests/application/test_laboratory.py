"""The laboratory in the whole application: real threads, TensorFlow, a source that goes on."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from poolviewer.core.annotation import MapName
from poolviewer.core.laboratory.lost import Lost


def state_of(application):
    return application.controller.state


def press(application, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(application.window.windowHandle(), key, modifier)


def shown_overlay(application):
    """Return the overlay over the feature map on the screen, and whose channel it is."""
    finding, overlay = state_of(application).finding, application.window.maps.feature.overlay
    is_painted = finding is not None and finding.overlays.get(MapName.FEATURE) is overlay
    return (overlay, finding.channel) if overlay is not None and is_painted else (None, None)


@pytest.fixture
def live(started, wait):
    application = started("synthetic:60")
    wait(application.window.isActiveWindow)
    return application


def test_a_key_opens_it_while_the_maps_go_on_and_closes_it(live, wait):
    window = live.window
    assert window.gallery.isVisible()
    press(live, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    wait(lambda: shown_overlay(live)[1] == 0)
    assert window.laboratory.isVisible()
    assert not window.gallery.isVisible()
    wait(lambda: window.laboratory.words.startswith("675 of 900 pixels won in no window."))
    index = state_of(live).rendering.activations.frame.index
    wait(lambda: state_of(live).rendering.activations.frame.index > index + 5)
    overlay, _ = shown_overlay(live)
    assert int(overlay.codes.sum()) == 675
    rebuilt = window.laboratory.extra_maps.views[0]
    assert rebuilt.isVisible()
    assert rebuilt.has_picture
    press(live, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    wait(window.gallery.isVisible)
    assert window.maps.feature.overlay is None
    assert not window.laboratory.isVisible()
    assert not window.wishes["lost"].isChecked()


def test_the_overlay_follows_the_channel(live, wait):
    press(live, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    wait(lambda: shown_overlay(live)[1] == 0)
    press(live, Qt.Key.Key_BracketRight)
    wait(lambda: shown_overlay(live)[1] not in (None, 0))
    finding = state_of(live).finding
    activations = state_of(live).rendering.activations
    assert finding.channel == state_of(live).channel
    codes = finding.overlays[MapName.FEATURE].codes
    values = activations.feature_maps[:, :, finding.channel]
    highest = np.where(codes == 0, values, -np.inf).reshape(15, 2, 15, 2).max(axis=(1, 3))
    np.testing.assert_array_equal(highest, activations.pooled_maps[:, :, finding.channel])
    press(live, Qt.Key.Key_BracketLeft)
    wait(lambda: shown_overlay(live)[1] == 0)


def test_settings_are_kept_when_it_is_left_and_opened_again(live, wait):
    press(live, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    wait(lambda: state_of(live).experiment == Lost())
    panel = live.window.laboratory.panels["lost"]
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    wait(lambda: state_of(live).experiment == Lost("offsets"))
    wait(lambda: shown_overlay(live)[0] is not None and shown_overlay(live)[0].codes.max() == 4)
    panel.flags.click()
    wait(lambda: state_of(live).experiment == Lost("offsets", has_flags=True))
    for _ in range(2):
        action = live.window.findChild(QAction, "lost")
        action.trigger()
    wait(lambda: state_of(live).experiment == Lost("offsets", has_flags=True))
