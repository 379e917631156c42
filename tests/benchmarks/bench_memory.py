"""Memory of the whole application over many live frames."""

import json
import subprocess
import sys

import numpy as np

from tests.benchmarks.figures import Figure

FRAMES, QUICK_FRAMES = 20_000, 2_000
WARM_UP = 0.2  # of all frames: caches and the allocator fill
LEAST_B = 24  # a frame: no object of Python or C is smaller, so what leaks is seen


def test_growth(record, is_quick) -> None:
    frames = QUICK_FRAMES if is_quick else FRAMES
    command = [sys.executable, "-m", "tests.benchmarks.memory_process", str(frames)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    samples = np.array(json.loads(done.stdout), float)
    measured = samples[samples[:, 0] > WARM_UP * frames]
    growth, scatter = growth_of(measured)
    limit = max(2 * scatter, LEAST_B * np.ptp(measured[:, 0]))
    note = f"{samples[-1, 1] / 1e6:.0f} MB resident, scatter {scatter / 1000:.0f} kB"
    what = f"growth over {frames:,} frames"
    record(Figure(what, growth / 1000, "kB", round(limit / 1000), note=note))


def growth_of(samples) -> tuple[float, float]:
    """Return how many bytes a straight line through (frame, bytes) rises, and the scatter."""
    frames, resident = samples.T
    slope, start = np.polyfit(frames, resident, 1)
    scatter = np.std(resident - (start + slope * frames), ddof=2)
    return float(slope * np.ptp(frames)), float(scatter)
