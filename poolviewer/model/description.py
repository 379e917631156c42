"""A network's layers and pooling stages as plain data, for ``poolviewer inspect``."""

from typing import Any

import keras

from poolviewer.core.network import NetworkSpec

_KINDS = {"MaxPooling2D": "max", "AveragePooling2D": "average"}


def describe(model: keras.Model, network: NetworkSpec, name: str) -> dict[str, Any]:
    """Describe a network's inputs, layers and pooling stages; shapes are without the batch."""
    return {
        "model": name,
        "inputs": [
            {"name": tensor.name, "shape": list(tensor.shape[1:]), "dtype": str(tensor.dtype)}
            for tensor in model.inputs
        ],
        "seed": network.seed,
        "layers": [_layer(layer) for layer in model.layers],
        "stages": [_stage(layer) for layer in model.layers if type(layer).__name__ in _KINDS],
    }


def _layer(layer: keras.Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": type(layer).__name__,
        "output_shape": list(layer.output.shape[1:]),
        "parameters": layer.count_params(),
    }


def _stage(layer: keras.Layer) -> dict[str, Any]:
    source = layer.input._keras_history.operation  # noqa: SLF001 - Keras offers no public way
    return {
        "name": layer.name,
        "kind": _KINDS[type(layer).__name__],
        "pool_size": list(layer.pool_size),
        "strides": list(layer.strides),
        "padding": layer.padding,
        "data_format": layer.data_format,
        "source_shape": list(layer.input.shape[1:]),
        "pooled_shape": list(layer.output.shape[1:]),
        "source_layer": source.name,
    }
