"""The tree of layers."""

import keras
import numpy as np
import pytest
from keras import layers

from poolviewer.core.model_info import InputInfo, LayerInfo
from poolviewer.model.structure import inputs_of, layers_of, leaves, weight_notes

from .stage_runs import described


def nested():
    core = keras.Sequential(
        [layers.Conv2D(2, 1, name="conv"), layers.ReLU(name="relu")], name="core"
    )
    inner = keras.Sequential([core, layers.MaxPooling2D(name="pool")], name="inner")
    return keras.Sequential([keras.Input((8, 8, 3)), inner, layers.Dense(5, name="dense")])


def test_inner_layers_follow_their_model():
    assert described(nested()).info.layers == (
        LayerInfo("inner", "Sequential", 0, (4, 4, 2), 8),
        LayerInfo("inner/core", "Sequential", 1, (8, 8, 2), 8),
        LayerInfo("inner/core/conv", "Conv2D", 2, (8, 8, 2), 8),
        LayerInfo("inner/core/relu", "ReLU", 2, (8, 8, 2), 0),
        LayerInfo("inner/pool", "MaxPooling2D", 1, (4, 4, 2), 0, ("inner/pool",)),
        LayerInfo("dense", "Dense", 0, (4, 4, 5), 15),
    )


def test_layers_of_a_model_that_was_not_run():
    model = nested()
    shapes = {layer.name: layer.output_shape for layer in layers_of(model)}
    assert shapes["inner/core/conv"] == (8, 8, 2)
    assert all(not layer.stages for layer in layers_of(model))


def test_a_layer_that_was_never_called_has_no_shape():
    (layer,) = layers_of(keras.Sequential([layers.Conv2D(2, 3, name="conv")]))
    assert layer == LayerInfo("conv", "Conv2D", 0, None, 0)


def test_shared_layers_are_listed_once_with_the_shape_of_their_first_use():
    shared = layers.MaxPooling2D(name="pool")
    inputs = keras.Input((8, 8, 3))
    found = described(keras.Model(inputs, shared(shared(inputs)))).info.layers
    pools = [layer for layer in found if layer.kind == "MaxPooling2D"]
    assert pools == [LayerInfo("pool", "MaxPooling2D", 0, (4, 4, 3), 0, ("pool", "pool#2"))]


def test_odd_names_keep_their_stages():
    """Whatever a layer is called, its stages are found by it."""
    inputs = keras.Input((8, 8, 3))
    pool, other = layers.MaxPooling2D(1, name="pool"), layers.MaxPooling2D(1, name="pool#2")
    model = keras.Model(inputs, pool(other(pool(inputs))))
    found = {layer.name: layer.stages for layer in described(model).info.layers}
    assert found["pool"] == ("pool", "pool#3")
    assert found["pool#2"] == ("pool#2",)


def test_stages_are_in_the_order_of_the_tree():
    """Keras may run branches in another order: it sorts them by their distance from the output."""
    inputs = keras.Input((8, 8, 3))
    first = layers.MaxPooling2D(1, name="first")
    short = layers.MaxPooling2D(name="short")(first(inputs))
    deep = first(layers.AveragePooling2D(2, name="deep")(layers.ReLU()(inputs)))
    info = described(keras.Model(inputs, layers.Add()([short, deep]))).info
    listed = [name for layer in info.layers for name in layer.stages]
    assert [stage.name for stage in info.stages] == listed
    assert listed.index("first#2") == listed.index("first") + 1
    assert sorted(listed) == ["deep", "first", "first#2", "short"]


def test_leaves_are_all_layers_that_hold_none():
    assert [layer.name for layer in leaves(nested())] == ["conv", "relu", "pool", "dense"]


def test_inputs_are_those_of_keras():
    inputs = [keras.Input((8, None, 3), name="a"), keras.Input((), dtype="string", name="b")]
    model = keras.Model(inputs, inputs[0])
    assert inputs_of(model) == (
        InputInfo("a", (8, None, 3), "float32"),
        InputInfo("b", (), "string"),
    )


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_bad_weights_in_any_precision(dtype, bad):
    dense = layers.Dense(2, name="dense", dtype=dtype)
    model = keras.Sequential([keras.Input((3,)), keras.Sequential([dense], name="inner")])
    assert weight_notes(model) == ()
    dense.kernel.assign(np.full((3, 2), bad))
    assert weight_notes(model) == (
        "Weights of inner/dense are NaN or infinite: so may the maps be.",
    )


def test_weights_that_are_no_numbers_at_all():
    words = layers.StringLookup(vocabulary=["a"])
    model = keras.Sequential([keras.Input((1,), dtype="string"), words, layers.Embedding(3, 2)])
    assert weight_notes(model) == ()
