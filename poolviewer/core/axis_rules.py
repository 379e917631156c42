"""How one axis of a layer's output is made from one axis of its source.

Each rule knows which source positions some of its output's positions are made from, exactly and
not only from where to where, and where the output's pixels lie in the world. Windows that slide
or adapt are rules, too: `poolviewer.core.windows`.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.geometry import Axis
from poolviewer.core.windows import Mask, WindowAxis

Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]
_RADIUS: dict[Interpolation, int] = {"bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}
_ROUNDING = 1e-3  # of a pixel: TensorFlow places samples in float32


class AxisRule(Protocol):
    """One axis of a layer; equal rules are equal by value."""

    @property
    def source_size(self) -> int:
        """Length of the axis that enters the layer."""

    @property
    def count(self) -> int:
        """Length of the axis that leaves the layer."""

    def sources_of(self, wanted: Mask) -> Mask:
        """Return which source positions the wanted output positions are made from."""

    def output_axis(self, source: Axis) -> Axis:
        """Return where the output's pixels lie, given where the source's pixels lie."""


@dataclass(frozen=True, slots=True)
class WholeAxis:
    """Every output position is made from every source position, as behind global pooling.

    A source of one position that is repeated ``count`` times is the same.
    """

    source_size: int
    count: int = 1

    def sources_of(self, wanted: Mask) -> Mask:
        return np.full(self.source_size, wanted.any())

    def output_axis(self, source: Axis) -> Axis:
        return source.stretched(self.count)


@dataclass(frozen=True, slots=True)
class ShiftAxis:
    """Positions made of nothing are put before and after the source's; fewer than 0 crop it."""

    source_size: int
    before: int
    after: int

    @property
    def count(self) -> int:
        return max(self.source_size + self.before + self.after, 0)

    def sources_of(self, wanted: Mask) -> Mask:
        found = np.zeros(self.source_size, np.bool_)
        start, stop = max(-self.before, 0), min(self.count - self.before, self.source_size)
        if start < stop:
            found[start:stop] = wanted[start + self.before : stop + self.before]
        return found

    def output_axis(self, source: Axis) -> Axis:
        return Axis(self.count, source.offset - self.before * source.stride, source.stride)


@dataclass(frozen=True, slots=True)
class RepeatAxis:
    """Every source position is repeated, as in up-sampling to the nearest."""

    source_size: int
    factor: int

    @property
    def count(self) -> int:
        return self.source_size * self.factor

    def sources_of(self, wanted: Mask) -> Mask:
        copies = wanted.reshape(self.source_size, self.factor)
        found: Mask = np.logical_or.reduce(copies, axis=1)
        return found

    def output_axis(self, source: Axis) -> Axis:
        return source.stretched(self.count)


@dataclass(frozen=True, slots=True)
class ResizeAxis:
    """The source is resized as by ``tf.image.resize``, whose pixels have their centres at halves.

    Output position ``i`` samples the source around ``c = (i + 0.5) * n / m - 0.5``, and the source
    positions that are nearer than the kernel's radius take part, but for those where the bicubic
    kernel is 0, at whole distances. Where ``n / m`` is no float32, a distance is only known up to
    a rounding, and a position in doubt takes part; so it does where a Lanczos kernel should be 0,
    because TensorFlow's is not quite.

    Parameters
    ----------
    source_size, count
        The lengths ``n`` and ``m``.
    interpolation
        The kernel: ``"nearest"`` takes the one position that holds the sample.
    is_smoothed
        Whether the kernel grows as the source shrinks (anti-aliasing).
    """

    source_size: int
    count: int
    interpolation: Interpolation = "bilinear"
    is_smoothed: bool = False

    def sources_of(self, wanted: Mask) -> Mask:
        scale = self.source_size / self.count
        centres = (np.flatnonzero(wanted) + 0.5) * scale - 0.5
        is_exact = float(np.float32(scale)) == scale and "lanczos" not in self.interpolation
        doubt = 0.0 if is_exact else _ROUNDING
        growth = max(scale, 1.0) if self.is_smoothed else 1.0
        radius = _RADIUS.get(self.interpolation, 1) * growth
        reach = int(np.ceil(radius + doubt))
        near = np.floor(centres).astype(np.int64)[:, np.newaxis] + np.arange(-reach, reach + 2)
        distance = (near - centres[:, np.newaxis]) / growth
        taps = near[self._takes_part(distance, doubt) & (near >= 0) & (near < self.source_size)]
        found = np.zeros(self.source_size, np.bool_)
        found[taps] = True
        return found

    def output_axis(self, source: Axis) -> Axis:
        return source.stretched(self.count)

    def _takes_part(self, distance: NDArray[np.float64], doubt: float) -> Mask:
        """Say which source positions at these distances from a sample it is made from."""
        if self.interpolation == "nearest":
            nearest: Mask = (distance > -0.5 - doubt) & (distance <= 0.5 + doubt)
            return nearest
        inside: Mask = np.abs(distance) < _RADIUS[self.interpolation] + doubt
        if self.interpolation == "bicubic" and doubt == 0:
            inside &= (distance != np.rint(distance)) | (distance == 0)
        return inside


@dataclass(frozen=True, slots=True)
class TransposedAxis:
    """A convolution run backwards: every source position is spread over one of its windows.

    Parameters
    ----------
    windows
        The windows of the convolution that would make the source from the output.
    """

    windows: WindowAxis

    @property
    def source_size(self) -> int:
        return self.windows.count

    @property
    def count(self) -> int:
        return self.windows.source_size

    def sources_of(self, wanted: Mask) -> Mask:
        windows, before = self.windows, self.windows.pad_before
        reach = (windows.count - 1) * windows.stride + windows.span
        padded = np.zeros(max(reach, before + self.count), np.bool_)
        padded[before : before + self.count] = wanted
        steps = (windows.stride, windows.dilation)  # in bytes, and a bool is one byte
        taps = np.ndarray((windows.count, windows.size), np.bool_, padded, 0, steps)
        found: Mask = np.logical_or.reduce(taps, axis=1)
        return found

    def output_axis(self, source: Axis) -> Axis:
        windows = self.windows
        first = (windows.span - 1) / 2 - windows.pad_before  # the output's pixel under source's 0
        stride = source.stride / windows.stride
        return Axis(self.count, source.offset - first * stride, stride)


@dataclass(frozen=True, slots=True)
class ChainAxis:
    """Two rules, one behind the other, of a layer that does two things: crop and resize."""

    first: AxisRule
    second: AxisRule

    @property
    def source_size(self) -> int:
        return self.first.source_size

    @property
    def count(self) -> int:
        return self.second.count

    def sources_of(self, wanted: Mask) -> Mask:
        return self.first.sources_of(self.second.sources_of(wanted))

    def output_axis(self, source: Axis) -> Axis:
        return self.second.output_axis(self.first.output_axis(source))
