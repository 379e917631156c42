"""Sequential models are built once while they load, and are what Keras makes of them."""

import json

import keras
import numpy as np
import pytest

from poolviewer.model.building import sequentials_built_once

layers = keras.layers


def chain(name, *more, size=(12, 12, 3)):
    return keras.Sequential(
        [keras.Input(size), *(layers.Conv2D(3, 3, padding="same") for _ in range(9)), *more],
        name=name,
    )


@pytest.fixture
def builds(monkeypatch):
    """Count how often each Sequential model is built."""
    counts = {}
    build = keras.Sequential.build

    def counted(model, input_shape=None):
        counts[model.name] = counts.get(model.name, 0) + 1
        build(model, input_shape)

    monkeypatch.setattr(keras.Sequential, "build", counted)
    return counts


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_model_is_built_once_and_is_the_same(tmp_path, builds, ending):
    model = chain("outer", chain("inner"), layers.MaxPooling2D(2))
    path = tmp_path / f"model.{ending}"
    model.save(path)
    builds.clear()
    with sequentials_built_once():
        loaded = keras.models.load_model(path, compile=False)
    assert set(builds) == {"outer", "inner"}
    assert builds["outer"] == 1
    assert builds["inner"] <= 2  # Keras builds what lies within again for its saved shape
    own = keras.models.load_model(path, compile=False)
    assert json.dumps(loaded.get_config()) == json.dumps(own.get_config())
    picture = np.random.default_rng(0).random((1, 12, 12, 3), dtype=np.float32)
    maps, expected = (made(picture, training=False) for made in (loaded, model))
    np.testing.assert_array_equal(maps, expected)


def test_a_model_that_was_never_built_stays_so(tmp_path):
    keras.Sequential([layers.Conv2D(2, 3), layers.MaxPooling2D(2)]).save(tmp_path / "a.keras")
    with sequentials_built_once():
        loaded = keras.models.load_model(tmp_path / "a.keras", compile=False)
    assert not loaded.built
    assert [type(layer).__name__ for layer in loaded.layers] == ["Conv2D", "MaxPooling2D"]


def test_an_input_without_a_saved_shape_is_built(tmp_path):
    model = chain("model")
    config = model.get_config()
    del config["build_input_shape"]
    with sequentials_built_once():
        loaded = keras.Sequential.from_config(config)
    assert loaded.output_shape == model.output_shape


def test_keras_is_as_before_even_after_a_failure():
    before = keras.Sequential.add, keras.Sequential.from_config

    def fail():
        raise ValueError

    with pytest.raises(ValueError), sequentials_built_once():
        fail()
    assert (keras.Sequential.add, keras.Sequential.from_config) == before
