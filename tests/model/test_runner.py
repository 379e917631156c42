"""One pass computes a stage and stops there."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from poolviewer.core.errors import NetworkError
from poolviewer.core.geometry import Rect
from poolviewer.core.messages import PreparedInput
from poolviewer.model.costs import bytes_of
from poolviewer.model.input_buffer import ALIGNMENT, InputBuffer
from poolviewer.model.picture_input import PictureInput
from poolviewer.model.runner import Runner

from .cases import BUDGET
from .stage_runs import FRAME, described, noise, run_stage, spec_of

RGB = PictureInput(8, 8, 3)


class Watched(keras.Layer):
    """Remembers that it was called, and checks its numbers when it runs."""

    def __init__(self, **options):
        super().__init__(**options)
        self.count = 0

    def call(self, inputs):
        self.count += 1
        return tf.debugging.check_numerics(inputs, "bad numbers")


def network(watched):
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, name="conv"),
            layers.MaxPooling2D(name="first"),
            watched,
            layers.Conv2D(5, 2, name="behind"),
            layers.MaxPooling2D(name="second"),
        ]
    )


def kinds(runner):
    return [operation.type for operation in runner._call.graph.get_operations()]


def test_layers_behind_the_stage_do_not_run():
    watched = Watched(name="watched")
    model = network(watched)
    before = watched.count
    runner = Runner(model, "first", RGB, (8, 8, 3))
    runner.warm_up()
    assert [call.name for call in runner.calls] == ["conv", "first"]
    assert watched.count == before
    assert kinds(runner).count("Conv2D") == kinds(runner).count("MaxPool") == 1
    assert "CheckNumerics" not in kinds(runner)
    held = {variable.shape.as_list()[-1] for variable in runner._call.graph.variables}
    assert held == {4}  # the kernel and the bias of the first convolution


def test_layers_before_the_stage_run():
    watched = Watched(name="watched")
    runner = Runner(network(watched), "second", RGB, (8, 8, 3))
    assert [call.name for call in runner.calls] == ["conv", "first", "watched", "behind", "second"]
    assert kinds(runner).count("MaxPool") == 2
    assert "CheckNumerics" in kinds(runner)


def test_branches_behind_or_beside_the_stage_are_not_fetched():
    """A branch that runs earlier may be traced, and TensorFlow prunes what no map needs."""
    inputs = keras.Input((8, 8, 3))
    watched = Watched(name="watched")
    beside = watched(layers.Conv2D(2, 3, name="beside")(inputs))
    pooled = layers.MaxPooling2D(name="pool")(layers.Conv2D(4, 3, name="conv")(inputs))
    model = keras.Model(inputs, [beside, pooled])
    activations = run_stage(described(model), "pool", values=np.full((8, 8, 3), np.nan, np.float32))
    assert np.isnan(activations.feature_maps).all()  # the branch beside would have failed


def test_a_failure_of_tensorflow_is_a_sentence():
    opened = described(keras.Sequential([keras.Input((8, 8, 3)), Watched(), layers.MaxPooling2D()]))
    with pytest.raises(NetworkError, match=r"^TensorFlow cannot run this network .bad numbers"):
        run_stage(opened, values=np.full((8, 8, 3), np.nan, np.float32))


def test_what_it_gives_is_read_only_and_says_what_it_is_made_of():
    opened = described(network(Watched()))
    spec = spec_of(opened, "first")
    runner, stage = opened.prepare(spec, BUDGET)
    prepared = PreparedInput(noise((8, 8, 3)), FRAME.picture, Rect(0, 0, 8, 8))
    activations = runner.run(FRAME, prepared, spec, stage, 5)
    assert activations.frame is FRAME
    assert activations.prepared is prepared
    assert activations.network is spec
    assert activations.stage is stage
    assert activations.generation == 5
    assert activations.model_s > 0
    for array in (activations.feature_maps, activations.pooled_maps):
        assert not array.flags.writeable


def test_a_cast_input_is_what_is_shown():
    runner = Runner(
        keras.Sequential([keras.Input((2, 2, 3), dtype="uint8"), layers.MaxPooling2D(name="p")]),
        "p",
        PictureInput(2, 2, 3, "uint8"),
        (2, 2, 3),
    )
    prepared = PreparedInput(np.full((2, 2, 3), 3.7, np.float32), FRAME.picture, Rect(0, 0, 2, 2))
    values = runner.run(FRAME, prepared, None, None, 0).prepared.values
    assert values.dtype == np.float32
    assert (values == 4).all()


def test_maps_stay_what_they_are_when_the_next_frame_runs():
    """Even if the network's input itself is pooled, whose memory the next frame overwrites."""
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.MaxPooling2D(name="p")])
    runner = Runner(model, "p", RGB, (8, 8, 3))
    values = [noise((8, 8, 3), seed) for seed in range(3)]
    made = [
        runner.run(FRAME, PreparedInput(each, FRAME.picture, Rect(0, 0, 8, 8)), None, None, 0)
        for each in values
    ]
    for each, activations in zip(values, made, strict=True):
        np.testing.assert_array_equal(activations.feature_maps, each)
        assert not activations.feature_maps.flags.writeable


@pytest.mark.parametrize("shape", [(1, 1, 1), (5, 7, 3), (33, 17, 4)])
def test_the_input_lies_where_tensorflow_can_use_it(shape):
    """Its kernels abort the process where shared memory begins between their steps."""
    buffers = [InputBuffer(shape) for _ in range(20)]
    values = noise(shape)
    for buffer in buffers:
        tensor = buffer.filled(values)
        shared = np.asarray(memoryview(tensor))
        assert shared.ctypes.data % ALIGNMENT == 0
        np.testing.assert_array_equal(shared[0], values)
        assert np.shares_memory(shared, np.asarray(memoryview(buffer.tensor)))


def test_bytes_are_those_of_all_activations():
    runner = Runner(network(Watched()), "first", RGB, (8, 8, 3))
    convolution, pooled = 6 * 6 * 4 * 4, 3 * 3 * 4 * 4
    assert runner.bytes == 2 * convolution + pooled  # with its bias, the convolution twice


def test_bytes_leave_out_what_has_no_known_size():
    graph = tf.function(lambda x: x * 2).get_concrete_function(tf.TensorSpec((None, 2))).graph
    assert bytes_of(graph) == 0


def test_added_pooling_is_the_tutorials():
    runner = Runner(network(Watched()), "conv", RGB, (8, 8, 3), adds_pooling=True)
    assert [call.name for call in runner.calls] == ["conv"]
    prepared = PreparedInput(noise((8, 8, 3)), FRAME.picture, Rect(0, 0, 8, 8))
    activations = runner.run(FRAME, prepared, None, None, 0)
    expected = activations.feature_maps.reshape(3, 2, 3, 2, 4).max(axis=(1, 3))
    np.testing.assert_array_equal(activations.pooled_maps, expected)


def test_channels_first_goes_in_turned():
    picture = PictureInput(4, 5, 3, is_channels_first=True)
    batch = tf.constant(noise((1, 4, 5, 3)))
    np.testing.assert_array_equal(picture.arranged(batch), batch.numpy().transpose(0, 3, 1, 2))


def deep():
    """Return a network whose first layer lets its input pass, and one of whose layers is no map."""
    inputs = keras.Input((8, 8, 3))
    same = layers.Dropout(0.5, name="same")(inputs)
    maps = layers.Conv2D(4, 3, activation="relu", name="conv")(same)
    rows = layers.Reshape((36, 4), name="rows")(maps)
    maps = layers.Reshape((6, 6, 4), name="maps")(rows)
    maps = layers.ReLU(name="last")(layers.BatchNormalization(name="norm")(maps))
    return keras.Model(inputs, layers.MaxPooling2D(name="stage")(maps))


def test_steps_leave_the_run_that_made_the_maps():
    activations = run_stage(described(deep()), "stage", has_steps=True)
    steps = [step.name for step in activations.stage.graph.steps]
    assert steps == ["same", "conv", "rows", "maps", "norm", "last"]
    same, conv, rows, maps, norm, last = activations.step_maps
    assert rows is None
    np.testing.assert_array_equal(same, activations.prepared.values)
    np.testing.assert_array_equal(conv, maps)
    np.testing.assert_array_equal(np.maximum(norm, 0), last)
    assert last is activations.feature_maps
    assert not activations.lacks_steps
    assert activations.map_of(2) is None


def test_maps_with_steps_are_those_without():
    opened, values = described(deep()), noise((8, 8, 3))
    plain, full = (run_stage(opened, values=values, has_steps=each) for each in (False, True))
    assert plain.lacks_steps
    assert plain.operations
    for one, other in (
        (plain.feature_maps, full.feature_maps),
        (plain.pooled_maps, full.pooled_maps),
    ):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_steps_stay_what_they_are_when_the_next_frame_runs():
    spec = spec_of(opened := described(deep()), "stage")
    runner, stage = opened.prepare(spec, BUDGET)
    runner.trace_steps()
    values = [noise((8, 8, 3), seed) for seed in range(3)]
    made = [
        runner.run(
            FRAME,
            PreparedInput(each, FRAME.picture, Rect(0, 0, 8, 8)),
            spec,
            stage,
            0,
            has_steps=True,
        )
        for each in values
    ]
    for each, activations in zip(values, made, strict=True):
        np.testing.assert_array_equal(activations.step_maps[0], each)
        assert not any(m.flags.writeable for m in activations.step_maps if m is not None)


def test_steps_cost_nothing_as_long_as_nobody_wants_them():
    """The plain function gives its two maps and no more, also behind the one with steps."""
    spec = spec_of(opened := described(deep()), "stage")
    runner, _ = opened.prepare(spec, BUDGET)
    assert not runner.is_traced_with_steps
    call = runner._call
    runner.trace_steps()
    assert runner._call is call
    assert len(call.outputs) == 2


def test_maps_of_all_layers_that_take_too_much_memory_are_left_out():
    spec = spec_of(opened := described(deep()), "stage")
    runner, stage = opened.prepare(spec, BUDGET)
    prepared = PreparedInput(noise((8, 8, 3)), FRAME.picture, Rect(0, 0, 8, 8))
    runner.follow(stage, runner.bytes)
    runner.trace_steps()
    activations = runner.run(FRAME, prepared, spec, stage, 0, has_steps=True)
    assert activations.step_maps[:-1] == (None,) * 5
    assert activations.is_short_of_memory
    assert not activations.lacks_steps


def test_a_cast_input_comes_with_steps_too():
    inputs = keras.Input((8, 8, 3), dtype="uint8")
    maps = layers.Conv2D(2, 3, name="conv")(layers.Rescaling(0.5, name="half")(inputs))
    opened = described(keras.Model(inputs, layers.MaxPooling2D(name="stage")(maps)))
    values = np.full((8, 8, 3), 3.7, np.float32)
    activations = run_stage(opened, "stage", values=values, has_steps=True)
    assert (activations.prepared.values == 4).all()
    assert (activations.map_of(0) == 2).all()
    assert activations.step_maps[-1] is activations.feature_maps
