"""Maps of any small network, made ready for the screen by NumPy alone."""

from dataclasses import replace

import numpy as np

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.network import NetworkSpec
from poolviewer.core.rendering import Rendering, render
from poolviewer.core.view_state import TraceScene, ViewState, trace_scene
from tests.export.cases import activations_of, network

TUTORIAL = NetworkSpec()
ODD = network(33, 33)
SMALL = network(6, 8, filters=7)


def rendering_of(spec: NetworkSpec = SMALL, display: DisplaySpec | None = None, **options):
    """Return random maps of a network; ``options`` are those of `activations_of`."""
    return render(activations_of(spec, **options), display or DisplaySpec())


def with_maps(rendering: Rendering, feature=None, pooled=None) -> Rendering:
    """Return the same frame with other values in its maps."""
    activations = replace(
        rendering.activations,
        feature_maps=rendering.activations.feature_maps if feature is None else feature,
        pooled_maps=rendering.activations.pooled_maps if pooled is None else pooled,
    )
    return render(activations, rendering.display)


def scene_of(rendering: Rendering, pixel: Pixel | None, *, is_pinned=False, channel=0):
    """Return what every view is told when a pixel is hovered or pinned."""
    pixels = {"pinned" if is_pinned else "hovered": pixel}
    return trace_scene(ViewState(rendering=rendering, channel=channel, **pixels))


def scene_on(map_name: MapName, row: int, col: int, spec=SMALL, **options) -> TraceScene:
    """Return the scene of a pixel on random maps of a network."""
    return scene_of(rendering_of(spec), Pixel(map_name, row, col), **options)


def constant(rendering: Rendering, value: float) -> Rendering:
    """Return the same frame with one value in every pixel of both maps."""
    activations = rendering.activations
    return with_maps(
        rendering,
        np.full_like(activations.feature_maps, value),
        np.full_like(activations.pooled_maps, value),
    )
