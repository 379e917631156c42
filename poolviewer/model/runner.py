"""One compiled call that gives both maps of a stage, and runs nothing behind it."""

import time
from collections.abc import Callable
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
from poolviewer.model.layer_operations import Arithmetic, arithmetic_of
from poolviewer.model.layer_use import layout_of
from poolviewer.model.picture_input import PictureInput
from poolviewer.model.recording import Call, Recorder
from poolviewer.model.stages import ADDED_SIZE, data_format_of, steps_to

ConcreteFunction = Callable[[tf.Tensor], tuple[tf.Tensor, ...]]


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
        self._target = target
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
        # Behind `follow` and `trace_steps`.
        self._arithmetic = Arithmetic()
        self._most_bytes = 0
        self._call_with_steps: ConcreteFunction | None = None
        self._traced_steps: tuple[int, ...] = ()

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
        self._run(self._input.tensor, self._call)

    def follow(self, stage: Stage, budget_bytes: int) -> None:
        """Find out what each layer before the stage does to numbers, so that it can be told.

        Parameters
        ----------
        stage
            The one that this runner ends with.
        budget_bytes
            How much memory the maps of all layers may take.
        """
        calls = [self.calls[index] for index in self._steps]
        own = data_format_of(call.layer for call in self.calls)
        self._arithmetic = arithmetic_of(stage.graph, calls, own)
        self._most_bytes = budget_bytes

    @property
    def is_traced_with_steps(self) -> bool:
        """Whether `run` can give the maps of all layers; where there is but one it always can."""
        return len(self._arithmetic.operations) <= 1 or self._call_with_steps is not None

    def trace_steps(self) -> None:
        """Compile the model once more, so that the maps of all layers leave it, too.

        The other function stays as it is, because layers whose maps are not wanted run faster.
        """
        call = tf.function(self._placed_steps, autograph=False).get_concrete_function(
            tf.TensorSpec((1, *self._input_shape), tf.float32)
        )
        # All tensors of a run are counted, those that are kept among them; but the kept ones of
        # the frame before are still shown meanwhile.
        kept = sum(tensor.shape.num_elements() * tensor.dtype.size for tensor in call.outputs)
        if bytes_of(call.graph) + kept > self._most_bytes:
            call, self._traced_steps = self._call, ()
        self._call_with_steps = call

    def run(
        self,
        frame: Frame,
        prepared: PreparedInput,
        network: Network,
        stage: Stage,
        generation: int,
        *,
        has_steps: bool = False,
    ) -> Activations:
        """Run on one prepared input; with steps, `trace_steps` must have come before."""
        start = time.perf_counter()
        call = (self._call_with_steps if has_steps else None) or self._call
        maps = self._run(self._input.filled(prepared.values), call)
        arrays = [self._input.apart(_view(m)) for m in maps]
        feature_maps, pooled_maps = arrays[:2]
        if self._is_cast:
            prepared = replace(prepared, values=arrays[2])
        has_all = has_steps and self.is_traced_with_steps and bool(self._arithmetic.operations)
        return Activations(
            frame=frame,
            prepared=prepared,
            network=network,
            stage=stage,
            feature_maps=feature_maps,
            pooled_maps=pooled_maps,
            model_s=time.perf_counter() - start,
            generation=generation,
            operations=self._arithmetic.operations,
            precisions=self._arithmetic.precisions,
            step_maps=self._step_maps(arrays) if has_all else (),
            is_short_of_memory=has_all and call is self._call and len(self._steps) > 1,
        )

    def _step_maps(
        self, arrays: list[NDArray[np.floating]]
    ) -> tuple[NDArray[np.floating] | None, ...]:
        """Put what a run gave in its place: the last step's map is the feature map."""
        first = 3 if self._is_cast else 2
        found = dict(zip(self._traced_steps, arrays[first:], strict=True))
        last = len(self._arithmetic.operations) - 1
        return *(found.get(index) for index in range(last)), arrays[0]

    @property
    def _is_cast(self) -> bool:
        """Whether the model gets other numbers than the picture's: they are given, too."""
        return self._picture.dtype != "float32"

    @cached_property
    def _steps(self) -> tuple[int, ...]:
        """Which calls are the steps of the stage's graph."""
        return steps_to(self.calls, is_added=self._adds_pooling) or ()

    @cached_property
    def _input(self) -> InputBuffer:
        """Made when it first runs: a size over the limit never gets so far."""
        return InputBuffer(self._input_shape)

    def _run(self, batch: tf.Tensor, call: ConcreteFunction) -> tuple[tf.Tensor, ...]:
        try:
            maps: tuple[tf.Tensor, ...] = call(batch)
        except tf.errors.OpError as error:
            raise NetworkError(
                f"TensorFlow cannot run this network ({_reason(error)}): choose another size or "
                "another network."
            ) from error
        return maps

    def _placed_maps(self, batch: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Name the device inside the graph: outside, it would not count for what is traced."""
        with tf.device(self._device or None):
            return self._maps(batch, self._recorder)

    def _placed_steps(self, batch: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Return the same, and what leaves each step but the last, where it is a map."""
        recorder = Recorder(self._target)
        with tf.device(self._device or None):
            maps = self._maps(batch, recorder)
            own = data_format_of(call.layer for call in recorder.calls)
            found = {}
            for step, index in enumerate(self._steps[:-1]):
                tensor, layer = recorder.outputs[index], recorder.calls[index].layer
                if tensor.graph is batch.graph and tensor.shape.rank in (2, 4):
                    found[step] = _as_map(tensor, layout_of(layer, own) == "channels_first")
            self._traced_steps = tuple(found)
            return *maps, *(_as_float(tensor) for tensor in found.values())

    def _maps(self, batch: tf.Tensor, recorder: Recorder) -> tuple[tf.Tensor, ...]:
        """Return what enters and leaves the stage, and what the model gets if it is cast."""
        received = self._picture.received(batch)
        recorder.run(self._model, self._picture.arranged(received))
        assert recorder.last is not None  # noqa: S101 - the target was seen before
        source, output = recorder.last
        target = recorder.calls[-1].layer
        is_first = getattr(target, "data_format", "") == "channels_first"
        if self._adds_pooling:
            source = _as_map(output, is_first)
            output = tf.nn.max_pool2d(source, ADDED_SIZE, ADDED_SIZE, "VALID")
            maps = [source, output]
        else:
            maps = [_as_map(source, is_first), _as_map(output, is_first)]
        if self._is_cast:
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
