"""Models of any kind are described, and run at any size that they and the memory can take."""

import resource
from dataclasses import replace
from math import inf, nan

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from poolviewer.core.errors import Cancelled, ModelRefused, NetworkError
from poolviewer.core.geometry import PixelBox
from poolviewer.core.model_info import InputInfo

from .stage_runs import (
    assert_maps,
    assert_stage_is_keras,
    by_keras,
    described,
    noise,
    pooling_layers,
    run_stage,
    spec_of,
)


def small(*behind, shape=(16, 16, 3), dtype=None):
    """Return a network of one convolution and one pooling."""
    return keras.Sequential(
        [
            keras.Input(shape, dtype=dtype),
            layers.Conv2D(4, 3, name="conv"),
            layers.MaxPooling2D(name="pool"),
            *behind,
        ]
    )


@settings(max_examples=12, deadline=None)
@given(st.integers(6, 40), st.integers(6, 40))
def test_open_sizes_run_at_any_size(height, width):
    pool = layers.MaxPooling2D(3, 2, "same")
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(4, 3), pool])
    opened = described(model)
    assert opened.info.free_size == (True, True)
    assert opened.info.input.is_own_size
    assert opened.info.stages[0].source_shape == (None, None, 4)
    assert_stage_is_keras(model, pool, opened, (height, width))


@pytest.mark.parametrize("shape", [(None, 32, 3), (32, None, 3)])
def test_one_open_length(shape):
    pool = layers.AveragePooling2D((2, 3), padding="same")
    model = keras.Sequential([keras.Input(shape), layers.Conv2D(4, 3), pool])
    opened = described(model)
    assert opened.info.free_size == tuple(length is None for length in shape[:2])
    assert not opened.info.input.is_own_size
    size = tuple(length or 21 for length in shape[:2])
    assert_stage_is_keras(model, pool, opened, size)
    default = opened.info.input
    assert (default.height, default.width) == tuple(length or 224 for length in shape[:2])


def test_an_open_size_that_only_some_sizes_fit():
    """The first usual one that the network can take is its default."""
    inputs = keras.Input((None, None, 3))
    pool = layers.MaxPooling2D(2)
    left, right = layers.Conv2D(2, 32, 32)(inputs), layers.Conv2D(2, 8, 40, padding="same")(inputs)
    model = keras.Model(inputs, pool(layers.Add()([left, right])))
    opened = described(model)
    assert (opened.info.input.height, opened.info.input.width) == (128, 128)
    assert_stage_is_keras(model, pool, opened)
    with pytest.raises(NetworkError, match="cannot take an input of 224×224×3"):
        opened.prepare(spec_of(opened, size=(224, 224)), 2**30)


CHANNELS = {
    1: "net.keras takes 1 channel: pictures are made grey.",
    2: "net.keras takes 2 channels: it gets the first two of R, G and B.",
    4: "net.keras takes 4 channels: R, G and B are repeated in turn to fill them.",
    13: "net.keras takes 13 channels: R, G and B are repeated in turn to fill them.",
}


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 13])
def test_any_number_of_channels(channels):
    model = small(shape=(16, 16, channels))
    info = described(model).info
    assert info.notes == ((CHANNELS[channels],) if channels in CHANNELS else ())
    assert info.input.shape == (16, 16, channels)
    assert (info.input.channel_order == "grey") == (channels == 1)
    assert_stage_is_keras(model, model.layers[1])


def test_open_number_of_channels_is_three():
    pool = layers.MaxPooling2D()
    model = keras.Sequential([keras.Input((None, None, None)), layers.ReLU(), pool])
    info = described(model).info
    assert info.input.shape == (224, 224, 3)
    assert not info.notes
    assert_stage_is_keras(model, pool, size=(9, 9))


@pytest.mark.parametrize(
    ("dtype", "values", "received"),
    [
        ("uint8", [-5, 0.4, 0.6, 254.7, 300], [0, 0, 1, 255, 255]),
        ("int32", [-5.6, 0.4, 0.6, 254.7, 300], [-6, 0, 1, 255, 300]),
        ("int8", [-500, -3.2, 0.6, 100, 300], [-128, -3, 1, 100, 127]),
    ],
)
def test_whole_numbers_are_rounded_and_kept_in_their_range(dtype, values, received):
    pool = layers.MaxPooling2D((1, 5))
    steps = [keras.Input((1, 5, 1), dtype=dtype), layers.Rescaling(0.5), pool]
    model = keras.Sequential(steps)
    opened = described(model)
    assert opened.info.input.scaling == "0-255"
    given = np.array(values, np.float32).reshape(1, 5, 1)
    activations = run_stage(opened, values=given)
    assert activations.prepared.values.ravel().tolist() == received
    batch = np.array(received, dtype).reshape(1, 1, 5, 1)
    assert_maps(activations, *by_keras(model, pool, batch))


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32"])
def test_a_pooling_of_whole_numbers(dtype):
    inputs = keras.Input((6, 6, 3), dtype=dtype)
    model = keras.Model(inputs, layers.MaxPooling2D(dtype=dtype)(inputs))
    values = np.random.default_rng(0).integers(0, 256, (6, 6, 3)).astype(np.float32)
    activations = run_stage(described(model), values=values)
    np.testing.assert_array_equal(activations.feature_maps, values)
    expected = values.reshape(3, 2, 3, 2, 3).max(axis=(1, 3))
    np.testing.assert_array_equal(activations.pooled_maps, expected)


PRECISIONS = ["float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"]


@pytest.mark.parametrize("policy", PRECISIONS)
def test_precisions(policy):
    keras.utils.set_random_seed(5)
    pool = layers.AveragePooling2D(2, dtype=policy)
    conv = layers.Conv2D(4, 3, activation="relu", dtype=policy)
    model = keras.Sequential([keras.Input((16, 16, 3)), conv, pool])
    activations = assert_stage_is_keras(model, pool, rtol=1e-2, atol=5e-2)
    dtype = np.float64 if policy == "float64" else np.float32
    assert activations.feature_maps.dtype == activations.pooled_maps.dtype == dtype
    # Half floats are shown as they are: every one of them is a float32.
    short = {"float16": "float16", "mixed_float16": "float16"}.get(policy)
    if short:
        np.testing.assert_array_equal(
            activations.feature_maps, activations.feature_maps.astype(short).astype(np.float32)
        )


def test_an_input_of_half_floats():
    model = small(shape=(8, 8, 3), dtype="float16")
    opened = described(model)
    assert opened.info.inputs == (InputInfo(model.inputs[0].name, (8, 8, 3), "float16"),)
    values = np.full((8, 8, 3), 0.1, np.float32)
    received = run_stage(opened, values=values).prepared.values
    np.testing.assert_array_equal(received, values.astype(np.float16))


def test_whole_number_weights():
    """Quantised to int8: Keras' own quantised code runs."""
    keras.utils.set_random_seed(6)
    inputs = keras.Input((8, 8, 3))
    dense = layers.Dense(6)
    pool = layers.MaxPooling2D()
    model = keras.Model(inputs, layers.Dense(2)(pool(dense(inputs))))
    before = run_stage(described(model)).feature_maps
    model.quantize("int8")
    activations = assert_stage_is_keras(model, pool)
    assert dense.quantization_mode == "int8"
    assert not np.array_equal(activations.feature_maps, before)
    np.testing.assert_allclose(activations.feature_maps, before, atol=0.3)


RANDOM = [
    layers.Dropout(0.5),
    layers.SpatialDropout2D(0.5),
    layers.GaussianNoise(0.9),
    layers.GaussianDropout(0.5),
    layers.AlphaDropout(0.5),
    layers.RandomFlip(),
    layers.RandomRotation(0.5),
    layers.RandomZoom(0.5),
    layers.RandomContrast(0.5),
    layers.RandomBrightness(0.5),
    layers.RandomTranslation(0.5, 0.5),
]


@pytest.mark.parametrize("layer", RANDOM, ids=lambda layer: type(layer).__name__)
def test_random_layers_run_as_at_inference(layer):
    model = keras.Sequential([keras.Input((8, 8, 3)), layer, layers.MaxPooling2D()])
    activations = run_stage(described(model))
    np.testing.assert_array_equal(activations.feature_maps, activations.prepared.values)
    assert activations.stage.field_undefined_by is None


def test_600_layers():
    keras.utils.set_random_seed(7)
    steps = []
    for index in range(150):
        conv = layers.Conv2D(2, 1, kernel_initializer=keras.initializers.Constant(0.5))
        steps += [conv, layers.BatchNormalization(), layers.ReLU()]
        steps.append(layers.MaxPooling2D(1 if index % 50 else 2, name=f"pool_{index}"))
    model = keras.Sequential([keras.Input((16, 16, 2)), *steps])
    opened = described(model)
    assert len(opened.info.layers) == 600
    assert len(opened.info.stages) == 150
    activations = assert_stage_is_keras(model, steps[-1], opened)
    assert activations.pooled_maps.shape == (2, 2, 2)
    assert activations.stage.receptive_field(PixelBox(0, 0, 1, 1)) == PixelBox(0, 0, 8, 8)


def test_4096_filters():
    pool = layers.MaxPooling2D()
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4096, 3), pool])
    assert assert_stage_is_keras(model, pool).stage.channels == 4096


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_weights_that_are_no_numbers_are_said_and_shown(bad):
    model = small()
    kernel, bias = model.layers[0].get_weights()
    model.layers[0].set_weights([np.full_like(kernel, bad), bias])
    opened = described(model)
    assert opened.info.notes == ("Weights of conv are NaN or infinite: so may the maps be.",)
    maps = run_stage(opened, values=np.ones((16, 16, 3), np.float32)).feature_maps
    assert np.isnan(maps).all() if np.isnan(bad) else (maps == bad).all()


def test_many_bad_layers_are_counted():
    model = keras.Sequential([keras.Input((4, 4, 3)), layers.MaxPooling2D()])
    for index in range(5):
        model.add(
            layers.Conv2D(
                2, 1, name=f"c{index}", kernel_initializer=lambda *a, **k: nan * np.ones(a[0])
            )
        )
    (note,) = described(model).info.notes
    assert note.startswith("Weights of c0, c1, c2 and 2 more layers are NaN or infinite")


def test_large_but_finite_weights_are_sound():
    """They are so in their own precision, not in float32."""
    conv, pool = layers.Conv2D(1, 1, dtype="float64"), layers.MaxPooling2D(dtype="float64")
    model = keras.Sequential([keras.Input((4, 4, 3), dtype="float64"), conv, pool])
    conv.set_weights([np.full((1, 1, 3, 1), 1e300), np.zeros(1)])
    opened = described(model)
    assert not opened.info.notes
    maps = run_stage(opened, values=np.ones((4, 4, 3), np.float32)).feature_maps
    np.testing.assert_allclose(maps, 3e300)


def test_maps_without_any_difference():
    model = small()
    model.layers[0].set_weights([np.zeros((3, 3, 3, 4)), np.full(4, 7)])
    activations = run_stage(described(model))
    assert (activations.feature_maps == 7).all()
    assert (activations.pooled_maps == 7).all()


def network_of(shape, *steps, dtype=None):
    return keras.Sequential([keras.Input(shape, dtype=dtype), *steps])


def text_network():
    words = layers.TextVectorization(vocabulary=["a", "b"], output_sequence_length=4)
    return network_of(
        (1,), words, layers.Embedding(5, 2), layers.GlobalMaxPooling1D(), dtype="string"
    )


LISTED = "so its layers are listed and nothing can be drawn."
OBSTACLES = {
    "vector": (
        lambda: network_of((7,), layers.Dense(2)),
        f"net.keras takes lists of 7 numbers, not pictures, {LISTED}",
    ),
    "tokens": (
        lambda: network_of((None,), layers.Embedding(9, 4), layers.Conv1D(2, 3)),
        f"net.keras takes single numbers or tokens, not pictures, {LISTED}",
    ),
    "sequence": (
        lambda: network_of((20, 4), layers.Conv1D(3, 3), layers.MaxPooling1D()),
        f"net.keras takes sequences, not pictures, {LISTED}",
    ),
    "volume": (
        lambda: network_of((8, 8, 8, 1), layers.Conv3D(2, 3), layers.MaxPooling3D()),
        f"net.keras takes volumes or videos, not pictures, {LISTED}",
    ),
    "video": (
        lambda: network_of((4, 8, 8, 3), layers.TimeDistributed(layers.MaxPooling2D())),
        f"net.keras takes volumes or videos, not pictures, {LISTED}",
    ),
    "five axes": (
        lambda: network_of((2, 2, 2, 2, 2), layers.ReLU()),
        f"net.keras takes arrays of 5 axes, not pictures, {LISTED}",
    ),
    "numbers": (
        lambda: network_of((), layers.ReLU()),
        f"net.keras takes single numbers, not pictures, {LISTED}",
    ),
    "text": (text_network, f"net.keras takes text, not pictures, {LISTED}"),
    "word": (
        lambda: network_of((1,), layers.StringLookup(vocabulary=["a"]), dtype="string"),
        f"net.keras takes text, not pictures, {LISTED}",
    ),
    "neither": (
        lambda: network_of((8, 8, 3), layers.Flatten(), layers.Dense(2)),
        "net.keras has neither a 2-D pooling layer nor a 2-D convolution to add one to, so its "
        "layers are listed and nothing can be drawn.",
    ),
}


@pytest.mark.parametrize("kind", OBSTACLES)
def test_what_cannot_be_drawn_is_listed_and_says_why(kind):
    make, sentence = OBSTACLES[kind]
    model = make()
    info = described(model).info
    assert info.obstacle == sentence
    assert [layer.name for layer in info.layers] == [layer.name for layer in model.layers]
    assert info.stages == ()
    assert not info.needs_input_shape


def test_a_model_that_cannot_run_is_listed():
    """Its file may say anything: here the two branches do not fit at any size."""
    inputs = keras.Input((None, None, 3))
    left = layers.Conv2D(2, 3, 2)(inputs)
    model = keras.Model(
        inputs, layers.MaxPooling2D()(layers.Add()([left, layers.Conv2D(2, 1)(inputs)]))
    )
    info = described(model).info
    assert info.obstacle.startswith("net.keras cannot be run (")
    assert info.obstacle.endswith("), so its layers are listed only.")
    assert "Exception encountered" not in info.obstacle
    assert len(info.layers) == 5


def test_several_inputs_are_refused_by_name():
    left, right = keras.Input((8, 8, 3), name="left"), keras.Input((8, 8, 3), name="right")
    model = keras.Model([left, right], layers.MaxPooling2D()(layers.Add()([left, right])))
    with pytest.raises(ModelRefused) as refused:
        described(model)
    assert str(refused.value) == (
        "net.keras has 2 inputs (left, right), and PoolViewer shows models with one: save the part "
        "from one input to its pooling as a model of its own."
    )


@pytest.mark.parametrize("hold", [lambda x: x, lambda x: [x], lambda x: {"picture": x}])
@pytest.mark.filterwarnings("error")
def test_one_input_however_it_is_held(hold):
    inputs = keras.Input((8, 8, 3), name="picture")
    model = keras.Model(hold(inputs), layers.MaxPooling2D()(inputs))
    activations = run_stage(described(model))
    np.testing.assert_array_equal(activations.feature_maps, activations.prepared.values)


def unbuilt():
    return keras.Sequential(
        [layers.Conv2D(4, 3), layers.MaxPooling2D(name="pool"), layers.Flatten()]
    )


def test_an_unbuilt_model_asks_for_its_input_size():
    info = described(unbuilt()).info
    assert info.needs_input_shape
    assert info.stages == ()
    assert [layer.kind for layer in info.layers][:2] == ["Conv2D", "MaxPooling2D"]


def test_weights_of_an_unbuilt_model_are_said_to_be_random():
    info = described(unbuilt(), input_shape=(20, 30)).info
    assert info.seed == info.used_at(info.stages[0], info.input).seed == 0
    assert "net.keras holds no weights: random ones are shown, drawn from seed 0." in info.notes
    assert described(unbuilt()).info.seed is None


@pytest.mark.parametrize(("given", "shape"), [((20, 30), (20, 30, 3)), ((20, 30, 1), (20, 30, 1))])
def test_an_unbuilt_model_takes_an_input_size(given, shape):
    model = unbuilt()
    opened = described(model, input_shape=given)
    assert opened.info.input.shape == shape
    assert opened.info.free_size == (False, False)
    assert not opened.info.needs_input_shape
    assert_stage_is_keras(model, model.layers[1], opened)


def test_an_impossible_input_size_says_so():
    with pytest.raises(ModelRefused) as refused:
        described(unbuilt(), input_shape=(2, 2, 3))
    assert str(refused.value).startswith("net.keras cannot take an input of 2×2×3 (Computed output")
    assert str(refused.value).endswith("): choose another size.")


def test_a_size_too_small_for_the_layers_says_so():
    steps = [keras.Input((None, None, 3)), layers.Conv2D(2, 5), layers.MaxPooling2D()]
    model = keras.Sequential(steps)
    opened = described(model)
    spec = replace(opened.info.input, height=3, width=9)
    with pytest.raises(NetworkError) as refused:
        opened.prepare(opened.info.used_at(opened.info.stages[0], spec), 2**30)
    assert str(refused.value) == (
        "net.keras cannot take an input of 3×9×3 (it is too small for the layers): choose another "
        "size."
    )


def test_weights_over_the_limit_are_not_made():
    steps = [
        layers.Conv2D(4, 3),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10**6, name="huge"),
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ModelRefused) as refused:
        described(keras.Sequential(steps), 2**30, input_shape=(400, 400))
    assert str(refused.value) == (
        "net.keras cannot take an input of 400×400×3 (huge would have more than 1,024 MB of "
        "weights): choose another size."
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes
    assert keras.Layer.add_weight.__name__ == "add_weight"


def test_a_flat_picture():
    pool = layers.MaxPooling2D()
    model = network_of((28, 28), layers.Reshape((28, 28, 1)), layers.Conv2D(4, 3), pool)
    opened = described(model)
    assert opened.info.input.shape == (28, 28, 1)
    assert opened.info.notes == (CHANNELS[1],)
    values = noise((28, 28, 1))
    activations = run_stage(opened, values=values)
    assert_maps(activations, *by_keras(model, pool, values[np.newaxis, :, :, 0]))


@pytest.mark.parametrize(
    "scaler", [layers.Rescaling(1 / 255), layers.Normalization(mean=1, variance=2)]
)
def test_a_model_that_scales_by_itself_gets_the_pictures_numbers(scaler):
    pool = layers.MaxPooling2D()
    model = network_of((8, 8, 3), scaler, pool)
    assert described(model).info.input.scaling == "0-255"
    assert_stage_is_keras(model, pool)


def test_other_models_get_0_to_1():
    assert described(small()).info.input.scaling == "0-1"


def test_a_size_over_the_memory_limit_is_refused():
    opened = described(
        keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(8, 3), layers.MaxPooling2D()])
    )
    opened.prepare(spec_of(opened, size=(100, 100)), 2**20)
    with pytest.raises(NetworkError) as refused:
        opened.prepare(spec_of(opened, size=(300, 400)), 2**20)
    needed = 4 * 8 * (298 * 398 * 2 + 149 * 199)  # the convolution, its bias, the pooling
    assert str(refused.value) == (
        f"On an input of 300×400, net.keras would take {-(-needed // 2**20)} MB of memory and the "
        "limit is 1 MB: choose a smaller size."
    )


def test_100_gb_are_refused_without_being_taken():
    opened = described(
        keras.Sequential(
            [keras.Input((None, None, 3)), layers.Conv2D(512, 3), layers.MaxPooling2D()]
        )
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NetworkError, match=r"would take 1\d\d,\d\d\d MB"):
        opened.prepare(spec_of(opened, size=(5000, 5000)), 2**33)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes


def test_most_pixels_is_what_the_limit_allows():
    model = keras.Sequential(
        [keras.Input((None, None, 3)), layers.Conv2D(8, 3, padding="same"), layers.MaxPooling2D()]
    )
    budget = 10 * 2**20
    opened = described(model, budget)
    side = int(opened.info.most_pixels**0.5)
    opened.prepare(spec_of(opened, size=(side, side)), budget)
    with pytest.raises(NetworkError, match="choose a smaller size"):
        opened.prepare(spec_of(opened, size=(side + 30, side + 30)), budget)
    assert described(small()).info.most_pixels == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 8), (3, 3), (8, 2)])
def test_a_size_that_leaves_no_pixel_is_refused(size):
    """TensorFlow ends the process where a pooling window does not fit."""
    opened = described(
        keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(2, 3), layers.MaxPooling2D()])
    )
    with pytest.raises(NetworkError) as refused:
        opened.prepare(spec_of(opened, size=size), 2**30)
    sentence = str(refused.value)
    assert sentence.startswith(f"net.keras cannot take an input of {size[0]}×{size[1]}×3 (")
    assert sentence.endswith("): choose another size.")


def test_a_stage_that_is_not_there():
    opened = described(small())
    with pytest.raises(NetworkError, match=r"^net\.keras has no pooling layer other\.$"):
        opened.prepare(spec_of(opened, "other"), 2**30)


def test_cancelling_ends_the_description():
    def on_call(count):
        if count == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        described(small(), on_call=on_call)
    with pytest.raises(Cancelled):
        described(small(shape=(None, None, 3)), on_call=on_call)
    assert described(small()).info.stages


def test_layers_are_listed_as_keras_has_them():
    model = small(layers.GlobalAveragePooling2D(), layers.Dense(5))
    info = described(model).info
    assert [
        (layer.name, layer.kind, layer.output_shape, layer.parameters) for layer in info.layers
    ] == [
        (layer.name, type(layer).__name__, layer.output.shape[1:], layer.count_params())
        for layer in model.layers
    ]
    assert [layer.name for layer in pooling_layers(model)] == [stage.name for stage in info.stages]
