"""A 1 at a pooled pixel, or at all: where it lands in the feature map, and in the input."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.backward import input_gradient
from poolviewer.core.display import quantise
from poolviewer.core.geometry import PixelBox
from poolviewer.core.gradient import Gradient, Patch, pixel_gradient, pool_gradient
from poolviewer.core.laboratory.experiment import (
    Experiment,
    ExtraMap,
    Finding,
    Overlay,
    Subject,
)
from poolviewer.core.laboratory.gradient_words import (
    NO_PIXEL,
    NO_POOLED,
    NO_TIME,
    input_words,
    landing_words,
    unfollowed,
    view_words,
)
from poolviewer.core.messages import Activations

InputView = Literal["sum", "largest"] | int
MIDDLE, REACH = 128, 127
FEATURE, INPUT = "gradient in the feature map", "gradient in the input"


@dataclass(frozen=True, slots=True)
class Backpropagation(Experiment):
    """Follow a gradient backwards from the channel that is shown.

    Parameters
    ----------
    is_everywhere
        Whether it begins with a 1 at every pooled pixel instead of at the traced pixel alone.
    view
        What is shown of the channels of the input: their sum, of each pixel the number that is
        the largest without its sign, or one channel by its number.
    """

    mode = "gradient"
    is_everywhere: bool = False
    view: InputView = "sum"
    needs_steps = True

    @property
    def needs_pixel(self) -> bool:  # type: ignore[override]
        return not self.is_everywhere

    def conduct(self, subject: Subject) -> Finding:
        """Find where the gradient lands on the channel that is shown, and on the input."""
        activations, channel, pixel = subject.activations, subject.channel, subject.pixel
        if 0 in activations.stage.pooled_shape:
            return Finding(self, channel, pixel, obstacle=NO_POOLED)
        if not self.is_everywhere and not _can_begin(activations, pixel):
            return Finding(self, channel, pixel, obstacle=NO_PIXEL)
        start = None if self.is_everywhere else pixel
        landed = landing(activations, channel, start)
        words, shown = self._followed(activations, channel, landed)
        overlays = {MapName.FEATURE: overlay_of(landed, activations.stage.feature_shape, FEATURE)}
        if shown is not None:
            overlays[MapName.INPUT] = overlay_of(shown, activations.stage.input_shape[:2], INPUT)
        return Finding(
            self,
            channel,
            pixel,
            sentences=(*landing_words(landed, activations, channel, start), *words),
            overlays=overlays,
            maps=() if shown is None else (self._map(activations, shown),),
        )

    def _followed(
        self, activations: Activations, channel: int, landed: Patch
    ) -> tuple[tuple[str, ...], Patch | None]:
        """Return what arrives at the input, in words and as it is shown, if anything does."""
        if activations.lacks_steps:
            return (NO_TIME,), None
        arrived = input_gradient(activations, landed, channel)
        if arrived.stopped_by is not None:
            return (unfollowed(arrived.stopped_by),), None
        words = input_words(arrived.patch, activations.stage.input_shape)
        return words, None if arrived.patch is None else in_view(arrived.patch, self.view)

    def _map(self, activations: Activations, shown: Patch) -> ExtraMap:
        """Show the gradient in the input beside the picture, which an overlay hides."""
        stage = activations.stage
        values = shown.over(stage.input_shape[:2])[:, :, 0]
        largest = _largest(shown.values)
        levels = -largest, largest
        title = view_words(self.view, activations.network.input.channel_names)
        shades = quantise(values, np.array(levels))
        return ExtraMap(title, stage.input_geometry, values, shades, levels, "diverging")


def landing(activations: Activations, channel: int, start: Pixel | None) -> Patch:
    """Return where a gradient lands in one feature map; the patch has one channel.

    Parameters
    ----------
    start
        A pooled pixel that has a 1; or a feature-map pixel, where it then stays. None is every
        pooled pixel.
    """
    pooling, maps = activations.stage.pooling, activations.feature_maps
    if start is None:
        rows, cols = pooling.grid.shape
        ones = Patch(PixelBox(0, 0, rows, cols), np.ones((rows, cols, 1)))
        return pool_gradient(maps[:, :, channel : channel + 1], pooling, ones)
    if start.map_name is MapName.POOLED:
        return pixel_gradient(maps[:, :, channel], pooling, start.row, start.col)
    return Patch.of_pixel(start.row, start.col, np.ones(1))


def in_view(patch: Patch, view: InputView) -> Patch:
    """Return of the channels of a gradient what is shown, as one channel.

    A channel that another network's input does not have gives way to the sum.
    """
    values, channels = patch.values, patch.values.shape[2]
    if view == "largest":
        sizes = np.nan_to_num(np.abs(values), nan=0.0)
        chosen = np.take_along_axis(values, sizes.argmax(axis=2, keepdims=True), axis=2)
    elif isinstance(view, int) and view < channels:
        chosen = values[:, :, view : view + 1]
    else:
        chosen = values.sum(axis=2, keepdims=True)
    return Patch(patch.box, chosen)


def overlay_of(patch: Patch, shape: tuple[int, int], word: str) -> Overlay:
    """Colour a map where a gradient of one channel is not 0; NaN stays clear."""
    values, codes = patch.values[:, :, 0], np.zeros(shape, np.uint8)
    largest = _largest(values)
    with np.errstate(invalid="ignore"):
        scaled = np.clip(values.astype(np.float64) / largest, -1, 1) * REACH + MIDDLE
    is_clear = (values == 0) | np.isnan(values)
    codes[patch.box.slices] = np.where(is_clear, 0, np.rint(np.nan_to_num(scaled)))
    return Overlay(codes, "diverging", (word,), (-largest, largest))


def _largest(values: Gradient) -> float:
    """Return the largest number without its sign; 1 where there is none but 0."""
    sizes: NDArray[np.floating] = np.abs(values)
    return float(sizes.max(initial=0, where=np.isfinite(sizes))) or 1.0


def _can_begin(activations: Activations, pixel: Pixel | None) -> bool:
    if pixel is None or pixel.map_name is MapName.INPUT:
        return False
    rows, cols = geometry_of(activations.stage, pixel.map_name).shape
    return 0 <= pixel.row < rows and 0 <= pixel.col < cols
