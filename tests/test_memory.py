"""A live view may run for days: frames leave nothing behind."""

import pytest

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.network import NetworkSpec
from tests.memory import Pipeline, growth

FRAMES = 3000
LEAK_BYTES = 1024


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline(NetworkSpec(InputSpec(16, 16), filters=4))


def test_memory_does_not_grow_with_the_frames(pipeline):
    assert growth(pipeline, FRAMES) < LEAK_BYTES / 2


def test_a_leak_of_a_kilobyte_a_frame_would_be_seen(pipeline):
    kept = []

    def leak(index):
        kept.append(bytearray(LEAK_BYTES))
        pipeline(index)

    assert growth(leak, FRAMES) > LEAK_BYTES / 2
