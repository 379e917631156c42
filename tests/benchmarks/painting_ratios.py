"""Print what painting and hovering cost beside five bare images.

``python -m tests.benchmarks.painting_ratios [SIDE …]``, on a screen or under Xvfb.
"""

import random
import sys

import numpy as np

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.rendering import Rendering, render
from poolviewer.drawing.palette import DARK
from poolviewer.process import make_qt_application
from poolviewer.views.theme import apply_theme
from tests.benchmarks.painting import (
    BareImages,
    LiveWindow,
    bare_image_items_ms,
    hover_ms,
    live_hover_ms,
    paint_frame_ms,
    paint_without_idle_time,
    settle,
)
from tests.export.cases import activations_of, network

ROUNDS, FRAMES, HOVERS = 12, 5, 60


def main() -> None:
    """Measure every side that is named, or 32 and 224."""
    paint_without_idle_time()
    apply_theme(make_qt_application(), DARK)
    for side in map(int, sys.argv[1:] or ("32", "224")):
        live = LiveWindow()
        renderings = [made(side, seed) for seed in range(3)]
        live.show_rendering(renderings[0])
        bare, images = BareImages(), [five_of(r) for r in renderings]
        bare.show_images(images[0])
        settle(0.5)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours += paint_frame_ms(live, renderings, FRAMES)
            theirs += bare_image_items_ms(bare, images, FRAMES)
        ratio = np.median(ours) / np.median(theirs)
        print(f"{side}: frame {told(ours)}, bare {told(theirs)}, ratio {ratio:.2f}")
        pixels = some_pixels(renderings[0])
        print(f"  hover {told(hover_ms(live, pixels))}", end=", ")
        print(f"live {told(live_hover_ms(live, renderings, pixels))}")
        live.window.close()
        bare.window.close()


def made(side: int, seed: int) -> Rendering:
    spec = network(side, side, filters=64)
    activations = activations_of(spec, seed=seed, picture_shape=(480, 640))
    return render(activations, DisplaySpec(), channel=0)


def five_of(rendering: Rendering) -> list[np.ndarray]:
    maps = rendering.activations.feature_maps
    return [np.ascontiguousarray(maps[:, :, channel]) for channel in range(5)]


def some_pixels(rendering: Rendering) -> list[Pixel]:
    """Return pooled pixels at random, no two alike in a row."""
    rows, cols = rendering.activations.stage.pooled_shape
    dice = random.Random(1)
    return [
        Pixel(MapName.POOLED, dice.randrange(rows), (dice.randrange(cols // 2) * 2 + n) % cols)
        for n in range(HOVERS)
    ]


def told(times: list[float]) -> str:
    return f"median {np.median(times):.2f} ms, p95 {np.percentile(times, 95):.2f} ms"


if __name__ == "__main__":
    main()
