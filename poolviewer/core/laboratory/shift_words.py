"""What a moved input changed, in words."""

from typing import TYPE_CHECKING

import numpy as np

from poolviewer.core.laboratory.shifting import UNMOVED, Step
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import format_milliseconds

if TYPE_CHECKING:
    from poolviewer.core.laboratory.shift import Change

HINT = "The input is not moved: 0 % of both maps changed. Move it by a few pixels."
REPEATED = "What comes in at the edge repeats the edge pixels."
LEFT_OUT = "Pixels that are NaN or infinite are left out."
NOTHING = "The {} is the same everywhere, or has no numbers: nothing to compare."


def step_words(step: Step) -> str:
    """Write a step, such as ``1 right, 2 down``."""
    down, right = step
    parts = []
    if right:
        parts.append(f"{abs(right)} {'right' if right > 0 else 'left'}")
    if down:
        parts.append(f"{abs(down)} {'down' if down > 0 else 'up'}")
    return ", ".join(parts)


def alteration_words(step: Step) -> str:
    """Say for captions that the maps are not those of the picture as it is."""
    return f"the input was moved by {step_words(step)}, its edge pixels repeated"


def percent(share: float) -> str:
    """Write a share in percent: whole numbers, but no change is rounded to 0 % or from it."""
    if 0 < share < 1:
        return f"{share:.2g} %" if share >= 0.01 else "< 0.01 %"
    return f"{share:.0f} %"


def sentences_of(
    activations: Activations, channel: int, step: Step, change: "Change", *, is_short: bool
) -> tuple[str, ...]:
    """Say what moving the input by a step changed in one channel.

    Parameters
    ----------
    is_short
        Whether the network was run for this step alone.
    """
    if step == UNMOVED:
        return (HINT,)
    sentences = [_result(step, change), *_missing(change)]
    maps = activations.feature_maps[:, :, channel], activations.pooled_maps[:, :, channel]
    if not all(np.isfinite(values).all() for values in maps):
        sentences.append(LEFT_OUT)
    if is_short:
        took = format_milliseconds(activations.model_s)
        sentences.append(
            f"The network takes {took}: other distances are drawn when the picture stands still."
        )
    return (*sentences, REPEATED)


def _result(step: Step, change: "Change") -> str:
    shares = (("feature map", change.feature), ("pooled map", change.pooled))
    parts = [f"{name} changed {percent(share)}" for name, share in shares if share is not None]
    words = ", ".join(parts).replace("pooled map changed", "pooled map") if len(parts) > 1 else ""
    words = words or "".join(parts) or "nothing to compare"
    return f"Moved by {step_words(step)}: {words}.{_verdict(change)}"


def _verdict(change: "Change") -> str:
    if change.feature is None or change.pooled is None:
        return ""
    shown = percent(change.feature), percent(change.pooled)
    if shown[0] == shown[1]:
        return " Pooling answers as much as the feature map."
    is_less = change.pooled < change.feature
    return " Pooling answers less." if is_less else " Here pooling answers more."


def _missing(change: "Change") -> list[str]:
    shares = (("feature map", change.feature), ("pooled map", change.pooled))
    return [NOTHING.format(name) for name, share in shares if share is None]
