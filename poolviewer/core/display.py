"""From numbers to shades: levels and 8-bit maps."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.extremes import extremes, extremes_before
from poolviewer.core.ordering import TileOrder
from poolviewer.core.pooling import Pooling
from poolviewer.core.tiles import Room

LevelsMode = Literal["channel", "shared"]
ColourMapName = Literal["grey", "viridis", "diverging"]

COLOUR_MAP_NAMES: tuple[ColourMapName, ...] = ("grey", "viridis", "diverging")
LARGEST_FLOAT = np.finfo(np.float32).max


@dataclass(frozen=True, slots=True)
class DisplaySpec:
    """How maps are shown.

    Parameters
    ----------
    colour_map
        ``"grey"`` as in the tutorial, ``"viridis"``, or ``"diverging"``, centred on zero.
    levels_mode
        ``"channel"``: every map of every channel fills the whole range, as in the tutorial; maps
        of one pixel, which have no range of their own, share that of all channels.
        ``"shared"``: one range for all channels of both maps, so equal shades are equal numbers.
    is_mirrored
        Whether the person sees everything mirrored; the network never does.
    order
        In which order the gallery shows the channels.
    place
        A place in that order, from 0: the gallery shows the page that holds it.
    room
        How large the gallery is; how many tiles it can show follows from it.
    """

    colour_map: ColourMapName = "grey"
    levels_mode: LevelsMode = "channel"
    is_mirrored: bool = False
    order: TileOrder = "index"
    place: int = 0
    room: Room = field(default_factory=Room)

    @property
    def is_centred(self) -> bool:
        """Whether zero lies in the middle of the levels."""
        return self.colour_map == "diverging"

    def has_levels_of(self, other: "DisplaySpec") -> bool:
        """Whether both choose the same levels for the same maps."""
        mine, theirs = ((s.levels_mode, s.is_centred) for s in (self, other))
        return mine == theirs


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The values shown as the darkest and the brightest shade, for each channel.

    Parameters
    ----------
    feature, pooled
        Of shape (C, 2): low and high of the feature map and of the pooled map.
    """

    feature: NDArray[np.floating]
    pooled: NDArray[np.floating]


def levels_of(
    feature_maps: NDArray[np.floating],
    pooled_maps: NDArray[np.floating],
    spec: DisplaySpec,
    pooling: Pooling | None = None,
) -> Levels:
    """Choose the levels of every channel of both maps, of shape (H, W, C) and (h, w, C).

    Faster for large maps where it is told how the first were pooled to the second.
    """
    found = extremes_before(feature_maps, pooled_maps, pooling) if pooling else None
    feature, pooled = _ranges(feature_maps, found), _ranges(pooled_maps)
    if spec.levels_mode == "shared":
        feature = pooled = _shared(np.concatenate([feature, pooled]))[: len(feature)]
    if spec.is_centred:
        feature, pooled = _centred(feature), _centred(pooled)
    return Levels(feature, pooled)


def quantise(values: NDArray[np.floating], levels: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Map values to 0–255 between their levels.

    Parameters
    ----------
    values
        Of shape (H, W) with levels of shape (2,), or (H, W, C) with levels of shape (C, 2).

    Returns
    -------
    ndarray of uint8
        Same shape; values beyond the levels are clipped, NaN is 0, and equal levels give 0.
    """
    low, high = levels[..., 0].astype(np.float64), levels[..., 1].astype(np.float64)
    span = high - low
    with np.errstate(invalid="ignore", over="ignore"):  # infinities become NaN or 255
        scale = np.divide(255.0, span, out=np.zeros_like(span), where=span > 0)
        is_extreme = span.max() > 1e38 or scale.max() > 1e38
        kind = np.float64 if is_extreme else np.result_type(values, np.float32)
        shades: NDArray[np.floating] = values - low.astype(kind)
        _multiply(shades, scale.astype(kind))
    np.fmax(shades, 0, out=shades)  # unlike np.maximum, makes 0 of NaN
    np.minimum(shades, 255, out=shades)
    np.rint(shades, out=shades)
    return shades.astype(np.uint8)


def _multiply(shades: NDArray[np.floating], scale: NDArray[np.floating]) -> None:
    """Multiply each channel by its own number; a row at a time is faster than pixel by pixel."""
    if scale.ndim and shades.flags.c_contiguous:
        rows = shades.reshape(len(shades), -1)
        rows *= np.tile(scale, shades.shape[1])
    else:
        shades *= scale


def _ranges(
    maps: NDArray[np.floating], found: NDArray[np.floating] | None = None
) -> NDArray[np.floating]:
    """Return the range of each channel, shape (C, 2); of one pixel, that of all channels."""
    ranges = _usual(maps, extremes(maps) if found is None else found)
    return _shared(ranges) if maps.shape[:2] == (1, 1) else ranges


def _shared(ranges: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return one range that holds all, as often as there are ranges."""
    return np.tile(np.array([ranges[:, 0].min(), ranges[:, 1].max()]), (len(ranges), 1))


def _usual(maps: NDArray[np.floating], ranges: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the lowest and highest value of each channel, shape (C, 2), from its extremes.

    NaN, infinities, and the largest and lowest float are left out: TensorFlow's maximum over
    nothing but NaN is the lowest float. A channel with nothing else has the range (0, 0).
    """
    is_usual = (np.abs(ranges) < LARGEST_FLOAT).all(axis=1)
    if not is_usual.all():
        unusual = maps[:, :, ~is_usual]
        numbers = np.where(np.abs(unusual) < LARGEST_FLOAT, unusual, np.float32(np.nan))
        ranges[~is_usual] = np.nan_to_num(extremes(numbers))
    return ranges


def _centred(ranges: NDArray[np.floating]) -> NDArray[np.floating]:
    """Put zero in the middle of every range; nothing but zeros has the range (-1, 1)."""
    reach = np.abs(ranges).max(axis=1)
    reach[reach == 0] = 1
    return np.stack([-reach, reach], axis=1)
