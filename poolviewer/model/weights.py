"""A layer's weights as it computes with them, as arrays."""

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike, NDArray

from poolviewer.core.operations import Weights
from poolviewer.model.layer_use import Use

FLOATS = ("bfloat16", "float16", "float32", "float64")


class NotFollowedError(Exception):
    """The arithmetic of a layer is not followed; a chain ends at what leaves it."""


def weights_of(layer: keras.Layer, variable: keras.Variable | tf.Tensor) -> Weights:
    """Return a weight as a read-only array, in a kind of number that holds it exactly.

    Where the layer computes in the kind that it is stored in, it is TensorFlow's own memory:
    nothing is copied. What changes the weight later makes a new one, and this stays as it is.
    """
    tensor = tf.convert_to_tensor(getattr(variable, "value", variable))
    is_cast = layer.autocast and getattr(variable, "_autocast", True)
    if is_cast and layer.compute_dtype in FLOATS:
        tensor = tf.cast(tensor, layer.compute_dtype)
    if tensor.dtype not in (tf.float32, tf.float64):
        tensor = tf.cast(tensor, tf.float32)
    here = tensor if "CPU" in tensor.device else tensor.cpu()
    array: Weights = np.asarray(memoryview(here))
    return array


def plain_weights(layer: keras.Layer, name: str) -> Weights:
    """Return a weight that is nothing but itself, neither quantised nor adapted."""
    if getattr(layer, "lora_enabled", False) or getattr(layer, "quantization_mode", None):
        raise NotFollowedError
    return weights_of(layer, getattr(layer, name))


def by_channel(numbers: ArrayLike, use: Use) -> NDArray[np.float64]:
    """Return one number for each channel of what leaves a layer.

    Parameters
    ----------
    numbers
        As they are spread over a batch of the layer's output.

    Raises
    ------
    NotFollowedError
        Where they differ from place to place.
    """
    array = np.asarray(numbers, np.float64)
    rank = len(use.output_shape) + 1
    axis = channel_axis(use)
    shape = (*(1,) * (rank - array.ndim), *array.shape)
    if len(shape) != rank or array.size != shape[axis]:
        raise NotFollowedError
    spread = np.broadcast_to(array.ravel(), (use.output_shape[axis - 1],)).copy()
    spread.flags.writeable = False
    return spread


def channel_axis(use: Use) -> int:
    """Return which axis of a batch of a layer's output is the channels'."""
    rank = len(use.output_shape) + 1
    return 1 if use.layout == "channels_first" and rank == 4 else rank - 1
