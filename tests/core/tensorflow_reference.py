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
    with tf.device("CPU"), tf.GradientTape() as tape:
        source = tf.constant(maps[np.newaxis])
        tape.watch(source)
        pooled = tf.nn.max_pool2d(source, *_window(grid))
    return tape.gradient(pooled, source, upstream[np.newaxis])[0].numpy()


def input_gradient(stage, picture, row, col):
    """Return a pooled pixel's gradient over the input, behind convolutions with ones kernels.

    Returns
    -------
    gradient, feature_map
        Both two-dimensional; the second enters the pooling.
    """
    with tf.device("CPU"), tf.GradientTape() as tape:
        source = tf.constant(picture[np.newaxis, :, :, np.newaxis])
        tape.watch(source)
        features = source
        for grid in stage.layers:
            features = convolve(features, grid)
        function = tf.nn.max_pool2d if stage.pooling.kind == "max" else tf.nn.avg_pool2d
        pooled = function(features, *_window(stage.pooling.grid))
        pixel = pooled[0, row, col, 0]
    return tape.gradient(pixel, source)[0, :, :, 0].numpy(), features[0, :, :, 0].numpy()


def convolve(source, grid):
    """Convolve a batch of one channel with a kernel of ones."""
    kernel = tf.ones((*grid.size, 1, 1))
    dilation = grid.rows.dilation, grid.cols.dilation
    return tf.nn.conv2d(source, kernel, grid.strides, grid.padding.upper(), dilations=dilation)


def _window(grid):
    return grid.size, grid.strides, grid.padding.upper()
