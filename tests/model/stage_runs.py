"""Keras models described and run at a stage, and the same maps from Keras itself."""

import keras
import numpy as np

from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import PreparedInput
from poolviewer.core.model_info import ModelInfo, ModelSpec
from poolviewer.core.pooling import pool
from poolviewer.model.opened import describe_model

from .cases import BUDGET, noise_frame

NAME = "net.keras"
FRAME = noise_frame()


def described(model, budget=BUDGET, **options):
    return describe_model(model, ModelInfo(NAME, "digest"), budget, **options)


def spec_of(opened, stage="", size=None):
    """Return what is wanted of a model: its first stage if none is named, at a size."""
    own = opened.info.input
    height, width = size or (own.height, own.width)
    spec = InputSpec(height, width, own.channel_order, own.scaling, channels=own.shape[2])
    return ModelSpec(opened.info.name, "digest", stage or opened.info.stages[0].name, spec)


def noise(shape, seed=0):
    """Draw what a network may receive: float32 around 0, large enough to be told apart."""
    return np.random.default_rng(seed).normal(0, 3, shape).astype(np.float32)


def run_stage(opened, stage="", size=None, values=None, *, has_steps=False):
    """Run a model up to a stage; return its activations, with the maps of all layers if wanted."""
    spec = spec_of(opened, stage, size)
    runner, geometry = opened.prepare(spec, BUDGET)
    values = noise(spec.input.shape) if values is None else values
    prepared = PreparedInput(values, FRAME.picture, Rect(0, 0, *spec.input.shape[:2]))
    if has_steps:
        runner.trace_steps()
    return runner.run(FRAME, prepared, spec, geometry, 1, has_steps=has_steps)


def by_keras(model, layer, batch):
    """Return what enters and leaves a layer: the model's own sub-model output."""
    part = keras.Model(model.inputs[0], [layer.input, layer.output])
    return tuple(
        np.asarray(keras.ops.cast(maps, "float32"))[0] for maps in part(batch, training=False)
    )


def assert_maps(activations, source, pooled, **tolerance):
    """Hold the maps against those of Keras, and both against the stage's own geometry."""
    stage = activations.stage
    source, pooled = as_map(source), as_map(pooled)
    assert activations.feature_maps.shape == (*stage.feature_shape, stage.channels) == source.shape
    assert activations.pooled_maps.shape == (*stage.pooled_shape, stage.channels) == pooled.shape
    tolerance = {"rtol": 1e-5, "atol": 1e-5} | tolerance
    np.testing.assert_allclose(activations.feature_maps, source, **tolerance)
    np.testing.assert_allclose(activations.pooled_maps, pooled, **tolerance)
    again = pool(activations.feature_maps, stage.pooling)
    np.testing.assert_allclose(activations.pooled_maps, again, **tolerance)


def as_map(maps):
    return maps if maps.ndim == 3 else maps.reshape(1, 1, -1)


def assert_stage_is_keras(model, layer, opened=None, size=None, **tolerance):
    """Check one stage of a model whose layers are all its own."""
    opened = opened or described(model)
    activations = run_stage(opened, layer.name, size)
    values = activations.prepared.values[np.newaxis]
    assert_maps(activations, *by_keras(model, layer, values), **tolerance)
    return activations


def pooling_layers(model):
    return [layer for layer in model.layers if type(layer).__name__.endswith("Pooling2D")]
