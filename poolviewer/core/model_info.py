"""What is known of an opened model: its inputs, its layers as a tree, and its pooling stages."""

from dataclasses import dataclass, field, replace
from typing import Literal

from poolviewer.core.input_spec import (
    PREPROCESSINGS,
    SHORT_NAMES,
    InputSpec,
    Preprocessing,
    number_problem,
    with_preprocessing,
)

StageKind = Literal[
    "max", "average", "global_max", "global_average", "adaptive_max", "adaptive_average"
]
Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class InputInfo:
    """One input of a model; the shape is without the batch, None where it is open."""

    name: str
    shape: Shape
    dtype: str


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One layer in the tree of a model.

    Parameters
    ----------
    name
        Names from the outermost model inwards, joined by slashes.
    kind
        Name of the layer's class.
    depth
        How many models it lies within; 0 for the model's own layers.
    output_shape
        Without the batch; None where it is not known.
    parameters
        Number of weights.
    stages
        Names of the stages that this layer is: several where it is used several times.
    """

    name: str
    kind: str
    depth: int
    output_shape: Shape | None
    parameters: int
    stages: tuple[str, ...] = ()

    @property
    def short_name(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class StageInfo:
    """One pooling of a model, as the browser and ``poolviewer inspect`` list it.

    Parameters
    ----------
    name
        The layer's name; a layer that is used again is ``name#2``.
    kind, pool_size, strides, padding, data_format
        As the layer has them; None where they make no sense for its kind.
    source_shape, pooled_shape
        What enters and leaves it, without the batch, in its own data format.
    source_layer
        Name of the layer that feeds it.
    is_added
        Whether the model has no such layer: the tutorial's pooling, put behind a convolution.
    """

    name: str
    kind: StageKind
    pool_size: tuple[int, int] | None
    strides: tuple[int, int] | None
    padding: str | None
    data_format: str
    source_shape: Shape
    pooled_shape: Shape
    source_layer: str
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """All that the window needs to know of an opened model.

    Parameters
    ----------
    name, digest
        The file's shown name, and the hash of its content.
    inputs, layers, stages
        In the model's own order.
    input
        What the model gets if the person has not chosen otherwise.
    free_size
        Whether height and width may be chosen.
    most_pixels
        How many pixels its input may have before its activations pass the memory limit; 0 where
        the size cannot be chosen.
    notes
        What a person should know, one sentence each.
    obstacle
        Why nothing of it can be drawn, one sentence; empty if it can be.
    needs_input_shape
        Whether the model does not know its own input: open it again with a shape.
    seed
        What its weights were drawn from, if its file holds none.
    """

    name: str
    digest: str
    inputs: tuple[InputInfo, ...] = ()
    layers: tuple[LayerInfo, ...] = ()
    stages: tuple[StageInfo, ...] = ()
    input: InputSpec = field(default_factory=InputSpec)
    free_size: tuple[bool, bool] = (False, False)
    most_pixels: int = 0
    notes: tuple[str, ...] = ()
    obstacle: str = ""
    needs_input_shape: bool = False
    seed: int | None = None

    def used_at(self, stage: StageInfo, spec: InputSpec) -> "ModelSpec":
        """Return the model as it is used at one of its stages."""
        return ModelSpec(self.name, self.digest, stage.name, spec, self.most_pixels, self.seed)

    def find_stage(self, wish: str) -> StageInfo | None:
        """Return the stage that a person means: by its whole name, or by what is unique of it."""
        if not wish:
            return self.stages[0] if self.stages else None
        for matches in (_has_name, _has_short_name):
            found = [stage for stage in self.stages if matches(stage, wish)]
            if len(found) == 1:
                return found[0]
        return None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """An opened model as it is used: at which of its stages, and on what input.

    Parameters
    ----------
    name, digest
        Of the model; the engine knows it by its digest.
    stage
        Name of the stage.
    input
        What is made of a picture.
    most_pixels, seed
        As in `ModelInfo`.
    """

    name: str
    digest: str
    stage: str
    input: InputSpec
    most_pixels: int = 0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A wish to open a model.

    Parameters
    ----------
    path
        The file, or the unpacked folder.
    stage
        Name of the stage to begin with; empty for the first.
    input_shape
        ``(height, width)`` where they may be chosen, or ``(height, width, channels)`` for a model
        that does not know its own.
    preprocessing
        One of `input_spec.SHORT_NAMES`; None for what is remembered, or else the usual.
    """

    path: str
    stage: str = ""
    input_shape: tuple[int, ...] | None = None
    preprocessing: str | None = None

    def size_remark(self, model: ModelInfo) -> str:
        """Say that a wished size does not count, because the model has its own; else nothing."""
        own = (model.input.height, model.input.width)
        wished = own if self.input_shape is None else self.input_shape[:2]
        counts = all(
            is_free or new == old
            for new, old, is_free in zip(wished, own, model.free_size, strict=True)
        )
        if counts:
            return ""
        size = "×".join("any" if f else str(n) for n, f in zip(own, model.free_size, strict=True))
        return f"{model.name} takes inputs of {size} only: choose that size, or none."

    def chosen_input(self, model: ModelInfo, remembered: InputSpec | None = None) -> InputSpec:
        """Return what the model gets: as wished, else as remembered, else as usual for it."""
        spec = _fitting(remembered, model) or model.input
        if self.preprocessing is not None:
            name = SHORT_NAMES[self.preprocessing]
            spec = with_preprocessing(spec, _for_channels(PREPROCESSINGS[name], spec.shape[2]))
        if self.input_shape is None or not any(model.free_size):
            return spec
        own, wished = (spec.height, spec.width), self.input_shape[:2]
        height, width = (
            new if is_free else old
            for new, old, is_free in zip(wished, own, model.free_size, strict=True)
        )
        return replace(spec, height=height, width=width, is_own_size=False)


def _fitting(remembered: InputSpec | None, model: ModelInfo) -> InputSpec | None:
    """Return a remembered input if it suits the model, at the model's own size where it has one."""
    if remembered is None or remembered.shape[2] != model.input.shape[2]:
        return None
    if number_problem(remembered):
        return None
    height, width = (
        old if is_free else own
        for old, own, is_free in zip(
            (remembered.height, remembered.width),
            (model.input.height, model.input.width),
            model.free_size,
            strict=True,
        )
    )
    is_own_size = remembered.is_own_size and all(model.free_size)
    return replace(remembered, height=height, width=width, is_own_size=is_own_size)


def _for_channels(preset: Preprocessing, channels: int) -> Preprocessing:
    """Make a preprocessing of colours grey for a model of one channel."""
    if channels != 1:
        return preset
    mean, deviation = (
        (sum(numbers) / len(numbers),) if numbers else ()
        for numbers in (preset.mean, preset.deviation)
    )
    return Preprocessing("grey", preset.scaling, mean, deviation)


def _has_name(stage: StageInfo, wish: str) -> bool:
    return stage.name == wish


def _has_short_name(stage: StageInfo, wish: str) -> bool:
    """Whether the wish is the name of the layer itself; of an added pooling, its convolution's."""
    name = stage.source_layer if stage.is_added else stage.name
    return wish in (name, name.rpartition("/")[2])
