"""One frame made ready for the screen: everything heavy is done before the window sees it."""

from dataclasses import dataclass

from poolviewer.core.display import DisplaySpec, Levels, levels_of
from poolviewer.core.messages import Activations
from poolviewer.core.mosaics import Mosaics, mosaics_of
from poolviewer.core.ordering import Ordering, TileOrder, ordering_of
from poolviewer.core.tiles import page_of

SHORTEST_ORDER_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """The maps of one frame with the levels and mosaics that the screen needs.

    Parameters
    ----------
    ordering
        All channels in the order in which the mosaics show them, page by page.
    """

    activations: Activations
    display: DisplaySpec
    levels: Levels
    mosaics: Mosaics
    ordering: Ordering


def render(
    activations: Activations, display: DisplaySpec, previous: Rendering | None = None
) -> Rendering:
    """Choose the levels and build both mosaics for one frame; runs in the inference thread.

    Parameters
    ----------
    previous
        What was rendered before; its order is kept for a while, so that the tiles of a moving
        source do not flicker.
    """
    maps = activations.feature_maps, activations.pooled_maps
    levels = levels_of(*maps, display)
    ordering = _ordering(activations, display.order, previous)
    shapes = tuple((values.shape[0], values.shape[1]) for values in maps)
    page = page_of(len(ordering.channels), (shapes[0], shapes[1]), display.room, display.place)
    channels = ordering.channels[page.start : page.stop]
    mosaics = mosaics_of(
        maps, levels, channels, page, display.room, is_mirrored=display.is_mirrored
    )
    return Rendering(activations, display, levels, mosaics, ordering)


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
