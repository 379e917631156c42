"""The tiles of one page of the gallery, side by side in one picture for each map."""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.display import Levels, quantise
from poolviewer.core.tiles import Page, Room, Shape, tile_size

# A tile has about so many pixels for each one that it is painted on, so that it can be smoothed,
# but all of them together about no more than can be made and painted for every frame.
FINENESS = 2
MOST_SHADES = 1_000_000
ROUNDED_DOWN = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Mosaics:
    """One page of both maps as 8-bit tiles side by side.

    Parameters
    ----------
    feature, pooled
        uint8 of shape (page.rows · tile rows, page.columns · tile columns); tiles behind the
        last are zero.
    page
        The grid, and which part of all tiles it holds.
    channels
        Which channel each tile shows, of shape (page.count,).
    """

    feature: NDArray[np.uint8]
    pooled: NDArray[np.uint8]
    page: Page
    channels: NDArray[np.intp]


def mosaics_of(
    maps: tuple[NDArray[np.floating], NDArray[np.floating]],
    levels: Levels,
    channels: NDArray[np.intp],
    page: Page,
    room: Room,
    *,
    is_mirrored: bool = False,
) -> Mosaics:
    """Lay some channels of the feature maps and the pooled maps out in the grid of a page.

    Of maps much larger than their tiles, every n-th row and column is shown.
    """
    feature, pooled = (
        _mosaic(_tiles(values, ranges, channels, page, room), page, is_mirrored)
        for values, ranges in zip(maps, (levels.feature, levels.pooled), strict=True)
    )
    return Mosaics(feature, pooled, page, channels)


def _tiles(
    maps: NDArray[np.floating],
    levels: NDArray[np.floating],
    channels: NDArray[np.intp],
    page: Page,
    room: Room,
) -> NDArray[np.uint8]:
    """Return the shades of some channels, reduced to what the room can show."""
    rows, cols = _steps(maps.shape[:2], page, room)
    reduced = maps[::rows, ::cols]
    is_run = (np.diff(channels) == 1).all()  # by index, which needs no copy
    first = channels[0]
    # `take` leaves the channels last in memory, which a list of indices does not.
    picked = (
        reduced[:, :, first : first + len(channels)] if is_run else reduced.take(channels, axis=2)
    )
    return quantise(picked, levels[channels])


def _steps(shape: Shape, page: Page, room: Room) -> Shape:
    """Return every how many-th row and column of a map is shown."""
    painted = tile_size(page, shape, room.height, room.width)
    rows, cols = (
        max(side / (length * room.ratio * FINENESS), 1)
        for side, length in zip(shape, painted, strict=True)
    )
    shades = page.count * shape[0] * shape[1] / (rows * cols)
    coarser = sqrt(max(shades / MOST_SHADES, 1))
    return ceil(rows * coarser - ROUNDED_DOWN), ceil(cols * coarser - ROUNDED_DOWN)


def _mosaic(tiles: NDArray[np.uint8], page: Page, is_mirrored: bool) -> NDArray[np.uint8]:
    """Lay tiles of shape (h, w, count) out in a page's grid."""
    if is_mirrored:
        tiles = tiles[:, ::-1]
    height, width, count = tiles.shape
    padded = np.zeros((height, width, page.size), dtype=np.uint8)
    padded[:, :, :count] = tiles
    grid = padded.reshape(height, width, page.rows, page.columns).transpose(2, 0, 3, 1)
    return np.ascontiguousarray(grid).reshape(page.rows * height, page.columns * width)
