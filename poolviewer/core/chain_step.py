"""What a chain is made of: one layer's arithmetic at one pixel, and the pixels it was made from."""

from dataclasses import dataclass
from math import copysign, inf, isinf, isnan

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import MapGeometry, PixelBox
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.operations import Operation
from poolviewer.core.precision import Precision, largest, rounded, smallest

Place = tuple[int, int, int]
Numbers = NDArray[np.float64]

THE_INPUT = "It ends in the input."


@dataclass(frozen=True, slots=True)
class WindowTaps:
    """Taps that lie in rows, columns and channels of one map; some perhaps in its padding.

    Parameters
    ----------
    source
        The step whose map it is, or `INPUT`.
    source_shape
        ``(rows, columns)`` of that map.
    origin
        Where the first tap lies, as ``(row, col, channel)``; negative in padding.
    shape
        How many taps there are in rows, columns and channels.
    spacing
        From one tap to the next, in rows and in columns.
    """

    source: int
    source_shape: tuple[int, int]
    origin: Place
    shape: Place = (1, 1, 1)
    spacing: tuple[int, int] = (1, 1)

    @property
    def inside(self) -> tuple[slice, slice]:
        """The rows and columns of taps that lie in the map and not in its padding."""
        return self._inside(0), self._inside(1)

    @property
    def box(self) -> PixelBox | None:
        """The smallest box around the taps that lie in the map; None if there is none."""
        rows, cols = self.inside
        if rows.start >= rows.stop or cols.start >= cols.stop:
            return None
        (top, left, _), (down, across) = self.origin, self.spacing
        return PixelBox(
            top + rows.start * down,
            left + cols.start * across,
            top + (rows.stop - 1) * down + 1,
            left + (cols.stop - 1) * across + 1,
        )

    def at(self, tap: int) -> tuple[int, Place] | None:
        """Return the step and the pixel under a tap; None in padding."""
        row, rest = divmod(tap, self.shape[1] * self.shape[2])
        col, channel = divmod(rest, self.shape[2])
        place = (
            self.origin[0] + row * self.spacing[0],
            self.origin[1] + col * self.spacing[1],
            self.origin[2] + channel,
        )
        height, width = self.source_shape
        is_inside = 0 <= place[0] < height and 0 <= place[1] < width
        return (self.source, place) if is_inside else None

    def patch(self, maps: NDArray[np.floating]) -> Numbers:
        """Return what a map of shape (H, W, C) holds under the taps; 0 in padding."""
        values = np.zeros(self.shape)
        if box := self.box:
            first, count = self.origin[2], self.shape[2]
            down, across = self.spacing
            rows = slice(box.row_start, box.row_stop, down)
            cols = slice(box.col_start, box.col_stop, across)
            values[self.inside] = maps[rows, cols, first : first + count]
        return values

    def _inside(self, axis: int) -> slice:
        start, step, size = self.origin[axis], self.spacing[axis], self.source_shape[axis]
        return slice(
            max(-(start // step), 0), min((size - 1 - start) // step + 1, self.shape[axis])
        )


@dataclass(frozen=True, slots=True)
class BranchTaps:
    """One pixel of each of several maps."""

    places: tuple[tuple[int, Place], ...]

    def at(self, tap: int) -> tuple[int, Place] | None:
        """Return the step and the pixel of a branch."""
        return self.places[tap]


Taps = WindowTaps | BranchTaps


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ChainStep:
    """What one layer made of the layer before it, at one pixel.

    Everything is worked out in float64 from what the maps before it hold.

    Parameters
    ----------
    step
        Index into the steps of the stage's graph; their number for the stage's own pooling.
    layer
        The layer's name.
    operation
        What it does.
    pixel
        ``(row, col, channel)`` of what leaves it.
    geometry
        Where its map lies in the world.
    map_value
        The very number of the network's own map.
    precision
        What the layer computes in.
    computed
        The same number, worked out; None where that is not known.
    tolerance
        By how much rounding alone may make the two differ.
    taps
        The pixels that it is made from, one for each of ``values``; None where there are none.
    values
        What they hold: (rows, columns, source channels) under a kernel, (rows, columns) under a
        pool window, (n,) in a merge, (1,) where one number is made of one.
    kernel, products
        Of the values' shape, for a convolution: what each value is multiplied by, and what
        comes of it.
    summed, bias, preactivation
        Of a convolution: the sum of the products, what is added, and both together. The bias is
        None where the layer has none.
    tap
        Flat index into ``values`` of the one that the chain goes on with; None where it ends.
    source_geometry
        Where the map lies that this one belongs to.
    ending
        One sentence that says why the chain goes on no further; empty where it does.
    """

    step: int
    layer: str
    operation: Operation
    pixel: Place
    geometry: MapGeometry
    map_value: float
    precision: Precision = "float32"
    computed: float | None = None
    tolerance: float = 0.0
    taps: Taps | None = None
    values: Numbers | None = None
    kernel: Numbers | None = None
    products: Numbers | None = None
    summed: float | None = None
    bias: float | None = None
    preactivation: float | None = None
    tap: int | None = None
    source_geometry: MapGeometry | None = None
    ending: str = ""

    @property
    def continuation(self) -> tuple[int, Place] | None:
        """Where the chain goes on: the step, or `INPUT`, and the pixel of its map; None if not."""
        return None if self.taps is None or self.tap is None else self.taps.at(self.tap)

    @property
    def source(self) -> int | None:
        """The step whose map the chain goes on in, or `INPUT`; None where it ends."""
        return self.continuation[0] if self.continuation else None

    @property
    def followed(self) -> Place | None:
        """``(row, col, channel)`` of the source's pixel that the chain goes on with."""
        return self.continuation[1] if self.continuation else None

    @property
    def box(self) -> PixelBox | None:
        """The pixels of the followed source's map that it was made from."""
        if isinstance(self.taps, WindowTaps):
            return self.taps.box
        return PixelBox.of_pixel(*self.followed[:2]) if self.followed else None

    @property
    def agrees(self) -> bool | None:
        """Whether the map holds what was worked out, but for rounding; None where unknown."""
        return None if self.computed is None else is_close(self, self.computed, self.tolerance)


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The layers behind one number, from the last to the first.

    Parameters
    ----------
    steps
        At least one.
    ending
        `THE_INPUT`, or one sentence that says why it ends before.
    is_pooled
        Whether it begins in the pooled map: its first step is then the stage's own pooling, and
        the second, if there is one, belongs to the feature map.
    """

    steps: tuple[ChainStep, ...]
    ending: str
    is_pooled: bool

    @property
    def input_pixel(self) -> Place | None:
        """``(row, col, channel)`` of the input's number that it leads to; None if it does not."""
        last = self.steps[-1]
        return last.followed if last.source == INPUT else None


def is_close(step: ChainStep, computed: float, tolerance: float) -> bool:
    """Whether a step's map holds a number, but for rounding; NaN is equal to NaN.

    What is too large for the layer's precision may be infinite in the map. TensorFlow's maximum of
    nothing but −∞ is the lowest number that is not infinite, on the CPU.
    """
    held = step.map_value
    if isnan(computed) or isnan(held):
        return isnan(computed) and isnan(held)
    if isinf(held) and not isinf(computed):
        furthest = copysign(abs(computed) + tolerance, computed)
        return float(rounded(furthest, step.precision)) == held
    if computed == -inf:
        return held in (-inf, -largest(step.precision))
    off = tolerance + 2 * smallest(step.precision)
    return computed == held or abs(computed - held) <= off
