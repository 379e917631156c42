"""Every 2-D pooling layer is found, and its maps are those that Keras gives."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from poolviewer.core.geometry import PixelBox
from poolviewer.core.model_info import StageInfo
from poolviewer.core.pooling import Pooling
from poolviewer.core.windows import WindowGrid
from poolviewer.model.stages import ADDED_SUFFIX, channels_last, data_format_of

from .cases import PADDINGS, pairs
from .stage_runs import (
    as_map,
    assert_maps,
    assert_stage_is_keras,
    by_keras,
    described,
    noise,
    pooling_layers,
    run_stage,
)

SIDES, SMALL = st.integers(1, 9), st.integers(1, 4)


def behind_conv(*behind, shape=(9, 8, 3), data_format="channels_last"):
    conv = layers.Conv2D(4, 1, name="conv", data_format=data_format)
    return keras.Sequential([keras.Input(shape), conv, *behind])


WINDOWS = {"pool_size": (3, 2), "strides": (1, 3), "padding": "same"}
KINDS = {
    "max": (layers.MaxPooling2D(**WINDOWS), (9, 3, 4)),
    "average": (layers.AveragePooling2D(**WINDOWS), (9, 3, 4)),
    "global_max": (layers.GlobalMaxPooling2D(), (4,)),
    "global_average": (layers.GlobalAveragePooling2D(keepdims=True), (1, 1, 4)),
    "adaptive_max": (layers.AdaptiveMaxPooling2D((2, 5)), (2, 5, 4)),
    "adaptive_average": (layers.AdaptiveAveragePooling2D(3), (3, 3, 4)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_stage_says_what_its_layer_is(kind):
    layer, pooled_shape = KINDS[kind]
    has_windows = kind in ("max", "average")
    (found,) = described(behind_conv(layer)).info.stages
    assert found == StageInfo(
        name=layer.name,
        kind=kind,
        pool_size=(3, 2) if has_windows else None,
        strides=(1, 3) if has_windows else None,
        padding="same" if has_windows else None,
        data_format="channels_last",
        source_shape=(9, 8, 4),
        pooled_shape=pooled_shape,
        source_layer="conv",
    )


def test_every_pooling_of_the_installed_keras_is_known():
    named = {name for name in dir(layers) if name.endswith("Pooling2D")}
    known = {type(layer).__name__ for layer, _ in KINDS.values()}
    assert named == known


@st.composite
def pooled_maps(draw):
    """Draw a map's size and any pooling layer that can pool it."""
    size = draw(SIDES), draw(SIDES)
    kind = draw(st.sampled_from(["Max", "Average"]))
    if not draw(st.integers(0, 5)):
        make = getattr(layers, f"Global{kind}Pooling2D")
        return size, make(keepdims=draw(st.booleans()))
    padding = draw(PADDINGS)
    most = (7, 7) if padding == "same" else size
    pool_size = tuple(draw(st.integers(1, side)) for side in most)
    strides = draw(st.none() | pairs(SMALL | st.integers(1, 9)))
    return size, getattr(layers, f"{kind}Pooling2D")(pool_size, strides, padding)


@settings(max_examples=60, deadline=None)
@given(pooled_maps(), st.booleans())
def test_any_pooling_gives_the_maps_of_keras(drawn, has_conv):
    """Overlapping, gapped, non-square, `same` on odd sizes, global, adaptive."""
    (rows, cols), layer = drawn
    between = [layers.Conv2D(2, 3, padding="same", activation="relu")] if has_conv else []
    assert_stage_is_keras(keras.Sequential([keras.Input((rows, cols, 3)), *between, layer]), layer)


ADAPTIVE = {
    "Max": (layers.AdaptiveMaxPooling2D, np.max),
    "Average": (layers.AdaptiveAveragePooling2D, np.mean),
}


def shared_out(maps, output_size, reduce):
    """Pool (H, W, C) by the definition of adaptive pooling."""
    for axis, count in enumerate(output_size):
        size = maps.shape[axis]
        ends = [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
        parts = [maps.take(range(*end), axis) for end in ends]
        maps = np.stack([reduce(part, axis) for part in parts], axis)
    return maps


@settings(max_examples=40, deadline=None)
@given(pairs(SIDES), pairs(SIDES), st.sampled_from(["Max", "Average"]), st.booleans())
def test_any_adaptive_pooling(size, output_size, kind, is_first):
    """Keras 3.15 cannot trace one to a single row, and run at once it ends the process."""
    make, reduce = ADAPTIVE[kind]
    data_format = "channels_first" if is_first else "channels_last"
    shape = (3, *size) if is_first else (*size, 3)
    model = keras.Sequential([keras.Input(shape), layers.ReLU(), make(output_size, data_format)])
    values = noise((*size, 3))
    activations = run_stage(described(model), values=values)
    feature_maps = np.maximum(values, 0)
    assert_maps(activations, feature_maps, shared_out(feature_maps, output_size, reduce))
    if 1 not in (*size, *output_size):
        batch = values.transpose(2, 0, 1) if is_first else values
        pooled = by_keras(model, model.layers[-1], batch[np.newaxis])[1]
        pooled = pooled.transpose(1, 2, 0) if is_first else pooled
        np.testing.assert_allclose(activations.pooled_maps, pooled, rtol=1e-6)


def test_the_map_is_taken_behind_normalisation_and_activation():
    """The exact tensor that enters the layer, not the convolution's."""
    keras.utils.set_random_seed(1)
    pool = layers.MaxPooling2D()
    steps = [layers.BatchNormalization(momentum=0.5), layers.ReLU(), layers.PReLU(), pool]
    model = behind_conv(*steps)
    model(noise((8, 9, 8, 3)), training=True)  # the normalisation has seen something
    activations = assert_stage_is_keras(model, pool)
    assert activations.stage.source_layer == steps[2].name
    conv = by_keras(model, model.layers[0], activations.prepared.values[np.newaxis])[1]
    assert not np.allclose(activations.feature_maps, conv)


def test_a_pooling_of_the_input_itself():
    pool = layers.MaxPooling2D()
    model = keras.Sequential([keras.Input((6, 6, 3), name="picture"), pool])
    activations = assert_stage_is_keras(model, pool)
    assert activations.stage.source_layer == "picture"
    np.testing.assert_array_equal(activations.feature_maps, activations.prepared.values)
    assert activations.stage.receptive_field(PixelBox(2, 4, 3, 5)) == PixelBox(2, 4, 3, 5)


def test_branches_and_several_outputs():
    inputs = keras.Input((12, 12, 3))
    first = layers.MaxPooling2D(name="first")(layers.Conv2D(4, 3, name="a")(inputs))
    left = layers.AveragePooling2D(3, 1, "same", name="left")(first)
    right = layers.Conv2D(4, 3, padding="same", name="b")(first)
    joined = layers.Concatenate(name="joined")([left, right])
    last = layers.GlobalAveragePooling2D(name="last")(joined)
    model = keras.Model(inputs, {"classes": layers.Dense(2)(last), "maps": right})
    opened = described(model)
    assert [(stage.name, stage.source_layer) for stage in opened.info.stages] == [
        ("first", "a"),
        ("left", "first"),
        ("last", "joined"),
    ]
    for layer in pooling_layers(model):
        assert_stage_is_keras(model, layer, opened)


@pytest.fixture(scope="module")
def nested():
    """Models within a model within a model; each can be called by hand."""
    keras.utils.set_random_seed(2)
    core = keras.Sequential(
        [layers.Conv2D(5, 3, activation="relu"), layers.AveragePooling2D(2, name="pool")],
        name="core",
    )
    block_input = keras.Input((14, 14, 4))
    pooled = layers.MaxPooling2D(3, 2, "same", name="pool")(core(block_input))
    block = keras.Model(block_input, layers.Conv2D(4, 1)(pooled), name="block")
    stem = layers.Conv2D(4, 3, name="stem")
    last = layers.GlobalMaxPooling2D(name="pool")
    model = keras.Sequential([keras.Input((16, 16, 3)), stem, block, last])
    return model, stem, block, core, last


def test_stages_of_nested_models(nested):
    model, stem, block, core, last = nested
    opened = described(model)
    assert [stage.name for stage in opened.info.stages] == ["block/core/pool", "block/pool", "pool"]
    by_path = {layer.name: layer.stages for layer in opened.info.layers}
    assert by_path["block/core/pool"] == ("block/core/pool",)
    values = noise((16, 16, 3))
    stemmed = stem(values[np.newaxis])
    convolved = core.layers[0](stemmed)
    averaged = core(stemmed)
    truth = [
        (convolved, averaged),
        (averaged, block.get_layer("pool")(averaged)),
        (block(stemmed), last(block(stemmed))),
    ]
    for stage, maps in zip(opened.info.stages, truth, strict=True):
        activations = run_stage(opened, stage.name, values=values)
        assert_maps(activations, *(np.asarray(one)[0] for one in maps))


def test_a_pooling_that_is_used_twice_is_two_stages():
    keras.utils.set_random_seed(3)
    pool, conv = layers.MaxPooling2D(name="pool"), layers.Conv2D(4, 3, name="conv")
    inputs = keras.Input((16, 16, 3))
    again = layers.Conv2D(4, 3, name="again")
    model = keras.Model(inputs, pool(again(pool(conv(inputs)))))
    opened = described(model)
    assert [(s.name, s.source_layer) for s in opened.info.stages] == [
        ("pool", "conv"),
        ("pool#2", "again"),
    ]
    assert opened.info.layers[2].stages == ("pool", "pool#2")
    values = noise((16, 16, 3))
    first = conv(values[np.newaxis])
    second = again(pool(first))
    for name, source in (("pool", first), ("pool#2", second)):
        activations = run_stage(opened, name, values=values)
        assert_maps(activations, np.asarray(source)[0], np.asarray(pool(source))[0])


def test_an_inner_model_that_is_used_twice_has_each_stage_twice():
    inner = keras.Sequential(
        [keras.Input((None, None, 3)), layers.Conv2D(3, 3), layers.MaxPooling2D(name="pool")],
        name="inner",
    )
    inputs = keras.Input((20, 20, 3))
    opened = described(keras.Model(inputs, inner(inner(inputs))))
    assert [stage.name for stage in opened.info.stages] == ["inner/pool", "inner/pool#2"]
    values = noise((20, 20, 3))
    source = inner.layers[0](inner(values[np.newaxis]))
    activations = run_stage(opened, "inner/pool#2", values=values)
    assert_maps(activations, np.asarray(source)[0], np.asarray(inner.layers[1](source))[0])


def test_pooling_inside_a_layer_or_of_something_else_is_no_stage():
    inputs = keras.Input((4, 16, 3))
    lines = layers.TimeDistributed(layers.MaxPooling1D())(inputs)
    model = keras.Model(inputs, layers.GlobalMaxPooling2D(name="pool")(lines))
    assert [stage.name for stage in described(model).info.stages] == ["pool"]


def channels_first_model():
    keras.utils.set_random_seed(4)
    first = {"data_format": "channels_first"}
    inputs = keras.Input((3, 17, 14))
    scaled = layers.Rescaling(1 / 255)(layers.RandomFlip(**first)(inputs))
    left = layers.Conv2D(4, 3, padding="same", **first)(scaled)
    left = layers.BatchNormalization(axis=1, gamma_initializer="normal")(left)
    right = layers.Conv2D(2, 3, padding="same", **first)(scaled)
    joined = layers.Concatenate(axis=1)([layers.ReLU()(left), right])
    pooled = layers.MaxPooling2D((3, 2), (2, 1), "same", **first)(joined)
    pooled = layers.AveragePooling2D(2, **first)(layers.Conv2D(5, (2, 3), **first)(pooled))
    pooled = layers.AdaptiveAveragePooling2D((2, 3), **first)(pooled)
    return keras.Model(inputs, layers.GlobalMaxPooling2D(**first)(pooled))


def test_channels_first_is_shown_channels_last():
    model = channels_first_model()
    opened = described(model)
    values = noise((17, 14, 3))
    pools = pooling_layers(model)
    assert [stage.name for stage in opened.info.stages] == [pool.name for pool in pools]
    assert opened.info.stages[0].source_shape == (6, 17, 14)
    for pool in pools:
        truth = by_keras(model, pool, values.transpose(2, 0, 1)[np.newaxis])
        last = (maps.transpose(1, 2, 0) if maps.ndim == 3 else maps for maps in truth)
        activations = run_stage(opened, pool.name, values=values)
        assert_maps(activations, *last)
        np.testing.assert_array_equal(activations.prepared.values, values)
        assert activations.stage.input_shape == (17, 14, 3)


def test_channels_first_has_the_fields_of_channels_last():
    opened = described(channels_first_model())
    stage = run_stage(opened).stage
    assert stage.field_undefined_by is None
    assert stage.receptive_field(PixelBox(5, 6, 6, 7)) == PixelBox(4, 5, 7, 8)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_data_format_is_that_of_the_first_layer_that_needs_one(data_format):
    known = layers.MaxPooling2D(data_format=data_format)
    other = layers.Conv2D(1, 1, data_format="channels_last")
    assert data_format_of([layers.Flatten(), known, other]) == data_format
    assert data_format_of([layers.Flatten(data_format="channels_first")]) == "channels_last"


def test_shapes_are_turned_into_rows_columns_and_channels():
    assert channels_last((3, 4, 5), "channels_last") == (3, 4, 5)
    assert channels_last((5, 3, 4), "channels_first") == (3, 4, 5)
    assert channels_last((7,), "channels_last") == (1, 1, 7)
    assert channels_last((), "channels_last") == (1, 1, 1)


CONVOLUTIONS = [
    layers.Conv2D(3, (3, 2), name="c"),
    layers.DepthwiseConv2D(3, 2, "same", name="c"),
    layers.SeparableConv2D(5, 3, activation="tanh", name="c"),
    layers.Conv2DTranspose(4, 3, 2, name="c"),
    layers.Conv2D(3, 3, dilation_rate=2, name="c"),
]


@pytest.mark.parametrize("conv", CONVOLUTIONS, ids=lambda layer: type(layer).__name__)
def test_added_pooling_is_that_of_keras(conv):
    model = keras.Sequential([keras.Input((11, 14, 3)), conv, layers.Dense(2)])
    opened = described(model)
    (stage,) = opened.info.stages
    assert (stage.name, stage.source_layer, stage.is_added) == (f"c{ADDED_SUFFIX}", "c", True)
    assert opened.info.layers[0].stages == (stage.name,)
    activations = run_stage(opened)
    convolved = by_keras(model, conv, activations.prepared.values[np.newaxis])[1]
    pooled = np.asarray(layers.MaxPooling2D((2, 2))(convolved[np.newaxis]))[0]
    assert_maps(activations, convolved, pooled)
    assert stage.source_shape == convolved.shape
    assert stage.pooled_shape == pooled.shape
    assert activations.stage.pooling == Pooling(
        "max", WindowGrid.over(convolved.shape[:2], (2, 2), (2, 2), "valid")
    )


def test_pooling_can_be_added_behind_any_convolution_with_room_for_it():
    model = keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            layers.Conv2D(2, 3, name="a"),
            layers.ReLU(),
            layers.Conv2D(2, 3, name="b"),
            layers.Conv2D(2, 2, name="single"),
        ]
    )
    info = described(model).info
    assert [stage.source_layer for stage in info.stages] == ["a", "b"]
    assert info.notes == (
        "net.keras has no pooling layer: the tutorial's 2×2 maximum is added behind the "
        "convolution that is chosen.",
    )
    assert not info.obstacle


def test_added_pooling_channels_first():
    conv = layers.Conv2D(4, 3, name="c", data_format="channels_first")
    model = keras.Sequential([keras.Input((3, 9, 8)), conv])
    opened = described(model)
    assert opened.info.stages[0].pooled_shape == (4, 3, 3)
    activations = run_stage(opened)
    batch = activations.prepared.values.transpose(2, 0, 1)[np.newaxis]
    convolved = np.asarray(conv(batch))[0].transpose(1, 2, 0)
    pooled = np.asarray(layers.MaxPooling2D()(convolved[np.newaxis]))[0]
    assert_maps(activations, convolved, pooled)


def test_added_pooling_of_open_lengths():
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(4, 3, name="c")])
    opened = described(model)
    assert opened.info.stages[0].pooled_shape == (None, None, 4)
    assert run_stage(opened, size=(9, 14)).pooled_maps.shape == (3, 6, 4)


def test_undefined_fields_name_their_layer():
    """Its maps are shown all the same."""
    pool = layers.MaxPooling2D()
    model = behind_conv(layers.Permute((2, 1, 3), name="turned"), pool)
    activations = assert_stage_is_keras(model, pool)
    assert activations.stage.field_undefined_by == "turned"
    assert activations.stage.receptive_field(PixelBox(0, 0, 1, 1)) is None


class Doubling(keras.Model):
    """Does something between its layers that is no layer."""

    def __init__(self, **options):
        super().__init__(**options)
        self.pool = layers.MaxPooling2D(name="pool")

    def call(self, inputs):
        return self.pool(inputs * 2)


def test_an_unknown_source_is_said():
    inputs = keras.Input((6, 6, 3))
    opened = described(keras.Model(inputs, Doubling(name="own")(inputs)))
    (stage,) = opened.info.stages
    assert (stage.name, stage.source_layer) == ("own/pool", "?")
    activations = run_stage(opened)
    np.testing.assert_array_equal(activations.feature_maps, activations.prepared.values * 2)
    assert activations.stage.field_undefined_by == "?"


def test_a_vector_is_a_map_of_one_pixel():
    assert as_map(np.zeros(5)).shape == (1, 1, 5)
