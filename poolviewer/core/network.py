"""The tutorial's network as data: its parameters, what is impossible, and its geometry."""

from dataclasses import dataclass, field
from math import ceil, prod
from typing import Literal

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.layer_graph import INPUT, LayerGraph, Link, Step
from poolviewer.core.model_info import InputInfo, LayerInfo, ModelInfo, ModelSpec, StageInfo
from poolviewer.core.pooling import Pooling, PoolKind
from poolviewer.core.stage import Stage
from poolviewer.core.windows import Padding, WindowGrid

Activation = Literal["linear", "relu", "tanh", "sigmoid"]

ACTIVATIONS: tuple[Activation, ...] = ("linear", "relu", "tanh", "sigmoid")
MAX_BYTES = 2**30
MAX_OPERATIONS = 2 * 10**10
MAX_SIDE = 2048
MAX_FILTERS = 1024
MAX_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """Parameters of one convolution and one pooling; the defaults are the tutorial's."""

    input: InputSpec = field(default_factory=InputSpec)
    filters: int = 64
    kernel_size: tuple[int, int] = (3, 3)
    strides: tuple[int, int] = (1, 1)
    padding: Padding = "valid"
    activation: Activation = "linear"
    pool_kind: PoolKind = "max"
    pool_size: tuple[int, int] = (2, 2)
    pool_strides: tuple[int, int] = (2, 2)
    pool_padding: Padding = "valid"
    seed: int = 0

    @property
    def stage(self) -> Stage:
        """The network's one pooling layer; only meaningful where `problems` finds nothing."""
        conv = _convolution_grid(self)
        pooling = WindowGrid.over(conv.shape, self.pool_size, self.pool_strides, self.pool_padding)
        layer = Step("conv2d", (Link(INPUT, conv.rows, conv.cols),), conv.shape)
        return Stage(
            name=f"{self.pool_kind}_pooling2d",
            source_layer=layer.name,
            input_shape=self.input.shape,
            channels=self.filters,
            graph=LayerGraph(conv.source_shape, (layer,)),
            pooling=Pooling(self.pool_kind, pooling),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a network cannot be built: the parameter at fault and one sentence."""

    parameter: str
    sentence: str


PRESETS: dict[str, NetworkSpec] = {
    "tutorial": NetworkSpec(),
    "grey 224×224": NetworkSpec(InputSpec(224, 224, channel_order="grey")),
}


Network = NetworkSpec | ModelSpec


def network_name(network: Network) -> str:
    """Return a model's name, the name of the preset with these parameters, or ``"custom"``."""
    if isinstance(network, ModelSpec):
        return network.name
    return next((name for name, preset in PRESETS.items() if preset == network), "custom")


def tutorial_info(spec: NetworkSpec) -> ModelInfo:
    """List the layers and the one stage of the tutorial's network; it must be without problems."""
    stage = spec.stage
    channels = spec.filters
    source, pooled = (*stage.feature_shape, channels), (*stage.pooled_shape, channels)
    weights = (prod(spec.kernel_size) * spec.input.shape[2] + 1) * channels
    kind = "MaxPooling2D" if spec.pool_kind == "max" else "AveragePooling2D"
    return ModelInfo(
        name=network_name(spec),
        digest="",
        inputs=(InputInfo("input", spec.input.shape, "float32"),),
        layers=(
            LayerInfo(stage.source_layer, "Conv2D", 0, source, weights),
            LayerInfo(stage.name, kind, 0, pooled, 0, (stage.name,)),
        ),
        stages=(
            StageInfo(
                name=stage.name,
                kind=spec.pool_kind,
                pool_size=spec.pool_size,
                strides=spec.pool_strides,
                padding=spec.pool_padding,
                data_format="channels_last",
                source_shape=source,
                pooled_shape=pooled,
                source_layer=stage.source_layer,
            ),
        ),
        input=spec.input,
    )


def problems(spec: NetworkSpec) -> tuple[Problem, ...]:
    """Say why a network cannot be built; an empty tuple means that it can."""
    out_of_range = _range_problems(spec)
    if out_of_range:
        return out_of_range
    conv = _convolution_grid(spec)
    if 0 in conv.shape:
        return (_too_large("kernel_size", "kernel", spec.kernel_size, "input", conv.source_shape),)
    pooling = spec.stage.pooling.grid
    if 0 in pooling.shape:
        return (_too_large("pool_size", "pool", spec.pool_size, "feature map", conv.shape),)
    return _memory_problems(spec) or _work_problems(spec)


def _convolution_grid(spec: NetworkSpec) -> WindowGrid:
    shape = (spec.input.height, spec.input.width)
    return WindowGrid.over(shape, spec.kernel_size, spec.strides, spec.padding)


def _range_problems(spec: NetworkSpec) -> tuple[Problem, ...]:
    limits = {
        "filters": (1, MAX_FILTERS),
        "seed": (0, MAX_SEED),
        "kernel_size": (1, MAX_SIDE),
        "strides": (1, MAX_SIDE),
        "pool_size": (1, MAX_SIDE),
        "pool_strides": (1, MAX_SIDE),
    }
    found = [_out_of(name, getattr(spec, name), low, high) for name, (low, high) in limits.items()]
    found.append(_out_of("size", (spec.input.height, spec.input.width), 1, MAX_SIDE))
    return tuple(problem for problem in found if problem is not None)


def _out_of(parameter: str, value: int | tuple[int, int], low: int, high: int) -> Problem | None:
    numbers = value if isinstance(value, tuple) else (value,)
    if all(low <= number <= high for number in numbers):
        return None
    label = parameter.replace("_", " ").capitalize()
    return Problem(parameter, f"{label} must lie between {low} and {high}.")


def _too_large(
    parameter: str, what: str, size: tuple[int, int], where: str, shape: tuple[int, int]
) -> Problem:
    sentence = (
        f"A {what} of {size[0]}×{size[1]} does not fit into the {where} of {shape[0]}×{shape[1]}: "
        f"make the {what} smaller, the input larger, or the padding same."
    )
    return Problem(parameter, sentence)


def _memory_problems(spec: NetworkSpec) -> tuple[Problem, ...]:
    maps = prod(spec.stage.feature_shape) + prod(spec.stage.pooled_shape)
    weights = prod(spec.kernel_size) * spec.input.shape[2]
    needed = 4 * spec.filters * (maps + weights)
    if needed <= MAX_BYTES:
        return ()
    sentence = (
        f"The network would take {ceil(needed / 2**20)} MB and the limit is {MAX_BYTES // 2**20} "
        "MB: use fewer filters or a smaller input."
    )
    return (Problem("filters", sentence),)


def _work_problems(spec: NetworkSpec) -> tuple[Problem, ...]:
    """Refuse a network whose one frame would keep the inference thread for many seconds."""
    taps = prod(spec.kernel_size) * spec.input.shape[2]
    convolution = spec.filters * prod(spec.stage.feature_shape) * taps
    pooling = spec.filters * prod(spec.stage.pooled_shape) * prod(spec.pool_size)
    if convolution + pooling <= MAX_OPERATIONS:
        return ()
    what = "kernel" if convolution > pooling else "pool"
    sentence = (
        f"A frame would take {ceil((convolution + pooling) / 1e9)} billion operations and the "
        f"limit is {MAX_OPERATIONS // 10**9} billion: make the {what} or the input smaller."
    )
    return (Problem(f"{what}_size", sentence),)
