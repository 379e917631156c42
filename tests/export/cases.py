"""Networks small and odd, run by NumPy alone."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.display import COLOUR_MAP_NAMES, DisplaySpec
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import (
    Activations,
    Frame,
    PreparedInput,
    SourceInfo,
    Versions,
)
from poolviewer.core.network import NetworkSpec, problems
from poolviewer.core.placement import fit_plan
from poolviewer.core.pooling import pool
from poolviewer.export.request import FigureRequest

VERSIONS = Versions({"tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6"}, "CPU")
POOLED = Pixel(MapName.POOLED, 2, 3)


def network(height=32, width=32, *, filters=4, fit="stretch", order="bgr", **parameters):
    """Return the tutorial's network with fewer filters and other parameters."""
    spec = InputSpec(height, width, channel_order=order, fit=fit)
    return NetworkSpec(spec, filters=filters, **parameters)


def activations_of(spec=None, *, picture_shape=(48, 64), seed=0, source=None, nan_share=0.0):
    """Return random maps of a network for a random picture."""
    spec = spec or network()
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (*picture_shape, 3), np.uint8)
    pixels = rng.integers(0, 256, spec.input.shape, np.uint8)
    placement = fit_plan(picture_shape, spec.input).placement
    maps = rng.normal(size=(*spec.stage.feature_shape, spec.filters)).astype(np.float32)
    maps[rng.random(maps.shape) < nan_share] = np.nan
    with np.errstate(invalid="ignore"):
        pooled = pool(maps, spec.stage.pooling).astype(np.float32)
    return Activations(
        Frame(picture, source or SourceInfo("picture.png", "picture"), index=3),
        PreparedInput(pixels.astype(np.float32), pixels, placement),
        spec,
        spec.stage,
        maps,
        pooled,
    )


def request_of(activations=None, pixel=POOLED, **options):
    """Return a request for a figure of the second channel."""
    return FigureRequest(
        activations or activations_of(), channel=1, pixel=pixel, versions=VERSIONS, **options
    )


@st.composite
def odd_networks(draw):
    """Draw networks with maps of one pixel, gaps, overlaps, and very uneven sides."""
    sides = st.integers(1, 12) | st.sampled_from([1, 33, 90])
    small = st.integers(1, 4)
    spec = network(
        draw(sides),
        draw(sides),
        fit=draw(st.sampled_from(["stretch", "crop", "letterbox"])),
        order=draw(st.sampled_from(["bgr", "rgb", "grey"])),
        filters=2,
        kernel_size=(draw(small), draw(small)),
        strides=(draw(small), draw(small)),
        padding=draw(st.sampled_from(["valid", "same"])),
        pool_kind=draw(st.sampled_from(["max", "average"])),
        pool_size=(draw(sides), draw(sides)),
        pool_strides=(draw(small | st.just(50)), draw(small | st.just(50))),
        pool_padding=draw(st.sampled_from(["valid", "same"])),
    )
    return replace(spec, padding="same", pool_padding="same") if problems(spec) else spec


@st.composite
def odd_requests(draw):
    """Draw a figure of an odd network, with any pixel, or none."""
    activations = activations_of(
        draw(odd_networks()),
        picture_shape=(draw(st.sampled_from([1, 30, 300])), draw(st.sampled_from([1, 40, 300]))),
        seed=draw(st.integers(0, 9)),
        nan_share=draw(st.sampled_from([0.0, 0.0, 0.3, 1.0])),
    )
    return request_of(
        activations,
        draw(st.none() | pixels_of(activations)),
        is_pinned=draw(st.booleans()),
        theme=draw(st.sampled_from(["light", "dark"])),
        scale=draw(st.sampled_from([1.0, 1.25, 2.0])),
        display=DisplaySpec(
            draw(st.sampled_from(COLOUR_MAP_NAMES)),
            draw(st.sampled_from(["channel", "shared"])),
            draw(st.booleans()),
        ),
    )


@st.composite
def pixels_of(draw, activations):
    """Draw a pixel of any of the three maps."""
    map_name = draw(st.sampled_from(MapName))
    height, width = geometry_of(activations.stage, map_name).shape
    return Pixel(map_name, draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1)))
