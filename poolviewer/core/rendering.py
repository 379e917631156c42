"""One frame made ready for the screen: everything heavy is done before the window sees it."""

from dataclasses import dataclass

from poolviewer.core.display import DisplaySpec, Levels, Mosaics, levels_of, mosaics_of
from poolviewer.core.messages import Activations


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """The maps of one frame with the levels and mosaics that the screen needs."""

    activations: Activations
    display: DisplaySpec
    levels: Levels
    mosaics: Mosaics


def render(activations: Activations, display: DisplaySpec) -> Rendering:
    """Choose the levels and build both mosaics for one frame; runs in the inference thread."""
    maps = activations.feature_maps, activations.pooled_maps
    levels = levels_of(*maps, display)
    mosaics = mosaics_of(*maps, levels, is_mirrored=display.is_mirrored)
    return Rendering(activations, display, levels, mosaics)
