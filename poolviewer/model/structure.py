"""The layers of a model as a tree, and what a person should know of them."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np

from poolviewer.core.model_info import InputInfo, LayerInfo, Shape, StageInfo
from poolviewer.model.recording import Call

MOST_NAMED = 3


def inputs_of(model: keras.Model) -> tuple[InputInfo, ...]:
    """List the inputs of a built model."""
    return tuple(
        InputInfo(
            tensor.name, tuple(tensor.shape[1:]), keras.backend.standardize_dtype(tensor.dtype)
        )
        for tensor in model.inputs
    )


def layers_of(
    model: keras.Model, calls: Sequence[Call] = (), stages: Sequence[StageInfo] = ()
) -> tuple[LayerInfo, ...]:
    """List all layers in the model's own order; those of nested models follow their model."""
    shapes = {id(call.layer): call.output_shape for call in reversed(calls)}
    paths = {call.name: call.path for call in calls}
    by_path: dict[str, tuple[str, ...]] = {}
    for stage in stages:
        path = paths[stage.source_layer if stage.is_added else stage.name]
        by_path[path] = (*by_path.get(path, ()), stage.name)
    return tuple(
        LayerInfo(
            name=name,
            kind=type(layer).__name__,
            depth=depth,
            output_shape=shapes.get(id(layer)) or _static_shape(layer),
            parameters=_count(layer),
            stages=by_path.get(name, ()),
        )
        for name, depth, layer in _walk(model, "", 0)
    )


def in_order_of(layers: Sequence[LayerInfo], stages: Sequence[StageInfo]) -> tuple[StageInfo, ...]:
    """Return stages as the layers list them: branches may run in another order."""
    names = [name for layer in layers for name in layer.stages]
    places = {name: place for place, name in enumerate(names)}
    return tuple(sorted(stages, key=lambda stage: places.get(stage.name, len(names))))


def weight_notes(model: keras.Model) -> tuple[str, ...]:
    """Say which layers hold weights that are no finite numbers."""
    bad = [
        name
        for name, _, layer in _walk(model, "", 0)
        if not isinstance(layer, keras.Model) and not _is_finite(layer)
    ]
    if not bad:
        return ()
    more = f" and {len(bad) - MOST_NAMED} more layers" if len(bad) > MOST_NAMED else ""
    return (
        f"Weights of {', '.join(bad[:MOST_NAMED])}{more} are NaN or infinite: so may the maps be.",
    )


def leaves(model: keras.Model) -> list[keras.Layer]:
    """Return all layers but the models that hold them."""
    return [layer for _, _, layer in _walk(model, "", 0) if not isinstance(layer, keras.Model)]


def _walk(model: keras.Model, path: str, depth: int) -> Iterator[tuple[str, int, keras.Layer]]:
    for layer in model.layers:
        name = f"{path}{layer.name}"
        yield name, depth, layer
        if isinstance(layer, keras.Model):
            yield from _walk(layer, f"{name}/", depth + 1)


def _static_shape(layer: keras.Layer) -> Shape | None:
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):  # never called, or called several times
        return None
    return tuple(shape[1:])


def _count(layer: keras.Layer) -> int:
    return int(layer.count_params()) if layer.built else 0


def _is_finite(layer: keras.Layer) -> bool:
    values = (weight.value.numpy() for weight in layer.weights)
    return all(
        bool(np.isfinite(value).all()) for value in values if value.dtype.kind not in "biuSUO"
    )
