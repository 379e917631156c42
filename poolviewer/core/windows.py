"""The windows of convolutions and poolings: which source pixels each of them holds."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import Axis, MapGeometry, PixelBox
from poolviewer.core.numbers import times

Padding = Literal["valid", "same"]
Mask = NDArray[np.bool_]


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

    def sources_of(self, wanted: Mask) -> Mask:
        """Return the source positions under the taps of the wanted windows."""
        count, before = self.count, self.pad_before
        reach = (count - 1) * self.stride + self.span
        padded = np.zeros(max(reach, before + self.source_size), np.bool_)
        steps = (self.stride, self.dilation)  # in bytes, and a bool is one byte
        np.ndarray((count, self.size), np.bool_, padded, 0, steps)[wanted] = True
        return padded[before : before + self.source_size]

    def output_axis(self, source: Axis) -> Axis:
        """Return where the windows' centres lie, given where the source's pixels lie."""
        first = (self.span - 1) / 2 - self.pad_before
        return Axis(self.count, source.offset + first * source.stride, source.stride * self.stride)


@dataclass(frozen=True, slots=True)
class AdaptiveAxis:
    """One axis of windows that share out a map, whatever its length.

    Window ``i`` of ``count`` holds the source pixels from ``floor(i * n / count)`` up to
    ``ceil((i + 1) * n / count)``, so that the windows differ in length and may overlap by a pixel.
    """

    source_size: int
    count: int

    @property
    def size(self) -> int:
        """Source pixels under the longest window."""
        windows = map(self.window, range(self.count))
        return max((stop - start for start, stop in windows), default=0)

    @property
    def stride(self) -> int:
        """Source pixels from one window to the next, rounded down."""
        return self.source_size // self.count

    @property
    def padding(self) -> Padding:
        return "valid"

    @property
    def dilation(self) -> int:
        return 1

    def window(self, index: int) -> tuple[int, int]:
        """Return the half-open range of source pixels under window ``index``."""
        start, stop = index * self.source_size, (index + 1) * self.source_size
        return start // self.count, -(-stop // self.count)

    def sources(self, start: int, stop: int) -> tuple[int, int]:
        """Return the half-open range of source pixels under the windows ``start`` to ``stop``."""
        return self.window(start)[0], self.window(stop - 1)[1]

    def windows_over(self, position: int) -> range:
        """Return the windows that hold source pixel ``position``."""
        first = position * self.count // self.source_size
        last = -(-(position + 1) * self.count // self.source_size)
        return range(first, last)

    def uncovered(self) -> tuple[int, ...]:
        """Return the source positions that no window holds: there are none."""
        return ()

    def sources_of(self, wanted: Mask) -> Mask:
        """Return the source positions under the wanted windows."""
        found = np.zeros(self.source_size, np.bool_)
        for index in np.flatnonzero(wanted).tolist():
            found[slice(*self.window(index))] = True
        return found

    def output_axis(self, source: Axis) -> Axis:
        """Return the axis whose tiles share out the source's extent."""
        return source.stretched(self.count)


@dataclass(frozen=True, slots=True)
class WindowGrid:
    """A layer's windows over both axes of a map; sizes and strides mean most where they slide."""

    rows: WindowAxis | AdaptiveAxis
    cols: WindowAxis | AdaptiveAxis

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

    @classmethod
    def over_all(cls, source_shape: tuple[int, int]) -> "WindowGrid":
        """Return the one window that holds the whole of a map, as in global pooling."""
        return cls.over(source_shape, source_shape, source_shape, "valid")

    @classmethod
    def adaptive(cls, source_shape: tuple[int, int], shape: tuple[int, int]) -> "WindowGrid":
        """Return the windows that share out a map so that a map of ``shape`` leaves the layer."""
        return cls(*(AdaptiveAxis(source_shape[i], shape[i]) for i in (0, 1)))

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
    def dilation(self) -> tuple[int, int]:
        """``(rows, columns)`` from one tap of the window to the next."""
        return self.rows.dilation, self.cols.dilation

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

    def in_words(self) -> str:
        """Write the windows of a layer, such as ``2×2, strides 2×2, valid``."""
        spread = "" if self.dilation == (1, 1) else f", dilation {times(*self.dilation)}"
        return f"{times(*self.size)}, strides {times(*self.strides)}, {self.padding}{spread}"
