"""What made a number of the feature map, summed up in one line and compared with the map."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from poolviewer.core.arithmetic import passed_on
from poolviewer.core.chain_step import Chain, ChainStep, is_close
from poolviewer.core.numbers import MINUS, format_number
from poolviewer.core.operations import Activation, Identity, Normalisation, Pad, Scaling
from poolviewer.core.precision import Precision, epsilon

# NumPy writes a number of these with no more digits than tell it from its neighbours.
_SHORTEST: dict[Precision, type[np.floating]] = {
    "float64": np.float64,
    "float32": np.float32,
    "float16": np.float16,
    "bfloat16": np.float32,
}
_POINTWISE = (Activation, Identity, Normalisation, Pad, Scaling)


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A convolution with what stands behind it, worked out from the products to the map.

    Parameters
    ----------
    products
        How many there are.
    has_bias
        Whether the convolution adds one.
    behind
        What happens to their sum, in order, such as ``("normalised", "relu")``.
    computed
        What comes of it in float64; None where a function is not known.
    tolerance
        By how much rounding alone may put the map's number off.
    map_value
        The number of the map.
    agrees
        Whether the two are the same but for rounding; None where that is not known.
    precision
        The coarsest format that one of the layers computes in.
    """

    products: int
    has_bias: bool
    behind: tuple[str, ...]
    computed: float | None
    tolerance: float
    map_value: float
    agrees: bool | None
    precision: Precision


def convolved(chain: Chain) -> tuple[ChainStep, ...]:
    """Return the steps that make the feature map's number: the last convolution and all behind it.

    In the chain's order, so that the convolution comes last; empty where something else than
    normalisation, scaling, a function or padding stands behind it, or there is none.
    """
    steps = chain.steps[1:] if chain.is_pooled else chain.steps
    for index, step in enumerate(steps):
        if step.products is not None:
            return steps[: index + 1]
        if not isinstance(step.operation, _POINTWISE):
            return ()
    return ()


def made_of(chain: Chain) -> MadeOf | None:
    """Work out what made the feature map's number; None where no convolution did."""
    group = convolved(chain)
    if not group:
        return None
    number, tolerance = group[-1].computed, group[-1].tolerance
    for step in reversed(group[:-1]):
        after = None if number is None else passed_on(step, number, tolerance)
        number, tolerance = after or (None, 0.0)
    products = group[-1].products
    return MadeOf(
        products=0 if products is None else products.size,
        has_bias=group[-1].bias is not None,
        behind=tuple(filter(None, map(_name, reversed(group)))),
        computed=number,
        tolerance=tolerance,
        map_value=group[0].map_value,
        agrees=None if number is None else is_close(group[0], number, tolerance),
        precision=max((step.precision for step in group), key=epsilon),
    )


def in_words(made: MadeOf, alteration: str = "") -> str:
    """Write such as ``27 products + bias = 41.31, map says 41.31``.

    Where they differ by more than rounding explains, with as many digits as show it, and with
    what was altered by an experiment instead.
    """
    count = f"{made.products:,} product{'' if made.products == 1 else 's'}"
    what = ", ".join((count + (" + bias" if made.has_bias else ""), *made.behind))
    if made.computed is None:
        return f"{what}: nothing is known of the last, map says {format_number(made.map_value)}"
    is_coarse = epsilon(made.precision) > epsilon("float32")
    at = f" at {made.precision}" if is_coarse else ""
    computed, held = made.computed, made.map_value
    if made.agrees:
        return f"{what} = {format_number(computed)}, map says {format_number(held)}{at}"
    why = "more than rounding explains" if isfinite(computed - held) else "not the same"
    why = alteration or why
    held_in_full = _in_full(_SHORTEST[made.precision](held))
    return f"{what} = {_in_full(np.float64(computed))}, but the map says {held_in_full}{at}: {why}"


def _in_full(number: np.floating) -> str:
    """Write a number with all the digits that tell it from its neighbours."""
    held = float(number)
    return str(number).replace("-", MINUS) if isfinite(held) else format_number(held)


def _name(step: ChainStep) -> str:
    """Name what a layer does to one number; empty where it does nothing."""
    operation = step.operation
    if isinstance(operation, Normalisation):
        return "normalised"
    if isinstance(operation, Scaling):
        return "scaled"
    function = getattr(operation, "function", None)
    return function.name if function is not None and function.name != "linear" else ""
