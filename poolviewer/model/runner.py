"""One compiled call that gives both maps of a stage, and runs nothing behind it."""

import time
from dataclasses import replace
from functools import cached_property

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from poolviewer.core.errors import NetworkError
from poolviewer.core.messages import Activations, Frame, PreparedInput
from poolviewer.core.network import Network
from poolviewer.core.stage import Stage
from poolviewer.model.costs import bytes_of, operations_of
from poolviewer.model.input_buffer import InputBuffer
from poolviewer.model.picture_input import PictureInput
from poolviewer.model.recording import Call, Recorder
from poolviewer.model.stages import ADDED_SIZE


class Runner:
    """A model compiled up to one of its stages, for inputs of one shape.

    Parameters
    ----------
    model
        A model with one input.
    target
        Name of the call that the run ends with.
    input_shape
        ``(height, width, channels)``.
    picture
        How the model takes a picture.
    adds_pooling
        Whether the tutorial's pooling is added behind the target.
    device
        Where it runs, as `tf.device` takes it; empty leaves that to TensorFlow.
    """

    def __init__(
        self,
        model: keras.Model,
        target: str,
        picture: PictureInput,
        input_shape: tuple[int, int, int],
        *,
        adds_pooling: bool = False,
        device: str = "",
    ) -> None:
        self._recorder = Recorder(target)
        self._model = model
        self._picture = picture
        self._adds_pooling = adds_pooling
        self._device = device
        self._input_shape = input_shape
        signature = tf.TensorSpec((1, *input_shape), tf.float32)
        self._call = tf.function(self._placed_maps, autograph=False).get_concrete_function(
            signature
        )

    @property
    def calls(self) -> list[Call]:
        """The layers that run, in their order."""
        return self._recorder.calls

    @property
    def bytes(self) -> int:
        """Memory that all activations of one run take, from their shapes alone."""
        return bytes_of(self._call.graph)

    @property
    def operations(self) -> int:
        """How many products and comparisons one run takes, from its shapes alone."""
        return operations_of(self._call.graph)

    def warm_up(self) -> None:
        """Run once on nothing, so that the first frame does not pay for it."""
        self._run(self._input.tensor)

    def run(
        self, frame: Frame, prepared: PreparedInput, network: Network, stage: Stage, generation: int
    ) -> Activations:
        """Run on one prepared input."""
        start = time.perf_counter()
        maps = self._run(self._input.filled(prepared.values))
        feature_maps, pooled_maps, *received = (self._input.apart(_view(m)) for m in maps)
        if received:
            prepared = replace(prepared, values=received[0])
        return Activations(
            frame=frame,
            prepared=prepared,
            network=network,
            stage=stage,
            feature_maps=feature_maps,
            pooled_maps=pooled_maps,
            model_s=time.perf_counter() - start,
            generation=generation,
        )

    @cached_property
    def _input(self) -> InputBuffer:
        """Made when it first runs: a size over the limit never gets so far."""
        return InputBuffer(self._input_shape)

    def _run(self, batch: tf.Tensor) -> tuple[tf.Tensor, ...]:
        try:
            maps: tuple[tf.Tensor, ...] = self._call(batch)
        except tf.errors.OpError as error:
            raise NetworkError(
                f"TensorFlow cannot run this network ({_reason(error)}): choose another size or "
                "another network."
            ) from error
        return maps

    def _placed_maps(self, batch: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Name the device inside the graph: outside, it would not count for what is traced."""
        with tf.device(self._device or None):
            return self._maps(batch)

    def _maps(self, batch: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Return what enters and leaves the stage, and what the model gets if it is cast."""
        received = self._picture.received(batch)
        self._recorder.run(self._model, self._picture.arranged(received))
        assert self._recorder.last is not None  # noqa: S101 - the target was seen before
        source, output = self._recorder.last
        target = self.calls[-1].layer
        is_first = getattr(target, "data_format", "") == "channels_first"
        if self._adds_pooling:
            source = _as_map(output, is_first)
            output = tf.nn.max_pool2d(source, ADDED_SIZE, ADDED_SIZE, "VALID")
            maps = [source, output]
        else:
            maps = [_as_map(source, is_first), _as_map(output, is_first)]
        if self._picture.dtype != "float32":
            maps.append(received)
        return tuple(_as_float(tensor) for tensor in maps)


def _reason(error: tf.errors.OpError) -> str:
    """Return the first line that says something; a graph's errors begin with headings."""
    lines = (line.strip() for line in str(error.message).splitlines())
    useful = (
        line
        for line in lines
        if line and not line.startswith(("Graph execution error", "Detected at node", "File "))
    )
    return next(useful, type(error).__name__)[:200].rstrip(".:")


def _as_map(tensor: tf.Tensor, is_channels_first: bool) -> tf.Tensor:
    """Return a tensor as (1, H, W, C); a vector of channels is a map of one pixel."""
    if tensor.shape.rank != 4:
        return tf.reshape(tensor, (1, 1, 1, -1))
    return tf.transpose(tensor, (0, 2, 3, 1)) if is_channels_first else tensor


def _as_float(tensor: tf.Tensor) -> tf.Tensor:
    """Return every number as it is, in a kind that holds it: half floats fit into float32."""
    return tensor if tensor.dtype == tf.float64 else tf.cast(tensor, tf.float32)


def _view(tensor: tf.Tensor) -> NDArray[np.floating]:
    """Return a batch of one as a read-only array (H, W, C), without a copy if it is on the CPU."""
    here = tensor if "CPU" in tensor.device else tensor.cpu()
    array: NDArray[np.floating] = np.asarray(memoryview(here))[0]
    return array
