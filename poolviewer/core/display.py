"""From numbers to shades: levels, 8-bit maps, and mosaics of all channels."""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LevelsMode = Literal["channel", "shared"]
ColourMapName = Literal["grey", "viridis", "diverging"]

COLOUR_MAP_NAMES: tuple[ColourMapName, ...] = ("grey", "viridis", "diverging")
MAX_MOSAIC_TILE = 96
LARGEST_FLOAT = np.finfo(np.float32).max


@dataclass(frozen=True, slots=True)
class DisplaySpec:
    """How maps are shown.

    Parameters
    ----------
    colour_map
        ``"grey"`` as in the tutorial, ``"viridis"``, or ``"diverging"``, centred on zero.
    levels_mode
        ``"channel"``: every map of every channel fills the whole range, as in the tutorial.
        ``"shared"``: one range for all channels of both maps, so equal shades are equal numbers.
    is_mirrored
        Whether the person sees everything mirrored; the network never does.
    """

    colour_map: ColourMapName = "grey"
    levels_mode: LevelsMode = "channel"
    is_mirrored: bool = False

    @property
    def is_centred(self) -> bool:
        """Whether zero lies in the middle of the levels."""
        return self.colour_map == "diverging"


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The values shown as the darkest and the brightest shade, for each channel.

    Parameters
    ----------
    feature, pooled
        float32 of shape (C, 2): low and high of the feature map and of the pooled map.
    """

    feature: NDArray[np.float32]
    pooled: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Mosaics:
    """All channels of both maps side by side as 8-bit tiles.

    Parameters
    ----------
    feature, pooled
        uint8 of shape (grid rows · tile rows, grid columns · tile columns).
    columns
        Tiles in a row of the grid.
    count
        Number of channels; tiles behind the last are zero.
    """

    feature: NDArray[np.uint8]
    pooled: NDArray[np.uint8]
    columns: int
    count: int


def levels_of(
    feature_maps: NDArray[np.float32], pooled_maps: NDArray[np.float32], spec: DisplaySpec
) -> Levels:
    """Choose the levels of every channel of both maps, of shape (H, W, C) and (h, w, C)."""
    feature, pooled = _channel_ranges(feature_maps), _channel_ranges(pooled_maps)
    if spec.levels_mode == "shared":
        low = min(feature[:, 0].min(), pooled[:, 0].min())
        high = max(feature[:, 1].max(), pooled[:, 1].max())
        feature = pooled = np.tile(np.array([low, high], dtype=np.float32), (len(feature), 1))
    if spec.is_centred:
        feature, pooled = _centred(feature), _centred(pooled)
    return Levels(feature, pooled)


def quantise(values: NDArray[np.float32], levels: NDArray[np.float32]) -> NDArray[np.uint8]:
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
    scale = np.divide(255.0, span, out=np.zeros_like(span), where=span > 0)
    is_extreme = span.max() > 1e38 or scale.max() > 1e38
    kind = np.float64 if is_extreme else np.float32
    with np.errstate(invalid="ignore", over="ignore"):  # infinities become NaN or 255
        shades: NDArray[np.floating] = values - low.astype(kind)
        shades *= scale.astype(kind)
    np.fmax(shades, 0, out=shades)  # unlike np.maximum, makes 0 of NaN
    np.minimum(shades, 255, out=shades)
    np.rint(shades, out=shades)
    return shades.astype(np.uint8)


def mosaics_of(
    feature_maps: NDArray[np.float32],
    pooled_maps: NDArray[np.float32],
    levels: Levels,
    *,
    is_mirrored: bool = False,
) -> Mosaics:
    """Lay all channels of both maps out in a square-looking grid (8×8 for 64 square ones).

    Of maps longer than `MAX_MOSAIC_TILE`, every n-th row and column is shown, so that a tile
    is never longer than that.
    """
    count = feature_maps.shape[2]
    height, width = feature_maps.shape[:2]
    columns = min(max(ceil(sqrt(count * height / width) - 1e-9), 1), count)
    return Mosaics(
        _mosaic(feature_maps, levels.feature, columns, is_mirrored),
        _mosaic(pooled_maps, levels.pooled, columns, is_mirrored),
        columns,
        count,
    )


def _channel_ranges(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the lowest and highest value of each channel, shape (C, 2).

    NaN, infinities, and the largest and lowest float are left out: TensorFlow's maximum over
    nothing but NaN is the lowest float. A channel with nothing else has the range (0, 0).
    """
    ranges = _extremes(maps)
    is_usual = (np.abs(ranges) < LARGEST_FLOAT).all(axis=1)
    if not is_usual.all():
        unusual = maps[:, :, ~is_usual]
        numbers = np.where(np.abs(unusual) < LARGEST_FLOAT, unusual, np.float32(np.nan))
        ranges[~is_usual] = np.nan_to_num(_extremes(numbers))
    return ranges


def _extremes(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the lowest and highest number of each channel, shape (C, 2); NaN if there is none."""
    # One axis at a time, because NumPy reduces the first axis of a contiguous array much faster.
    low = np.fmin.reduce(np.fmin.reduce(maps, axis=0), axis=0)
    high = np.fmax.reduce(np.fmax.reduce(maps, axis=0), axis=0)
    return np.stack([low, high], axis=1)


def _centred(ranges: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put zero in the middle of every range; nothing but zeros has the range (-1, 1)."""
    reach = np.abs(ranges).max(axis=1)
    reach[reach == 0] = 1
    return np.stack([-reach, reach], axis=1)


def _mosaic(
    maps: NDArray[np.float32], levels: NDArray[np.float32], columns: int, is_mirrored: bool
) -> NDArray[np.uint8]:
    step = ceil(max(maps.shape[:2]) / MAX_MOSAIC_TILE)
    tiles = quantise(maps[::step, ::step], levels)
    if is_mirrored:
        tiles = tiles[:, ::-1]
    height, width, count = tiles.shape
    rows = ceil(count / columns)
    padded = np.zeros((height, width, rows * columns), dtype=np.uint8)
    padded[:, :, :count] = tiles
    grid = padded.reshape(height, width, rows, columns).transpose(2, 0, 3, 1)
    return np.ascontiguousarray(grid).reshape(rows * height, columns * width)
