"""What a recorded run says of a model, and that it leaves Keras as it was."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from poolviewer.core.layer_graph import INPUT
from poolviewer.model.recording import UNKNOWN, Recorder


def recorded(model, until=None, shape=(8, 8, 3), **options):
    """Trace a model on shapes alone; return the recorder and the graph."""
    recorder = Recorder(until, **options)
    run = tf.function(lambda batch: recorder.run(model, batch), autograph=False)
    graph = run.get_concrete_function(tf.TensorSpec((1, *shape), tf.float32)).graph
    return recorder, graph


def names(recorder):
    return [call.name for call in recorder.calls]


def sources(recorder):
    """Return the names of the calls that each call reads."""
    words = {INPUT: "input", UNKNOWN: "?"}
    own = names(recorder)
    return {
        call.name: tuple(words.get(source) or own[source] for source in call.sources)
        for call in recorder.calls
    }


def branched():
    inputs = keras.Input((8, 8, 3))
    left = layers.Conv2D(4, 3, padding="same", name="left")(inputs)
    right = layers.Conv2D(4, 1, name="right")(inputs)
    added = layers.Add(name="added")([left, right])
    pooled = layers.MaxPooling2D(name="pooled")(added)
    return keras.Model(inputs, layers.Conv2D(2, 1, name="behind")(pooled))


def test_calls_are_listed_with_what_they_read():
    recorder, _ = recorded(branched())
    assert sources(recorder) == {
        "left": ("input",),
        "right": ("input",),
        "added": ("left", "right"),
        "pooled": ("added",),
        "behind": ("pooled",),
    }
    added = recorder.calls[2]
    assert added.source_shapes == ((8, 8, 4), (8, 8, 4))
    assert added.output_shape == (8, 8, 4)
    assert isinstance(added.layer, layers.Add)


def test_open_lengths_are_none():
    recorder, _ = recorded(branched_of_any_size(), shape=(None, 8, 3))
    assert [call.output_shape for call in recorder.calls] == [(None, 6, 2), (None, 3, 2)]


def branched_of_any_size():
    return keras.Sequential(
        [keras.Input((None, None, 3)), layers.Conv2D(2, 3), layers.MaxPooling2D()]
    )


def test_layers_of_inner_models_have_their_path():
    core = keras.Sequential([layers.Conv2D(2, 1, name="conv")], name="core")
    inner = keras.Sequential([core, layers.MaxPooling2D(name="pool")], name="inner")
    outer = keras.Sequential([keras.Input((8, 8, 3)), inner, layers.Flatten(name="flat")])
    recorder, _ = recorded(outer)
    assert names(recorder) == ["inner/core/conv", "inner/pool", "flat"]
    assert sources(recorder)["inner/pool"] == ("inner/core/conv",)


def test_second_use_of_a_layer_is_numbered():
    shared = layers.MaxPooling2D(name="pool")
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, shared(layers.ReLU(name="relu")(shared(inputs))))
    recorder, _ = recorded(model)
    assert names(recorder) == ["pool", "relu", "pool#2"]
    assert [call.path for call in recorder.calls] == ["pool", "relu", "pool"]
    assert sources(recorder)["pool#2"] == ("relu",)


def test_second_use_of_an_inner_model_is_numbered():
    inner = keras.Sequential(
        [keras.Input((None, None, 3)), layers.MaxPooling2D(name="p")], name="i"
    )
    inputs = keras.Input((8, 8, 3))
    recorder, _ = recorded(keras.Model(inputs, inner(inner(inputs))))
    assert names(recorder) == ["i/p", "i/p#2"]


def test_names_are_unique_whatever_layers_are_called():
    shared = layers.MaxPooling2D(1, name="pool")
    inputs = keras.Input((8, 8, 3))
    hidden = shared(layers.ReLU(name="pool#2")(shared(inputs)))
    recorder, _ = recorded(keras.Model(inputs, hidden))
    assert names(recorder) == ["pool", "pool#2", "pool#3"]


def test_layers_inside_a_layer_are_its_own_matter():
    inputs = keras.Input((8, 8, 3))
    hidden = layers.TimeDistributed(layers.Dense(4, name="dense"), name="each")(inputs)
    recorder, _ = recorded(keras.Model(inputs, layers.MaxPooling2D(name="pool")(hidden)))
    assert names(recorder) == ["each", "pool"]


def test_operations_are_recorded_like_layers():
    inputs = keras.Input((8, 8, 3))
    doubled = keras.ops.multiply(inputs, 2)
    recorder, _ = recorded(keras.Model(inputs, keras.ops.concatenate([doubled, inputs])))
    first, second = names(recorder)
    assert sources(recorder) == {first: ("input",), second: (first, "input")}


class Sliced(keras.Model):
    """Its code does something between its layers that is no layer."""

    def __init__(self, between):
        super().__init__()
        self.between = between
        self.conv = layers.Conv2D(2, 1, name="conv")
        self.pool = layers.MaxPooling2D(name="pool")

    def call(self, inputs):
        return self.pool(self.between(self.conv(inputs)))


@pytest.mark.parametrize(
    ("between", "source"),
    [
        (lambda maps: maps[:, ::2], "?"),
        (lambda maps: maps + 1, "?"),
        (lambda maps: tf.cast(tf.identity(maps), tf.float16), "conv"),
    ],
)
def test_what_no_layer_did_is_unknown(between, source):
    model = Sliced(between)
    model(np.zeros((1, 8, 8, 3), np.float32))
    assert sources(recorded(model)[0])["pool"] == (source,)


def test_half_floats_still_read_the_input():
    model = keras.Sequential([keras.Input((8, 8, 3), dtype="float16"), layers.MaxPooling2D()])
    assert recorded(model)[0].calls[0].sources == (INPUT,)


def test_a_run_ends_at_the_wanted_layer():
    recorder, graph = recorded(branched(), until="pooled")
    assert names(recorder)[-1] == "pooled"
    source, output = recorder.last
    assert (tuple(source.shape), tuple(output.shape)) == ((1, 8, 8, 4), (1, 4, 4, 4))
    kinds = [operation.type for operation in graph.get_operations()]
    assert kinds.count("Conv2D") == 2
    assert kinds[-1] == "MaxPool"
    assert [o.type for o in recorded(branched())[1].get_operations()].count("Conv2D") == 3


class Catching(keras.Model):
    """Catches whatever its layers raise."""

    def __init__(self):
        super().__init__()
        self.pool = layers.MaxPooling2D(name="pool")
        self.behind = layers.ReLU(name="behind")

    def call(self, inputs):
        try:
            return self.pool(inputs)
        except Exception:  # noqa: BLE001
            return self.behind(inputs)


def test_no_layer_holds_the_end_of_a_run_back():
    assert names(recorded(Catching(), until="pool")[0]) == ["pool"]


def test_the_latest_run_counts():
    """TensorFlow traces again where the first run has made weights."""
    model, recorder = branched(), Recorder("added")
    for _ in range(2):
        run = tf.function(lambda batch: recorder.run(model, batch), autograph=False)
        run.get_concrete_function(tf.TensorSpec((1, 8, 8, 3), tf.float32))
        assert names(recorder) == ["left", "right", "added"]


ODD_NAMES = ["my pool", "größe", "a:b", "_first", "50 %"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_that_tensorflow_does_not_allow(name):
    """Keras runs such models on its other backends."""
    inner = keras.Sequential([layers.Conv2D(2, 1, name=name)], name=name)
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), inner, layers.ReLU(name=f"{name}2")], name=name
    )
    recorder, _ = recorded(model)
    assert names(recorder) == [f"{name}/{name}", f"{name}2"]
    assert [layer.name for layer in (model, inner, inner.layers[0])] == [name] * 3


class Called(Exception):
    """Takes an argument of its own, which Keras would not know how to pass on."""

    def __init__(self, count, unit):
        super().__init__(count, unit)


def test_what_the_watcher_raises_arrives_as_it_is():
    seen = []

    def on_call(count):
        seen.append(count)
        if count == 3:
            raise Called(count, "calls")

    with pytest.raises(Called) as raised:
        recorded(keras.Sequential([keras.Input((8, 8, 3)), branched()]), on_call=on_call)
    assert raised.value.args == (3, "calls")
    assert seen == [1, 2, 3]


@pytest.fixture
def keras_as_it_is():
    def state():
        return (
            keras.Layer.__call__,
            keras.Operation.__call__,
            keras.config.is_traceback_filtering_enabled(),
        )

    before = state()
    yield
    assert state() == before


@pytest.mark.usefixtures("keras_as_it_is")
@pytest.mark.parametrize("until", [None, "pooled"])
def test_keras_is_left_as_it_was(until):
    recorded(branched(), until)


@pytest.mark.usefixtures("keras_as_it_is")
def test_keras_is_left_as_it_was_after_a_failure():
    with pytest.raises(ValueError, match="shape"):
        recorded(branched(), shape=(8, 8, 5))


@pytest.mark.usefixtures("keras_as_it_is")
def test_a_person_s_choice_of_tracebacks_stays():
    keras.config.disable_traceback_filtering()
    try:
        recorded(branched())
        assert not keras.config.is_traceback_filtering_enabled()
    finally:
        keras.config.enable_traceback_filtering()
