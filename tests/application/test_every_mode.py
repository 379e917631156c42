"""Every mode of the laboratory on stages of every kind: each applies, or says why it does not."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from PySide6.QtGui import QImage

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.experiment import Inquiry, Subject, conducted
from poolviewer.core.rendering import render
from poolviewer.core.view_state import ViewState, trace_scene
from poolviewer.export.figure import render_figure
from poolviewer.export.request import figure_request
from poolviewer.sources.prepare import prepare
from poolviewer.views.laboratory.modes import MODES
from poolviewer.views.main_window import MainWindow
from tests.model.cases import BUDGET
from tests.model.stage_runs import FRAME, described, noise, spec_of

LAYERS = keras.layers
FAILED = "This experiment could not be made"


def sequential(*layers, shape=(12, 13, 3), **options):
    return keras.Sequential([keras.Input(shape), *layers], **options)


def halves():
    return LAYERS.Conv2D(4, 3, dtype="mixed_float16"), LAYERS.MaxPooling2D(dtype="mixed_float16")


MODELS = {
    "tutorial's": lambda: sequential(LAYERS.Conv2D(4, 3), LAYERS.MaxPooling2D()),
    "average": lambda: sequential(LAYERS.Conv2D(4, 3), LAYERS.AveragePooling2D(2)),
    "no convolution": lambda: sequential(LAYERS.MaxPooling2D()),
    "overlapping, same": lambda: sequential(
        LAYERS.Conv2D(4, 3, padding="same", activation="relu"),
        LAYERS.MaxPooling2D(3, 2, padding="same"),
    ),
    "gaps": lambda: sequential(LAYERS.Conv2D(4, 3), LAYERS.MaxPooling2D(2, 3)),
    "global maximum": lambda: sequential(LAYERS.Conv2D(4, 3), LAYERS.GlobalMaxPooling2D()),
    "global average": lambda: sequential(LAYERS.Conv2D(4, 3), LAYERS.GlobalAveragePooling2D()),
    "adaptive maximum": lambda: sequential(LAYERS.Conv2D(4, 3), LAYERS.AdaptiveMaxPooling2D(3)),
    "adaptive average": lambda: sequential(LAYERS.Conv2D(4, 3), LAYERS.AdaptiveAveragePooling2D(3)),
    "one pixel": lambda: sequential(
        LAYERS.Conv2D(4, 3), LAYERS.MaxPooling2D(2), shape=(4, 4, 1)
    ),
    "normalised": lambda: sequential(
        LAYERS.ZeroPadding2D(1),
        LAYERS.Conv2D(4, 3, use_bias=False),
        LAYERS.BatchNormalization(),
        LAYERS.ReLU(),
        LAYERS.DepthwiseConv2D(3),
        LAYERS.AveragePooling2D(2),
        LAYERS.Conv2D(5, 1, activation="tanh"),
        LAYERS.MaxPooling2D(),
    ),
    "half precision": lambda: sequential(*halves()),
    "unknown layer": lambda: sequential(
        LAYERS.Conv2D(4, 3), LAYERS.LayerNormalization(), LAYERS.MaxPooling2D()
    ),
}  # fmt: skip


class Model:
    """A model at its last stage, which runs on anything."""

    def __init__(self, model):
        opened = described(model)
        self.spec = spec_of(opened, opened.info.stages[-1].name)
        self._runner, self.stage = opened.prepare(self.spec, BUDGET)
        self._prepared = prepare(FRAME, self.spec.input)

    def run(self, values):
        prepared = replace(self._prepared, values=values)
        return self._runner.run(FRAME, prepared, self.spec, self.stage, 1)


def odd(shape):
    """Draw numbers with a block of NaN and an infinity."""
    values = noise(shape)
    values[2:9, 3:9] = np.nan
    values[0, 0] = np.inf
    return values


def pixels_of(stage):
    """Return the corners of all maps, and no pixel."""
    for name in MapName:
        rows, cols = geometry_of(stage, name).shape
        yield from (Pixel(name, 0, 0), Pixel(name, rows - 1, cols - 1))
    yield None


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    keras.utils.set_random_seed(1)
    return Model(MODELS[request.param]())


@pytest.mark.parametrize("draw", [noise, odd])
@pytest.mark.parametrize("mode", MODES, ids=[mode.name for mode in MODES])
def test_a_mode_applies_or_says_why_not(model, qtbot, mode, draw):
    activations = model.run(draw(model.spec.input.shape))
    window = MainWindow()
    qtbot.addWidget(window)
    window.show_experiment(mode.first)
    channel = activations.stage.channels - 1
    for pixel in pixels_of(activations.stage):
        inquiry = Inquiry(mode.first, channel, pixel)
        finding = conducted(inquiry, Subject(activations, channel, pixel, model.run))
        assert not finding.obstacle.startswith(FAILED), finding.obstacle
        rendering = render(finding.altered or activations, DisplaySpec(), channel=channel)
        state = ViewState(
            rendering=replace(rendering, finding=finding),
            channel=channel,
            pinned=pixel,
            experiment=mode.first,
        )
        window.show_rendering(state.rendering, channel)
        window.show_trace(trace_scene(state))
        for name, overlay in finding.overlays.items():
            assert overlay.codes.shape == geometry_of(activations.stage, name).shape
            assert overlay.codes.dtype == np.uint8
        for extra in finding.maps:
            assert extra.values.shape == extra.shades.shape == extra.geometry.shape
    assert finding.obstacle or finding.sentences
    assert isinstance(render_figure(figure_request(state, "light")), QImage)
