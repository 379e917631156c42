"""How much memory every frame leaves behind: prepared, run and rendered as in the application.

``python -m tests.memory 3000 [LEAK]`` prints the growth in bytes a frame, with a leak of so many,
too. It wants a process of its own: memory that was used before and is free again would hide it.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from poolviewer.core.display import DisplaySpec
from poolviewer.core.input_spec import InputSpec
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
    for index in range(WARM_UP):
        step(index)
    samples = []
    for index in range(frames):
        step(WARM_UP + index)
        if index % max(frames // SAMPLES, 1) == 0:
            samples.append((index, resident_bytes()))
    return median(
        (later - earlier) / (last - first)
        for first, earlier in samples
        for last, later in samples
        if last > first
    )


def resident_bytes() -> int:
    """Return the memory that this process holds, as Linux tells."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def main(frames: int, leak_bytes: int = 0) -> None:
    pipeline, kept = Pipeline(NetworkSpec(InputSpec(16, 16), filters=4)), []

    def step(index: int) -> None:
        kept.append(bytes(leak_bytes))  # of nothing, it is always the same object
        pipeline(index)

    print(growth(step, frames))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
