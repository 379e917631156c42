"""The engine's step beside a bare `tf.function` with two outputs and no copies."""

import numpy as np
import pytest
import tensorflow as tf

from poolviewer.core.network import NetworkSpec
from poolviewer.factories import prepare
from poolviewer.model.engine import KerasEngine
from poolviewer.model.tutorial import build_model
from tests.benchmarks.cases import NETWORKS, plain
from tests.benchmarks.figures import ratio
from tests.benchmarks.rounds import compare

LIMIT = 1.15
BUDGET = 2**32


def bare_function(network: NetworkSpec):
    """Return a call that gives both maps as arrays that share the tensors' memory."""
    convolution, pooling = build_model(network).layers

    @tf.function(input_signature=[tf.TensorSpec((1, *network.input.shape), tf.float32)])
    def maps(batch):
        feature = convolution(batch)
        return feature, pooling(feature)

    call = maps.get_concrete_function()

    def run(values):
        feature, pooled = call(tf.convert_to_tensor(values[np.newaxis]))
        return np.asarray(memoryview(feature)), np.asarray(memoryview(pooled))

    return run


@pytest.mark.parametrize("name", NETWORKS, ids=plain)
def test_engine_step(benchmark, frame, record, is_quick, name: str) -> None:
    network = NETWORKS[name]
    engine = KerasEngine()
    engine.configure(network, 0, BUDGET)
    bare = bare_function(network)
    prepared = prepare(frame, network.input)
    ms = compare(
        benchmark,
        lambda: engine.run(frame, prepared),
        {"bare": lambda: bare(prepared.values)},
        rounds=60 if is_quick else 600,
    )
    limit = LIMIT if name != "640×480×64" else None
    record(ratio(f"{name} against a bare `tf.function`", (ms[""], ms["bare"]), limit))
