"""Run a network on frames: one compiled call gives the feature maps and the pooled maps."""

import time
from collections.abc import Callable
from importlib.metadata import version

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from poolviewer.core.errors import NetworkError
from poolviewer.core.messages import Activations, Frame, PreparedInput, Versions
from poolviewer.core.network import NetworkSpec
from poolviewer.core.stage import Stage
from poolviewer.model.tutorial import build_model

_PACKAGES = ("tensorflow", "keras", "numpy")
_TwoMaps = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]


class TutorialEngine:
    """Runs the tutorial's network; created and used by one thread only."""

    def __init__(self) -> None:
        self._network = NetworkSpec()
        self._stage: Stage | None = None
        self._generation = 0
        self._call: _TwoMaps | None = None

    @property
    def versions(self) -> Versions:
        """Versions of the packages that make the numbers, and the device that runs them."""
        gpus = tf.config.list_physical_devices("GPU")
        device = "CPU"
        if gpus:
            device = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")
        return Versions({name: version(name) for name in _PACKAGES}, device)

    def configure(self, network: NetworkSpec, generation: int) -> None:
        """Build a network and run it once, so that the first frame does not pay for it.

        Raises
        ------
        NetworkError
            If the network cannot be built; the one before is kept.
        """
        call = _compiled(build_model(network))
        try:
            call(tf.zeros((1, *network.input.shape)))
        except tf.errors.OpError as error:
            reason = str(error).splitlines()[0]
            raise NetworkError(f"TensorFlow cannot run this network: {reason}") from error
        self._network, self._stage, self._generation = network, network.stage, generation
        self._call = call

    def run(self, frame: Frame, prepared: PreparedInput) -> Activations:
        """Run the network on one input that was prepared for its parameters.

        Raises
        ------
        NetworkError
            If no network has been configured.
        """
        if self._call is None or self._stage is None:
            raise NetworkError("No network has been built yet: choose one first.")
        start = time.perf_counter()
        feature, pooled = self._call(tf.convert_to_tensor(prepared.values[np.newaxis]))
        feature_maps, pooled_maps = _view(feature), _view(pooled)
        return Activations(
            frame=frame,
            prepared=prepared,
            network=self._network,
            stage=self._stage,
            feature_maps=feature_maps,
            pooled_maps=pooled_maps,
            model_s=time.perf_counter() - start,
            generation=self._generation,
        )


def _compiled(model: keras.Model) -> _TwoMaps:
    """Compile the two layers into one graph; `model.predict` costs about a hundred times more."""
    convolution, pooling = model.layers

    def two_maps(batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        feature = convolution(batch)
        return feature, pooling(feature)

    compiled: _TwoMaps = tf.function(two_maps)
    return compiled


def _view(tensor: tf.Tensor) -> NDArray[np.float32]:
    """Return a batch of one as a read-only array (H, W, C), without a copy if it is on the CPU."""
    here = tensor if "CPU" in tensor.device else tensor.cpu()
    array: NDArray[np.float32] = np.asarray(memoryview(here))[0]
    return array
