"""In which order the channels are shown, and by which number of each."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

TileOrder = Literal["index", "mean", "maximum", "zeros"]
TILE_ORDERS: tuple[TileOrder, ...] = get_args(TileOrder)

Maps = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Ordering:
    """All channels in the order in which they are shown.

    Parameters
    ----------
    by
        What they are sorted by; all but the index have the largest first.
    channels
        Every channel once, of shape (C,); at equal values by index, NaN last.
    values
        The mean, the maximum or the share of zeros (0 to 1) of each channel's feature map, by
        channel, not by place; of shape (C,). By index, the index.
    measured_s
        When the frame that they were measured on was captured.
    """

    by: TileOrder
    channels: NDArray[np.intp]
    values: NDArray[np.floating] | NDArray[np.intp]
    measured_s: float = 0.0

    def place_of(self, channel: int) -> int:
        """Return where a channel stands in the order, from 0."""
        return int(np.flatnonzero(self.channels == channel)[0])


def ordering_of(maps: Maps, by: TileOrder, measured_s: float = 0.0) -> Ordering:
    """Sort the channels of feature maps of shape (H, W, C)."""
    indices = np.arange(maps.shape[2])
    if by == "index":
        return Ordering(by, indices, indices, measured_s)
    values = _VALUES[by](maps)
    # NumPy sorts NaN behind everything, and -NaN is NaN.
    return Ordering(by, np.argsort(-values, kind="stable"), values, measured_s)


# One axis at a time, because NumPy reduces the first axis of a contiguous array much faster.


def _means(maps: Maps) -> NDArray[np.floating]:
    kind = np.result_type(maps, np.float32)
    with np.errstate(invalid="ignore", over="ignore"):  # infinities make infinities or NaN
        columns = np.add.reduce(maps, axis=0, dtype=kind)
        means: NDArray[np.floating] = np.add.reduce(columns, axis=0)
    means /= maps.shape[0] * maps.shape[1]
    return means


def _maxima(maps: Maps) -> NDArray[np.floating]:
    maxima: NDArray[np.floating] = np.maximum.reduce(np.maximum.reduce(maps, axis=0), axis=0)
    return maxima


def _zero_shares(maps: Maps) -> NDArray[np.floating]:
    columns = np.add.reduce(maps == 0, axis=0, dtype=np.uint32)
    shares: NDArray[np.floating] = np.add.reduce(columns, axis=0, dtype=np.float64)
    shares /= maps.shape[0] * maps.shape[1]
    return shares


_VALUES = {"mean": _means, "maximum": _maxima, "zeros": _zero_shares}
