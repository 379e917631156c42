"""What a figure says in words; every sentence is made here, and nothing is drawn."""

from math import ceil, floor

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.explanation import box_in_words, explain, missing_field
from poolviewer.core.geometry import PixelBox
from poolviewer.core.input_spec import Fit, numbers_in_words
from poolviewer.core.laboratory.experiment import Finding
from poolviewer.core.messages import Activations
from poolviewer.core.network import Network, NetworkSpec, network_name
from poolviewer.core.numbers import times
from poolviewer.core.origin import origin_of
from poolviewer.core.pooling import in_words
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.core.trace import FeatureTrace, InputTrace, PooledTrace
from poolviewer.export.request import FigureRequest

NO_BREAK = "\N{NO-BREAK SPACE}"
DIGITS = 12
MAP_TITLES = {
    MapName.INPUT: "Input",
    MapName.FEATURE: "Feature map",
    MapName.POOLED: "Pooled map",
}
FIT_WORDS: dict[Fit, str] = {
    "stretch": "stretched to",
    "crop": "cropped to",
    "letterbox": "fitted with bars into",
}


def headline(request: FigureRequest) -> str:
    """Say what the figure shows, with its result."""
    trace = request.trace
    if trace is None:
        name = printable(request.activations.stage.name, MAX_NAME)
        return f"Channel {request.channel} through {name}"
    text = explain(trace).headline
    if isinstance(trace, InputTrace):
        return text
    return f"Channel {request.channel}: {text[0].lower()}{text[1:]}"


def subline(request: FigureRequest) -> str:
    """Name the picture and the network."""
    return f"{source_words(request.activations)}  ·  {network_words(request.activations)}"


def source_words(activations: Activations) -> str:
    """Name the source and, where it has several, the frame."""
    origin = origin_of(activations.frame)
    name = printable(origin.source, MAX_NAME)
    if origin.kind == "folder" and origin.name:
        return f"{name}: {printable(origin.name, MAX_NAME)}"
    return name if origin.kind == "picture" else f"{name}, frame {origin.index}"


def network_words(activations: Activations) -> str:
    """Name the model, or the preset that the network is."""
    return f"network: {printable(network_name(activations.network), MAX_NAME)}"


def shape_words(request: FigureRequest, map_name: MapName) -> str:
    """Write the shape of a map, and which channel of it is shown."""
    stage = request.activations.stage
    if map_name is MapName.INPUT:
        words = request.activations.network.input.channel_words
        return f"{times(*stage.input_shape)}  {words}"
    shape = stage.feature_shape if map_name is MapName.FEATURE else stage.pooled_shape
    return f"{times(*shape, stage.channels)}  channel{NO_BREAK}{request.channel}"


def making_words(activations: Activations, map_name: MapName) -> str:
    """Say what made a map."""
    stage, network = activations.stage, activations.network
    if map_name is MapName.INPUT:
        shape = activations.frame.picture.shape[:2]
        size = times(*shape)
        if shape == stage.input_shape[:2]:
            return f"{size}, not resized"
        return f"{size} {FIT_WORDS[network.input.fit]} {times(*stage.input_shape[:2])}"
    if map_name is MapName.FEATURE:
        grid = stage.source_window
        windows = f": {grid.in_words()}" if grid else ""
        activation = f", {network.activation}" if isinstance(network, NetworkSpec) else ""
        return f"{printable(stage.source_layer, MAX_NAME)}{windows}{activation}"
    return f"{printable(stage.name, MAX_NAME)}: {in_words(stage.pooling)}"


def caption(request: FigureRequest) -> str:
    """Say all that is needed to make the figure again."""
    activations, versions = request.activations, request.versions
    stage = activations.stage
    packages = ", ".join(f"{name} {version}" for name, version in versions.packages.items())
    made_by = ", ".join(filter(None, (f"poolviewer {request.poolviewer}", packages)))
    parts = (
        f"Source: {source_words(activations)}",
        f"{network_words(activations)}, {_origin_words(activations.network)}",
        f"layer: {printable(stage.name, MAX_NAME)} after {printable(stage.source_layer, MAX_NAME)}",
        f"channel {request.channel} of {stage.channels}",
        pixel_words(request.pixel),
        request.alteration,
        "shown mirrored" if request.display.is_mirrored else "",
        f"{made_by}, on {versions.device}",
    )
    return "; ".join(part for part in parts if part) + ". Pixels are (row, column), counted from 0."


def finding_words(finding: Finding) -> str:
    """Say why an experiment does not apply here, or what it showed."""
    return " ".join(filter(None, (finding.obstacle, *finding.sentences)))


def _origin_words(network: Network) -> str:
    """Say which weights a network has, and what it gets if that is not the tutorial's."""
    if isinstance(network, NetworkSpec):
        return f"seed {network.seed}"
    weights = "" if network.seed is None else f"random weights of seed {network.seed}, "
    inputs = numbers_in_words(network.input)
    return f"SHA-256 {network.digest[:DIGITS]}, {weights}input: {inputs}"


def pixel_words(pixel: Pixel | None) -> str:
    """Name a pixel and its map."""
    return f"{pixel.map_name.value} pixel ({pixel.row}, {pixel.col})" if pixel else ""


def unit_words(request: FigureRequest, map_name: MapName) -> str:
    """Say of what the numbers of a map are, and whose range they have."""
    if map_name is MapName.INPUT:
        return "as the network received it"
    return f"activation, {levels_words(request, map_name)}"


def levels_words(request: FigureRequest, map_name: MapName) -> str:
    """Say whose range the levels are; a map of one pixel has none of its own."""
    stage = request.activations.stage
    shape = stage.feature_shape if map_name is MapName.FEATURE else stage.pooled_shape
    is_shared = request.display.levels_mode == "shared" or shape == (1, 1)
    return "all channels" if is_shared else "this channel"


def field_words(trace: FeatureTrace | PooledTrace, activations: Activations) -> str:
    """Say where the receptive field lies in the picture as it was taken."""
    if trace.receptive_field is None:
        return f"{missing_field(trace).capitalize()}."
    box = picture_box(trace.receptive_field, activations)
    return f"Picture: {box_in_words(box)}." if box else "Beside the picture, in the bars."


def trace_words(trace: FeatureTrace | PooledTrace) -> tuple[str, ...]:
    """Say how the value came about; the result of the arithmetic is kept on one line."""
    explanation = explain(trace)
    arithmetic = explanation.arithmetic.replace(" = ", f"{NO_BREAK}={NO_BREAK}")
    return (arithmetic, *explanation.sentences) if arithmetic else explanation.sentences


def picture_box(box: PixelBox, activations: Activations) -> PixelBox | None:
    """Return the pixels of the full picture under a box of the input's; None where it has none."""
    height, width = activations.frame.picture.shape[:2]
    place = activations.prepared.placement
    rows = _touched(box.row_start, box.row_stop, place.top, place.height, height)
    cols = _touched(box.col_start, box.col_stop, place.left, place.width, width)
    return PixelBox(rows[0], cols[0], rows[1], cols[1]) if rows and cols else None


def _touched(
    start: int, stop: int, origin: float, length: float, size: int
) -> tuple[int, int] | None:
    """Return the pixels of a picture's axis, placed in the world, under a range of the world."""
    first, last = ((edge - origin) / length * size for edge in (start, stop))
    low, high = max(floor(first + 1e-6), 0), min(ceil(last - 1e-6), size)
    return (low, high) if low < high else None
