"""Follow one number of a map backwards, layer by layer, to the input."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.arithmetic import Source, unknown, worked_out
from poolviewer.core.chain_step import THE_INPUT, Chain, ChainStep, Place
from poolviewer.core.geometry import MapGeometry
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.messages import Activations
from poolviewer.core.operations import Operation, Pool, Unknown
from poolviewer.core.precision import Precision, epsilon

NOT_FETCHED = "Pin the pixel or freeze the picture to follow it further."
SHORT_OF_MEMORY = (
    "The maps of all layers take more memory than there is, so the chain ends here: "
    "choose a smaller input or an earlier stage."
)
NO_CHOICES: Mapping[int, int] = {}


def chain_of(
    activations: Activations,
    channel: int,
    pixel: Pixel,
    choices: Mapping[int, int] = NO_CHOICES,
) -> Chain | None:
    """Follow a pixel of the pooled map or of the feature map back to the input.

    Of everything that a number is made from, the chain goes on with what counts most: with the
    winner, or with the largest product.

    Parameters
    ----------
    choices
        For some steps (`ChainStep.step`) which of its values to go on with instead, as
        `ChainStep.tap`; what does not exist at this pixel is ignored.

    Returns
    -------
    Chain or None
        None for a pixel of the input, and where this frame's maps have no such pixel or channel.
    """
    graph_end = len(activations.stage.graph.steps)
    if pixel.map_name is MapName.INPUT:
        return None
    index = graph_end if pixel.map_name is MapName.POOLED else graph_end - 1
    place: Place = (pixel.row, pixel.col, channel)
    held = _map_of(activations, index)
    if index == INPUT or held is None or not _is_inside(place, held):
        return None
    steps = tuple(_walk(activations, index, place, choices))
    ending = steps[-1].ending if steps[-1].continuation is None else THE_INPUT
    return Chain(steps, ending, is_pooled=index == graph_end)


def _walk(
    activations: Activations, index: int, place: Place, choices: Mapping[int, int]
) -> Iterator[ChainStep]:
    while index != INPUT:
        step = _followed(activations, index, place, choices.get(index))
        yield step
        if step.continuation is None:
            return
        index, place = step.continuation


def _followed(activations: Activations, index: int, place: Place, choice: int | None) -> ChainStep:
    """Return one step; the map that leaves it is at hand."""
    bare = _bare(activations, index, place)
    if isinstance(bare.operation, Unknown):
        return unknown(bare)
    numbers = _sources_of(activations, index)
    if not numbers:
        return replace(bare, ending=f"Layer {bare.layer} is made from nothing of the input.")
    maps = {number: _map_of(activations, number) for number in numbers}
    sources = [Source(n, held) for n in numbers if (held := maps[n]) is not None]
    if len(sources) < len(numbers):
        return replace(bare, ending=_why_missing(activations, numbers))
    step = worked_out(bare, sources, choice)
    if step.continuation is None:
        return step
    return replace(step, source_geometry=_geometry_of(activations, step.continuation[0]))


def _bare(activations: Activations, index: int, place: Place) -> ChainStep:
    """Return a step before anything is worked out."""
    stage = activations.stage
    steps = stage.graph.steps
    held = _map_of(activations, index)
    assert held is not None  # noqa: S101 - nobody goes where no map is
    return ChainStep(
        step=index,
        layer=stage.name if index == len(steps) else steps[index].name,
        operation=_operation_of(activations, index),
        pixel=place,
        geometry=_geometry_of(activations, index),
        map_value=float(held[place]),
        precision=_precision_of(activations, index, held),
    )


def _precision_of(activations: Activations, index: int, held: NDArray[np.floating]) -> Precision:
    if index < len(activations.precisions):
        return activations.precisions[index]
    if activations.precisions:  # the stage's own pooling: no finer than the layers before it
        return max(activations.precisions, key=epsilon)
    return "float64" if held.dtype == np.float64 else "float32"


def _operation_of(activations: Activations, index: int) -> Operation:
    stage = activations.stage
    if index == len(stage.graph.steps):
        return Pool(stage.pooling)
    if stage.graph.steps[index].is_undefined or index >= len(activations.operations):
        return Unknown()
    return activations.operations[index]


def _sources_of(activations: Activations, index: int) -> tuple[int, ...]:
    steps = activations.stage.graph.steps
    if index == len(steps):
        return (len(steps) - 1,)
    return tuple(link.source for link in steps[index].links)


def _map_of(activations: Activations, index: int) -> NDArray[np.floating] | None:
    if index == len(activations.stage.graph.steps):
        return activations.pooled_maps
    return activations.map_of(index)


def _geometry_of(activations: Activations, index: int) -> MapGeometry:
    stage = activations.stage
    if index == len(stage.graph.steps):
        return stage.pooled_geometry
    return stage.graph.geometry_of(index)


def _why_missing(activations: Activations, numbers: tuple[int, ...]) -> str:
    if activations.lacks_steps:
        return NOT_FETCHED
    if activations.is_short_of_memory:
        return SHORT_OF_MEMORY
    steps = activations.stage.graph.steps
    missing = next(n for n in numbers if _map_of(activations, n) is None)
    return f"What leaves layer {steps[missing].name} is no map, so the chain ends here."


def _is_inside(place: Place, held: NDArray[np.floating]) -> bool:
    return all(0 <= index < size for index, size in zip(place, held.shape, strict=True))
