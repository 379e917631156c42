"""From a mouse event to its painted outlines, over a picture that stands still."""

import numpy as np

from poolviewer.core.annotation import MapName, Pixel
from tests.benchmarks.figures import Figure
from tests.benchmarks.painting import LiveWindow, hover_ms

MEDIAN_LIMIT_MS, P95_LIMIT_MS = 2, 6


def test_hover(qtbot, rig, record, is_quick) -> None:
    rendering = rig.work()
    rig.window.hide()
    live = LiveWindow()
    qtbot.addWidget(live.window)
    live.show_rendering(rendering)
    pixels = [
        Pixel(name, row, col)
        for row in range(1, 14 if not is_quick else 3)
        for col in range(1, 14)
        for name in (MapName.POOLED, MapName.FEATURE)
    ]
    times = hover_ms(live, pixels)
    median, p95 = np.percentile(times, (50, 95))
    record(Figure("median", float(median), "ms", MEDIAN_LIMIT_MS))
    record(Figure("p95", float(p95), "ms", P95_LIMIT_MS))
