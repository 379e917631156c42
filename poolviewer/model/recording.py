"""Record which layer reads what, by running a model on shapes alone."""

import re
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, count

import keras
import tensorflow as tf

from poolviewer.core.errors import NetworkError
from poolviewer.core.layer_graph import INPUT
from poolviewer.model.adaptive import pooled_by_hand

UNKNOWN = -2
MOST_STEPS = 4096
_SCOPE_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.-]*")
_PLAIN = {"Cast", "Identity", "Reshape", "ExpandDims", "Squeeze", "StopGradient"}
Shape = tuple[int | None, ...]
Proceed = Callable[[], object]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One use of one layer.

    Parameters
    ----------
    layer
        The layer or operation itself.
    path
        Its name after those of the models that it lies in, joined by slashes.
    name
        The same, and ``#2`` where it is used for the second time.
    sources
        For each tensor that it reads the number of the call that made it, `INPUT`, or `UNKNOWN`.
    source_shapes, output_shape
        Shapes without the batch; of the first output.
    dtype
        The first output's kind of number, such as ``"float32"``.
    operands
        What an operation was called with, in order; None stands for a tensor. Empty for layers.
    """

    layer: keras.Operation
    path: str
    name: str
    sources: tuple[int, ...]
    source_shapes: tuple[Shape, ...]
    output_shape: Shape
    dtype: str = "float32"
    operands: tuple[object, ...] = ()


class Reached(BaseException):
    """Ends a run at the layer that is wanted; no `Exception`, so that no layer catches it."""


class Recorder:
    """Watches every layer of a model while the model is traced.

    ``calls`` are those of the latest run, and ``outputs`` the first tensor that left each of them.

    Parameters
    ----------
    until
        Name of the call after which the run ends; none of the layers behind it is touched.
    on_call
        Told the number of calls so far; what it raises ends the run.
    """

    def __init__(
        self, until: str | None = None, on_call: Callable[[int], None] = lambda _: None
    ) -> None:
        self.calls: list[Call] = []
        self.outputs: list[tf.Tensor] = []
        self.last: tuple[tf.Tensor, tf.Tensor] | None = None
        self._until = until
        self._on_call = on_call
        self._models: list[str] = []
        self._is_within_layer = False
        self._makers: dict[str, int] = {}
        self._names: set[str] = set()
        self._is_fixed = False

    def run(self, model: keras.Model, batch: tf.Tensor) -> None:
        """Run a model as at inference, inside a `tf.function`, until the wanted layer.

        TensorFlow may trace twice: the latest run counts.
        """
        self.calls, self._makers, self._names = [], {batch.name: INPUT}, set()
        self.outputs = []
        self._is_fixed = batch.shape.is_fully_defined()
        with watched(self._watch), suppress(Reached), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the one input being held in a list or a dictionary
            model(batch, training=False)

    def _watch(self, layer: keras.Operation, arguments: object, proceed: Proceed) -> object:
        if self._is_within_layer:
            return proceed()
        if isinstance(layer, keras.Model):
            self._models.append(layer.name)
            try:
                return proceed()
            finally:
                self._models.pop()
        sources = _tensors_in(arguments)
        outputs: object = pooled_by_hand(layer, sources[0]) if sources else None
        if outputs is None:
            outputs = self._whole(proceed)
        self._record(layer, arguments, _tensors_in(outputs))
        return outputs

    def _whole(self, proceed: Proceed) -> object:
        """Run a layer whose own layers are its own matter."""
        self._is_within_layer = True
        try:
            return proceed()
        finally:
            self._is_within_layer = False

    def _record(self, layer: keras.Operation, arguments: object, outputs: list[tf.Tensor]) -> None:
        if not outputs:
            return
        sources = _tensors_in(arguments)
        if self._is_fixed:
            _check_size(layer, sources, outputs)
        path = "/".join([*self._models[1:], layer.name])
        name = self._unused(path)
        known = [(tensor, maker) for tensor in sources for maker in self._makers_of(tensor)]
        for tensor in outputs:
            self._makers[tensor.name] = len(self.calls)
        self.calls.append(
            Call(
                layer,
                path,
                name,
                tuple(maker for _, maker in known),
                tuple(_shape(tensor) for tensor, _ in known),
                _shape(outputs[0]),
                outputs[0].dtype.name,
                _operands(layer, arguments),
            )
        )
        self.outputs.append(outputs[0])
        self._on_call(len(self.calls))
        if name == self._until:
            self.last = (sources[0] if sources else outputs[0], outputs[0])
            raise Reached

    def _unused(self, path: str) -> str:
        names = chain([path], (f"{path}#{use}" for use in count(2)))
        name = next(name for name in names if name not in self._names)
        self._names.add(name)
        return name

    def _makers_of(self, tensor: tf.Tensor) -> tuple[int, ...]:
        """Return the calls that a tensor comes from; Keras casts some on their way."""
        if tensor.name in self._makers:
            return (self._makers[tensor.name],)
        makers: set[int] = set()
        seen: set[str] = set()
        is_plain = True
        waiting = deque([tensor])
        while waiting:
            present = waiting.popleft()
            if present.name in self._makers:
                makers.add(self._makers[present.name])
            elif present.name not in seen:
                seen.add(present.name)
                is_plain = is_plain and present.op.type in _PLAIN
                waiting.extend(present.op.inputs)
        if not makers:
            return ()
        return tuple(makers) if is_plain and len(makers) == 1 else (UNKNOWN,)


def _check_size(layer: keras.Operation, sources: list[tf.Tensor], outputs: list[tf.Tensor]) -> None:
    """Refuse what no shape tells the cost of."""
    if not all(tensor.shape.is_fully_defined() for tensor in outputs):
        raise NetworkError(f"the size of what leaves {layer.name} depends on its numbers")
    steps = sources[0].shape[1] if sources and sources[0].shape.rank > 1 else 0
    if isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional) and steps > MOST_STEPS:
        raise NetworkError(f"{layer.name} would take {steps:,} steps, more than {MOST_STEPS:,}")


def _tensors_in(structure: object) -> list[tf.Tensor]:
    return [leaf for leaf in keras.tree.flatten(structure) if isinstance(leaf, tf.Tensor)]


def _operands(layer: keras.Operation, arguments: object) -> tuple[object, ...]:
    if isinstance(layer, keras.Layer):
        return ()
    leaves = keras.tree.flatten(arguments)
    return tuple(None if isinstance(leaf, tf.Tensor) else leaf for leaf in leaves)


def _shape(tensor: tf.Tensor) -> Shape:
    return tuple(tensor.shape.as_list()[1:]) if tensor.shape.rank else ()


@contextmanager
def _named_for_tensorflow(layer: keras.Layer) -> Iterator[None]:
    """Replace a name that TensorFlow does not allow: Keras does, where others run its models."""
    name = layer.name
    if not _SCOPE_NAME.fullmatch(name):
        layer.name = "layer"
    try:
        yield
    finally:
        layer.name = name


@contextmanager
def watched(watch: Callable[[keras.Operation, object, Proceed], object]) -> Iterator[None]:
    """Send every call of a layer or operation through a watcher, on tensors and on symbols.

    There is no public hook; only the thread that traces uses Keras meanwhile. What a layer or the
    watcher raises arrives as it is: Keras would wrap it into a page about the call.
    """
    wraps_errors = keras.config.is_traceback_filtering_enabled()
    keras.config.disable_traceback_filtering()
    layer_call, operation_call = keras.Layer.__call__, keras.Operation.__call__

    def call_layer(layer: keras.Layer, *args: object, **kwargs: object) -> object:
        read = (args, [value for name, value in kwargs.items() if name != "mask"])

        def proceed() -> object:
            with _named_for_tensorflow(layer):
                return layer_call(layer, *args, **kwargs)

        return watch(layer, read, proceed)

    def call_operation(operation: keras.Operation, *args: object, **kwargs: object) -> object:
        if isinstance(operation, keras.Layer):  # `call_layer` has seen it
            return operation_call(operation, *args, **kwargs)
        read = (args, list(kwargs.values()))
        return watch(operation, read, lambda: operation_call(operation, *args, **kwargs))

    keras.Layer.__call__, keras.Operation.__call__ = call_layer, call_operation
    try:
        yield
    finally:
        keras.Layer.__call__, keras.Operation.__call__ = layer_call, operation_call
        if wraps_errors:
            keras.config.enable_traceback_filtering()
