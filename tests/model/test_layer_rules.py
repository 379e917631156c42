"""What is made of a layer's maps against what Keras computes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from keras import layers

from poolviewer.core.geometry import PixelBox
from poolviewer.core.pooling import in_words
from poolviewer.model.layer_rules import links_of
from poolviewer.model.layer_use import map_shape
from poolviewer.model.spatial_rules import pooling_of

from .influences import assert_fields_are, box_of, graph_of, make_positive

MOST = 24
SMALL = st.integers(1, 3)
PADDINGS = st.sampled_from(["valid", "same"])
FILTERS = 2
DOUBLE = {"dtype": "float64"}


# Layers are made outside strategies, because Keras asks Python's generator for their seeds.


def pair(draw, lengths=SMALL):
    return draw(lengths), draw(lengths)


def convolution(draw, shape):
    """Draw any convolution: plain, by channel, or both."""
    dilation = draw(st.sampled_from([1, 1, 2]))
    strides = (1, 1) if dilation > 1 else pair(draw)
    kind = draw(st.sampled_from(["plain", "depthwise", "separable"]))
    options = {"padding": draw(PADDINGS), "dilation_rate": dilation, **DOUBLE}
    size = pair(draw)
    if kind == "plain":
        return layers.Conv2D(FILTERS, size, strides, **options)
    strides = (strides[0],) * 2  # TensorFlow has no others here
    if kind == "depthwise":
        return layers.DepthwiseConv2D(size, strides, **options)
    return layers.SeparableConv2D(FILTERS, size, strides, **options)


def pooling(draw, shape):
    pool = draw(st.sampled_from([layers.MaxPooling2D, layers.AveragePooling2D]))
    return pool(pair(draw), pair(draw), draw(PADDINGS), **DOUBLE)


def transposed(draw, shape):
    strides, size = pair(draw), pair(draw)
    padding = draw(PADDINGS)
    more = None
    if draw(st.booleans()) and padding == "valid":
        more = tuple(draw(st.integers(0, stride - 1)) for stride in strides)
    return layers.Conv2DTranspose(FILTERS, size, strides, padding, output_padding=more, **DOUBLE)


def shift(draw, shape):
    ends = pair(draw, st.integers(0, 2)), pair(draw, st.integers(0, 2))
    kind = draw(st.sampled_from([layers.ZeroPadding2D, layers.Cropping2D]))
    return kind(ends, **DOUBLE)


def enlargement(draw, shape):
    size = pair(draw, st.integers(1, 2))
    if draw(st.booleans()):
        interpolation = draw(st.sampled_from(["nearest", "bilinear"]))
        return layers.UpSampling2D(size, interpolation=interpolation, **DOUBLE)
    return layers.Resizing(2 * shape[0], max(shape[1] // 2, 1), "nearest", **DOUBLE)


def adaptive(draw, shape):
    if min(shape[:2]) < 2:
        return layers.Identity(**DOUBLE)
    # Keras pools with windows of one more, too, and fails where there are not so many pixels.
    return layers.AdaptiveAveragePooling2D(pair(draw, st.integers(2, 6)), **DOUBLE)


def pointwise(draw, shape):
    kind = draw(st.sampled_from([
        layers.ReLU, layers.Identity, layers.BatchNormalization, layers.Dropout, layers.PReLU,
    ]))  # fmt: skip
    return kind(0.5, **DOUBLE) if kind is layers.Dropout else kind(**DOUBLE)


def fits(layer, shape):
    """Whether a layer leaves a map of a size that is worth following."""
    try:
        rows, cols = layer.compute_output_shape((None, *shape))[1:3]
    except ValueError:
        return False
    return 1 <= min(rows, cols) <= max(rows, cols) <= MOST


KINDS = [convolution, convolution, pooling, transposed, shift, enlargement, adaptive,
         pointwise]  # fmt: skip


def drawn_model(draw):
    """Return a network whose layers read any earlier map, with branches that are merged."""
    entering = keras.Input((draw(st.integers(1, 9)), draw(st.integers(1, 9)), 2), **DOUBLE)
    maps = [entering]
    for _ in range(draw(st.integers(1, 5))):
        source = draw(st.sampled_from(maps))
        layer = draw(st.sampled_from(KINDS))(draw, source.shape[1:])
        if fits(layer, source.shape[1:]):
            # One more than nothing: what is multiplied by 0 changes nothing.
            maps.append(layers.Rescaling(1.0, 1.0, **DOUBLE)(layer(source)))
        fellows = [other for other in maps if other.shape[1:3] == maps[-1].shape[1:3]]
        merge = draw(st.sampled_from(["", "", "add", "multiply", "concatenate", "gate"]))
        merged = merged_of(draw, merge, maps, fellows)
        if merged is not None and merged.shape[-1] <= 8:
            maps.append(merged)
    return keras.Model(entering, maps[-1])


def merged_of(draw, merge, maps, fellows):
    newest, other = maps[-1], draw(st.sampled_from(fellows))
    if merge in ("add", "multiply"):
        kind = layers.Add if merge == "add" else layers.Multiply
        return kind(**DOUBLE)([newest, other]) if other.shape == newest.shape else None
    if merge == "concatenate":
        return layers.Concatenate(draw(st.sampled_from([-1, 3])), **DOUBLE)([newest, other])
    if merge == "gate":
        source = draw(st.sampled_from(maps))
        pool = draw(st.sampled_from([layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D]))
        gate = pool(keepdims=draw(st.booleans()), **DOUBLE)(source)
        return layers.Multiply(**DOUBLE)([newest, layers.Dense(newest.shape[-1], **DOUBLE)(gate)])
    return None


# No shrinking: it would build thousands of networks, and the failure lists the layers of this one.
@settings(max_examples=120, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data(), st.integers(0, 2**32 - 1))
def test_fields_of_drawn_networks_hold_what_matters_and_no_more(data, seed):
    model = drawn_model(data.draw)
    make_positive(model, seed)
    assert_fields_are(model)


def sequence(*made, shape=(6, 7, 2)):
    """Return the functional model of layers one behind the other."""
    entering = tensor = keras.Input(shape, **DOUBLE)
    for layer in made:
        tensor = layer(tensor)
    return keras.Model(entering, tensor)


TIGHT = [
    layers.ELU(**DOUBLE),
    layers.LeakyReLU(**DOUBLE),
    layers.Activation("relu", **DOUBLE),
    layers.SpatialDropout2D(0.5, **DOUBLE),
    layers.GaussianNoise(1.0, **DOUBLE),
    layers.GaussianDropout(0.5, **DOUBLE),
    layers.AlphaDropout(0.5, **DOUBLE),
    layers.ActivityRegularization(**DOUBLE),
    layers.PReLU(shared_axes=[1, 2], **DOUBLE),
    layers.Normalization(mean=0.5, variance=2.0, **DOUBLE),
    layers.RandomFlip(**DOUBLE),
    layers.RandomRotation(0.5, **DOUBLE),
    layers.RandomZoom(0.5, **DOUBLE),
    layers.RandomContrast(0.5, **DOUBLE),
    layers.Dense(3, **DOUBLE),
    layers.GlobalMaxPooling2D(**DOUBLE),
    layers.GlobalAveragePooling2D(keepdims=True, **DOUBLE),
    layers.AdaptiveAveragePooling2D((4, 3), **DOUBLE),
    layers.AdaptiveMaxPooling2D((4, 3), **DOUBLE),
    layers.Flatten(**DOUBLE),
    layers.Reshape((1, 1, 84), **DOUBLE),
    layers.Reshape((6, 7, 2), **DOUBLE),
    layers.CenterCrop(3, 4, **DOUBLE),
    layers.CenterCrop(6, 4, **DOUBLE),
    layers.CenterCrop(9, 8, **DOUBLE),
    layers.Resizing(3, 14, "nearest", **DOUBLE),
    layers.Resizing(12, 7, **DOUBLE),
    layers.Resizing(3, 7, crop_to_aspect_ratio=True, **DOUBLE),
    layers.Resizing(6, 14, crop_to_aspect_ratio=True, **DOUBLE),
    layers.Resizing(12, 12, pad_to_aspect_ratio=True, **DOUBLE),
    layers.Conv2DTranspose(2, 3, 2, output_padding=1, **DOUBLE),
    layers.Conv2DTranspose(2, 3, 2, padding="same", output_padding=1, **DOUBLE),
    layers.Conv2D(2, 3, groups=2, activation="relu", **DOUBLE),
]


@pytest.mark.parametrize("layer", TIGHT, ids=lambda layer: layer.name)
def test_fields_through_one_layer_are_tight(layer):
    model = sequence(layer)
    make_positive(model)
    assert_fields_are(model)


MIXING = [
    layers.LayerNormalization(**DOUBLE),
    layers.LayerNormalization(axis=[1, 3], **DOUBLE),
    layers.LayerNormalization(axis=[1, 2, 3], **DOUBLE),
    layers.RMSNormalization(axis=(2, 3), **DOUBLE),
    layers.UnitNormalization(axis=[1, 2], **DOUBLE),
    layers.GroupNormalization(1, **DOUBLE),
    layers.GroupNormalization(-1, **DOUBLE),
    layers.Softmax(**DOUBLE),
    layers.Softmax(axis=1, **DOUBLE),
    layers.Softmax(axis=(1, 2), **DOUBLE),
    layers.Activation("softmax", **DOUBLE),
    layers.UpSampling2D(interpolation="bicubic", **DOUBLE),
    layers.Resizing(5, 5, "lanczos3", antialias=True, **DOUBLE),
]


@pytest.mark.parametrize("layer", MIXING, ids=lambda layer: layer.name)
def test_fields_hold_all_that_mixes(layer):
    """By little light, because in a softmax or a norm a bright one would hide all others."""
    model = sequence(layer)
    rng = np.random.default_rng(0)
    picture = rng.random((1, *model.input_shape[1:]))
    graph = graph_of(model)
    whole = np.asarray(model(picture))
    mattered = np.zeros((6, 7, *graph.shape), np.bool_)
    for row, col in np.ndindex(6, 7):
        other = picture.copy()
        other[0, row, col] += [0.5, -0.25]
        mattered[row, col] = (np.asarray(model(other)) != whole)[0].any(axis=-1)
    for row, col in np.ndindex(graph.shape):
        assert graph.field(PixelBox.of_pixel(row, col)) == box_of(mattered[:, :, row, col])


def mixed_of_operations(x):
    squeezed = keras.ops.mean(x, axis=(1, 2), keepdims=True)
    rows = keras.ops.max(x, axis=1, keepdims=True)
    scaled = keras.ops.relu(x * 2.0 + 1.0) * keras.ops.sigmoid(squeezed * 1e-9)
    return keras.ops.concatenate([scaled, scaled + rows], axis=-1)


def test_operations_of_functional_models_are_known():
    entering = keras.Input((5, 6, 2), **DOUBLE)
    assert_fields_are(keras.Model(entering, mixed_of_operations(entering)))
    assert_fields_are(keras.Model(entering, keras.ops.sum(entering, axis=(1, 2))))


@pytest.mark.parametrize("axis", [1, 2, -2])
def test_maps_joined_side_by_side_keep_their_places(axis):
    entering = keras.Input((4, 5, 2), **DOUBLE)
    convolved = layers.Conv2D(2, 3, padding="same", **DOUBLE)(entering)
    model = keras.Model(entering, layers.Concatenate(axis, **DOUBLE)([entering, convolved]))
    make_positive(model)
    assert_fields_are(model)


def test_attention_over_all_pixels_asks_all_of_them():
    entering = keras.Input((4, 5, 2))
    attended = layers.MultiHeadAttention(2, 3)(entering, entering)
    graph = graph_of(keras.Model(entering, attended))
    assert graph.field(PixelBox.of_pixel(1, 1)) == PixelBox(0, 0, 4, 5)


CHANNELS_FIRST = [
    layers.ZeroPadding2D(((1, 0), (0, 2)), data_format="channels_first", **DOUBLE),
    layers.UpSampling2D((2, 1), data_format="channels_first", **DOUBLE),
    layers.GlobalMaxPooling2D(data_format="channels_first", **DOUBLE),
    layers.AdaptiveAveragePooling2D((2, 3), data_format="channels_first", **DOUBLE),
    layers.Concatenate(axis=1, **DOUBLE),
    layers.Concatenate(axis=3, **DOUBLE),
    layers.Dense(3, **DOUBLE),
    layers.BatchNormalization(axis=1, **DOUBLE),
]


@pytest.mark.parametrize("layer", CHANNELS_FIRST, ids=lambda layer: layer.name)
def test_channels_may_come_first(layer):
    entering = keras.Input((2, 4, 5), **DOUBLE)
    joins = isinstance(layer, layers.Concatenate)
    model = keras.Model(entering, layer([entering, entering]) if joins else layer(entering))
    make_positive(model)
    assert_fields_are(model, layout="channels_first")


def softened(x):
    return x


@pytest.mark.parametrize(
    ("activation", "layout", "is_known"),
    [
        ("softmax", "channels_last", True),
        ("relu", "channels_first", True),
        ("softmax", "channels_first", False),  # it mixes the columns
        (layers.LeakyReLU(), "channels_last", True),
        (layers.Softmax(axis=1), "channels_last", False),
        (softened, "channels_last", False),
    ],
)
def test_activations_within_a_layer_are_heeded(activation, layout, is_known):
    shapes = ((8, 9, 2), (6, 7, 3)) if layout == "channels_last" else ((2, 8, 9), (3, 6, 7))
    layer = layers.Conv2D(3, 3, activation=activation, data_format=layout)
    assert (links_of(layer, shapes[:1], shapes[1]) is not None) == is_known


class Odd(layers.ReLU):
    """A class of one's own may do anything."""


class Mystery(layers.Layer):
    def call(self, inputs):
        return inputs[:, ::-1]


UNKNOWN = [
    Odd(),
    Mystery(),
    layers.Permute((2, 1, 3)),
    layers.Reshape((7, 6, 2)),
    layers.Reshape((42, 2)),
    layers.AutoContrast(),
    layers.EinsumDense("abcd,cde->abce", (6, 7, 4)),
]


@pytest.mark.parametrize("layer", UNKNOWN, ids=lambda layer: type(layer).__name__)
def test_what_is_not_known_is_said(layer):
    entering = keras.Input((6, 7, 2))
    graph = graph_of(keras.Model(entering, layer(entering)))
    assert graph.undefined_by == layer.name
    assert graph.field(PixelBox.of_pixel(0, 0)) is None


def test_operations_that_are_not_known_are_said():
    entering = keras.Input((6, 7, 2))
    for odd in (keras.ops.flip(entering, 1), entering[:, ::2], keras.ops.mean(entering)):
        assert graph_of(keras.Model(entering, odd)).undefined_by is not None


def test_any_layer_between_vectors_is_made_from_its_vector():
    entering = keras.Input((6, 7, 2), **DOUBLE)
    gate = layers.EinsumDense("ab,bc->ac", (2,), **DOUBLE)(
        layers.GlobalMaxPooling2D(**DOUBLE)(entering)
    )
    model = keras.Model(entering, layers.Multiply(**DOUBLE)([entering, gate]))
    make_positive(model)
    assert_fields_are(model)


def test_a_layer_whose_maps_have_other_lengths_is_not_known():
    layer = layers.Conv2D(2, 3)
    assert links_of(layer, [(8, 8, 2)], (6, 6, 2)) is not None
    assert links_of(layer, [(8, 8, 2)], (8, 8, 2)) is None
    assert links_of(layers.ReLU(), [(8, 8, 2)], (6, 8, 2)) is None
    assert links_of(layers.ReLU(), [], (6, 8, 2)) == ()  # it is made from nothing


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("dilation", [1, 2])
def test_a_pixel_lies_amid_all_that_it_is_made_from(stride, padding, dilation):
    """With kernels of ones: the centre of mass of what lights an inner pixel is its place."""
    model = sequence(
        layers.Conv2D(1, 3, padding=padding, dilation_rate=dilation, use_bias=False, **DOUBLE),
        layers.Conv2D(1, (1, 3), stride, padding=padding, use_bias=False, **DOUBLE),
        layers.ZeroPadding2D(((1, 0), (2, 0)), **DOUBLE),
        layers.AveragePooling2D((2, 3), (2, 1), **DOUBLE),
        shape=(17, 18, 1),
    )
    model.set_weights([np.ones_like(weight) for weight in model.get_weights()])
    graph = graph_of(model)
    pixels = np.eye(17 * 18).reshape(-1, 17, 18, 1)
    with tf.device("CPU"):
        outputs = np.asarray(model(pixels))[..., 0].reshape(17, 18, *graph.shape)
    row, col = graph.shape[0] // 2, graph.shape[1] // 2
    weights = outputs[:, :, row, col]
    place = graph.geometry.tile(row, col).centre
    rows = weights.sum(axis=1) @ (np.arange(17) + 0.5) / weights.sum()
    cols = weights.sum(axis=0) @ (np.arange(18) + 0.5) / weights.sum()
    assert place == pytest.approx((rows, cols))


@pytest.mark.parametrize("is_gated", [False, True])
def test_fields_of_a_real_network_are_where_the_gradient_is(is_gated):
    entering = keras.Input((20, 22, 3))
    x = layers.Conv2D(4, 3, activation="relu")(entering)
    x = layers.MaxPooling2D()(layers.BatchNormalization()(x))
    branch = layers.Conv2D(4, 3, padding="same", dilation_rate=2)(x)
    x = layers.Add()([x, layers.DepthwiseConv2D(3, padding="same")(branch)])
    if is_gated:
        x = layers.Multiply()([x, layers.Dense(4)(layers.GlobalAveragePooling2D()(x))])
    model = keras.Model(entering, x)
    make_positive(model)
    graph = graph_of(model)
    row, col = 4, 5
    with tf.device("CPU"), tf.GradientTape() as tape:
        picture = tf.random.stateless_uniform((1, 20, 22, 3), (0, 0))
        tape.watch(picture)
        chosen = tf.reduce_sum(model(picture)[0, row, col])
    gradient = tape.gradient(chosen, picture)[0].numpy()
    field = graph.field(PixelBox.of_pixel(row, col))
    lit = box_of((gradient != 0).any(axis=2))
    assert lit.row_start >= field.row_start
    assert lit.row_stop <= field.row_stop
    assert lit.col_start >= field.col_start
    assert lit.col_stop <= field.col_stop
    # The maximum lets one pixel of each window pass, so that an edge may stay dark.
    assert abs(lit.shape[0] - field.shape[0]) <= 2
    assert abs(lit.shape[1] - field.shape[1]) <= 2


POOLINGS = [
    (layers.MaxPooling2D(), "max", "2×2, strides 2×2, valid"),
    (layers.MaxPooling2D((3, 2), 1, "same"), "max", "3×2, strides 1×1, same"),
    (layers.AveragePooling2D(2, (1, 3)), "average", "2×2, strides 1×3, valid"),
    (layers.GlobalMaxPooling2D(), "max", "global: the whole map"),
    (layers.GlobalAveragePooling2D(keepdims=True), "average", "global: the whole map"),
    (layers.AdaptiveMaxPooling2D((3, 4)), "max", "adaptive to 3×4"),
    (layers.AdaptiveAveragePooling2D(5), "average", "adaptive to 5×5"),
]


@pytest.mark.parametrize(("layer", "kind", "words"), POOLINGS)
@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
def test_every_pooling_layer_is_known(layer, kind, words, layout):
    layer = type(layer).from_config({**layer.get_config(), "data_format": layout})
    shape = (8, 9, 2) if layout == "channels_last" else (2, 8, 9)
    output = layer.compute_output_shape((None, *shape))[1:]
    pooling = pooling_of(layer, shape, output)
    assert (pooling.kind, in_words(pooling)) == (kind, words)
    assert pooling.grid.source_shape == (8, 9)
    assert pooling.grid.shape == map_shape(output, layout)


@pytest.mark.parametrize("layer", [layers.Conv2D(2, 2), layers.MaxPooling1D(), Odd()])
def test_other_layers_do_not_pool(layer):
    assert pooling_of(layer, (8, 9, 2), (4, 4, 2)) is None
