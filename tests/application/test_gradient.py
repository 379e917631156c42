"""The gradient mode in the whole application, against TensorFlow's tape."""

import keras
import numpy as np
import tensorflow as tf
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from poolviewer.core.annotation import MapName
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.network import NetworkSpec
from poolviewer.model.tutorial import build_model


def taped(values, row, col):
    """Return the gradients of pooled pixel (row, col), channel 0, in feature map and input."""
    model = build_model(NetworkSpec())
    convolution, pooling = model.layers
    with tf.device("CPU"), tf.GradientTape(persistent=True) as tape:
        batch = tf.constant(values[np.newaxis])
        tape.watch(batch)
        maps = convolution(batch)
        pooled = pooling(maps)[0, row, col, 0]
    return tuple(keras.ops.convert_to_numpy(tape.gradient(pooled, x))[0] for x in (maps, batch))


def test_the_key_shows_where_the_gradient_of_the_pinned_pixel_lands(started, wait):
    application = started(pin=(4, 7))
    controller = application.controller
    QTest.keyClick(application.window, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    wait(lambda: controller.state.finding is not None)
    state = controller.state
    assert state.experiment == Backpropagation()
    finding = state.finding
    values = state.rendering.activations.prepared.values
    in_maps, in_input = taped(values, 4, 7)
    codes = finding.overlays[MapName.FEATURE].codes
    np.testing.assert_array_equal(codes == 255, in_maps[:, :, 0] == 1)
    np.testing.assert_allclose(finding.maps[0].values, in_input.sum(axis=2), atol=1e-6)
    assert (finding.overlays[MapName.INPUT].codes > 0).sum() == 9
    assert application.window.laboratory.words == "\n".join(finding.sentences)
