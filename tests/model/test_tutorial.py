"""The network is the tutorial's, in every process, whatever a person's Keras is set to."""

import hashlib
import json

import keras
import numpy as np
import pytest

from poolviewer.core.errors import NetworkError
from poolviewer.core.network import NetworkSpec
from poolviewer.model.engine import KerasEngine
from poolviewer.model.tutorial import build_model
from poolviewer.sources.opencv import cv2
from tests.processes import run_python

from .cases import BUDGET, CHELSEA, run, sample_frame

# Prints what a network and its maps are made of; the same code runs here and elsewhere.
DIGESTS = """
import sys
from poolviewer.model.importing import import_tensorflow
import_tensorflow()
from tests.model.test_tutorial import digests
print(*digests(int(sys.argv[1])))
"""
HOSTILE = {"floatx": "float16", "image_data_format": "channels_first", "backend": "torch"}


@pytest.fixture(scope="module")
def tutorial():
    """Do what the tutorial's script does, with the seed made effective."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential()
    with pytest.warns(UserWarning, match="input_shape"):
        model.add(keras.layers.Conv2D(64, (3, 3), input_shape=(32, 32, 3)))
    model.add(keras.layers.MaxPooling2D((2, 2), strides=(2, 2)))
    return model


@pytest.fixture(scope="module")
def batch():
    picture = cv2.resize(cv2.imread(str(CHELSEA)), (32, 32))
    return np.expand_dims(picture, axis=0).astype(np.float32)


def test_kernel_and_bias_are_the_tutorials_bit_for_bit(tutorial):
    ours, theirs = build_model(NetworkSpec()).layers[0], tutorial.layers[0]
    for mine, its in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert mine.dtype == its.dtype == np.float32
        np.testing.assert_array_equal(mine, its)
    assert np.ptp(ours.get_weights()[0]) > 0.1


def test_input_is_the_tutorials_bit_for_bit(batch):
    frame = sample_frame()
    engine = KerasEngine()
    engine.configure(NetworkSpec(), 1, BUDGET)
    np.testing.assert_array_equal(run(engine, frame).prepared.values, batch[0])


def test_maps_are_the_tutorials_within_rounding(tutorial, batch):
    """`predict` may add in another order than a compiled call: equal to 1e-6 of the largest."""
    engine = KerasEngine()
    engine.configure(NetworkSpec(), 1, BUDGET)
    activations = run(engine, sample_frame())
    feature = keras.Model(tutorial.inputs, tutorial.layers[0].output).predict(batch, verbose=0)[0]
    pooled = tutorial.predict(batch, verbose=0)[0]
    assert feature.shape == (30, 30, 64)
    assert pooled.shape == (15, 15, 64)
    atol = 1e-6 * np.abs(feature).max()
    np.testing.assert_allclose(activations.feature_maps, feature, rtol=0, atol=atol)
    np.testing.assert_allclose(activations.pooled_maps, pooled, rtol=0, atol=atol)


def digests(seed):
    """Hash the weights and the maps of the sample, bit for bit."""
    network = NetworkSpec(seed=seed)
    engine = KerasEngine()
    engine.configure(network, 1, BUDGET)
    activations = run(engine, sample_frame())
    weights = build_model(network).layers[0].get_weights()
    arrays = [*weights, activations.feature_maps, activations.pooled_maps]
    return [hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()[:16] for a in arrays]


def test_another_process_gets_the_same_bits():
    result = run_python(DIGESTS, 0, PYTHONHASHSEED="7")
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == digests(0)


def test_keras_settings_of_a_person_change_nothing(tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps(HOSTILE), encoding="utf-8")
    variables = {"KERAS_HOME": str(tmp_path), "KERAS_BACKEND": "torch"}
    result = run_python(DIGESTS, 0, **variables)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == digests(0)
    del variables["KERAS_BACKEND"]
    effect = run_python("import keras; print(keras.config.backend())", **variables,
                        without=("KERAS_BACKEND",))  # fmt: skip
    assert effect.returncode != 0 or effect.stdout.strip() == "torch"  # the settings do count


def test_another_seed_gives_other_bits():
    (kernel, _, *maps), (other_kernel, _, *other_maps) = digests(0), digests(1)
    assert kernel != other_kernel
    assert not set(maps) & set(other_maps)


def test_what_was_drawn_before_does_not_matter():
    before = digests(3)
    keras.utils.set_random_seed(99)
    np.random.random(5)  # noqa: NPY002 - the global generator is what is meant
    assert digests(3) == before


def test_layers_are_named_for_their_stage():
    for spec in (NetworkSpec(), NetworkSpec(pool_kind="average")):
        model = build_model(spec)
        assert [layer.name for layer in model.layers] == [spec.stage.source_layer, spec.stage.name]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"kernel_size": (40, 3)}, "A kernel of 40×3 does not fit into the input of 32×32: "),
        ({"pool_size": (2, 31)}, "A pool of 2×31 does not fit into the feature map of 30×30: "),
        ({"filters": 0}, "Filters must lie between 1 and 1024."),
    ],
)
def test_impossible_parameters_say_why(parameters, sentence):
    with pytest.raises(NetworkError) as caught:
        build_model(NetworkSpec(**parameters))
    assert str(caught.value).startswith(sentence)
