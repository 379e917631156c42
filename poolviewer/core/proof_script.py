"""A short Keras script that gives a pooled value, and where that is short, the window first."""

from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.chain import chain_of
from poolviewer.core.chain_step import ChainStep, WindowTaps
from poolviewer.core.explanation import box_in_words
from poolviewer.core.geometry import PixelBox
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.literals import Array, array_literal, number_literal
from poolviewer.core.messages import Activations
from poolviewer.core.operations import Convolution
from poolviewer.core.precision import rounded
from poolviewer.core.trace import PooledTrace
from poolviewer.core.windows import WindowAxis

MOST_NUMBERS = 400
MOST_WINDOW = 36


@dataclass(frozen=True, slots=True)
class Claim:
    """A pooled value and its window: what a proof must show.

    Parameters
    ----------
    step
        The pooling's own step of the chain.
    title
        One line that says which number this is.
    """

    trace: PooledTrace
    step: ChainStep | None
    title: str

    @property
    def where(self) -> str:
        """Where the window lies, in words."""
        return f"{box_in_words(self.trace.window)} of the feature map."

    @property
    def dtype(self) -> str:
        """What the pooling computes in."""
        return self.step.precision if self.step else str(self.trace.values.dtype)

    def assertions(self, name: str) -> list[str]:
        """Return lines that assert that a variable holds the pooled value."""
        value = self.trace.values.dtype.type(self.trace.value)
        if isnan(value):
            return [f"assert np.isnan({name})"]
        shown = [f"shown = np.{value.dtype.name}({number_literal(value)})  # in PoolViewer"]
        if self.trace.kind == "max" or not isfinite(value):
            return [*shown, f"assert {name} == shown"]
        return [
            *shown,
            f"assert abs({name} - shown) <= {self._tolerance:.3g}  # rounding in {self.dtype}",
        ]

    @property
    def _tolerance(self) -> float:
        return self.step.tolerance if self.step else 0.0


@dataclass(frozen=True, slots=True)
class _Convolved:
    """What a convolution makes the window from.

    Parameters
    ----------
    patch
        Of shape (rows, columns, channels), with the zeros of padding.
    tolerance
        By how much rounding may put off what comes out.
    """

    layer: Convolution
    patch: Array
    where: str
    tolerance: float


def keras_script(activations: Activations, claim: Claim) -> str:
    """Write a script that needs nothing but Keras and NumPy, and asserts what it makes."""
    trace = claim.trace
    shown = [f"# {claim.where}", f"window = {array_literal(trace.values)}"]
    pooling = [
        f"pool = keras.layers.{_pooling_layer(activations, claim)}",
        "pooled = keras.ops.convert_to_numpy(pool(window[np.newaxis, :, :, np.newaxis]))",
        f"pooled = pooled.astype(np.{trace.values.dtype.name}).item()",
        *claim.assertions("pooled"),
        f'print("{trace.kind} of", window.size, "values =", pooled)',
    ]
    found = _convolved(activations, trace)
    making = [] if found is None else ["", *_convolution_lines(found, trace.channel)]
    heading = [f'"""{claim.title}"""', "", "import keras", "import numpy as np", ""]
    return "\n".join([*heading, *shown, *making, "", *pooling]) + "\n"


def _pooling_layer(activations: Activations, claim: Claim) -> str:
    trace, pooling = claim.trace, activations.stage.pooling
    name = "Max" if trace.kind == "max" else "Average"
    options = f'dtype="{claim.dtype}", data_format="channels_last"'
    if pooling.form == "global":
        return f"Global{name}Pooling2D({options})"
    size = trace.window.shape
    # Of a window that padding or the map's edge clips, only the part within the map takes part.
    strides = pooling.grid.strides if size == pooling.grid.size else size
    return f"{name}Pooling2D({size}, strides={strides}, {options})"


def _convolution_lines(found: _Convolved, channel: int) -> list[str]:
    layer = found.layer
    kernel = layer.kernel_of(channel).astype(found.patch.dtype)
    function = layer.function.name if layer.function else "linear"
    weights = "kernel" if layer.bias is None else "kernel, bias"
    lines = [
        f"# The convolution makes it from {found.where}",
        f"patch = {array_literal(found.patch)}",
        f"kernel = {array_literal(kernel)}[..., np.newaxis]",
    ]
    if layer.bias is not None:
        bias = layer.bias[channel : channel + 1].astype(found.patch.dtype)
        lines.append(f"bias = {array_literal(bias)}")
    return [
        *lines,
        f"conv = keras.layers.Conv2D(1, {layer.grid.size}, strides={layer.grid.strides}, "
        f'activation="{function}",',
        f"    use_bias={layer.bias is not None}, dilation_rate={layer.grid.dilation}, "
        f'dtype="{found.patch.dtype}", data_format="channels_last")',
        "conv.build((1, *patch.shape))",
        f"conv.set_weights([{weights}])",
        "made = keras.ops.convert_to_numpy(conv(patch[np.newaxis]))[0, :, :, 0]",
        f"assert np.abs(made - window).max() <= {found.tolerance:.3g}  # rounding",
    ]


def _convolved(activations: Activations, trace: PooledTrace) -> _Convolved | None:
    """Return the convolution that made the window; None where there is none or it is long."""
    layer, source = _layer_before(activations)
    if layer is None or source is None or trace.values.size > MOST_WINDOW:
        return None
    box, taps = trace.window, _taps(layer, trace.window, source.shape)
    if taps is None or np.prod(taps.shape) > MOST_NUMBERS:
        return None
    patch, values = taps.patch(source), trace.values
    if activations.precisions and activations.precisions[-1] != "float64":
        patch = rounded(patch, activations.precisions[-1])
    tolerance = _tolerance(activations, trace.channel, box)
    if tolerance is None or not (np.isfinite(patch).all() and np.isfinite(values).all()):
        return None
    found = taps.box
    is_input = activations.stage.graph.steps[-1].links[0].source == INPUT
    place = "the input" if is_input else "the map before it"
    where = f"{box_in_words(found)} of {place}." if found else "padding alone."
    return _Convolved(layer, patch.astype(values.dtype), where, tolerance)


def _layer_before(activations: Activations) -> tuple[Convolution | None, Array | None]:
    """Return a plain convolution right before the pooling, and the map that it reads."""
    steps, operations = activations.stage.graph.steps, activations.operations
    if not steps or len(operations) < len(steps) or len(steps[-1].links) != 1:
        return None, None
    layer = operations[len(steps) - 1]
    if not isinstance(layer, Convolution) or layer.groups != 1:
        return None, None
    if layer.function is not None and layer.function.parameters:
        return None, None
    return layer, activations.map_of(steps[-1].links[0].source)


def _taps(layer: Convolution, box: PixelBox, shape: tuple[int, ...]) -> WindowTaps | None:
    """Return the pixels that the convolution reads for a box of what leaves it."""
    rows, cols = layer.grid.rows, layer.grid.cols
    if not (isinstance(rows, WindowAxis) and isinstance(cols, WindowAxis)):
        return None
    height, width = (
        (count - 1) * axis.stride + axis.span
        for count, axis in zip(box.shape, (rows, cols), strict=True)
    )
    top = box.row_start * rows.stride - rows.pad_before
    left = box.col_start * cols.stride - cols.pad_before
    return WindowTaps(INPUT, (shape[0], shape[1]), (top, left, 0), (height, width, shape[2]))


def _tolerance(activations: Activations, channel: int, box: PixelBox) -> float | None:
    """Return how far two ways to compute the window may lie apart; None where it disagrees."""
    most = 0.0
    for row in range(box.row_start, box.row_stop):
        for col in range(box.col_start, box.col_stop):
            chain = chain_of(activations, channel, Pixel(MapName.FEATURE, row, col))
            if chain is None or not chain.steps[0].agrees:
                return None
            most = max(most, chain.steps[0].tolerance)
    return 2 * most
