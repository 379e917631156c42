"""A model that lives in memory: its owner's own, so it is trusted, and left as it is."""

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.common import global_state
from tensorflow.python.eager import context as eager_context

from poolviewer.core.errors import ArgumentError
from poolviewer.core.model_info import ModelInfo
from poolviewer.core.text import printable
from poolviewer.model.opened import OpenedModel, describe_model

_SEED_FIELDS = ("_seed", "_rng")  # of TensorFlow's context; there is no public way to read them


def list_living(model: keras.Model, digest: str, budget_bytes: int) -> OpenedModel:
    """List a model's layers and stages; nothing of it is changed.

    Raises
    ------
    ArgumentError
        It is not built, or does not know its input.
    ModelRefused
        It has several inputs.
    """
    name = printable(model.name)
    if not model.built:
        raise ArgumentError(
            f"The model {name} has no weights yet: begin it with keras.Input, call its build, or "
            "run it once."
        )
    if not getattr(model, "inputs", None):
        raise ArgumentError(
            f"The model {name} does not say what its input is: give keras.Sequential("
            "[keras.Input((rows, columns, channels)), model] instead."
        )
    return describe_model(model, ModelInfo(name, digest), budget_bytes)


def digest_of(model: keras.Model) -> str:
    """Return the SHA-256 of a model's layers and of its weights as they are now."""
    found = hashlib.sha256()
    for layer in (model, *model._flatten_layers(include_self=False)):  # noqa: SLF001
        found.update(f"{type(layer).__qualname__} {layer.name}\n".encode())
    with suppress(Exception):  # layers of one's own need not be able to say what they are
        found.update(json.dumps(model.get_config(), default=str).encode())
    for variable in model.weights:
        values = np.ascontiguousarray(variable)
        found.update(f"{variable.path} {values.dtype} {values.shape}\n".encode())
        found.update(values.view(np.uint8).data if values.size else b"")
    return found.hexdigest()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Leave everything that the process shares as it was; for the thread that enters.

    That is random numbers of Python, NumPy, TensorFlow and Keras, the names that Keras gives, and
    whether a graphics card may round products, which it must not meanwhile.
    """
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 - Keras seeds it
    keras_state = vars(global_state.GLOBAL_STATE_TRACKER)
    before = {name: _copied(value) for name, value in keras_state.items()}
    eager = vars(eager_context.context())
    seeds = {name: eager[name] for name in _SEED_FIELDS if name in eager}
    rounds = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(rounds)
        for name in _SEED_FIELDS:
            eager.pop(name, None)
        eager.update(seeds)
        keras_state.clear()
        keras_state.update(before)
        np.random.set_state(legacy)  # noqa: NPY002
        random.setstate(python)


def _copied(value: object) -> object:
    return value.copy() if isinstance(value, dict) else value
