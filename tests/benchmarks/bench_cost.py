"""How time grows with the size of the input, the channels and the visible tiles."""

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from poolviewer.core.tiles import Room
from tests.benchmarks.cases import network
from tests.benchmarks.cost import Point
from tests.benchmarks.figures import Figure

SIDES = (32, 64, 128, 256, 512, 1024)
CHANNELS = (1, 2, 8, 32, 128, 512)
ROOMS = (37, 73, 145, 289)  # pixels a side, for 4, 16, 64 and 256 tiles of 18 pixels


def test_cost(rig, record, keep_cost, is_quick) -> None:
    count = 5 if is_quick else 25
    points = list(_points(rig, count))
    keep_cost(points)
    largest = max(points, key=lambda point: point.side)
    whole = largest.engine + largest.render + largest.paint
    record(Figure(f"a frame at {largest.side}×{largest.side}, 64 channels", whole, "ms"))


def _points(rig, count: int) -> Iterator[Point]:
    for side in SIDES:
        rig.use(network(side, side))
        yield measure(rig, "side", count)
    for channels in CHANNELS:
        rig.use(network(128, 128, channels))
        yield measure(rig, "channels", count)
    rig.use(network(32, 32, 256))
    display = rig.controller.state.display
    for side in ROOMS:
        rig.controller.set_display(replace(display, room=Room(side, side)))
        rig.worker.process()
        yield measure(rig, "tiles", count)
    rig.controller.set_display(display)


def measure(rig, sweep: str, count: int) -> Point:
    """Return the medians of some frames of the present network."""
    engine, render, paint = [], [], []
    for _ in range(count):
        start = time.perf_counter()
        rendering = rig.work()
        worked = time.perf_counter()
        rig.show(rendering)
        engine.append(rendering.activations.model_s)
        render.append(worked - start - rendering.activations.model_s)
        paint.append(time.perf_counter() - worked)
    spec, mosaics = rendering.activations.network, rendering.mosaics
    return Point(
        sweep,
        spec.input.height,
        spec.filters,
        mosaics.page.count,
        mosaics.feature.size + mosaics.pooled.size,
        *(1000 * median(seconds) for seconds in (engine, render, paint)),
    )
