"""What a run costs is known before it runs."""

from math import prod

import keras
import pytest
import tensorflow as tf
from keras import layers

from poolviewer.core.errors import NetworkError
from poolviewer.model.costs import operations_of

from .stage_runs import described


def graph_of(*steps, size=(12, 10, 3)):
    model = keras.Sequential([keras.Input(size), *steps])
    call = tf.function(lambda batch: model(batch, training=False))
    return call.get_concrete_function(tf.TensorSpec((1, *size))).graph


@pytest.mark.parametrize(
    ("layer", "operations"),
    [
        (layers.Conv2D(4, (3, 2)), 10 * 9 * 4 * (3 * 2 * 3)),
        (layers.Conv2D(4, 3, padding="same", strides=2), 6 * 5 * 4 * (3 * 3 * 3)),
        (layers.DepthwiseConv2D(3, depth_multiplier=2), 10 * 8 * 6 * 9),
        (layers.SeparableConv2D(4, 3), 10 * 8 * 3 * 9 + 10 * 8 * 4 * 3),
        (layers.Conv2DTranspose(4, 3), 12 * 10 * 3 * (3 * 3 * 4)),
        (layers.MaxPooling2D((3, 2), strides=1), 10 * 9 * 3 * 6),
        (layers.Dense(5), 12 * 10 * 5 * 3),
        (layers.ReLU(), 0),
    ],
)
def test_operations_are_counted(layer, operations):
    assert operations_of(graph_of(layer)) == operations


def test_work_of_minutes_is_refused_before_it_begins():
    """Its memory is small: all of its work lies in one kernel as large as the picture."""
    size = (1200, 1200, 1)
    model = keras.Sequential(
        [
            keras.Input(size),
            layers.MaxPooling2D(1199, strides=1, padding="same", name="slow"),
            layers.Conv2D(1, 1999, padding="same", use_bias=False),
            layers.MaxPooling2D(name="later"),
        ]
    )
    opened = described(model)
    first, later = opened.info.stages
    spec = opened.info.used_at(later, opened.info.input)
    work = prod(size) * (1199**2 + 1999**2) + 600 * 600 * 4
    with pytest.raises(NetworkError) as refused:
        opened.prepare(spec, 2**34)
    assert str(refused.value) == (
        f"On an input of 1200×1200, net.keras would take {work // 10**9:,} billion operations a "
        "frame and the limit is 5,000: choose a smaller size."
    )
    assert first.name == "slow"
