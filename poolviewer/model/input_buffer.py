"""Memory that a network's input is written into for every frame, shared with TensorFlow."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

# TensorFlow's kernels abort the process over shared memory that begins anywhere else.
ALIGNMENT = 64


class InputBuffer:
    """One input that is filled again and again; a tensor of its own would be copied twice.

    Parameters
    ----------
    shape
        ``(height, width, channels)``.
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self._values = _aligned_zeros((1, *shape))
        # The exported array keeps the memory alive as long as the tensor.
        self._tensor = tf.experimental.dlpack.from_dlpack(self._values.__dlpack__())

    def filled(self, values: NDArray[np.float32]) -> tf.Tensor:
        """Return the input (1, H, W, C) with the values (H, W, C) of a frame in it.

        It is overwritten by the next frame, so that whatever shares its memory must be copied.
        """
        np.copyto(self._values[0], values)
        return self._tensor

    @property
    def tensor(self) -> tf.Tensor:
        """The input with what it holds now."""
        return self._tensor

    def apart(self, array: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return an array, or a read-only copy if it lies in this memory.

        A pooling right behind the input is fed with the input itself.
        """
        if not np.may_share_memory(array, self._values):
            return array
        copied = array.copy()
        copied.flags.writeable = False
        return copied


def _aligned_zeros(shape: tuple[int, ...]) -> NDArray[np.float32]:
    size = int(np.prod(shape))
    spare = ALIGNMENT // np.dtype(np.float32).itemsize
    raw = np.zeros(size + spare, np.float32)
    start = -raw.ctypes.data % ALIGNMENT // raw.itemsize
    return raw[start : start + size].reshape(shape)
