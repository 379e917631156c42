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
    growth = growth_of(samples[samples[:, 0] > WARM_UP * frames])
    note = f"{growth:.1f} B a frame, {samples[-1, 1] / 1e6:.0f} MB resident"
    what = f"growth over {frames:,} frames"
    record(Figure(what, growth * frames / 1000, "kB", LEAST_B * frames / 1000, note=note))


def growth_of(samples) -> float:
    """Return the median slope between all pairs of (frame, bytes), in bytes a frame.

    One step of the allocator does not move it, as it would move a fitted line.
    """
    frames, resident = samples.T
    first, last = np.triu_indices(len(frames), 1)
    return float(np.median((resident[last] - resident[first]) / (frames[last] - frames[first])))
