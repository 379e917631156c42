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
        Its numbers by Keras's names, such as ``(("negative_slope", 0.3),)``.
    """

    name: str
    parameters: tuple[tuple[str, float], ...] = ()


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
