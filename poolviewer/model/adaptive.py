"""Adaptive pooling where Keras cannot trace it."""

import keras
import tensorflow as tf

_POOLS = {
    keras.layers.AdaptiveMaxPooling2D: (tf.nn.max_pool2d, keras.ops.adaptive_max_pool),
    keras.layers.AdaptiveAveragePooling2D: (tf.nn.avg_pool2d, keras.ops.adaptive_average_pool),
}


def pooled_by_hand(layer: keras.Operation, maps: tf.Tensor) -> tf.Tensor | None:
    """Return what leaves an adaptive pooling layer that Keras 3.15 cannot trace; None for others.

    It always slides a window, too, that is longer by a pixel than the one it needs, and TensorFlow
    refuses one that is longer than the map. So an axis that becomes one pixel, or is one, is
    pooled by itself and doubled: two pixels are pooled to two, and the first is it.
    """
    if type(layer) not in _POOLS or maps.shape.rank != 4:
        return None
    is_first = layer.data_format == "channels_first"
    maps = tf.transpose(maps, (0, 2, 3, 1)) if is_first else maps
    wanted = list(layer.output_size)
    short = [axis for axis in (1, 2) if 1 in (maps.shape[axis], wanted[axis - 1])]
    if not short or None in maps.shape[1:3]:
        return None
    pool, adapt = _POOLS[type(layer)]
    for axis in short:
        window = [maps.shape[axis] if axis == other else 1 for other in (1, 2)]
        maps = tf.repeat(pool(maps, window, 1, "VALID"), 2, axis)
    sizes = [2 if axis in short else wanted[axis - 1] for axis in (1, 2)]
    maps = adapt(maps, sizes, data_format="channels_last")
    for axis in short:
        maps = tf.repeat(tf.gather(maps, [0], axis=axis), wanted[axis - 1], axis)
    return tf.transpose(maps, (0, 3, 1, 2)) if is_first else maps
