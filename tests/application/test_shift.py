"""The shift mode in the whole application, against Keras itself."""

import keras
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.laboratory.shifting import changed_share
from poolviewer.core.network import NetworkSpec
from poolviewer.model.tutorial import build_model

ALT = Qt.KeyboardModifier.AltModifier


def maps_of(values):
    """Return both maps of the tutorial's network, by Keras."""
    model = build_model(NetworkSpec())
    parts = keras.Model(model.inputs, [layer.output for layer in model.layers])
    return tuple(keras.ops.convert_to_numpy(m)[0] for m in parts.predict(values[np.newaxis]))


def moved_down_and_right(values, down, right):
    """Move a picture with NumPy's own padding."""
    padded = np.pad(values, ((down, 0), (right, 0), (0, 0)), mode="edge")
    return padded[: values.shape[0], : values.shape[1]]


def has_found(controller, experiment):
    finding = controller.state.finding
    return finding is not None and finding.experiment == experiment


def test_the_key_moves_the_input_and_the_maps_are_those_of_the_moved_picture(started, wait):
    application = started()
    controller, panels = application.controller, application.window.laboratory.panels
    before = controller.state.rendering.activations
    QTest.keyClick(application.window, Qt.Key.Key_5, ALT)
    wait(lambda: controller.state.finding is not None)
    panels["shift"].down.setValue(2)
    wait(lambda: has_found(controller, Shift(2, 1)))
    shown = controller.state.rendering.activations
    values = moved_down_and_right(before.prepared.values, 2, 1)
    np.testing.assert_array_equal(shown.prepared.values, values)
    np.testing.assert_array_equal(
        shown.prepared.pixels, moved_down_and_right(before.prepared.pixels, 2, 1)
    )
    feature, pooled = maps_of(values)
    np.testing.assert_allclose(shown.feature_maps, feature, atol=1e-4)
    np.testing.assert_allclose(shown.pooled_maps, pooled, atol=1e-4)
    point = controller.state.finding.details.points[2]
    old = before.feature_maps[:, :, 0]
    assert point.change.feature == changed_share(old, shown.feature_maps[:, :, 0])
    assert len(panels["shift"].plot.feature.getData()[0]) == 5
    QTest.keyClick(application.window, Qt.Key.Key_5, ALT)
    wait(lambda: controller.state.rendering.activations.prepared is before.prepared)
    np.testing.assert_array_equal(
        controller.state.rendering.activations.pooled_maps, before.pooled_maps
    )


def test_a_live_source_goes_on_and_another_network_is_moved_too(started, wait):
    application = started("synthetic:60")
    controller = application.controller
    QTest.keyClick(application.window, Qt.Key.Key_5, ALT)
    wait(lambda: controller.state.latest_finding is not None)
    frame = controller.state.rendering.activations.frame.index
    wait(lambda: controller.state.rendering.activations.frame.index > frame + 3)
    controller.networks.set_network(NetworkSpec(filters=3))
    wait(lambda: controller.state.rendering.activations.stage.channels == 3)
    wait(lambda: controller.state.rendering.finding is not None)
    assert controller.state.rendering.finding.altered is not None
    panel = application.window.laboratory.panels["shift"]
    panel.back.click()
    wait(lambda: controller.state.latest_finding.altered is None)
    assert "0 % of both maps" in " ".join(controller.state.latest_finding.sentences)
