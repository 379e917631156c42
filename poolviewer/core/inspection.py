"""A model's inputs, layers and stages as text for people and as data for programs."""

from typing import Any

from poolviewer.core.model_info import LayerInfo, ModelInfo, Shape, StageInfo
from poolviewer.core.text import in_columns, printable

INDENT = "  "


def as_data(model: ModelInfo) -> dict[str, Any]:
    """Describe a model for JSON; shapes are without the batch, null where they are open."""
    own = [stage for stage in model.stages if not stage.is_added]
    return {
        "model": model.name,
        "digest": model.digest or None,
        "inputs": [
            {"name": info.name, "shape": list(info.shape), "dtype": info.dtype}
            for info in model.inputs
        ],
        "layers": [_layer_data(layer) for layer in model.layers],
        "stages": [_stage_data(stage) for stage in own],
        "offers": [_stage_data(stage) for stage in model.stages if stage.is_added],
        "notes": [*model.notes, *filter(None, [remark(model)])],
    }


def as_text(model: ModelInfo) -> str:
    """Describe a model in lines; every name of it is made printable."""
    lines = [f"Network {model.name}", "", "Inputs"]
    lines += [
        f"{INDENT}{info.name:<28}{shape_words(info.shape)} {info.dtype}" for info in model.inputs
    ]
    lines += ["", "Layers", *_layer_lines(model.layers)]
    lines += ["", "Pooling stages", *_stage_lines(model.stages)]
    lines += ["", *model.notes, remark(model)]
    return "\n".join(map(printable, lines)).rstrip() + "\n"


def remark(model: ModelInfo) -> str:
    """Say why a model cannot be drawn as it is; empty if it can."""
    if model.needs_input_shape:
        return f"{model.name} does not say how large its input is: give it, as in --size 32x32x3."
    return model.obstacle


def shape_words(shape: Shape | None) -> str:
    """Write a shape such as ``30×30×64``, with a question mark for an open length."""
    if shape is None:
        return "?"
    return "×".join("?" if size is None else str(size) for size in shape) or "one number"


def stage_words(stage: StageInfo) -> str:
    """Say in a few words how a stage pools."""
    words = [stage.kind.replace("_", " ")]
    if stage.pool_size:
        words.append(f"{shape_words(stage.pool_size)},")
        words.append(f"strides {shape_words(stage.strides)}, {stage.padding}")
    return " ".join(words)


def _layer_data(layer: LayerInfo) -> dict[str, Any]:
    shape = layer.output_shape
    return {
        "name": layer.name,
        "kind": layer.kind,
        "depth": layer.depth,
        "output_shape": None if shape is None else list(shape),
        "parameters": layer.parameters,
    }


def _stage_data(stage: StageInfo) -> dict[str, Any]:
    return {
        "name": stage.name,
        "kind": stage.kind,
        "pool_size": stage.pool_size and list(stage.pool_size),
        "strides": stage.strides and list(stage.strides),
        "padding": stage.padding,
        "data_format": stage.data_format,
        "source_shape": list(stage.source_shape),
        "pooled_shape": list(stage.pooled_shape),
        "source_layer": stage.source_layer,
    }


def _layer_lines(layers: tuple[LayerInfo, ...]) -> list[str]:
    rows = [
        (
            INDENT * (layer.depth + 1) + layer.short_name,
            layer.kind,
            shape_words(layer.output_shape),
            f"{layer.parameters:,} parameters",
        )
        for layer in layers
    ]
    return in_columns(rows)


def _stage_lines(stages: tuple[StageInfo, ...]) -> list[str]:
    rows = [
        (
            INDENT + stage.name,
            f"{stage_words(stage)}{' (added)' if stage.is_added else ''}: "
            f"{shape_words(stage.source_shape)} of {stage.source_layer} → "
            f"{shape_words(stage.pooled_shape)}",
        )
        for stage in stages
    ]
    return in_columns(rows)
