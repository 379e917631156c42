"""How much memory every frame leaves behind: prepared, run and rendered as in the application.

``python -m tests.memory 20000`` prints the growth in bytes a frame.
"""

import sys
from collections.abc import Callable
from statistics import median

import numpy as np
import psutil

from poolviewer.core.display import DisplaySpec
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.network import NetworkSpec
from poolviewer.core.rendering import Rendering, render
from poolviewer.factories import create_engine, prepare

CAMERA = SourceInfo("camera", "camera")
WARM_UP = 500
SAMPLES = 60


class Pipeline:
    """Everything that the inference thread does with a frame, on the tutorial's network."""

    def __init__(self, network: NetworkSpec) -> None:
        self._network = network
        self._engine = create_engine()
        self._engine.configure(network, 1, 2**30)
        self._random = np.random.default_rng(0)
        self._rendering: Rendering | None = None

    def __call__(self, index: int) -> Rendering:
        picture = self._random.integers(0, 256, (48, 64, 3), np.uint8)
        frame = Frame(picture, CAMERA, index, captured_s=index / 60)
        activations = self._engine.run(frame, prepare(frame, self._network.input))
        display = DisplaySpec(order="mean")
        self._rendering = render(activations, display, self._rendering, index % 4)
        return self._rendering


def growth(step: Callable[[int], object], frames: int) -> float:
    """Return by how many bytes a frame the process grows, after a warm-up.

    The median of the slopes between all samples, which one jump of the allocator does not move.
    """
    process = psutil.Process()
    for index in range(WARM_UP):
        step(index)
    samples = []
    for index in range(frames):
        step(WARM_UP + index)
        if index % max(frames // SAMPLES, 1) == 0:
            samples.append((index, process.memory_info().rss))
    return median(
        (later - earlier) / (last - first)
        for first, earlier in samples
        for last, later in samples
        if last > first
    )


def tutorial_growth(frames: int) -> float:
    """Return the growth in bytes a frame with the tutorial's own network."""
    return growth(Pipeline(NetworkSpec()), frames)


if __name__ == "__main__":
    print(f"{tutorial_growth(int(sys.argv[1])):.1f} bytes a frame")
