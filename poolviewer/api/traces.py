"""One pooled pixel in numbers, for Python programs and notebooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolviewer.api.arguments import size_of
from poolviewer.api.moments import Pin, check_view, moment_of
from poolviewer.api.networks import NETWORKS, Model, Wish
from poolviewer.api.pictures import Image
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.chain_step import ChainStep
from poolviewer.core.errors import ArgumentError
from poolviewer.core.geometry import PixelBox
from poolviewer.core.trace_report import TraceReport, as_data, report_on
from poolviewer.core.trace_table import as_text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trace:
    """All that is known of one pooled pixel; `print` writes it as a table.

    Pixels are ``(row, col)`` from 0. A box has ``row_start``, ``col_start``, ``row_stop`` and
    ``col_stop``, half-open; its ``slices`` cut it out of a map.
    """

    _report: TraceReport

    @property
    def value(self) -> float:
        """What the pooling layer gave."""
        return self._report.trace.value

    @property
    def pixel(self) -> tuple[int, int, int]:
        """The pooled pixel as ``(row, col, channel)``."""
        trace = self._report.trace
        return trace.row, trace.col, trace.channel

    @property
    def stage(self) -> str:
        """Name of the pooling layer."""
        return self._report.stage.name

    @property
    def kind(self) -> str:
        """``"max"`` or ``"average"``."""
        return self._report.trace.kind

    @property
    def window(self) -> PixelBox:
        """The pixels of the feature map that were pooled, clipped to the map."""
        return self._report.trace.window

    @property
    def values(self) -> NDArray[np.floating]:
        """Their values, of the window's shape (rows, columns)."""
        return self._report.trace.values

    @property
    def winner(self) -> tuple[int, int] | None:
        """The pixel of the feature map that won; None for an average, or where all are NaN."""
        return self._report.trace.winner

    @property
    def ties(self) -> int:
        """How many pixels of the window hold the winning value; 0 without a winner."""
        return self._report.trace.ties

    @property
    def receptive_field(self) -> PixelBox | None:
        """The input pixels behind the window; None where they are not known."""
        return self._report.trace.receptive_field

    @property
    def gradient(self) -> tuple[tuple[int, int, float], ...]:
        """``(row, col, value)`` of the feature map's pixels where a 1 at the pooled pixel lands."""
        return self._report.gradient

    @property
    def products(self) -> NDArray[np.float64] | None:
        """The products that make the winner: (kernel rows, kernel columns, source channels).

        None, as the three numbers below, where no convolution makes it.
        """
        step = self._report.convolution
        return step.products if step else None

    @property
    def bias(self) -> float | None:
        """What the convolution adds to their sum."""
        step = self._report.convolution
        return step.bias if step else None

    @property
    def preactivation(self) -> float | None:
        """Their sum with the bias, worked out in float64."""
        step = self._report.convolution
        return step.preactivation if step else None

    @property
    def map_value(self) -> float | None:
        """What the feature map holds at the winner; None without one."""
        if self.winner is None:
            return None
        (row, col), window = self.winner, self.window
        return float(self.values[row - window.row_start, col - window.col_start])

    @property
    def steps(self) -> tuple[ChainStep, ...]:
        """The layers from the pooling back to the input, each with its arithmetic."""
        return tuple(self._report.chain.steps)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as ``poolviewer trace --json`` writes it: lists, numbers and None.

        Numbers that JSON lacks are the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``.
        """
        return as_data(self._report)

    def __str__(self) -> str:
        return as_text(self._report)

    def __repr__(self) -> str:
        return f"<Trace: {self.stage}, pooled pixel {self.pixel}, {self._report.trace.arithmetic}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def trace(
    model: Model = None,
    image: Image = None,
    *,
    pin: Pin = None,
    pool: str | None = None,
    channel: int | None = None,
    frame: int | None = None,
    preprocess: str | None = None,
    size: Sequence[int] | None = None,
    device: str = "auto",
) -> Trace:
    """Follow one pooled pixel back to the input, layer by layer.

    Parameters
    ----------
    pin
        The pooled pixel ``(row, col)``, from 0; None only for a saved view that has one.
    model, image, pool, channel, frame, preprocess, size, device
        As in `poolviewer.figure`.

    Returns
    -------
    Trace
        Its ``to_dict()`` equals what ``poolviewer trace --json`` prints.

    Raises
    ------
    PoolViewerError
        With one sentence, as in `poolviewer.figure`.

    Examples
    --------
    >>> import poolviewer
    >>> found = poolviewer.trace("tutorial", channel=12, pin=(4, 7))
    >>> found.value == float(found.values.max())
    True
    >>> found.window.shape, found.receptive_field.shape
    ((2, 2), (4, 4))
    """
    wish = Wish(model, pool or "", size_of(size), preprocess, device)
    moment = moment_of(image, frame, channel, pin)
    pixel = pooled(moment.pixel)
    run = NETWORKS.run(wish, moment.frame, has_steps=True)
    check_view(run.activations.stage, moment.channel, pixel)
    return Trace(report_on(run.activations, moment.channel, pixel.row, pixel.col))


def pooled(pixel: Pixel | None) -> Pixel:
    """Return a pixel that can be traced back; raises `ArgumentError` where there is none."""
    if pixel is None or pixel.map_name is not MapName.POOLED:
        raise ArgumentError("No pooled pixel is given to trace: say which, as pin=(4, 7).")
    return pixel
