"""A number of a network that computes in half floats is followed back, and agrees as they can."""

import keras
import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.chain import chain_of

from .one_pixel import assert_steps_agree
from .stage_runs import described, run_stage
from .test_applications import SIDE, built


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_a_deep_network_agrees_at_its_precision(policy):
    """Numbers get so small on the way that half floats lose them; that is no disagreement."""
    keras.config.set_dtype_policy(policy)
    try:
        model = built("MobileNetV2")
    finally:
        keras.config.set_dtype_policy("float32")
    opened = described(model)
    values = np.random.default_rng(9).uniform(0, 255, (SIDE, SIDE, 3)).astype(np.float32)
    stage = opened.info.stages[-1].name
    activations = run_stage(opened, stage, values=values, has_steps=True)
    assert set(activations.precisions) == {policy.removeprefix("mixed_")}
    assert assert_steps_agree(activations) == []
    for channel in range(0, 1280, 100):
        chain = chain_of(activations, channel, Pixel(MapName.POOLED, 0, 0))
        assert chain.input_pixel is not None
        assert all(step.agrees for step in chain.steps)
