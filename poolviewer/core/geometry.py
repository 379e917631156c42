"""Where every pixel of every map lies: one world, in network-input pixels.

Network-input pixel ``(row, col)`` covers ``[row, row + 1) × [col, col + 1)``, so its centre lies at
``row + 0.5``. A map behind any number of convolutions and poolings is affine per axis: its pixel
``i`` is centred at ``offset + i * stride``.
"""

from dataclasses import dataclass
from math import floor
from typing import Literal

Padding = Literal["valid", "same"]


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


@dataclass(frozen=True, slots=True)
class WindowAxis:
    """One axis of a sliding window: of a convolution's kernel or of a pooling.

    Lengths and padding are TensorFlow's: ``valid`` gives ``(n - k) // s + 1`` windows; ``same``
    gives ``ceil(n / s)``, with a total padding of ``max((ceil(n / s) - 1) * s + k - n, 0)`` whose
    smaller half comes first. Windows are clipped to the map, so padding never takes part.

    Parameters
    ----------
    source_size
        Length of the axis that the window slides over, in pixels.
    size, stride
        Window and step, in source pixels.
    padding
        ``"valid"`` or ``"same"``.
    dilation
        Distance between neighbouring taps of the window, in source pixels.
    """

    source_size: int
    size: int
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1

    @property
    def span(self) -> int:
        """Source pixels from the first tap to the last."""
        return (self.size - 1) * self.dilation + 1

    @property
    def count(self) -> int:
        """Number of windows: the length of the axis that leaves the layer (0 if none fits)."""
        if self.padding == "same":
            return -(-self.source_size // self.stride)
        return max((self.source_size - self.span) // self.stride + 1, 0)

    @property
    def pad_before(self) -> int:
        """Padded pixels before the first source pixel."""
        if self.padding == "valid":
            return 0
        total = (self.count - 1) * self.stride + self.span - self.source_size
        return max(total, 0) // 2

    def window(self, index: int) -> tuple[int, int]:
        """Return the half-open range of source pixels under window ``index``, clipped."""
        start = index * self.stride - self.pad_before
        return max(start, 0), min(start + self.span, self.source_size)

    def sources(self, start: int, stop: int) -> tuple[int, int]:
        """Return the half-open range of source pixels under the windows ``start`` to ``stop``."""
        return self.window(start)[0], self.window(stop - 1)[1]

    def windows_over(self, position: int) -> range:
        """Return the windows (without dilation) that hold source pixel ``position``."""
        reach = position + self.pad_before
        first = max(-((self.span - 1 - reach) // self.stride), 0)
        return range(first, min(reach // self.stride + 1, self.count))

    def uncovered(self) -> tuple[int, ...]:
        """Return the source positions that no window holds."""
        return tuple(i for i in range(self.source_size) if not self.windows_over(i))

    def output_axis(self, source: Axis) -> Axis:
        """Return where the windows' centres lie, given where the source's pixels lie."""
        first = (self.span - 1) / 2 - self.pad_before
        return Axis(self.count, source.offset + first * source.stride, source.stride * self.stride)


@dataclass(frozen=True, slots=True)
class WindowGrid:
    """A layer's sliding window over both axes of a map."""

    rows: WindowAxis
    cols: WindowAxis

    @classmethod
    def over(
        cls,
        source_shape: tuple[int, int],
        size: tuple[int, int],
        strides: tuple[int, int],
        padding: Padding,
        dilation: tuple[int, int] = (1, 1),
    ) -> "WindowGrid":
        """Return the windows of the given ``(rows, columns)`` over a map of ``source_shape``."""
        rows, cols = (
            WindowAxis(source_shape[i], size[i], strides[i], padding, dilation[i]) for i in (0, 1)
        )
        return cls(rows, cols)

    @property
    def source_shape(self) -> tuple[int, int]:
        """``(rows, columns)`` of the map that the window slides over."""
        return self.rows.source_size, self.cols.source_size

    @property
    def size(self) -> tuple[int, int]:
        """``(rows, columns)`` of the window."""
        return self.rows.size, self.cols.size

    @property
    def strides(self) -> tuple[int, int]:
        """``(rows, columns)`` from one window to the next."""
        return self.rows.stride, self.cols.stride

    @property
    def padding(self) -> Padding:
        return self.rows.padding

    @property
    def shape(self) -> tuple[int, int]:
        """``(rows, columns)`` of the map that leaves the layer."""
        return self.rows.count, self.cols.count

    def window(self, row: int, col: int) -> PixelBox:
        """Return the source pixels under the window of one output pixel, clipped to the map."""
        return self.sources(PixelBox.of_pixel(row, col))

    def sources(self, box: PixelBox) -> PixelBox:
        """Return the box of source pixels that a box of output pixels is made from.

        It is the smallest such box, except that a dilated window that padding clips may have no
        tap on its first or last pixels.
        """
        row_start, row_stop = self.rows.sources(box.row_start, box.row_stop)
        col_start, col_stop = self.cols.sources(box.col_start, box.col_stop)
        return PixelBox(row_start, col_start, row_stop, col_stop)

    def windows_over(self, row: int, col: int) -> tuple[tuple[int, int], ...]:
        """Return every output ``(row, col)`` whose window holds one source pixel, row by row."""
        cols = self.cols.windows_over(col)
        return tuple((r, c) for r in self.rows.windows_over(row) for c in cols)

    def output_geometry(self, source: MapGeometry) -> MapGeometry:
        """Return where the output's pixels lie, given where the source's pixels lie."""
        return MapGeometry(self.rows.output_axis(source.rows), self.cols.output_axis(source.cols))
