"""Models of Keras as graphs of layers, and what each of their input pixels changes."""

import keras
import numpy as np
import tensorflow as tf

from poolviewer.core.geometry import PixelBox
from poolviewer.core.layer_graph import INPUT, LayerGraph, Link, Step
from poolviewer.model.layer_rules import links_of
from poolviewer.model.layer_use import map_shape
from tests.core.cases import bounding_box

# It outshines all else in every maximum; TensorFlow resizes in float32, so that it has an end.
BRIGHT = 1e9


def graph_of(model, layout="channels_last"):
    """Return the graph of a functional model from its input to its output."""
    shapes, indices, steps = {}, {}, []
    for operation in model.operations:
        node = operation._inbound_nodes[0]
        shape = node.output_tensors[0].shape[1:]
        shapes[operation] = shape
        if isinstance(operation, keras.layers.InputLayer):
            indices[operation], entering = INPUT, shape
            continue
        sources = [tensor._keras_history.operation for tensor in node.input_tensors]
        rules = links_of(operation, [shapes[source] for source in sources], shape, layout)
        links = [
            Link(indices[source], *axes) for source, axes in zip(sources, rules or (), strict=False)
        ]
        place = map_shape(shape, layout) or (1, 1)
        indices[operation] = len(steps)
        steps.append(Step(operation.name, tuple(links), place, is_undefined=rules is None))
    return LayerGraph(map_shape(entering, layout), tuple(steps))


def make_positive(model, seed=0):
    """Set every weight to a positive number, so that nothing that is added up cancels out."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.uniform(0.5, 1.5, weight.shape) for weight in model.get_weights()])


def changes(model, layout="channels_last"):
    """Light every input pixel in turn and return which pixels of the output it changes.

    Without a gradient, and in float64, to stay clear of the convolutions that compute wrongly.

    Returns
    -------
    ndarray of bool, shape (H, W, h, w)
    """
    shape = model.input_shape[1:]
    height, width = map_shape(shape, layout)
    pixels = np.ones((height * width + 1, *shape))
    for index, (row, col) in enumerate(np.ndindex(height, width)):
        pixels[(index, ..., row, col) if layout == "channels_first" else (index, row, col)] = BRIGHT
    with tf.device("CPU"):
        outputs = np.asarray(model(pixels, training=False))
    # Equal pictures of a batch may differ by a rounding.
    changed = ~np.isclose(outputs[:-1], outputs[-1], rtol=1e-6)
    if changed.ndim == 2:  # a vector is one pixel
        changed = changed.any(axis=1)[:, np.newaxis, np.newaxis]
    else:
        changed = changed.any(axis=1 if layout == "channels_first" else 3)
    return changed.reshape(height, width, *changed.shape[1:])


def box_of(mask):
    return bounding_box(mask) if mask.any() else None


def assert_fields_are(model, layout="channels_last"):
    """Check the field of every output pixel against the input pixels that change it."""
    graph, changed = graph_of(model, layout), changes(model, layout)
    assert graph.undefined_by is None
    assert graph.shape == changed.shape[2:]
    for row, col in np.ndindex(graph.shape):
        field, lit = graph.field(PixelBox.of_pixel(row, col)), box_of(changed[:, :, row, col])
        assert field == lit, (row, col, in_words(model))


def in_words(model):
    """List a model's layers with what they read, for a failure's message."""
    lines = []
    for operation in model.operations:
        node = operation._inbound_nodes[0]
        read = [tensor._keras_history.operation.name for tensor in node.input_tensors]
        config = {
            k: v
            for k, v in operation.get_config().items()
            if "size" in k
            or k in ("strides", "padding", "dilation_rate", "cropping", "interpolation", "axis")
        }
        lines.append(f"{operation.name} {read} {operation.output.shape} {config}")
    return "\n".join(lines)
