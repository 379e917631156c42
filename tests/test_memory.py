"""A live view may run for days: frames leave nothing behind."""

import subprocess
import sys

FRAMES = 3000
LEAK_BYTES = 1024


def growth(leak_bytes: int = 0) -> float:
    """Return by how many bytes a frame a process of its own grows."""
    command = [sys.executable, "-m", "tests.memory", str(FRAMES), str(leak_bytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def test_memory_does_not_grow_with_the_frames():
    assert growth() < LEAK_BYTES / 2


def test_a_leak_of_a_kilobyte_a_frame_would_be_seen():
    assert growth(LEAK_BYTES) > LEAK_BYTES / 2
