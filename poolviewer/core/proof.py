"""The window of a pooled pixel as text that proves its value: a table, or Python that runs.

Every number is written so that the same bits come back; a maximum is asserted exactly, an average
within the rounding of the precision that it was computed in.
"""

from typing import Literal

import numpy as np

from poolviewer.core.annotation import MapName, Pixel, trace_of
from poolviewer.core.chain import chain_of
from poolviewer.core.errors import PoolViewerError
from poolviewer.core.literals import array_literal, number_literal
from poolviewer.core.messages import Activations
from poolviewer.core.origin import origin_of
from poolviewer.core.proof_script import Claim, keras_script
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.core.trace import PooledTrace

ProofForm = Literal["tsv", "numpy", "keras"]
FORMS: dict[ProofForm, str] = {"tsv": "TSV", "numpy": "NumPy", "keras": "Keras script"}
MOST_VALUES = 16_384

NO_WINDOW = "Point at a pixel of the pooled map, or pin one: its window is what is copied."
LOWEST = (np.finfo(np.float32).min, np.float32(-3.3895314e38), np.float32(-65504))


class ProofError(PoolViewerError):
    """A window cannot be copied; the message says why."""


def proof_of(activations: Activations, channel: int, pixel: Pixel | None, form: ProofForm) -> str:
    """Write the window of a pooled pixel.

    Parameters
    ----------
    form
        ``"tsv"`` is the values alone, a line for each row of the window; ``"numpy"`` and
        ``"keras"`` are Python that ends in an assertion.

    Raises
    ------
    ProofError
        Where the pixel has no window, or one that is too large.
    """
    claim = _claim(activations, channel, pixel)
    if form == "tsv":
        return _tsv(claim)
    return _numpy_script(claim) if form == "numpy" else keras_script(activations, claim)


def _claim(activations: Activations, channel: int, pixel: Pixel | None) -> Claim:
    if pixel is None or pixel.map_name is not MapName.POOLED:
        raise ProofError(NO_WINDOW)
    trace = trace_of(activations, channel, pixel)
    if not isinstance(trace, PooledTrace):
        raise ProofError(NO_WINDOW)
    if trace.values.size > MOST_VALUES:
        raise ProofError(
            f"The window holds {trace.values.size:,} values and at most {MOST_VALUES:,} are "
            "copied: choose a smaller pool or a smaller input."
        )
    chain = chain_of(activations, channel, pixel)
    return Claim(trace, chain.steps[0] if chain else None, _title(activations, trace))


def _title(activations: Activations, trace: PooledTrace) -> str:
    """Return one line that says which number of which picture and network this is."""
    origin, stage = origin_of(activations.frame), activations.stage
    name = printable(origin.picture, MAX_NAME)
    layer = printable(stage.name, MAX_NAME)
    return (
        f"Pooled pixel ({trace.row}, {trace.col}) of channel {trace.channel}, layer {layer}, "
        f"frame {origin.index} of {name}, from PoolViewer."
    ).translate({ord('"'): "'", ord("\\"): "/"})


def _tsv(claim: Claim) -> str:
    return "\n".join("\t".join(row) for row in claim.trace.values.astype(str))


def _numpy_script(claim: Claim) -> str:
    trace = claim.trace
    lines = [
        f"# {claim.title}",
        "import numpy as np",
        "",
        f"# {claim.where}",
        f"window = {array_literal(trace.values)}",
        f"pooled = {_expression(trace)}",
        *claim.assertions("pooled"),
        f'print("{trace.kind} of", window.size, "values =", pooled)',
    ]
    return "\n".join(lines) + "\n"


def _expression(trace: PooledTrace) -> str:
    """Return what makes the pooled value of the window, NaN and infinities as they come."""
    if trace.kind == "average":
        return "window.mean(dtype=np.float64)"
    if not np.isnan(trace.values).any() and trace.value == trace.values.max():
        return "window.max()"
    ignoring = np.fmax.reduce(trace.values, axis=None)
    if trace.value == ignoring or (np.isnan(trace.value) and np.isnan(ignoring)):
        return "np.fmax.reduce(window, axis=None)  # NaN does not take part"
    if np.isnan(trace.value):
        return "window.max()"
    lowest = next((low for low in LOWEST if low == np.float32(trace.value)), None)
    if lowest is None:
        return "window.max()"
    initial = f"np.float32({number_literal(lowest)})"
    return f"np.fmax.reduce(window, axis=None, initial={initial})  # where TensorFlow begins"
