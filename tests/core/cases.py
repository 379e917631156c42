"""Drawn cases that the tests of core share.

Shapes are drawn by Hypothesis. Pixels come from NumPy's generator with a drawn seed: drawing
thousands of them one by one would take longer than the test.
"""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.layer_graph import LayerGraph, Link, Step
from poolviewer.core.messages import Activations, Frame, PreparedInput, SourceInfo
from poolviewer.core.network import NetworkSpec, problems
from poolviewer.core.pooling import Pooling
from poolviewer.core.stage import Stage
from poolviewer.core.windows import WindowAxis, WindowGrid

from . import tensorflow_reference as reference

MAX_SOURCE = 40
PADDINGS = st.sampled_from(["valid", "same"])
KINDS = st.sampled_from(["max", "average"])
# Mostly what networks have, but also windows and steps that are longer than the map.
EXTENTS = st.integers(1, 4) | st.integers(1, MAX_SOURCE + 5)
NO_DILATION = st.just(1)
NO_NAN = st.just(0.0)
PERHAPS_NAN = st.sampled_from([0.0, 0.0, 0.3])
SEEDS = st.integers(0, 2**32 - 1)


def random_maps(seed, height, width, channels):
    """Return normally distributed maps of shape (height, width, channels)."""
    return np.random.default_rng(seed).normal(size=(height, width, channels)).astype(np.float32)


@st.composite
def window_axes(draw, dilations=NO_DILATION):
    """Draw any axis that a window slides over; perhaps no window fits into it."""
    source_size = draw(st.integers(1, MAX_SOURCE))
    size, stride, dilation = draw(EXTENTS), draw(EXTENTS), draw(dilations)
    return WindowAxis(source_size, size, stride, draw(PADDINGS), dilation)


@st.composite
def grids(draw, source_shape=None, max_source=MAX_SOURCE, dilations=NO_DILATION):
    """Draw a grid of at least one window over a map of the given or of any shape."""
    padding = draw(PADDINGS)
    shape = source_shape or (draw(st.integers(1, max_source)), draw(st.integers(1, max_source)))
    dilation = draw(dilations), draw(dilations)
    # As in TensorFlow, only layers that do not dilate may stride.
    strides = (1, 1) if max(dilation) > 1 else (draw(EXTENTS), draw(EXTENTS))
    sizes = tuple(_size(draw, shape[i], dilation[i], padding) for i in (0, 1))
    return WindowGrid.over(shape, sizes, strides, padding, dilation)


def _size(draw, source_size, dilation, padding):
    if padding == "same":
        return draw(EXTENTS)
    largest = (source_size - 1) // dilation + 1
    return draw(st.integers(1, min(4, largest)) | st.integers(1, largest))


@st.composite
def stages(draw, max_source=14):
    """Draw a pooling behind one or two convolutions, with one channel everywhere."""
    shape = draw(st.integers(1, max_source)), draw(st.integers(1, max_source))
    layers = []
    for _ in range(draw(st.integers(1, 2))):
        source = layers[-1].shape if layers else shape
        layers.append(draw(grids(source, dilations=st.sampled_from([1, 1, 2, 3]))))
    pooling = Pooling(draw(KINDS), draw(grids(layers[-1].shape)))
    return Stage("pool", "conv", (*shape, 1), 1, chain(shape, layers), pooling)


def chain(shape, layers):
    """Return the graph of sliding windows one behind the other."""
    steps = [
        Step(f"conv_{index}", (Link(index - 1, layer.rows, layer.cols),), layer.shape)
        for index, layer in enumerate(layers)
    ]
    return LayerGraph(shape, tuple(steps))


@st.composite
def pixels_of(draw, shape):
    return draw(st.integers(0, shape[0] - 1)), draw(st.integers(0, shape[1] - 1))


@st.composite
def other_poolings(draw):
    """Draw global or adaptive pooling of a map of any shape."""
    shape, pooled = (
        (draw(st.integers(1, 15)), draw(st.integers(1, 15))) for _ in ("source", "pooled")
    )
    kind = draw(KINDS)
    # Keras pools with windows of one column more, too, and where that is more than there are,
    # TensorFlow's maximum divides by zero and takes the process with it.
    kills = kind == "max" and -(-shape[1] // pooled[1]) >= shape[1]
    if kills or draw(st.booleans()):
        return Pooling.over_all(kind, shape)
    return Pooling.adaptive(kind, shape, pooled)


@st.composite
def maps_over(draw, grid, max_channels=3, nan_shares=NO_NAN):
    """Draw feature maps for a grid: small integers full of ties, or numbers of any size."""
    rng = np.random.default_rng(draw(SEEDS))
    shape = (*grid.source_shape, draw(st.integers(1, max_channels)))
    if draw(st.booleans()):
        maps = rng.integers(-2, 3, shape)
    else:
        maps = rng.normal(size=shape) * 10.0 ** draw(st.integers(-6, 6))
    maps = maps.astype(np.float32)
    maps[rng.random(shape) < draw(nan_shares)] = np.nan
    return maps


@st.composite
def network_specs(draw, kinds=KINDS):
    """Draw a small network that can be built."""
    spec = NetworkSpec(
        InputSpec(draw(st.integers(1, 20)), draw(st.integers(1, 20))),
        filters=draw(st.integers(1, 3)),
        kernel_size=(draw(st.integers(1, 4)), draw(st.integers(1, 4))),
        strides=(draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        padding=draw(PADDINGS),
        pool_kind=draw(kinds),
        pool_size=(draw(st.integers(1, 4)), draw(st.integers(1, 4))),
        pool_strides=(draw(st.integers(1, 4)), draw(st.integers(1, 4))),
        pool_padding=draw(PADDINGS),
    )
    if problems(spec):
        spec = replace(spec, padding="same", pool_padding="same")
    return spec


@st.composite
def drawn_activations(draw, kinds=KINDS, nan_shares=PERHAPS_NAN):
    """Draw a network and feature maps, and have TensorFlow pool them."""
    spec = draw(network_specs(kinds))
    rng = np.random.default_rng(draw(SEEDS))
    shape = (*spec.stage.feature_shape, spec.filters)
    maps = (rng.integers(-2, 3, shape) if draw(st.booleans()) else rng.normal(size=shape)).astype(
        np.float32
    )
    maps[rng.random(shape) < draw(nan_shares)] = np.nan
    return activations_of(spec, maps)


def activations_of(spec, feature_maps):
    """Return the activations of a network with these feature maps, pooled by TensorFlow."""
    feature_maps = np.asarray(feature_maps, dtype=np.float32)
    pooled = reference.pool(feature_maps, spec.stage.pooling)
    values = np.arange(np.prod(spec.input.shape), dtype=np.float32).reshape(spec.input.shape)
    extent = Rect(0, 0, spec.input.height, spec.input.width)
    frame = Frame(np.zeros((1, 1, 3), np.uint8), SourceInfo("drawn", "picture"))
    prepared = PreparedInput(values, np.zeros(values.shape, np.uint8), extent)
    return Activations(frame, prepared, spec, spec.stage, feature_maps, pooled)


def bounding_box(mask):
    """Return the smallest `PixelBox` that holds everything true in a two-dimensional mask."""
    rows, cols = np.nonzero(mask)
    ends = int(rows.min()), int(cols.min()), int(rows.max()) + 1, int(cols.max()) + 1
    return PixelBox(*ends)
