"""Numbers that Keras gives are followed back to the input, and every step proves them."""

import keras
import numpy as np
import pytest
from keras import layers

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.arithmetic import ALL_PADDING
from poolviewer.core.chain import NOT_FETCHED, chain_of
from poolviewer.core.chain_step import THE_INPUT
from poolviewer.core.chain_words import made_of
from poolviewer.core.network import NetworkSpec
from poolviewer.core.precision import rounded
from poolviewer.model.engine import KerasEngine

from . import cases
from .stage_runs import described, run_stage
from .test_applications import SIDE, built
from .test_layer_operations import (
    FLOATS,
    LAYERS,
    NOT_FOLLOWED,
    OPERATIONS,
    behind_a_convolution,
    with_numbers,
)

PIXELS = 25


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(6)


def chains_of(activations, seed=0):
    """Yield chains of pooled pixels here and there, each of whose steps is proven."""
    generator = np.random.default_rng(seed)
    shape = activations.pooled_maps.shape
    for row, col, channel in generator.integers(0, shape, (PIXELS, 3)).tolist():
        chain = chain_of(activations, channel, Pixel(MapName.POOLED, row, col))
        assert_proven(activations, chain)
        yield chain


def assert_proven(activations, chain):
    """Each step gives the map's number of the very numbers that the maps before it hold."""
    held = activations.pooled_maps
    for step in chain.steps:
        assert step.map_value == held[step.pixel]
        assert step.agrees, (step.layer, step.map_value, step.computed, step.tolerance)
        if step.source is None:
            assert (chain.ending, step) == (ALL_PADDING, chain.steps[-1])
            return
        held = activations.map_of(step.source)
        assert step.values.flat[step.tap] == rounded(held[step.followed], step.precision)
    assert chain.ending == THE_INPUT


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_is_proven(name):
    model = behind_a_convolution(LAYERS[name]())
    for chain in chains_of(run_stage(described(model), "stage", has_steps=True)):
        assert chain.ending == ALL_PADDING or len(chain.steps) == 3


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_proven(name):
    model = behind_a_convolution(OPERATIONS[name])
    assert list(chains_of(run_stage(described(model), "stage", has_steps=True)))


@pytest.mark.parametrize("name", NOT_FOLLOWED)
def test_layer_that_is_not_known_ends_the_chain(name):
    model = behind_a_convolution(NOT_FOLLOWED[name]())
    activations = run_stage(described(model), "stage", has_steps=True)
    chain = chain_of(activations, 0, Pixel(MapName.POOLED, 0, 0))
    layer = activations.stage.graph.steps[-1].name
    assert chain.ending.startswith(f"Layer {layer}: nothing is known of its arithmetic")
    assert [step.agrees for step in chain.steps] == [True, None]


def deep_model():
    """Return a network with two stages, a shortcut, two branches, and padding of its own."""
    inputs = keras.Input((20, 18, 3))
    maps = layers.Conv2D(6, 3, use_bias=False, name="first")(inputs)
    maps = layers.ReLU(name="relu")(layers.BatchNormalization(name="norm")(maps))
    maps = layers.AveragePooling2D(2, name="mean")(maps)
    second = layers.Conv2D(6, 3, padding="same", activation="tanh", name="second")(maps)
    added = layers.Add(name="added")([maps, second])
    deep = layers.DepthwiseConv2D(3, strides=2, padding="same", name="deep")(added)
    wide = layers.Conv2D(4, 3, dilation_rate=2, padding="same", name="wide")(added)
    wide = layers.MaxPooling2D(2, padding="same", name="smaller")(wide)
    joined = layers.Concatenate(name="joined")([deep, wide])
    joined = layers.ZeroPadding2D(1, name="padded")(joined)
    return with_numbers(keras.Model(inputs, layers.MaxPooling2D(2, name="stage")(joined)))


def test_chain_goes_through_branches_and_earlier_stages():
    activations = run_stage(described(deep_model()), "stage", has_steps=True)
    seen = set()
    for chain in chains_of(activations):
        seen.update(step.layer for step in chain.steps)
    assert seen == {step.name for step in activations.stage.graph.steps} | {"stage"}


def test_convolution_with_all_behind_it_ends_in_the_maps_number():
    activations = run_stage(described(deep_model()), "mean", has_steps=True)
    rows, cols, channels = activations.feature_maps.shape
    for pixel in np.ndindex(rows, cols, channels):
        made = made_of(chain_of(activations, pixel[2], Pixel(MapName.FEATURE, *pixel[:2])))
        assert made.agrees
        assert (made.products, made.behind) == (27, ("normalised", "relu"))
        assert made.map_value == activations.feature_maps[pixel]


def test_frames_without_the_steps_maps_say_what_helps():
    activations = run_stage(described(deep_model()), "stage")
    chain = chain_of(activations, 0, Pixel(MapName.POOLED, 1, 1))
    assert chain.ending == NOT_FETCHED
    assert [step.agrees for step in chain.steps] == [True, None]


@pytest.mark.parametrize("policy", FLOATS)
def test_every_precision_agrees_at_its_own(policy):
    keras.config.set_dtype_policy(policy)
    try:
        model = deep_model()
    finally:
        keras.config.set_dtype_policy("float32")
    for stage in ("mean", "stage"):
        activations = run_stage(described(model), stage, has_steps=True)
        for chain in chains_of(activations):
            assert {step.precision for step in chain.steps} == {policy.removeprefix("mixed_")}
            made = made_of(chain)
            assert made is None or made.agrees


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"activation": "tanh", "strides": (2, 1), "padding": "same"},
        {"kernel_size": (5, 4), "padding": "same", "pool_kind": "average", "pool_strides": (1, 1)},
    ],
)
def test_every_number_of_the_tutorials_network_is_proven(changes):
    engine, spec = KerasEngine(), NetworkSpec(**changes)
    engine.configure(spec, 1, cases.BUDGET)
    activations = cases.run(engine, cases.sample_frame(), spec)
    for row, col in np.ndindex(activations.stage.feature_shape):
        for channel in (0, 12, 63):
            chain = chain_of(activations, channel, Pixel(MapName.FEATURE, row, col))
            (step,) = chain.steps
            assert step.agrees
            assert step.preactivation == pytest.approx(step.products.sum() + step.bias, abs=1e-9)
            assert step.map_value == activations.feature_maps[row, col, channel]
            assert made_of(chain).agrees
    for row, col in np.ndindex(activations.stage.pooled_shape):
        assert_proven(activations, chain_of(activations, 12, Pixel(MapName.POOLED, row, col)))


@pytest.mark.parametrize("name", ["ResNet50", "MobileNetV3Small"])
def test_application_is_followed_to_the_input(name):
    opened = described(built(name))
    values = np.random.default_rng(9).uniform(0, 255, (SIDE, SIDE, 3)).astype(np.float32)
    stage = opened.info.stages[-1].name
    activations = run_stage(opened, stage, values=values, has_steps=True)
    longest = max(len(chain.steps) for chain in chains_of(activations))
    assert longest > 40
