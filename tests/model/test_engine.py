"""The engine: every parameter takes effect, and what it has given stays as it was."""

import hashlib
import weakref
import zipfile
from dataclasses import replace
from importlib.metadata import version

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.errors import Cancelled, ModelRefused, NetworkError
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.interpreter import paused_collector
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.network import NetworkSpec
from poolviewer.core.pooling import NO_WINNER, pool, winners
from poolviewer.model.engine import KerasEngine
from poolviewer.model.tutorial import build_model
from poolviewer.sources.prepare import prepare

from .cases import ACTIVATE, BUDGET, convolve, networks, noise_frame, run, sample_frame

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
    engine = KerasEngine()
    engine.configure(network, 1, BUDGET)
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
    engine = KerasEngine()
    engine.configure(network, 7, BUDGET)
    activations = run(engine, frame, network)
    assert activations.frame is frame
    assert activations.network == network
    assert activations.generation == 7
    assert activations.model_s > 0


def test_refused_network_leaves_the_last_good_one():
    engine, frame = KerasEngine(), noise_frame()
    engine.configure(NetworkSpec(filters=2), 1, BUDGET)
    before = run(engine, frame)
    with pytest.raises(NetworkError):
        engine.configure(NetworkSpec(kernel_size=(33, 33)), 2, BUDGET)
    after = run(engine, frame)
    assert after.generation == 1
    assert after.network == NetworkSpec(filters=2)
    np.testing.assert_array_equal(after.feature_maps, before.feature_maps)


def test_engine_without_a_network_says_so():
    with pytest.raises(NetworkError, match="No network has been built yet"):
        run(KerasEngine(), noise_frame())


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
    engine = KerasEngine()
    engine.configure(network, 1, BUDGET)
    given_out = [run(engine, noise_frame(seed), network) for seed in range(3)]
    copies = [(a.feature_maps.copy(), a.pooled_maps.copy()) for a in given_out]
    for seed in range(3, 12):
        run(engine, noise_frame(seed), network)
    engine.configure(replace(network, seed=9), 2, BUDGET)
    run(engine, noise_frame(12), network)
    del engine
    for activations, (feature, pooled) in zip(given_out, copies, strict=True):
        np.testing.assert_array_equal(activations.feature_maps, feature)
        np.testing.assert_array_equal(activations.pooled_maps, pooled)


def test_versions_are_those_installed():
    versions = KerasEngine().versions
    assert versions.packages == {p: version(p) for p in ("tensorflow", "keras", "numpy")}
    assert versions.device


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Two models of any size as files."""
    folder = tmp_path_factory.mktemp("models")
    paths = []
    for index in range(2):
        keras.utils.set_random_seed(index)
        model = keras.Sequential(
            [
                keras.Input((None, None, 3)),
                keras.layers.Conv2D(4, 3, name="conv"),
                keras.layers.MaxPooling2D(name="pool"),
                keras.layers.Conv2D(2, 1),
            ]
        )
        paths.append(folder / f"net{index}.keras")
        model.save(paths[-1])
    return paths


class Window:
    """What the window would do while a model is opened."""

    def __init__(self, cancel_at=None):
        self.reports = []
        self.cancel_at = cancel_at

    def is_cancelled(self):
        """Say yes at once, never, or from a report on."""
        return self.cancel_at == "" or self.cancel_at in " ".join(self.reports).split()


def open_in(engine, path, window=None, **wish):
    window = window or Window()
    file = ModelFile(str(path), **wish)
    return engine.open_model(file, BUDGET, window.reports.append, window.is_cancelled)


def model_spec(info, size=(12, 10), stage="pool"):
    return ModelSpec(info.name, info.digest, stage, InputSpec(*size))


def test_a_model_from_a_file_runs(saved):
    engine, window = KerasEngine(), Window()
    info = open_in(engine, saved[0], window)
    spec = model_spec(info)
    engine.configure(spec, 3, BUDGET)
    activations = engine.run(noise_frame(), prepare(noise_frame(), spec.input))
    assert (activations.network, activations.generation) == (spec, 3)
    model = keras.models.load_model(saved[0])
    feature = model.layers[0](activations.prepared.values[np.newaxis])
    np.testing.assert_allclose(activations.feature_maps, feature[0], rtol=1e-5, atol=1e-3)
    assert activations.stage.name == "pool"
    assert info.name == "net0.keras"
    assert info.digest == hashlib.sha256(saved[0].read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "long.keras"
    steps = [keras.layers.ReLU() for _ in range(25)]
    keras.Sequential([keras.Input((8, 8, 3)), *steps, keras.layers.MaxPooling2D(name="pool")]).save(
        path
    )
    return path


def test_opening_tells_what_goes_on(long):
    window = Window()
    open_in(KerasEngine(), long, window)
    assert window.reports == [
        "Opening long.keras: loading its weights",
        "Opening long.keras: layer 10",
        "Opening long.keras: layer 20",
    ]


def test_opening_leaves_the_present_network_running(saved):
    engine, frame = KerasEngine(), noise_frame()
    engine.configure(NetworkSpec(filters=2), 1, BUDGET)
    before = run(engine, frame)
    open_in(engine, saved[0])
    after = run(engine, frame)
    assert after.generation == 1
    np.testing.assert_array_equal(after.feature_maps, before.feature_maps)


@pytest.mark.parametrize("cancel_at", ["", "loading", "10", "20"])
def test_cancelling_keeps_the_network_before(saved, long, cancel_at):
    """In the gate, while Keras loads, and between layers."""
    engine, frame = KerasEngine(), noise_frame()
    first = model_spec(open_in(engine, saved[0]))
    engine.configure(first, 1, BUDGET)
    window = Window(cancel_at)
    with pytest.raises(Cancelled):
        open_in(engine, long, window)
    assert cancel_at in " ".join(window.reports[-1:])
    activations = engine.run(frame, prepare(frame, first.input))
    assert (activations.network, activations.generation) == (first, 1)
    engine.configure(model_spec(open_in(engine, long), (8, 8)), 2, BUDGET)


def test_a_refused_size_keeps_the_network_before_and_another_size_may_follow(saved):
    engine, frame = KerasEngine(), noise_frame()
    first = model_spec(open_in(engine, saved[0]))
    engine.configure(first, 1, BUDGET)
    info = open_in(engine, saved[1])
    with pytest.raises(NetworkError, match="cannot take an input of 2×2×3"):
        engine.configure(model_spec(info, (2, 2)), 2, BUDGET)
    assert engine.run(frame, prepare(frame, first.input)).network == first
    with pytest.raises(NetworkError, match="choose a smaller size"):
        engine.configure(model_spec(info, (900, 900)), 2, 2**20)
    assert engine.run(frame, prepare(frame, first.input)).network == first
    second = model_spec(info)
    engine.configure(second, 2, BUDGET)
    assert engine.run(frame, prepare(frame, second.input)).network == second


def test_an_opened_model_waits_while_the_one_before_is_used_otherwise(saved):
    engine = KerasEngine()
    first = model_spec(open_in(engine, saved[0]))
    engine.configure(first, 1, BUDGET)
    second = model_spec(open_in(engine, saved[1]))
    engine.configure(first, 2, BUDGET)  # wished for while the second was being opened
    engine.configure(second, 3, BUDGET)
    frame = noise_frame()
    assert engine.run(frame, prepare(frame, second.input)).network == second


def test_the_model_before_is_at_hand_until_another_one_runs(saved):
    engine = KerasEngine()
    first = model_spec(open_in(engine, saved[0]))
    engine.configure(first, 1, BUDGET)
    engine.configure(NetworkSpec(filters=2), 2, BUDGET)
    engine.configure(first, 3, BUDGET)
    second = model_spec(open_in(engine, saved[1]))
    engine.configure(first, 4, BUDGET)
    open_in(engine, saved[1])
    engine.configure(second, 5, BUDGET)
    with pytest.raises(NetworkError, match=r"^net0\.keras is not open any more: open it again\.$"):
        engine.configure(first, 6, BUDGET)


def test_a_model_that_was_replaced_is_freed_at_once(saved):
    engine = KerasEngine()
    engine.configure(model_spec(open_in(engine, saved[0])), 1, BUDGET)
    model = weakref.ref(engine._model.model)
    info = open_in(engine, saved[1])
    with paused_collector():
        engine.configure(NetworkSpec(filters=2), 2, BUDGET)
        assert model() is not None
        engine.configure(model_spec(info), 3, BUDGET)
        assert model() is None


def test_a_refused_file_keeps_the_network_before(saved, tmp_path):
    engine, frame = KerasEngine(), noise_frame()
    first = model_spec(open_in(engine, saved[0]))
    engine.configure(first, 1, BUDGET)
    broken = tmp_path / "broken.keras"
    broken.write_bytes(saved[1].read_bytes()[:1000])
    with pytest.raises(ModelRefused):
        open_in(engine, broken)
    engine.configure(first, 2, BUDGET)
    assert engine.run(frame, prepare(frame, first.input)).network == first


def test_an_input_size_is_passed_on(tmp_path):
    path = tmp_path / "unbuilt.keras"
    keras.Sequential([keras.layers.ReLU(), keras.layers.MaxPooling2D(name="pool")]).save(path)
    engine = KerasEngine()
    assert open_in(engine, path).needs_input_shape
    assert open_in(engine, path, input_shape=(9, 7, 1)).input.shape == (9, 7, 1)


FORMS = {
    "zip": ".keras",
    "zip with another ending": ".bin",
    "HDF5": ".h5",
    "HDF5, loud": ".HDF5",
    "folder": "",
    "größe": " größe.keras",
    "newline": "\n.keras",
    "leading dash": "-.keras",
    "246 characters": "n" * 236 + ".keras",
}


def saved_as(form, folder, model):
    """Save a model with its training configuration, which is not needed."""
    model.compile("adam", "mse")
    kind = ".h5" if "HDF5" in form else ".keras"
    model.save(folder / f"plain{kind}")
    ending = FORMS[form]
    target = folder / (ending if form in ("leading dash", "246 characters") else f"net{ending}")
    if form == "folder":
        zipfile.ZipFile(folder / "plain.keras").extractall(target)
    else:
        (folder / f"plain{kind}").rename(target)
    return target


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
def test_any_form_of_file(form, saved, tmp_path):
    model = keras.models.load_model(saved[0])
    engine = KerasEngine()
    spec = model_spec(open_in(engine, saved_as(form, tmp_path, model)))
    engine.configure(spec, 1, BUDGET)
    activations = engine.run(noise_frame(), prepare(noise_frame(), spec.input))
    feature = model.layers[0](activations.prepared.values[np.newaxis])
    np.testing.assert_allclose(activations.feature_maps, feature[0], rtol=1e-5, atol=1e-3)


def test_the_maps_of_all_layers_wait_until_no_model_opens(tmp_path):
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3), keras.layers.ReLU(),
         keras.layers.MaxPooling2D(name="stage")]
    )  # fmt: skip
    model.save(tmp_path / "net.keras")
    engine = KerasEngine()
    info = engine.open_model(
        ModelFile(str(tmp_path / "net.keras")), BUDGET, lambda _: None, lambda: False
    )
    engine.configure(ModelSpec(info.name, info.digest, "stage", info.input), 1, BUDGET)
    frame = sample_frame()
    prepared = prepare(frame, info.input)
    with engine._building:
        assert engine.run(frame, prepared, has_steps=True).lacks_steps
    assert not engine.run(frame, prepared, has_steps=True).lacks_steps
    assert not engine.is_building
    with engine._building:  # compiled once, they come at any time
        assert not engine.run(frame, prepared, has_steps=True).lacks_steps
    assert engine.run(frame, prepared).lacks_steps
