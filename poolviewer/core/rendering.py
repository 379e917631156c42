"""One frame made ready for the screen: everything heavy is done before the window sees it."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName
from poolviewer.core.display import DisplaySpec, Levels, levels_of, quantise
from poolviewer.core.laboratory.experiment import Finding
from poolviewer.core.messages import Activations, PreparedInput
from poolviewer.core.mosaics import Mosaics, mosaics_of
from poolviewer.core.ordering import Ordering, TileOrder, ordering_of
from poolviewer.core.tiles import page_of
from poolviewer.core.together import WORTH_BYTES, together

_SHADED = (MapName.FEATURE, MapName.POOLED)
SHORTEST_ORDER_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Both maps of the channel that is shown large, as 8-bit shades of shape (H, W) and (h, w)."""

    channel: int
    feature: NDArray[np.uint8]
    pooled: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """The maps of one frame with the levels and mosaics that the screen needs.

    Parameters
    ----------
    ordering
        All channels in the order in which the mosaics show them, page by page.
    shown
        The shades of one channel, made in advance; `shades_of` gives those of any.
    render_s
        Seconds that levels, order and mosaics took.
    finding
        What the laboratory's experiment showed on this frame; None where there is none.
    pristine
        What the network received before the experiment changed it.
    """

    activations: Activations
    display: DisplaySpec
    levels: Levels
    mosaics: Mosaics
    ordering: Ordering
    shown: Shown | None = None
    render_s: float = 0.0
    finding: Finding | None = None
    pristine: PreparedInput | None = None

    @property
    def alteration(self) -> str:
        """Why these maps are not the network's, in a few words; empty where they are."""
        is_altered = self.finding is not None and self.finding.altered is not None
        return self.finding.experiment.alteration if self.finding and is_altered else ""


def render(
    activations: Activations,
    display: DisplaySpec,
    previous: Rendering | None = None,
    channel: int | None = None,
) -> Rendering:
    """Choose the levels and build both mosaics for one frame; runs in the inference thread.

    Parameters
    ----------
    previous
        What was rendered before; its order is kept for a while, so that the tiles of a moving
        source do not flicker.
    channel
        The channel that is likely to be shown large; the last if there are not so many.
    """
    start_s = perf_counter()
    maps = activations.feature_maps, activations.pooled_maps
    levels = levels_of(*maps, display, activations.stage.pooling)
    ordering = _ordering(activations, display.order, previous)
    shapes = tuple((values.shape[0], values.shape[1]) for values in maps)
    page = page_of(len(ordering.channels), (shapes[0], shapes[1]), display.room, display.place)
    channels = ordering.channels[page.start : page.stop]

    def make_mosaics() -> Mosaics:
        is_mirrored = display.is_mirrored
        return mosaics_of(maps, levels, channels, page, display.room, is_mirrored=is_mirrored)

    def make_shown() -> Shown | None:
        if channel is None:
            return None
        chosen = min(channel, activations.stage.channels - 1)
        return Shown(chosen, *(_shades(activations, levels, name, chosen) for name in _SHADED))

    if maps[0].nbytes < WORTH_BYTES:
        mosaics, shown = make_mosaics(), make_shown()
    else:
        mosaics, shown = together(make_mosaics, make_shown)
    render_s = perf_counter() - start_s
    return Rendering(activations, display, levels, mosaics, ordering, shown, render_s)


def shades_of(rendering: Rendering, name: MapName, channel: int) -> NDArray[np.uint8]:
    """Return a channel of the feature map or the pooled map as 8-bit shades of shape (H, W).

    Made in advance in the inference thread for the channel that is shown large; of another, which
    has just been chosen, made now.
    """
    shown = rendering.shown
    if shown is not None and shown.channel == channel:
        return shown.feature if name is MapName.FEATURE else shown.pooled
    return _shades(rendering.activations, rendering.levels, name, channel)


def _shades(
    activations: Activations, levels: Levels, name: MapName, channel: int
) -> NDArray[np.uint8]:
    if name is MapName.FEATURE:
        return quantise(activations.feature_maps[:, :, channel], levels.feature[channel])
    return quantise(activations.pooled_maps[:, :, channel], levels.pooled[channel])


def _ordering(activations: Activations, by: TileOrder, previous: Rendering | None) -> Ordering:
    if previous is not None and _is_kept(previous, activations, by):
        return previous.ordering
    return ordering_of(activations.feature_maps, by, activations.frame.captured_s)


def _is_kept(previous: Rendering, activations: Activations, by: TileOrder) -> bool:
    """Whether the order of the frame before still holds: of the same frame, or for a moment."""
    ordering, before, frame = previous.ordering, previous.activations, activations.frame
    if ordering.by != by or before.generation != activations.generation:
        return False
    if before is activations:
        return True
    is_same_source = before.frame.generation == frame.generation and frame.source.is_moving
    is_recent = 0 <= frame.captured_s - ordering.measured_s < SHORTEST_ORDER_S
    has_all = len(ordering.channels) == activations.feature_maps.shape[2]
    return is_same_source and is_recent and has_all
