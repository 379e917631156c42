"""Every form in which Keras saves a network passes the gate, and Keras opens what comes out."""

import json
import shutil
import warnings
import zipfile
from importlib.metadata import version

import h5py
import keras
import numpy as np
import pytest
from keras import layers, ops

from poolviewer.model.gate import admit
from tests.model import hostile_files as make

BUDGET = 2**28


def small(**options):
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, activation="swish", kernel_regularizer="l2", **options),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(5),
        ]
    )


def nested():
    inner = small()
    inner.compile("adam", "mse")
    first, second = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    model = keras.Model([first, second], layers.Add()([inner(first), inner(second)]))
    model.compile("sgd", "mae")
    return model


def of_operations():
    image = keras.Input((None, None, 3))
    x = ops.relu(image * 2 - np.array([1, 2, 3], "float32"))
    x = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), x[..., ::-1]], -1)
    return keras.Model(
        image, layers.AveragePooling2D(2)(ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]))
    )


def of_many_layers():
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Rescaling(1 / 255),
            layers.RandomFlip(),
            layers.Pipeline([layers.RandomRotation(0.1), layers.Resizing(12, 12)]),
            layers.SeparableConv2D(4, 3, depth_multiplier=2),
            layers.PReLU(shared_axes=[1, 2]),
            layers.SpectralNormalization(layers.Conv2D(3, 3, activation=keras.ops.gelu)),
            layers.Conv2DTranspose(4, 3, kernel_constraint="max_norm"),
            layers.AdaptiveAveragePooling2D(2),
            layers.Activation(layers.LeakyReLU()),
            layers.EinsumDense("abcd,de->abce", output_shape=(None, None, 5)),
        ]
    )


def recurrent():
    words = keras.Input((8,))
    x = layers.Embedding(100, 16)(words)
    x = layers.Bidirectional(layers.LSTM(8, return_sequences=True, unroll=True))(x)
    x = layers.MultiHeadAttention(2, 4)(x, x)
    x = layers.TimeDistributed(layers.Dense(3))(x)
    return keras.Model(words, layers.RNN([layers.GRUCell(4), layers.LSTMCell(5)])(x))


def of_words():
    words = layers.TextVectorization(max_tokens=9, output_sequence_length=4)
    words.adapt(["one two", "three"])
    return keras.Sequential([keras.Input((1,), dtype="string"), words, layers.Embedding(9, 4)])


def quantised():
    model = small()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.quantize("int8")
    return model


def without_weights():
    return keras.Sequential([keras.Input((8, 8, 3)), layers.MaxPooling2D()])


def unbuilt():
    return keras.Sequential([layers.Conv2D(4, 3), layers.MaxPooling2D()])


NETWORKS = {
    "small": small,
    "nested and shared": nested,
    "operations": of_operations,
    "many layers": of_many_layers,
    "recurrent": recurrent,
    "words": of_words,
    "int8": quantised,
    "mixed_float16": lambda: small(dtype="mixed_float16"),
    "bfloat16": lambda: small(dtype="bfloat16"),
    "float64": lambda: small(dtype="float64"),
    "without weights": without_weights,
    "unbuilt": unbuilt,
}
NOT_IN_HDF5 = ("operations", "words", "bfloat16")


def assert_same(loaded, model):
    assert [type(one) for one in loaded.layers] == [type(one) for one in model.layers]
    pairs = list(zip(loaded.get_weights(), model.get_weights(), strict=True))
    assert all(np.array_equal(one, other) for one, other in pairs)


def load(admitted):
    return keras.models.load_model(admitted.path, compile=False, safe_mode=True)


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_file(tmp_path, name):
    model = NETWORKS[name]()
    model.save(tmp_path / "model.keras")
    with admit(tmp_path / "model.keras", BUDGET) as admitted:
        assert admitted.keras_version == version("keras")
        assert admitted.notes == ()
        assert len(admitted.config["config"]["layers"]) >= 2 or name == "unbuilt"
        assert_same(load(admitted), model)


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in NOT_IN_HDF5])
def test_hdf5_file(tmp_path, name):
    model = NETWORKS[name]()
    model.save(tmp_path / "model.h5")
    with admit(tmp_path / "model.h5", BUDGET) as admitted:
        assert admitted.keras_version == version("keras")
        assert_same(load(admitted), model)


def test_words_are_kept(tmp_path):
    model = of_words()
    model.save(tmp_path / "model.keras")
    with admit(tmp_path / "model.keras", BUDGET) as admitted:
        assert load(admitted).layers[0].get_vocabulary() == model.layers[0].get_vocabulary()


def test_the_forms_have_their_own_digests(tmp_path):
    (tmp_path / "model.keras").write_bytes(make.sound_keras())
    shutil.copy(tmp_path / "model.keras", tmp_path / "copy")
    folder = make.unpacked(tmp_path)
    digests = []
    for path in (tmp_path / "model.keras", tmp_path / "copy", folder):
        with admit(path, BUDGET) as admitted:
            digests.append(admitted.digest)
            assert load(admitted).count_params() == 297
    assert digests[0] == digests[1] != digests[2]
    assert all(len(bytes.fromhex(digest)) == 32 for digest in digests)


@pytest.mark.parametrize(
    "name",
    [
        "MODEL.H5",
        "model.HDF5",
        "model",
        "-rf.h5",
        "模型 é.h5",
        "a\nb.h5",
        "x" * 246 + ".h5",
        "a.png",
    ],
)
def test_odd_names(tmp_path, name):
    (tmp_path / name).write_bytes(make.sound_hdf5())
    with admit(tmp_path / name, BUDGET) as admitted:
        assert admitted.name == name.replace("\n", "\N{REPLACEMENT CHARACTER}")
        assert load(admitted).count_params() == 297


@pytest.mark.parametrize(
    ("written_by", "said"),
    [
        ("99.1.0", "99.1.0"),
        (version("keras"), version("keras")),
        ("3.0.0", "3.0.0"),
        ("<b>99</b>", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_versions(tmp_path, written_by, said):
    about = json.dumps({"keras_version": written_by})
    path = make.with_parts({make.METADATA: about})(tmp_path)
    with admit(path, BUDGET) as admitted:
        assert admitted.keras_version == said
        newer = (
            f"model.keras was saved by Keras 99.1.0, which is newer than the {version('keras')} "
            "here: what is new in it may be missing.",
        )
        assert admitted.notes == (newer if said == "99.1.0" else ())


def test_what_keras_does_not_need_is_left_out(tmp_path):
    path = make.with_parts({"README.md": "text", "__MACOSX/._config.json": "x"})(tmp_path)
    with admit(path, BUDGET) as admitted:
        assert "compile_config" not in admitted.config
        assert len(list(admitted.path.iterdir())) == 3
        with h5py.File(admitted.path / make.WEIGHTS) as file:
            assert "optimizer" not in file


def test_archive_that_was_packed_again(tmp_path):
    path = make.with_parts({}, zipfile.ZIP_DEFLATED)(tmp_path)
    with admit(path, BUDGET) as admitted:
        assert load(admitted).count_params() == 297


def keras_2_layers(policy):
    """Describe a network as Keras 2.4 did: no modules, bare shapes, calls as lists."""

    def described(kind, name, fed_by, **config):
        nodes = [[[fed_by, 0, 0, {}]]] if fed_by else []
        config = {"name": name, "dtype": policy, **config}
        return {"class_name": kind, "config": config, "name": name, "inbound_nodes": nodes}

    return [
        described("InputLayer", "input_1", None, batch_input_shape=[None, 8, 8, 3], sparse=False)
        | {},
        described(
            "Conv2D",
            "conv",
            "input_1",
            trainable=True,
            filters=4,
            kernel_size=[3, 3],
            strides=[1, 1],
            padding="valid",
            data_format="channels_last",
            dilation_rate=[1, 1],
            groups=1,
            activation="relu",
            use_bias=True,
            kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
            bias_initializer={"class_name": "Zeros", "config": {}},
            kernel_regularizer={"class_name": "L2", "config": {"l2": 0.01}},
        ),
        described("MaxPooling2D", "pool", "conv", pool_size=[2, 2], strides=[2, 2], padding="same"),
    ]


@pytest.mark.parametrize("policy", ["float32", "float16"])
@pytest.mark.parametrize("kind", ["Functional", "Model"])
def test_keras_2_hdf5(tmp_path, policy, kind):
    config = {
        "name": "model",
        "trainable": True,
        "layers": keras_2_layers(policy),
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["pool", 0, 0]],
    }
    kernel = np.arange(108, dtype=policy).reshape(3, 3, 3, 4)
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": kind, "config": config}).encode()
        file.attrs["keras_version"] = b"2.4.0"
        file.attrs["training_config"] = b'{"loss": "my_loss", "optimizer_config": {}}'
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = np.array([b"input_1", b"conv", b"pool"])
        for name in ("input_1", "pool"):
            weights.create_group(name).attrs["weight_names"] = np.array([], "S1")
        conv = weights.create_group("conv")
        conv.attrs["weight_names"] = np.array([b"conv/kernel:0", b"conv/bias:0"])
        conv["conv/kernel:0"], conv["conv/bias:0"] = kernel, np.zeros(4, policy)
    with admit(tmp_path / "old.h5", BUDGET) as admitted:
        assert admitted.keras_version == "2.4.0"
        assert np.array_equal(load(admitted).layers[1].get_weights()[0], kernel)


@pytest.mark.parametrize("module", ["keras.src.engine.functional", "keras.engine.functional"])
def test_keras_2_file_of_the_new_form(tmp_path, module):
    """Keras 2.12 to 2.15 wrote the new form already, under names that Keras 3 lacks."""
    image = keras.Input((8, 8, 3))
    model = keras.Model(image, layers.MaxPooling2D()(layers.Conv2D(4, 3)(image)))
    model.save(tmp_path / "new.keras")
    with zipfile.ZipFile(tmp_path / "new.keras") as new:
        config = json.loads(new.read(make.CONFIG))
        weights = new.read(make.WEIGHTS)
    config |= {"module": module, "registered_name": "Functional"}
    path = make.with_parts({make.CONFIG: json.dumps(config), make.WEIGHTS: weights})(tmp_path)
    with admit(path, BUDGET) as admitted:
        assert_same(load(admitted), model)


@pytest.mark.parametrize("family", ["MobileNetV3Small", "ConvNeXtTiny"])
def test_networks_of_keras_itself(tmp_path, family):
    model = getattr(keras.applications, family)(weights=None)
    model.save(tmp_path / "model.keras")
    with admit(tmp_path / "model.keras", BUDGET) as admitted:
        assert len(admitted.config["config"]["layers"]) == len(model.operations)
