"""Frames, and networks with every parameter drawn."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.network import ACTIVATIONS, NetworkSpec, problems
from poolviewer.sources.image import read_picture
from poolviewer.sources.prepare import prepare
from tests import media

BUDGET = 2**30
CHELSEA = media.SAMPLES / "chelsea.png"
INFO = SourceInfo("test", "picture")
PADDINGS = st.sampled_from(["valid", "same"])
SMALL = st.integers(1, 4)
SIDES = st.integers(1, 20)


def sample_frame():
    return Frame(read_picture(CHELSEA), INFO)


def noise_frame(seed=0, shape=(40, 50)):
    picture = np.random.default_rng(seed).integers(0, 256, (*shape, 3), np.uint8)
    return Frame(picture, INFO)


def run(engine, frame, network=None):
    """Run an engine on a frame as the inference thread does."""
    return engine.run(frame, prepare(frame, (network or NetworkSpec()).input))


@st.composite
def pairs(draw, lengths):
    return draw(lengths), draw(lengths)


@st.composite
def networks(draw):
    """Draw any small network that can be built, with every parameter drawn."""
    spec = NetworkSpec(
        InputSpec(
            draw(SIDES),
            draw(SIDES),
            channel_order=draw(st.sampled_from(["bgr", "rgb", "grey"])),
            scaling=draw(st.sampled_from(["0-255", "0-1", "-1-1"])),
            fit=draw(st.sampled_from(["stretch", "crop", "letterbox"])),
        ),
        filters=draw(st.integers(1, 5)),
        kernel_size=draw(pairs(SMALL)),
        strides=draw(pairs(SMALL)),
        padding=draw(PADDINGS),
        activation=draw(st.sampled_from(ACTIVATIONS)),
        pool_kind=draw(st.sampled_from(["max", "average"])),
        pool_size=draw(pairs(SMALL | st.integers(1, 25))),
        pool_strides=draw(pairs(SMALL | st.integers(1, 25))),
        pool_padding=draw(PADDINGS),
        seed=draw(st.integers(0, 2**32 - 1)),
    )
    return replace(spec, padding="same", pool_padding="same") if problems(spec) else spec


def convolve(values, kernel, strides, padding):
    """Convolve (H, W, C) with a kernel (rows, cols, C, filters) in float64, by the definition."""
    size = kernel.shape[:2]
    counts = [
        -(-n // s) if padding == "same" else (n - k) // s + 1
        for n, k, s in zip(values.shape[:2], size, strides, strict=True)
    ]
    total = [
        max((c - 1) * s + k - n, 0)
        for c, s, k, n in zip(counts, strides, size, values.shape[:2], strict=True)
    ]
    if padding == "same":
        values = np.pad(values, [(t // 2, t - t // 2) for t in total] + [(0, 0)])
    out = np.zeros((*counts, kernel.shape[3]))
    for row in range(size[0]):
        for col in range(size[1]):
            rows = row + strides[0] * np.arange(counts[0])
            cols = col + strides[1] * np.arange(counts[1])
            out += values[np.ix_(rows, cols)].astype(np.float64) @ kernel[row, col]
    return out


ACTIVATE = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-np.clip(x, -500, 500))),
}
