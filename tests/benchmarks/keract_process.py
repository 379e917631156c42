"""keract on the tutorial's network; every line of the input asks for one frame, in seconds.

A program of its own, because keract needs Keras 2 (``tf_keras``), which cannot share a process
with Keras 3: ``TF_USE_LEGACY_KERAS=1 python keract_process.py ROWS COLUMNS``.
"""

import os
import sys
import time

import cv2
import keract
import numpy as np
import tensorflow as tf
from matplotlib import pyplot as plt


def draw() -> None:
    plt.gcf().canvas.draw()


def main() -> None:
    rows, cols = map(int, sys.argv[1:])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - keract prints every layer
    # Without a screen nothing would be drawn, and `display_activations` throws the grid away.
    plt.show = draw
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            layers.Conv2D(64, (3, 3), input_shape=(rows, cols, 3)),
            layers.MaxPooling2D((2, 2), strides=(2, 2)),
        ]
    )
    picture = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    for _ in sys.stdin:
        start = time.perf_counter()
        batch = cv2.resize(picture, (cols, rows))[np.newaxis].astype(np.float32)
        keract.display_activations(keract.get_activations(model, batch))
        answers.write(f"{time.perf_counter() - start}\n")
        answers.flush()


if __name__ == "__main__":
    main()
