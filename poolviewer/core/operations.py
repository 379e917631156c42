"""What each layer between the input and a feature map does to numbers, with its weights.

The layers themselves, what they read and where, are in `core/layer_graph.py`; here is one
operation for each of its steps, in the same order.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.pooling import Pooling
from poolviewer.core.windows import WindowGrid

Weights = NDArray[np.floating]
MergeKind = Literal["add", "subtract", "multiply", "average", "maximum", "minimum"]


@dataclass(frozen=True, slots=True, eq=False)
class ElementFunction:
    """A function that makes one number of one number.

    Parameters
    ----------
    name
        As Keras calls it, such as ``"relu"`` or ``"leaky_relu"``.
    parameters
        Its numbers by Keras's names, such as ``(("negative_slope", 0.3),)``; one that differs from
        channel to channel is an array of shape (channels,).
    """

    name: str
    parameters: tuple[tuple[str, float | Weights], ...] = ()

    def of_channel(self, channel: int) -> "ElementFunction":
        """Return the function of one channel alone, whose parameters are numbers."""
        if all(isinstance(number, float) for _, number in self.parameters):
            return self
        alone = ((name, _of_channel(number, channel)) for name, number in self.parameters)
        return ElementFunction(self.name, tuple(alone))


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """Sums of products of a window and a kernel.

    Parameters
    ----------
    grid
        The windows over the source map; taps that lie in padding count as 0.
    kernel
        Of shape (kernel rows, kernel columns, source channels / groups, channels).
    bias
        Of shape (channels,); None without one.
    function
        Behind the sum, in the same layer; None where there is none.
    groups
        Into how many groups the channels are divided; a depthwise convolution has as many as
        the source has channels.
    """

    grid: WindowGrid
    kernel: Weights
    bias: Weights | None = None
    function: ElementFunction | None = None
    groups: int = 1

    def kernel_of(self, channel: int) -> Weights:
        """Return what one channel is made with: (kernel rows, columns, source channels / groups).

        Fast even where the whole kernel would first have to be computed.
        """
        return self.kernel[:, :, :, channel]


class SeparableConvolution(Convolution):
    """A convolution whose kernel is a product: of each channel, and then across them.

    Its kernel is multiplied out whenever it is asked for, because it is much larger than the two.

    Parameters
    ----------
    depthwise
        Of shape (kernel rows, kernel columns, source channels, multiplier).
    pointwise
        Of shape (source channels, multiplier, channels).
    """

    __slots__ = ("depthwise", "pointwise")
    depthwise: Weights
    pointwise: Weights

    def __init__(
        self,
        grid: WindowGrid,
        depthwise: Weights,
        pointwise: Weights,
        bias: Weights | None = None,
        function: ElementFunction | None = None,
    ) -> None:
        parts = (
            ("grid", grid),
            ("depthwise", depthwise),
            ("pointwise", pointwise),
            ("bias", bias),
            ("function", function),
            ("groups", 1),
        )
        for name, part in parts:
            object.__setattr__(self, name, part)

    @property
    def kernel(self) -> Weights:
        return self._across(self.pointwise)

    def kernel_of(self, channel: int) -> Weights:
        return self._across(self.pointwise[:, :, channel : channel + 1])[:, :, :, 0]

    def _across(self, pointwise: Weights) -> Weights:
        # In float64: the products of two rounded numbers need the room.
        rows, cols, sources, multiplier = self.depthwise.shape
        by_source = self.depthwise.astype(np.float64).transpose(2, 0, 1, 3)
        taps = by_source.reshape(sources, rows * cols, multiplier) @ pointwise
        return taps.reshape(sources, rows, cols, -1).transpose(1, 2, 0, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Normalisation:
    """Batch normalisation at inference: ``gamma (x − mean) / √(variance + epsilon) + beta``.

    All of shape (channels,); gamma is 1 and beta 0 where the layer has none.
    """

    mean: Weights
    variance: Weights
    gamma: Weights
    beta: Weights
    epsilon: float


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """``x · factor + offset``, each a number for each channel, of shape (channels,)."""

    factor: Weights
    offset: Weights


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """A function of every number alone, as a layer of its own."""

    function: ElementFunction


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """A pooling layer on the way."""

    pooling: Pooling


@dataclass(frozen=True, slots=True, eq=False)
class Pad:
    """Zeros around a map, or with negative numbers, a margin cut off: ``(rows, columns)`` before.

    Pixel ``(r, c)`` of the source becomes pixel ``(r + rows, c + columns)``.
    """

    before: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Merge:
    """Several maps of one shape, number by number; what has one row, column or channel counts for
    all.
    """

    kind: MergeKind


@dataclass(frozen=True, slots=True, eq=False)
class Concatenation:
    """Several maps one behind the other along the channels, in the order of the step's links."""


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """The same numbers again, such as dropout at inference."""


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """A layer whose arithmetic is not followed: a chain ends at what leaves it."""


Operation = (
    Convolution
    | Normalisation
    | Scaling
    | Activation
    | Pool
    | Pad
    | Merge
    | Concatenation
    | Identity
    | Unknown
)


def _of_channel(number: float | Weights, channel: int) -> float:
    return number if isinstance(number, float) else float(number[channel])
