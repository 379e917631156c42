"""The number formats that networks compute in, and rounding to them in float64."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Precision = Literal["bfloat16", "float16", "float32", "float64"]

# Bits behind the binary point, and the exponents of the smallest normal and the largest number.
_FORMATS: dict[Precision, tuple[int, int, int]] = {
    "bfloat16": (7, -126, 127),
    "float16": (10, -14, 15),
    "float32": (23, -126, 127),
    "float64": (52, -1022, 1023),
}


def epsilon(precision: Precision) -> float:
    """Return the distance from 1 to the next larger number."""
    return 2.0 ** -_FORMATS[precision][0]


def smallest(precision: Precision) -> float:
    """Return how far off a number may be because it is too small for a format.

    TensorFlow takes what is smaller than any normal number for 0, but for half floats.
    """
    bits, exponent, _ = _FORMATS[precision]
    return 2.0 ** (exponent - bits if precision == "float16" else exponent)


def largest(precision: Precision) -> float:
    """Return the largest number of a format that is not infinite."""
    bits, _, exponent = _FORMATS[precision]
    return float(np.ldexp(2.0 - 2.0**-bits, exponent))


def rounded(values: ArrayLike, precision: Precision) -> NDArray[np.float64]:
    """Return the nearest numbers of a format, ties to even, as float64.

    What is too large becomes infinite.
    """
    numbers = np.asarray(values, np.float64)
    if precision == "float64":
        return numbers
    bits, smallest, _ = _FORMATS[precision]
    exponents = np.maximum(np.frexp(numbers)[1] - 1, smallest)
    with np.errstate(all="ignore"):
        steps = np.ldexp(1.0, exponents - bits)
        near = np.rint(numbers / steps) * steps
        near = np.where(np.abs(near) > largest(precision), np.copysign(np.inf, numbers), near)
    return np.where(np.isfinite(numbers), near, numbers)
