"""Where every pixel of every map lies: one world, in network-input pixels.

Network-input pixel ``(row, col)`` covers ``[row, row + 1) × [col, col + 1)``, so its centre lies at
``row + 0.5``. A map behind any number of convolutions and poolings is affine per axis: its pixel
``i`` is centred at ``offset + i * stride``.
"""

from dataclasses import dataclass
from math import floor


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of the world, in network-input pixels."""

    top: float
    left: float
    bottom: float
    right: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, as ``(y, x)``."""
        return (self.top + self.bottom) / 2, (self.left + self.right) / 2

    def united(self, other: "Rect") -> "Rect":
        """Return the smallest rectangle that holds both."""
        return Rect(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def cut(self, limits: "Rect") -> "Rect":
        """Return the part within another rectangle."""
        return Rect(
            max(self.top, limits.top),
            max(self.left, limits.left),
            min(self.bottom, limits.bottom),
            min(self.right, limits.right),
        )

    def grown(self, share: float) -> "Rect":
        """Return a rectangle that reaches further on each side by a share of its own length."""
        rows, cols = self.height * share, self.width * share
        return Rect(self.top - rows, self.left - cols, self.bottom + rows, self.right + cols)


@dataclass(frozen=True, slots=True)
class PixelBox:
    """A half-open rectangle of a map's pixels: rows ``[row_start, row_stop)``, likewise columns."""

    row_start: int
    col_start: int
    row_stop: int
    col_stop: int

    @classmethod
    def of_pixel(cls, row: int, col: int) -> "PixelBox":
        """Return the box that holds one pixel."""
        return cls(row, col, row + 1, col + 1)

    @property
    def shape(self) -> tuple[int, int]:
        """``(rows, columns)``."""
        return self.row_stop - self.row_start, self.col_stop - self.col_start

    @property
    def slices(self) -> tuple[slice, slice]:
        """The box as an index into a map's first two axes."""
        return slice(self.row_start, self.row_stop), slice(self.col_start, self.col_stop)

    def contains(self, row: int, col: int) -> bool:
        return self.row_start <= row < self.row_stop and self.col_start <= col < self.col_stop


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a map in the world: pixel ``i`` is centred at ``offset + i * stride``."""

    size: int
    offset: float = 0.5
    stride: float = 1.0

    def edge(self, index: int) -> float:
        """Return where the stride-wide tile of pixel ``index`` begins."""
        return self.offset + (index - 0.5) * self.stride

    def index_at(self, position: float) -> int | None:
        """Return the pixel whose tile holds ``position``, or None outside the map."""
        index = floor((position - self.edge(0)) / self.stride)
        return index if 0 <= index < self.size else None

    def stretched(self, count: int) -> "Axis":
        """Return the axis of ``count`` pixels that share out this axis's extent."""
        stride = self.size * self.stride / count
        return Axis(count, self.edge(0) + stride / 2, stride)


@dataclass(frozen=True, slots=True)
class MapGeometry:
    """Where the pixels of a map lie in the world."""

    rows: Axis
    cols: Axis

    @classmethod
    def of_input(cls, height: int, width: int) -> "MapGeometry":
        """Return the geometry of the network's input itself."""
        return cls(Axis(height), Axis(width))

    @property
    def shape(self) -> tuple[int, int]:
        """``(rows, columns)``."""
        return self.rows.size, self.cols.size

    @property
    def extent(self) -> Rect:
        """The rectangle that the map's tiles fill."""
        return self.rect(PixelBox(0, 0, self.rows.size, self.cols.size))

    def rect(self, box: PixelBox) -> Rect:
        """Return the rectangle that the tiles of a box of pixels fill."""
        return Rect(
            self.rows.edge(box.row_start),
            self.cols.edge(box.col_start),
            self.rows.edge(box.row_stop),
            self.cols.edge(box.col_stop),
        )

    def tile(self, row: int, col: int) -> Rect:
        """Return the stride-sized rectangle of one pixel."""
        return self.rect(PixelBox.of_pixel(row, col))

    def pixel_at(self, y: float, x: float) -> tuple[int, int] | None:
        """Return the ``(row, col)`` whose tile holds the world's point, or None outside the map."""
        row, col = self.rows.index_at(y), self.cols.index_at(x)
        return None if row is None or col is None else (row, col)
