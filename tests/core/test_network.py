"""The network as data: presets, and what is impossible."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.network import MAX_BYTES, PRESETS, NetworkSpec, Problem, network_name, problems
from poolviewer.core.pooling import Pooling, winners

from .cases import KINDS, PADDINGS

SMALL = InputSpec(4, 5)
extents = st.integers(1, 4) | st.integers(1, 14)
pairs = st.tuples(extents, extents)
specs = st.builds(
    NetworkSpec,
    input=st.builds(InputSpec, extents, extents, st.sampled_from(["bgr", "grey"])),
    filters=st.integers(1, 3),
    kernel_size=pairs,
    strides=pairs,
    padding=PADDINGS,
    pool_kind=KINDS,
    pool_size=pairs,
    pool_strides=pairs,
    pool_padding=PADDINGS,
)


def keras_network(spec):
    pool = keras.layers.MaxPooling2D if spec.pool_kind == "max" else keras.layers.AveragePooling2D
    return keras.Sequential(
        [
            keras.Input(spec.input.shape),
            keras.layers.Conv2D(spec.filters, spec.kernel_size, spec.strides, spec.padding),
            pool(spec.pool_size, spec.pool_strides, spec.pool_padding),
        ]
    )


@settings(max_examples=200, deadline=None)
@given(specs)
def test_there_is_no_problem_where_keras_builds_it_and_with_the_same_shapes(spec):
    stage = spec.stage
    if problems(spec):
        assert 0 in (*stage.feature_shape, *stage.pooled_shape)
        with pytest.raises(ValueError, match="negative"):
            keras_network(spec)
    else:
        convolution, pool = keras_network(spec).layers
        assert convolution.output.shape == (None, *stage.feature_shape, spec.filters)
        assert pool.output.shape == (None, *stage.pooled_shape, spec.filters)


@settings(max_examples=40, deadline=None)
@given(specs.filter(lambda spec: not problems(spec)))
def test_keras_runs_it_and_pools_as_the_stage_says(spec):
    model = keras_network(spec)
    pictures = np.random.default_rng(0).normal(size=(1, *spec.input.shape)).astype(np.float32)
    features = model.layers[0](pictures).numpy()[0]
    pooled = model(pictures).numpy()[0]
    assert features.shape[:2] == spec.stage.feature_shape
    assert pooled.shape == (*spec.stage.pooled_shape, spec.filters)
    found = winners(features, Pooling("max", spec.stage.pooling.grid))
    if spec.pool_kind == "max":
        flat = features.reshape(-1, spec.filters)
        np.testing.assert_array_equal(
            np.take_along_axis(flat, found.reshape(-1, spec.filters), axis=0).reshape(pooled.shape),
            pooled,
        )


@pytest.mark.parametrize(
    ("parameters", "parameter", "sentence"),
    [
        ({"filters": 0}, "filters", "Filters must lie between 1 and 1024."),
        ({"filters": 1025}, "filters", "Filters must lie between 1 and 1024."),
        ({"kernel_size": (0, 3)}, "kernel_size", "Kernel size must lie between 1 and 2048."),
        ({"strides": (1, 0)}, "strides", "Strides must lie between 1 and 2048."),
        ({"pool_size": (2, 2049)}, "pool_size", "Pool size must lie between 1 and 2048."),
        ({"pool_strides": (-1, 2)}, "pool_strides", "Pool strides must lie between 1 and 2048."),
        ({"seed": -1}, "seed", "Seed must lie between 0 and 4294967295."),
        ({"seed": 2**32}, "seed", "Seed must lie between 0 and 4294967295."),
        ({"input": InputSpec(0, 32)}, "size", "Size must lie between 1 and 2048."),
        ({"input": InputSpec(32, 2049)}, "size", "Size must lie between 1 and 2048."),
        (
            {"input": SMALL, "kernel_size": (5, 3)},
            "kernel_size",
            "A kernel of 5×3 does not fit into the input of 4×5: "
            "make the kernel smaller, the input larger, or the padding same.",
        ),
        (
            {"input": SMALL, "pool_size": (2, 4)},
            "pool_size",
            "A pool of 2×4 does not fit into the feature map of 2×3: "
            "make the pool smaller, the input larger, or the padding same.",
        ),
        (
            {"input": InputSpec(2048, 2048), "padding": "same"},
            "filters",
            "The network would take 1281 MB and the limit is 1024 MB: "
            "use fewer filters or a smaller input.",
        ),
        (
            {"input": InputSpec(1025, 1025), "filters": 1024, "kernel_size": (1024, 1024)},
            "filters",
            "The network would take 12289 MB and the limit is 1024 MB: "
            "use fewer filters or a smaller input.",
        ),
        (
            {"input": InputSpec(1000, 1000), "filters": 1, "kernel_size": (200, 200)},
            "kernel_size",
            "A frame would take 77 billion operations and the limit is 20 billion: "
            "make the kernel or the input smaller.",
        ),
        (
            {
                "input": InputSpec(1000, 1000),
                "filters": 1,
                "pool_size": (200, 200),
                "pool_strides": (1, 1),
            },
            "pool_size",
            "A frame would take 26 billion operations and the limit is 20 billion: "
            "make the pool or the input smaller.",
        ),
    ],
)
def test_what_is_impossible_says_why(parameters, parameter, sentence):
    assert problems(replace(NetworkSpec(), **parameters)) == (Problem(parameter, sentence),)


def test_every_field_out_of_range_is_named_at_once():
    spec = NetworkSpec(InputSpec(0, 0), filters=0, kernel_size=(0, 0), seed=-1)
    assert {problem.parameter for problem in problems(spec)} == {
        "size",
        "filters",
        "kernel_size",
        "seed",
    }


def test_the_limits_themselves_are_possible():
    assert not problems(NetworkSpec(InputSpec(2048, 2048), filters=1, seed=2**32 - 1))
    assert not problems(NetworkSpec(filters=1024, kernel_size=(32, 32), pool_size=(1, 1)))
    assert not problems(NetworkSpec(strides=(2048, 2048), pool_size=(1, 1)))


def test_the_weights_count_towards_the_memory():
    # The maps alone, as large after the pooling as before it, fill the limit to the last byte.
    pointwise = {"kernel_size": (1, 1), "pool_size": (1, 1), "pool_strides": (1, 1)}
    full = NetworkSpec(InputSpec(2048, 2048, "grey"), MAX_BYTES // (8 * 2048**2), **pointwise)
    assert problems(full)
    assert not problems(replace(full, filters=full.filters - 1))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_possible_and_know_their_name(name):
    assert not problems(PRESETS[name])
    assert network_name(PRESETS[name]) == name


def test_a_changed_preset_is_custom():
    assert network_name(replace(NetworkSpec(), seed=1)) == "custom"
    assert network_name(replace(NetworkSpec(), input=InputSpec(fit="crop"))) == "custom"


def test_the_tutorial_is_the_default():
    spec = PRESETS["tutorial"]
    assert spec == NetworkSpec()
    assert spec.input.shape == (32, 32, 3)
    assert spec.input == InputSpec(32, 32, channel_order="bgr", scaling="0-255", fit="stretch")
    assert (spec.filters, spec.kernel_size, spec.strides) == (64, (3, 3), (1, 1))
    assert (spec.padding, spec.activation, spec.seed) == ("valid", "linear", 0)
    assert (spec.pool_kind, spec.pool_size, spec.pool_strides) == ("max", (2, 2), (2, 2))
    assert spec.pool_padding == "valid"
    assert (spec.stage.feature_shape, spec.stage.pooled_shape) == ((30, 30), (15, 15))
    assert (spec.stage.name, spec.stage.source_layer) == ("max_pooling2d", "conv2d")


def test_the_earlier_lesson_is_224_grey():
    spec = PRESETS["grey 224×224"]
    assert spec.input.shape == (224, 224, 1)
    assert replace(spec, input=InputSpec()) == NetworkSpec()
    assert (spec.stage.feature_shape, spec.stage.pooled_shape) == ((222, 222), (111, 111))


def test_channels_are_named_in_the_order_that_the_network_gets_them():
    assert InputSpec(channel_order="bgr").channel_names == ("B", "G", "R")
    assert InputSpec(channel_order="rgb").channel_names == ("R", "G", "B")
    assert InputSpec(channel_order="grey").channel_names == ("grey",)
