"""Small files that would take gigabytes or minutes, which only loading or recording can see."""

import json
import zipfile

import h5py
import keras
import numpy as np
import pytest

from poolviewer.core.errors import ModelRefused, PoolViewerError
from poolviewer.core.model_info import ModelFile
from poolviewer.model.engine import open_model
from poolviewer.model.recording import MOST_STEPS

from .cases import BUDGET

layers = keras.layers


def layer(name, config, build=None):
    described = {
        "module": "keras.layers", "class_name": name, "config": config, "registered_name": None,
    }  # fmt: skip
    return described | ({"build_config": build} if build else {})


def bomb(path, *described, size=(8, 8, 3)):
    """Write a Sequential model whose weights are one short vector."""
    source = layer("InputLayer", {"batch_shape": [None, *size], "dtype": "float32", "name": "in"})
    config = {"name": "s", "trainable": True, "layers": [source, *described]}
    network = {"module": "keras", "class_name": "Sequential", "config": config}
    weights = path.with_suffix(".h5")
    with h5py.File(weights, "w") as file:
        file["vars"] = np.zeros(64, np.float32)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(network | {"registered_name": None}))
        archive.writestr("metadata.json", json.dumps({"keras_version": keras.__version__}))
        archive.write(weights, "model.weights.h5")
    weights.unlink()
    return path


HUGE = {"filters": 4, "kernel_size": [3, 3], "name": "conv", "lora_rank": 10**9}
WORDS = ["x" * 6000, *(str(n) for n in range(40_000))]


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        (
            layer("Conv2D", HUGE),
            f"cannot be loaded by Keras {keras.__version__} (conv would have more than 1,024 MB of "
            "weights): raise the memory limit or choose a smaller model.",
        ),
        (
            layer("StringLookup", {"vocabulary": WORDS, "name": "words"}),
            "has 40,001 words, the longest of 6,000 characters: shorten it.",
        ),
        (
            layer("ReLU", {"name": "r", "dtype": {"formats": ["U250000000"]}}),
            "has the data type “{'formats': ['U250000000']}”, which Keras does not have: "
            "correct it.",
        ),
    ],
)
def test_a_bomb_is_refused(tmp_path, described, sentence):
    path = bomb(tmp_path / "bomb.keras", described)
    with pytest.raises(ModelRefused) as refused:
        open_model(ModelFile(str(path)), 2**30)
    assert str(refused.value) == f"bomb.keras {sentence}"


def saved(tmp_path, *steps, size=(8, 8, 3)):
    path = tmp_path / "net.keras"
    source = keras.Input(size)
    result = source
    for step in steps:
        result = step(result)
    keras.Model(source, result).save(path)
    return ModelFile(str(path))


def test_a_size_that_no_shape_tells_is_an_obstacle(tmp_path):
    file = saved(
        tmp_path,
        lambda maps: keras.ops.repeat(maps, [2] * 64, axis=None),
        lambda numbers: keras.ops.reshape(numbers, (-1, 8, 8, 2)),
        layers.MaxPooling2D(),
        size=(8, 8, 1),
    )
    info = open_model(file, BUDGET).info
    assert not info.stages
    assert info.obstacle.startswith("net.keras cannot be run (the size of what leaves repeat")
    assert "depends on its numbers" in info.obstacle


def test_steps_without_end_are_an_obstacle(tmp_path):
    steps = (layers.Conv2D(2, 1), layers.Reshape((-1, 2)), layers.SimpleRNN(2, name="slow"))
    info = open_model(saved(tmp_path, *steps, size=(80, 80, 1)), BUDGET).info
    assert info.obstacle == (
        f"net.keras cannot be run (slow would take 6,400 steps, more than {MOST_STEPS:,}), so its "
        "layers are listed only."
    )


def test_initializers_are_not_run_where_weights_follow(tmp_path, monkeypatch):
    steps = (layers.Conv2D(2, 3, kernel_initializer="orthogonal", name="conv"), layers.ReLU())
    file = saved(tmp_path, *steps)
    expected = keras.models.load_model(file.path).get_layer("conv").get_weights()
    monkeypatch.setattr(keras.initializers.Orthogonal, "__call__", None)
    opened = open_model(file, BUDGET)
    for given, kept in zip(opened.model.get_layer("conv").get_weights(), expected, strict=True):
        np.testing.assert_array_equal(given, kept)


def test_a_sentence_stays_in_one_line():
    assert str(PoolViewerError("a\x1b]0;owned\x07\r\nb.")) == "a\ufffd]0;owned\ufffd\ufffd\ufffdb."
