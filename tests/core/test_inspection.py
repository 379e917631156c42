"""A model as text and as data; the tutorial's is what Keras says of it."""

import json
from dataclasses import replace

import pytest

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.inspection import as_data, as_text, remark, shape_words, stage_words
from poolviewer.core.model_info import InputInfo, LayerInfo, ModelInfo, StageInfo
from poolviewer.core.network import NetworkSpec, tutorial_info
from poolviewer.model.structure import inputs_of
from poolviewer.model.tutorial import build_model

ODD = NetworkSpec(
    InputSpec(21, 34, channel_order="grey"),
    filters=5,
    kernel_size=(2, 4),
    pool_kind="average",
    pool_size=(3, 2),
    pool_strides=(1, 4),
    pool_padding="same",
    seed=8,
)


@pytest.fixture(params=[NetworkSpec(), ODD], ids=["tutorial", "odd"])
def network(request):
    return request.param


def test_the_tutorial_is_listed_as_keras_has_it(network):
    info, model = tutorial_info(network), build_model(network)
    assert info.inputs == inputs_of(model)
    assert [
        (layer.name, layer.kind, layer.depth, layer.output_shape, layer.parameters)
        for layer in info.layers
    ] == [
        (layer.name, type(layer).__name__, 0, layer.output.shape[1:], layer.count_params())
        for layer in model.layers
    ]
    assert info.input == network.input


def test_the_tutorials_stage_is_keras_pooling_layer(network):
    (stage,) = tutorial_info(network).stages
    conv, pool = build_model(network).layers
    assert (stage.name, stage.source_layer) == (pool.name, conv.name)
    assert (stage.pool_size, stage.strides) == (pool.pool_size, pool.strides)
    assert (stage.padding, stage.data_format) == (pool.padding, pool.data_format)
    assert stage.source_shape == conv.output.shape[1:]
    assert stage.pooled_shape == pool.output.shape[1:]
    assert stage.kind == network.pool_kind
    assert tutorial_info(network).layers[1].stages == (stage.name,)


OPEN = StageInfo(
    "inner/pool", "max", (3, 2), (2, 1), "same", "channels_last", (None, 9, 4), (None, 9, 4), "conv"
)
WHOLE = StageInfo(
    "top", "global_average", None, None, None, "channels_first", (4, 8, 8), (4,), "inner/pool"
)
ADDED = replace(OPEN, name="conv+max_pooling2d", is_added=True)
INFO = ModelInfo(
    "net.keras",
    "d1",
    inputs=(InputInfo("image", (None, 9, 3), "uint8"),),
    layers=(
        LayerInfo("inner", "Sequential", 0, (None, 9, 4), 1234),
        LayerInfo("inner/pool", "MaxPooling2D", 1, None, 0, ("inner/pool",)),
    ),
    stages=(OPEN, WHOLE),
    notes=("A note.",),
)


def test_data_is_what_the_issue_promises():
    data = as_data(INFO)
    assert data["model"] == "net.keras"
    assert data["inputs"] == [{"name": "image", "shape": [None, 9, 3], "dtype": "uint8"}]
    assert data["stages"] == [
        {
            "name": "inner/pool",
            "kind": "max",
            "pool_size": [3, 2],
            "strides": [2, 1],
            "padding": "same",
            "data_format": "channels_last",
            "source_shape": [None, 9, 4],
            "pooled_shape": [None, 9, 4],
            "source_layer": "conv",
        },
        {
            "name": "top",
            "kind": "global_average",
            "pool_size": None,
            "strides": None,
            "padding": None,
            "data_format": "channels_first",
            "source_shape": [4, 8, 8],
            "pooled_shape": [4],
            "source_layer": "inner/pool",
        },
    ]
    assert data["layers"][1] == {
        "name": "inner/pool",
        "kind": "MaxPooling2D",
        "depth": 1,
        "output_shape": None,
        "parameters": 0,
    }
    assert (data["digest"], data["notes"], data["offers"]) == ("d1", ["A note."], [])
    assert json.loads(json.dumps(data)) == data


def test_added_stages_are_offers():
    data = as_data(replace(INFO, stages=(ADDED,)))
    assert data["stages"] == []
    assert [offer["name"] for offer in data["offers"]] == [ADDED.name]


def test_data_of_the_tutorial_is_plain(network):
    data = as_data(tutorial_info(network))
    assert json.loads(json.dumps(data)) == data
    assert data["digest"] is None


def test_text_lists_inputs_layers_and_stages():
    lines = [" ".join(line.split()) for line in as_text(INFO).splitlines()]
    assert lines == [
        "Network net.keras",
        "",
        "Inputs",
        "image ?×9×3 uint8",
        "",
        "Layers",
        "inner Sequential ?×9×4 1,234 parameters",
        "pool MaxPooling2D ? 0 parameters",
        "",
        "Pooling stages",
        "inner/pool max 3×2, strides 2×1, same: ?×9×4 of conv → ?×9×4",
        "top global average: 4×8×8 of inner/pool → 4",
        "",
        "A note.",
    ]


def test_inner_layers_are_indented():
    lines = as_text(INFO).splitlines()
    assert [len(line) - len(line.lstrip()) for line in lines[6:8]] == [2, 4]


def test_added_stages_are_marked_in_the_text():
    assert "same (added): " in as_text(replace(INFO, stages=(ADDED,)))


def test_names_of_a_file_cannot_write_on_the_terminal():
    evil = replace(INFO, name="a\x1b[2J\nb", notes=("x\ny",))
    text = as_text(evil)
    assert "\x1b" not in text
    assert text.count("\n") == as_text(INFO).count("\n")


def test_remarks():
    assert remark(INFO) == ""
    assert remark(replace(INFO, obstacle="It takes text.")) == "It takes text."
    asked = replace(INFO, needs_input_shape=True)
    sentence = "net.keras does not say how large its input is: give it, as in --size 32x32x3."
    assert remark(asked) == sentence
    assert as_data(asked)["notes"] == ["A note.", sentence]
    assert as_text(asked).endswith(f"A note.\n{sentence}\n")


def test_words():
    assert shape_words(None) == "?"
    assert shape_words(()) == "one number"
    assert shape_words((None, 3)) == "?×3"
    assert stage_words(OPEN) == "max 3×2, strides 2×1, same"
    assert stage_words(replace(WHOLE, kind="adaptive_max")) == "adaptive max"
