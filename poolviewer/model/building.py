"""Build models: with the weights that they lack, within the memory limit, and in bearable time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod

import keras

from poolviewer.core.budget import in_megabytes
from poolviewer.core.errors import ModelRefused

_BYTES_PER_WEIGHT = 4  # of float64 it is 8: at most twice the limit


def build(model: keras.Sequential, shape: tuple[int, ...], budget_bytes: int) -> None:
    """Build a model that has no input yet, for inputs of a shape without the batch.

    Raises
    ------
    ModelRefused
        If its weights would pass the limit; they are not made.
    Exception
        Whatever a layer raises that cannot take such an input.
    """
    with weights_within(budget_bytes):
        model.build((None, *shape))


@contextmanager
def weights_within(budget_bytes: int) -> Iterator[None]:
    """Count the weights before they are made; only one thread builds models."""
    add_weight = keras.Layer.add_weight
    total = 0

    def counted(
        layer: keras.Layer, shape: Sequence[int] | None = None, *args: object, **kwargs: object
    ) -> object:
        nonlocal total
        total += prod(shape or ()) * _BYTES_PER_WEIGHT
        if total > budget_bytes:
            raise ModelRefused(
                f"{layer.name} would have more than {in_megabytes(budget_bytes)} of weights: raise "
                "the limit or choose a smaller model."
            )
        return add_weight(layer, shape, *args, **kwargs)

    keras.Layer.add_weight = counted
    try:
        yield
    finally:
        keras.Layer.add_weight = add_weight


@contextmanager
def sequentials_built_once() -> Iterator[None]:
    """Let Keras build a Sequential model once while it loads, and not again for every layer.

    Its own way takes the square of the number of layers: a minute for 600.
    """
    add, from_config = keras.Sequential.add, keras.Sequential.from_config

    def add_only(model: keras.Sequential, layer: keras.Layer, **_: object) -> None:
        add(model, layer, rebuild=False)

    def from_config_once(_: type, /, *args: object, **kwargs: object) -> keras.Sequential:
        model = from_config(*args, **kwargs)
        if model.layers and not model.built:
            add(model, model.pop(rebuild=False))
        return model

    keras.Sequential.add = add_only
    keras.Sequential.from_config = classmethod(from_config_once)
    try:
        yield
    finally:
        keras.Sequential.add, keras.Sequential.from_config = add, from_config
