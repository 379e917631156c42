"""Where a gradient lands, in words."""

from collections.abc import Sequence

import numpy as np

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.gradient import Patch
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import format_number
from poolviewer.core.text import MAX_NAME, printable

MOST_NAMED = 4
NO_PIXEL = "Point at a pooled pixel or pin one: the gradient begins there with a 1."
NO_POOLED = "There is no pooled pixel to begin at."
NO_TIME = (
    "The gradient in the input is worked out while the picture stands still or a pixel is pinned."
)
NOTHING = "Nothing arrives at the input: on the way, the gradient becomes 0."


def landing_words(
    landed: Patch, activations: Activations, channel: int, start: Pixel | None
) -> tuple[str, ...]:
    """Say where in the feature map a gradient lands; ``start`` is None for all pooled pixels."""
    if start is None:
        return _everywhere(landed, activations)
    place = f"({start.row}, {start.col})"
    if start.map_name is MapName.FEATURE:
        return (f"The gradient begins with a 1 at feature-map pixel {place}.",)
    entries, size = landed.entries(), landed.values.size
    if not entries:
        return (f"From pooled pixel {place} nothing comes.",)
    if np.isnan(entries[0][2]):
        return (f"Pooled pixel {place}: its window holds NaN, so that its gradient is NaN.",)
    return (
        f"Pooled pixel {place}: {_landed(entries, size)}",
        *_odd(entries[0], activations, channel),
    )


def input_words(patch: Patch | None, shape: tuple[int, int, int]) -> tuple[str, ...]:
    """Say what arrives at the input, whose shape is (rows, columns, channels)."""
    if patch is None:
        return (NOTHING,)
    values = patch.values
    touched = int((values != 0).any(axis=2).sum())
    lacking = int(np.isnan(values).sum())
    size = shape[0] * shape[1]
    words = f"In the input it reaches {touched:,} of {size:,} {_pixels(size)}"
    if lacking == values.size:
        return (f"{words}, where it is NaN.",)
    total = float(np.nansum(values, dtype=np.float64))
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    span = f"single numbers from {format_number(low)} to {format_number(high)}"
    numbers = f"sum {format_number(total)}, {span}"
    nan = (f"{lacking:,} of its numbers are NaN.",) if lacking else ()
    return (f"{words}: {numbers}.", *nan)


def unfollowed(layer: str) -> str:
    """Say which layer a gradient cannot be followed through."""
    name = printable(layer, MAX_NAME)
    return f"The gradient in the input is not known: layer {name} cannot be followed."


def view_words(view: str | int, names: Sequence[str]) -> str:
    """Say what is shown of the channels of a gradient in the input."""
    if isinstance(view, int) and view < len(names):
        return f"Gradient, {names[view]}"
    return "Gradient, largest" if view == "largest" else "Gradient, sum"


def _everywhere(landed: Patch, activations: Activations) -> tuple[str, ...]:
    rows, cols = activations.stage.pooled_shape
    height, width = activations.stage.feature_shape
    count, reached = rows * cols, int((landed.values != 0).sum())
    words = f"{count:,} pooled {_pixels(count)} with a 1 each: they land on {reached:,} of "
    first = f"{words}{height * width:,} feature-map pixels."
    if np.isnan(landed.values).any():
        return (first, "The feature map holds NaN, so that its gradient is NaN.")
    largest = float(landed.values.max(initial=0))
    is_added = activations.stage.pooling.has_winner and largest > 1
    return (first, f"Windows overlap: one pixel gets {format_number(largest)}.")[: 1 + is_added]


def _landed(entries: Sequence[tuple[int, int, float]], size: int) -> str:
    """Say which pixels of a window get how much; all that get any get the same."""
    count = len(entries)
    window = f"{count:,} of {size:,} {_pixels(size)} of its window"
    named = ", ".join(f"({row}, {col})" for row, col, _ in entries[:MOST_NAMED])
    more = f" and {count - MOST_NAMED:,} more" if count > MOST_NAMED else ""
    if count == 1:
        return f"the 1 lands on {window}, {named}."
    return f"the 1 is shared by {window}, {format_number(entries[0][2])} each: {named}{more}."


def _odd(entry: tuple[int, int, float], activations: Activations, channel: int) -> tuple[str, ...]:
    row, col, _ = entry
    is_nan = bool(np.isnan(activations.feature_maps[row, col, channel]))
    if not (is_nan and activations.stage.pooling.has_winner):
        return ()
    return ("That pixel is NaN: TensorFlow sends the gradient there, though NaN did not win.",)


def _pixels(count: int) -> str:
    return "pixel" if count == 1 else "pixels"
