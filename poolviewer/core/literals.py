"""Numbers as Python source that gives the very same numbers back, bit for bit."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
INDENT = "    "


def number_literal(number: np.floating) -> str:
    """Write one number as an expression, such as ``0.55`` or ``-np.inf``."""
    return _literals(np.array([number]))[0]


def array_literal(values: Array) -> str:
    """Write an array of one axis or more, with one line for each of its rows."""
    return f"np.array({_nested(values, 0)}, dtype=np.{values.dtype.name})"


def _literals(values: Array) -> list[str]:
    """Write numbers as expressions.

    Of all decimals that are read as the same number in its own format, the shortest; they are read
    as float64 first and so rounded a second time, which very few do not survive.
    """
    texts = values.astype(str)
    is_same = np.isfinite(values) & (texts.astype(np.float64).astype(values.dtype) == values)
    written: list[str] = texts.tolist()
    for place in np.flatnonzero(~is_same).tolist():
        written[place] = _special(values[place])
    return written


def _special(number: np.floating) -> str:
    if np.isnan(number):
        return "np.nan"
    if np.isinf(number):
        return "np.inf" if number > 0 else "-np.inf"
    return repr(float(number))


def _nested(values: Array, depth: int) -> str:
    if values.ndim == 1:
        return f"[{', '.join(_literals(values))}]"
    inner = INDENT * (depth + 1)
    rows = "".join(f"{inner}{_nested(part, depth + 1)},\n" for part in values)
    return f"[\n{rows}{INDENT * depth}]"
