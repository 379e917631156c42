"""What a user would pick instead: the tutorial's loop, and keract in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import keras
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from poolviewer.core.network import NetworkSpec
from poolviewer.model.tutorial import build_model

mpl.use("Agg")

from matplotlib import pyplot as plt  # after its backend was chosen

GRID = 8
ROOT = Path(__file__).parents[2]
KERACT = Path(__file__).with_name("keract_process.py")

Picture = NDArray[np.uint8]


class Tutorial:
    """The tutorial's loop: `model.predict`, then an 8×8 grid of the pooled maps with matplotlib.

    Drawn in memory (Agg) at matplotlib's own size, which costs less than its window would.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        self._size = (spec.input.width, spec.input.height)
        self._model: keras.Model = build_model(spec)
        self._figure = plt.figure()
        maps = np.zeros((*spec.stage.pooled_shape, spec.filters), np.float32)
        self._images = _draw_grid(self._figure, maps)

    def predict(self, picture: Picture) -> NDArray[np.float32]:
        """Return the pooled maps of a picture, of shape (h, w, C)."""
        batch = cv2.resize(picture, self._size)[np.newaxis].astype(np.float32)
        pooled: NDArray[np.float32] = self._model.predict(batch, verbose=0)[0]
        return pooled

    def frame(self, picture: Picture) -> None:
        """Show a picture's maps as the tutorial does: a new grid."""
        figure = plt.figure()
        _draw_grid(figure, self.predict(picture))
        plt.close(figure)

    def frame_with_reused_artists(self, picture: Picture) -> None:
        """The same by somebody who knows matplotlib: only the pictures in the grid change."""
        maps = self.predict(picture)
        for channel, image in enumerate(self._images):
            image.set_data(maps[:, :, channel])
            image.autoscale()
        self._figure.canvas.draw()

    def close(self) -> None:
        plt.close(self._figure)


class TutorialFile:
    """The tutorial's grids of both maps, 8×8 each, side by side in a PNG: `predict`, `savefig`."""

    def __init__(self, spec: NetworkSpec) -> None:
        self._size = (spec.input.width, spec.input.height)
        layers = build_model(spec).layers
        given = keras.Input(spec.input.shape)
        feature = layers[0](given)
        self._model = keras.Model(given, [feature, layers[1](feature)])

    def save(self, picture: Picture, path: Path) -> None:
        """Write the grids of a picture."""
        batch = cv2.resize(picture, self._size)[np.newaxis].astype(np.float32)
        both = self._model.predict(batch, verbose=0)
        figure = plt.figure(figsize=(2 * GRID, GRID))
        for half, maps in zip(figure.subfigures(1, 2), both, strict=True):
            _fill_grid(half, maps[0])
        figure.savefig(path)
        plt.close(figure)


class Keract:
    """keract's two calls on the same network, in a process that has Keras 2.

    `frame` takes its turn among the contestants; the process measures itself.
    """

    def __init__(self, rows: int, cols: int) -> None:
        environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1", "MPLBACKEND": "Agg"}
        environment |= {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        self._process = subprocess.Popen(
            [sys.executable, str(KERACT), str(rows), str(cols)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def frame(self) -> float:
        """Show one picture's maps; return the seconds that it took."""
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        questions.write("frame\n")
        questions.flush()
        answer = answers.readline()
        assert answer, "keract's process has ended: what it said stands above"
        return float(answer)

    def close(self) -> None:
        self._process.communicate()


def _draw_grid(figure, maps: NDArray[np.float32]):
    images = _fill_grid(figure, maps)
    figure.canvas.draw()
    return images


def _fill_grid(figure, maps: NDArray[np.float32]):
    images = []
    for channel in range(GRID * GRID):
        axes = figure.add_subplot(GRID, GRID, channel + 1)
        axes.set_xticks([])
        axes.set_yticks([])
        images.append(axes.imshow(maps[:, :, channel], cmap="gray"))
    return images
