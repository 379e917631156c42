"""What TensorFlow makes of the same numbers: the truth that core is held against.

Everything runs on the CPU, also where there is a GPU, because the two treat NaN differently.
Maps are of shape (H, W, C), without a batch axis.
"""

import numpy as np
import tensorflow as tf


def pool(maps, pooling):
    """Pool maps as a Keras layer would, whose call is one of these two functions."""
    function = tf.nn.max_pool2d if pooling.kind == "max" else tf.nn.avg_pool2d
    with tf.device("CPU"):
        return function(maps[np.newaxis], *_window(pooling.grid))[0].numpy()


def argmax(maps, grid):
    """Return the flat row-major index into H×W of every window's maximum, by TensorFlow."""
    with tf.device("CPU"):
        _, flat = tf.nn.max_pool_with_argmax(maps[np.newaxis], *_window(grid))
    index, channel = np.divmod(flat[0].numpy(), maps.shape[2])
    assert (channel == np.arange(maps.shape[2])).all()
    return index


def max_pool_gradient(maps, grid, upstream):
    """Return the gradient that arrives at every feature-map pixel through max pooling."""
    return gradient(lambda source: tf.nn.max_pool2d(source, *_window(grid)), maps, upstream)


def gradient(function, maps, upstream):
    """Return the gradient that arrives at maps through a function of a batch."""
    with tf.device("CPU"), tf.GradientTape() as tape:
        source = tf.constant(maps[np.newaxis])
        tape.watch(source)
        result = function(source)
    return tape.gradient(result, source, tf.constant(upstream[np.newaxis]))[0].numpy()


def influences(stage):
    """Let every input pixel in turn be the only one that is lit, behind kernels of ones.

    In float64, and without a gradient, to stay clear of oneDNN's float32 convolutions: with
    TensorFlow 2.21 they are wrong for some batches (strides of (1, s), one output column), and
    their gradient writes beyond its memory and crashes the process some thousand calls later.

    Returns
    -------
    features, pooled
        Of shape (H·W, h, w): what lighting input pixel (row, col), at row·W + col, adds to each
        pixel of the map; average pooling, because it lets everything through.
    """
    height, width, _ = stage.input_shape
    with tf.device("CPU"):
        features = tf.reshape(tf.eye(height * width, dtype=tf.float64), (-1, height, width, 1))
        for step in stage.graph.steps:
            features = convolve(features, step.window)
        pooled = tf.nn.avg_pool2d(features, *_window(stage.pooling.grid))
    return features[..., 0].numpy(), pooled[..., 0].numpy()


def convolve(source, grid):
    """Convolve a batch of one channel with a kernel of ones."""
    kernel = tf.ones((*grid.size, 1, 1), source.dtype)
    dilation = grid.rows.dilation, grid.cols.dilation
    return tf.nn.conv2d(source, kernel, grid.strides, grid.padding.upper(), dilations=dilation)


def _window(grid):
    return grid.size, grid.strides, grid.padding.upper()
