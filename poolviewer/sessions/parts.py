"""The parts of a session as they stand in a file: what each may hold, and within which bounds.

Each part mirrors a class of `poolviewer.core`, field by field: pydantic would take a dataclass
itself, but then overlooks what it does not know and reads ``"3"`` as a number.
"""

from math import prod
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import ColourMapName, DisplaySpec, LevelsMode
from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import ChannelOrder, Fit, InputSpec, Scaling, number_problem
from poolviewer.core.messages import SourceKind
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import Activation, NetworkSpec, problems
from poolviewer.core.ordering import TileOrder
from poolviewer.core.pooling import PoolKind
from poolviewer.core.tiles import Room
from poolviewer.core.windows import Padding
from poolviewer.sessions.pixels import Pixels, pack, unpack

MOST_INPUT_BYTES = 48 * 2**20  # of the pixels that a network received
MOST_VALUES = 2**26  # of the numbers made of them
MOST_ROOM = 2**26  # physical pixels of a gallery
MOST_NAME = 256
MOST_STAGE_NAME = 1024
LONGEST = 2**16  # of any side of a map


def _plain(value: Any) -> Any:  # noqa: ANN401 - anything may stand in a file
    """Turn a number of NumPy into Python's, so that strict types take it."""
    return value.item() if isinstance(value, np.generic) else value


def _is_shown(text: str) -> str:
    if not text.isprintable():
        raise ValueError("not printable")
    return text


Side = Annotated[int, BeforeValidator(_plain), Field(ge=1, le=LONGEST)]
Index = Annotated[int, BeforeValidator(_plain), Field(ge=0, le=LONGEST)]
Offset = Annotated[int, BeforeValidator(_plain), Field(ge=-LONGEST, le=LONGEST)]
Count = Annotated[int, BeforeValidator(_plain), Field(ge=0, le=2**53)]
Number = Annotated[float, BeforeValidator(_plain), Field(allow_inf_nan=False)]
Coordinate = Annotated[float, BeforeValidator(_plain), Field(ge=-1e12, le=1e12)]
Name = Annotated[str, Field(max_length=MOST_NAME), AfterValidator(_is_shown)]
Word = Annotated[str, Field(pattern="^[0-9A-Za-z_-]{1,128}$")]
Sides = tuple[Side, Side]


class Part(BaseModel):
    """A part of a session; it may hold nothing but what is said here, in exactly these types."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, from_attributes=True, allow_inf_nan=False
    )
    core_type: ClassVar[Any]

    def core(self) -> Any:  # noqa: ANN401 - of the part's own class of the core
        """Return what the part stands for."""
        names = type(self).model_fields
        return self.core_type(**{name: _core(getattr(self, name)) for name in names})


def _core(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, tuple):
        return tuple(_core(each) for each in value)
    return value.core() if isinstance(value, Part) else value


class PixelPart(Part):
    """One pixel of one of the three maps."""

    core_type = Pixel
    map_name: MapName
    row: Index
    col: Index


class RectPart(Part):
    """A rectangle of the world."""

    core_type = Rect
    top: Coordinate
    left: Coordinate
    bottom: Coordinate
    right: Coordinate

    @model_validator(mode="after")
    def _has_area(self) -> Self:
        if not (self.top < self.bottom and self.left < self.right):
            raise ValueError("empty")
        return self


class InputPart(Part):
    """What is made of a picture."""

    core_type = InputSpec
    height: Side
    width: Side
    channel_order: ChannelOrder
    scaling: Scaling
    fit: Fit
    channels: Side | None
    mean: Annotated[tuple[Number, ...], Field(max_length=3)]
    deviation: Annotated[tuple[Number, ...], Field(max_length=3)]
    is_own_size: bool

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        spec: InputSpec = self.core()
        if number_problem(spec) or prod(pixels_shape(spec)) > MOST_INPUT_BYTES:
            raise ValueError("unusable")
        if prod(spec.shape) > MOST_VALUES:
            raise ValueError("too many numbers")
        return self


def pixels_shape(spec: InputSpec) -> tuple[int, int, int]:
    """Return the shape of `PreparedInput.pixels`."""
    return spec.height, spec.width, len(spec.order_names)


class PresetPart(Part):
    """The tutorial's network, by its parameters."""

    core_type = NetworkSpec
    input: InputPart
    filters: Side
    kernel_size: Sides
    strides: Sides
    padding: Padding
    activation: Activation
    pool_kind: PoolKind
    pool_size: Sides
    pool_strides: Sides
    pool_padding: Padding
    seed: Count

    @model_validator(mode="after")
    def _can_be_built(self) -> Self:
        if problems(self.core()):
            raise ValueError("impossible")
        return self


class ModelPart(Part):
    """A model, known by the hash of its content; its name is only shown."""

    core_type = ModelSpec
    name: Name
    digest: Word
    stage: Annotated[str, Field(max_length=MOST_STAGE_NAME)]
    input: InputPart
    most_pixels: Count
    seed: Count | None


class RoomPart(Part):
    """How large the gallery was."""

    core_type = Room
    height: Index
    width: Index
    ratio: Annotated[float, BeforeValidator(_plain), Field(gt=0, le=64)]

    @model_validator(mode="after")
    def _is_on_a_screen(self) -> Self:
        if self.height * self.width * self.ratio**2 > MOST_ROOM:
            raise ValueError("too large")
        return self


class DisplayPart(Part):
    """How the maps were shown."""

    core_type = DisplaySpec
    colour_map: ColourMapName
    levels_mode: LevelsMode
    is_mirrored: bool
    order: TileOrder
    place: Index
    room: RoomPart


class SourcePart(Part):
    """Where the frame came from, in words; nothing is ever read there."""

    name: Name
    kind: SourceKind
    frame: Count
    picture: Name


class PixelsPart(Part):
    """Bytes of an array: its shape, and its content as `pixels.pack` writes it."""

    shape: tuple[Side, Side, Annotated[int, Field(ge=1, le=3)]]
    zlib: str

    @classmethod
    def of(cls, pixels: Pixels) -> Self:
        rows, cols, channels = pixels.shape
        return cls(shape=(rows, cols, channels), zlib=pack(pixels))

    def array(self) -> Pixels:
        """Return the pixels; the shape must have been judged before."""
        return unpack(self.zlib, self.shape)
