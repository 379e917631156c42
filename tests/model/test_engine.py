"""The engine: every parameter takes effect, and what it has given stays as it was."""

from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.errors import NetworkError
from poolviewer.core.network import InputSpec, NetworkSpec
from poolviewer.core.pooling import NO_WINNER, pool, winners
from poolviewer.model.engine import TutorialEngine
from poolviewer.model.tutorial import build_model

from .cases import ACTIVATE, convolve, networks, noise_frame, run, sample_frame

CHANGES = {
    "filters": 3,
    "kernel_size": (2, 5),
    "strides": (2, 1),
    "padding": "same",
    "activation": "tanh",
    "pool_kind": "average",
    "pool_size": (3, 1),
    "pool_strides": (1, 3),
    "seed": 5,
}
INPUT_CHANGES = {
    "height": 20,
    "width": 40,
    "channel_order": "rgb",
    "scaling": "-1-1",
    "fit": "letterbox",
}


def activations_of(network, frame=None):
    engine = TutorialEngine()
    engine.configure(network, 1)
    return run(engine, frame or sample_frame(), network)


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(0, 9))
def test_any_network_is_what_its_parameters_say(network, seed):
    activations = activations_of(network, noise_frame(seed))
    stage, feature, pooled = network.stage, activations.feature_maps, activations.pooled_maps
    assert activations.stage == stage
    assert feature.shape == (*stage.feature_shape, stage.channels)
    assert pooled.shape == (*stage.pooled_shape, stage.channels)
    assert feature.dtype == pooled.dtype == np.float32
    assert_convolved(network, activations)
    assert_pooled(network, activations)


def assert_convolved(network, activations):
    """Hold the feature maps against the definition, in float64."""
    kernel, bias = build_model(network).layers[0].get_weights()
    assert not bias.any()
    values = activations.prepared.values
    sums = convolve(values, kernel, network.strides, network.padding)
    expected = ACTIVATE[network.activation](sums)
    largest = convolve(np.abs(values), np.abs(kernel), network.strides, network.padding).max()
    np.testing.assert_allclose(activations.feature_maps, expected, rtol=1e-5, atol=1e-6 * largest)


def assert_pooled(network, activations):
    """Hold the pooled maps against NumPy, and the winners against the pooled maps."""
    feature, pooled = activations.feature_maps, activations.pooled_maps
    pooling, who_won = network.stage.pooling, winners(feature, network.stage.pooling)
    expected = pool(feature, pooling)
    if network.pool_kind == "average":
        largest = np.abs(feature).max()
        np.testing.assert_allclose(pooled, expected, rtol=1e-5, atol=1e-6 * largest)
        assert (who_won == NO_WINNER).all()
        return
    np.testing.assert_array_equal(pooled, expected)
    flat = feature.reshape(-1, feature.shape[2])
    np.testing.assert_array_equal(np.take_along_axis(flat, flat_of(who_won), axis=0),
                                  pooled.reshape(-1, pooled.shape[2]))  # fmt: skip


def flat_of(who_won):
    return who_won.reshape(-1, who_won.shape[2])


@pytest.mark.parametrize("parameter", CHANGES)
def test_every_parameter_takes_effect(parameter):
    """One at a time: the maps differ from the tutorial's."""
    changed = activations_of(replace(NetworkSpec(), **{parameter: CHANGES[parameter]}))
    assert_differs(changed, activations_of(NetworkSpec()))


@pytest.mark.parametrize("parameter", INPUT_CHANGES)
def test_every_parameter_of_the_input_takes_effect(parameter):
    spec = replace(InputSpec(), **{parameter: INPUT_CHANGES[parameter]})
    assert_differs(activations_of(NetworkSpec(spec)), activations_of(NetworkSpec()))


def test_pool_padding_takes_effect():
    odd = NetworkSpec(InputSpec(33, 33))
    assert activations_of(odd).pooled_maps.shape == (15, 15, 64)
    assert activations_of(replace(odd, pool_padding="same")).pooled_maps.shape == (16, 16, 64)


def assert_differs(one, other):
    pooled, others = one.pooled_maps, other.pooled_maps
    assert pooled.shape != others.shape or not np.array_equal(pooled, others)


def test_activations_say_what_they_are_made_of():
    network, frame = NetworkSpec(filters=2), noise_frame()
    engine = TutorialEngine()
    engine.configure(network, 7)
    activations = run(engine, frame, network)
    assert activations.frame is frame
    assert activations.network == network
    assert activations.generation == 7
    assert activations.model_s > 0


def test_refused_network_leaves_the_last_good_one():
    engine, frame = TutorialEngine(), noise_frame()
    engine.configure(NetworkSpec(filters=2), 1)
    before = run(engine, frame)
    with pytest.raises(NetworkError):
        engine.configure(NetworkSpec(kernel_size=(33, 33)), 2)
    after = run(engine, frame)
    assert after.generation == 1
    assert after.network == NetworkSpec(filters=2)
    np.testing.assert_array_equal(after.feature_maps, before.feature_maps)


def test_engine_without_a_network_says_so():
    with pytest.raises(NetworkError, match="No network has been built yet"):
        run(TutorialEngine(), noise_frame())


def test_arrays_are_read_only():
    activations = activations_of(NetworkSpec(filters=2))
    for array in (activations.feature_maps, activations.pooled_maps):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0, 0] = 1
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True


@pytest.mark.parametrize(
    "network",
    [
        NetworkSpec(filters=8),
        # Nothing to do: TensorFlow might hand the very buffer of its input on.
        NetworkSpec(filters=3, kernel_size=(1, 1), pool_size=(1, 1), pool_strides=(1, 1)),
    ],
)
def test_arrays_stay_as_they_were_while_the_engine_goes_on(network):
    engine = TutorialEngine()
    engine.configure(network, 1)
    given_out = [run(engine, noise_frame(seed), network) for seed in range(3)]
    copies = [(a.feature_maps.copy(), a.pooled_maps.copy()) for a in given_out]
    for seed in range(3, 12):
        run(engine, noise_frame(seed), network)
    engine.configure(replace(network, seed=9), 2)
    run(engine, noise_frame(12), network)
    del engine
    for activations, (feature, pooled) in zip(given_out, copies, strict=True):
        np.testing.assert_array_equal(activations.feature_maps, feature)
        np.testing.assert_array_equal(activations.pooled_maps, pooled)


def test_versions_are_those_installed():
    versions = TutorialEngine().versions
    assert versions.packages == {p: version(p) for p in ("tensorflow", "keras", "numpy")}
    assert versions.device
