"""Networks of a few layers, put together by hand, whose numbers are to be followed."""

import numpy as np

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.chain import chain_of
from poolviewer.core.geometry import Rect
from poolviewer.core.layer_graph import INPUT, LayerGraph, Link, Step
from poolviewer.core.messages import Activations, Frame, PreparedInput, SourceInfo
from poolviewer.core.network import NetworkSpec
from poolviewer.core.pooling import Pooling, pool
from poolviewer.core.stage import Stage
from poolviewer.core.windows import WindowGrid


def layer(operation, maps, sources=(INPUT,), grid=None, name="layer"):
    """Return one layer: what it does, what leaves it, and what it reads."""
    grid = getattr(operation, "grid", grid)
    rules = (grid.rows, grid.cols) if grid else (None, None)
    links = tuple(Link(source, *rules) for source in sources)
    return Step(name, links, maps.shape[:2]), operation, maps


def activations_of(values, *layers, pooling=None, precisions=(), has_steps=True):
    """Return the activations of layers, each of them made by `layer`, pooled in float64."""
    values = np.asarray(values, np.float32)
    features = np.asarray(layers[-1][2] if layers else values)
    pooling = pooling or Pooling("max", WindowGrid.over(features.shape[:2], (1, 1), (1, 1), "same"))
    steps = tuple(step for step, _, _ in layers)
    graph = LayerGraph(values.shape[:2], steps)
    stage = Stage("pool", "layer", values.shape, features.shape[2], graph, pooling)
    pixels = np.zeros(values.shape, np.uint8)
    return Activations(
        Frame(np.zeros((1, 1, 3), np.uint8), SourceInfo("drawn", "picture")),
        PreparedInput(values, pixels, Rect(0, 0, *values.shape[:2])),
        NetworkSpec(),
        stage,
        features,
        pool(features, pooling).astype(features.dtype),
        operations=tuple(operation for _, operation, _ in layers),
        precisions=precisions,
        step_maps=tuple(maps for _, _, maps in layers) if has_steps else (),
    )


def feature_chain(activations, row, col, channel=0, **choices):
    return chain_of(activations, channel, Pixel(MapName.FEATURE, row, col), **choices)


def pooled_chain(activations, row, col, channel=0, **choices):
    return chain_of(activations, channel, Pixel(MapName.POOLED, row, col), **choices)


def only_step(activations, row, col, channel=0, **choices):
    """Return the one step of a feature-map pixel's chain."""
    (step,) = feature_chain(activations, row, col, channel, **choices).steps
    return step
