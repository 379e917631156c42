"""What ``inspect`` says is what the Keras model is."""

import json

import pytest

from poolviewer.core.network import InputSpec, NetworkSpec
from poolviewer.model.description import describe
from poolviewer.model.tutorial import build_model

NETWORKS = [
    NetworkSpec(),
    NetworkSpec(
        InputSpec(21, 34, channel_order="grey"),
        filters=5,
        kernel_size=(2, 4),
        pool_kind="average",
        pool_size=(3, 2),
        pool_strides=(1, 4),
        pool_padding="same",
        seed=8,
    ),
]


@pytest.fixture(params=NETWORKS, ids=["tutorial", "odd"])
def network(request):
    return request.param


def test_stage_is_that_of_the_core(network):
    (found,) = describe(build_model(network), network, "name")["stages"]
    stage, grid = network.stage, network.stage.pooling.grid
    assert found == {
        "name": stage.name,
        "kind": stage.pooling.kind,
        "pool_size": list(grid.size),
        "strides": list(grid.strides),
        "padding": grid.padding,
        "data_format": "channels_last",
        "source_shape": [*stage.feature_shape, stage.channels],
        "pooled_shape": [*stage.pooled_shape, stage.channels],
        "source_layer": stage.source_layer,
    }


def test_layers_and_inputs_are_those_of_keras(network):
    model = build_model(network)
    description = describe(model, network, "name")
    assert description["model"] == "name"
    assert description["seed"] == network.seed
    assert description["inputs"] == [
        {"name": "input", "shape": list(model.input_shape[1:]), "dtype": "float32"}
    ]
    assert [
        (layer["name"], layer["kind"], tuple(layer["output_shape"]), layer["parameters"])
        for layer in description["layers"]
    ] == [
        (layer.name, type(layer).__name__, layer.output.shape[1:], layer.count_params())
        for layer in model.layers
    ]
    assert sum(layer["parameters"] for layer in description["layers"]) == model.count_params()


def test_description_is_plain_data(network):
    description = describe(build_model(network), network, "name")
    assert json.loads(json.dumps(description)) == description
