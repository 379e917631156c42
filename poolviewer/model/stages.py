"""Find the pooling stages of a recorded model, and the geometry of one of them."""

from collections.abc import Iterable, Sequence

import keras

from poolviewer.core.layer_graph import INPUT, LayerGraph, Link, Step
from poolviewer.core.model_info import StageInfo, StageKind
from poolviewer.core.pooling import Pooling
from poolviewer.core.stage import Stage
from poolviewer.core.windows import WindowGrid
from poolviewer.model.layer_rules import links_of
from poolviewer.model.layer_use import Layout, layout_of
from poolviewer.model.recording import UNKNOWN, Call, Shape
from poolviewer.model.spatial_rules import pooling_of

LAYERS: dict[type[keras.Layer], StageKind] = {
    keras.layers.MaxPooling2D: "max",
    keras.layers.AveragePooling2D: "average",
    keras.layers.GlobalMaxPooling2D: "global_max",
    keras.layers.GlobalAveragePooling2D: "global_average",
    keras.layers.AdaptiveMaxPooling2D: "adaptive_max",
    keras.layers.AdaptiveAveragePooling2D: "adaptive_average",
}
CONVOLUTIONS = (
    keras.layers.Conv2D,
    keras.layers.Conv2DTranspose,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv2D,
)
ADDED_SIZE = (2, 2)
ADDED_SUFFIX = "+max_pooling2d"


def data_format_of(layers: Iterable[keras.Operation]) -> Layout:
    """Return how a model orders its axes: as its first convolution or pooling does."""
    known = (layer for layer in layers if isinstance(layer, (*CONVOLUTIONS, *LAYERS)))
    return layout_of(next(known, None))


def stages_of(calls: Sequence[Call], input_name: str) -> tuple[StageInfo, ...]:
    """List the pooling layers among the calls, in the order in which they run."""
    return tuple(_stage(call, _source_name(call, calls, input_name)) for call in _poolings(calls))


def added_stages(calls: Sequence[Call]) -> tuple[StageInfo, ...]:
    """Offer the tutorial's pooling behind each convolution that leaves room for it."""
    found = (_added_stage(call) for call in calls if isinstance(call.layer, CONVOLUTIONS))
    return tuple(stage for stage in found if stage is not None)


def geometry_of(
    stage: StageInfo, calls: Sequence[Call], input_shape: tuple[int, int, int]
) -> Stage:
    """Return where the maps of a stage lie, from the calls of a run that ended there.

    Parameters
    ----------
    calls
        Recorded at the input's present size: no axis is open. The last is the stage's layer, or
        the convolution behind which its pooling is added.
    input_shape
        ``(height, width, channels)``.
    """
    call = calls[-1]
    format_ = stage.data_format
    source_shape = call.output_shape if stage.is_added else call.source_shapes[0]
    rows, cols, channels = channels_last(whole(source_shape), format_)
    return Stage(
        name=stage.name,
        source_layer=stage.source_layer,
        input_shape=input_shape,
        channels=channels,
        graph=_graph(calls, stage.is_added, input_shape[:2], (rows, cols)),
        pooling=_pooling(stage, call, (rows, cols)),
    )


def channels_last(shape: tuple[int, ...], data_format: str) -> tuple[int, int, int]:
    """Return ``(rows, columns, channels)`` of a map, or of a vector of channels."""
    if len(shape) != 3:
        return 1, 1, shape[-1] if shape else 1
    rows, cols, channels = shape if data_format == "channels_last" else (*shape[1:], shape[0])
    return rows, cols, channels


def whole(shape: Shape) -> tuple[int, ...]:
    """Return a shape that was recorded at a known size, where every axis is known."""
    return tuple(size for size in shape if size is not None)


def _poolings(calls: Sequence[Call]) -> list[Call]:
    return [
        call
        for call in calls
        if _kind(call.layer) and call.sources and len(call.source_shapes[0]) == 3
    ]


def _kind(layer: keras.Operation) -> StageKind | None:
    return next((kind for known, kind in LAYERS.items() if isinstance(layer, known)), None)


def _source_name(call: Call, calls: Sequence[Call], input_name: str) -> str:
    source = call.sources[0]
    return input_name if source == INPUT else "?" if source == UNKNOWN else calls[source].name


def _stage(call: Call, source_layer: str) -> StageInfo:
    kind = _kind(call.layer)
    assert kind is not None  # noqa: S101 - for the type checker
    return StageInfo(
        name=call.name,
        kind=kind,
        pool_size=_pair(call.layer, "pool_size"),
        strides=_pair(call.layer, "strides"),
        padding=getattr(call.layer, "padding", None),
        data_format=call.layer.data_format,
        source_shape=call.source_shapes[0],
        pooled_shape=call.output_shape,
        source_layer=source_layer,
    )


def _pair(layer: keras.Operation, name: str) -> tuple[int, int] | None:
    value = getattr(layer, name, None)
    return None if value is None else (int(value[0]), int(value[1]))


def _added_stage(call: Call) -> StageInfo | None:
    data_format = call.layer.data_format
    axes = (1, 2) if data_format == "channels_first" else (0, 1)
    shape = list(call.output_shape)
    for axis, size in zip(axes, ADDED_SIZE, strict=True):
        length = shape[axis]
        shape[axis] = None if length is None else length // size
    if 0 in shape:
        return None
    return StageInfo(
        name=call.name + ADDED_SUFFIX,
        kind="max",
        pool_size=ADDED_SIZE,
        strides=ADDED_SIZE,
        padding="valid",
        data_format=data_format,
        source_shape=call.output_shape,
        pooled_shape=tuple(shape),
        source_layer=call.name,
        is_added=True,
    )


def _pooling(stage: StageInfo, call: Call, source_shape: tuple[int, int]) -> Pooling:
    if stage.is_added:
        return Pooling("max", WindowGrid.over(source_shape, ADDED_SIZE, ADDED_SIZE, "valid"))
    pooling = pooling_of(call.layer, whole(call.source_shapes[0]), whole(call.output_shape))
    assert pooling is not None  # noqa: S101 - a stage's layer is a pooling
    return pooling


def steps_to(calls: Sequence[Call], *, is_added: bool) -> tuple[int, ...] | None:
    """Return which calls make the feature map, as the steps of its graph; None if not known.

    Parameters
    ----------
    calls
        Those of a run that ended at the stage; see `geometry_of`.
    is_added
        Whether the stage's pooling is added behind the last of them.
    """
    call = calls[-1]
    last = len(calls) - 1 if is_added else call.sources[0] if call.sources else UNKNOWN
    return None if last == UNKNOWN else tuple(_ancestors(calls, last))


def _graph(
    calls: Sequence[Call], is_added: bool, input_shape: tuple[int, int], shape: tuple[int, int]
) -> LayerGraph:
    """Return the layers up to the call that makes the feature map, as steps of a graph."""
    wanted = steps_to(calls, is_added=is_added)
    if wanted is None:
        return LayerGraph(input_shape, (Step("?", (), shape, is_undefined=True),))
    numbers = {index: number for number, index in enumerate(wanted)} | {INPUT: INPUT}
    own = data_format_of(call.layer for call in calls)
    return LayerGraph(input_shape, tuple(_step(calls[i], numbers, own) for i in wanted))


def _ancestors(calls: Sequence[Call], last: int) -> list[int]:
    found: set[int] = set()
    waiting = [last]
    while waiting:
        index = waiting.pop()
        if index >= 0 and index not in found:
            found.add(index)
            waiting.extend(calls[index].sources)
    return sorted(found)


def _step(call: Call, numbers: dict[int, int], data_format: Layout) -> Step:
    shape = channels_last(whole(call.output_shape), layout_of(call.layer, data_format))[:2]
    sources = tuple(whole(source) for source in call.source_shapes)
    rules = links_of(call.layer, sources, whole(call.output_shape), data_format)
    if rules is None or UNKNOWN in call.sources:
        return Step(call.name, (), shape, is_undefined=True)
    links = (Link(numbers[source], *rule) for source, rule in zip(call.sources, rules, strict=True))
    return Step(call.name, tuple(links), shape)
