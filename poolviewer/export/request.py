"""What a figure shall show."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from poolviewer import __version__
from poolviewer.core.annotation import MapName, Outlines, Pixel, outlines_of, trace_of, united
from poolviewer.core.display import DisplaySpec, Levels, levels_of
from poolviewer.core.errors import ExportError
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.core.laboratory.concealment import conceals_numbers, seen_overlays
from poolviewer.core.laboratory.experiment import Experiment, Finding, Overlay
from poolviewer.core.messages import Activations, Versions
from poolviewer.core.trace import Trace
from poolviewer.core.view_state import ViewState
from poolviewer.drawing.palette import ThemeName

SMALLEST_SCALE, LARGEST_SCALE = 1.0, 8.0
FIGURE_SCALE = 2.0  # of what the window saves and copies


@dataclass(frozen=True, slots=True, eq=False)
class FigureRequest:
    """A wish for a figure; raises `ExportError` where it cannot be fulfilled.

    Parameters
    ----------
    channel
        Which channel of the feature maps and the pooled maps, from 0.
    pixel
        The pixel to trace; None for the maps alone.
    is_pinned
        Whether the pixel is marked as pinned or as hovered.
    scale
        Device pixels for each logical pixel of the figure.
    spec
        What it holds, how it is laid out and how large it is.
    known_levels
        The levels of all channels where they were chosen before for these maps and this display;
        worked out where they are not given, which takes long for large maps.
    alteration
        Why the maps are not the network's, in a few words; empty where they are.
    experiment
        The mode of the laboratory that is on; what it conceals is not in the figure.
    finding
        What it showed on these maps; it is drawn over them.
    versions, poolviewer
        What made the numbers, for the caption.
    """

    activations: Activations
    channel: int = 0
    pixel: Pixel | None = None
    is_pinned: bool = True
    display: DisplaySpec = field(default_factory=DisplaySpec)
    theme: ThemeName = "light"
    scale: float = 1.0
    spec: FigureSpec = field(default_factory=FigureSpec)
    known_levels: Levels | None = None
    alteration: str = ""
    experiment: Experiment | None = None
    finding: Finding | None = None
    versions: Versions = field(default_factory=Versions)
    poolviewer: str = __version__

    def __post_init__(self) -> None:
        check_scale(self.scale)
        channels = self.activations.stage.channels
        if not 0 <= self.channel < channels:
            raise ExportError(
                f"There is no channel {self.channel}: the channels are 0 to {channels - 1}."
            )
        if self.pixel and self.trace is None:
            raise ExportError(
                f"The {self.pixel.map_name.value} map has no pixel in row {self.pixel.row}, "
                f"column {self.pixel.col}."
            )

    @property
    def trace(self) -> Trace | None:
        """What the pixel was made from and became."""
        return trace_of(self.activations, self.channel, self.pixel) if self.pixel else None

    def conceals(self, name: MapName) -> bool:
        """Whether the numbers of one of the three maps must not be seen."""
        return conceals_numbers(self.experiment, name)

    def overlay_of(self, name: MapName) -> Overlay | None:
        """Return the colours over one of the three maps."""
        return seen_overlays(self.experiment, self.finding).get(name)

    @property
    def marks(self) -> Outlines:
        """What to outline in the three maps."""
        marks = outlines_of(self.activations.stage, self.trace, is_pinned=self.is_pinned)
        return united(self.finding.outlines, marks) if self.finding else marks

    @property
    def levels(self) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """The levels of the channel's feature map and pooled map, of shape (2,) each."""
        maps = self.activations.feature_maps, self.activations.pooled_maps
        levels = self.known_levels or levels_of(*maps, self.display)
        return levels.feature[self.channel], levels.pooled[self.channel]


def figure_request(
    state: ViewState, theme: ThemeName, scale: float = FIGURE_SCALE
) -> FigureRequest:
    """Return the wish for a figure of what the window shows."""
    assert state.rendering is not None  # noqa: S101 - the controller asks only with maps
    has_levels = state.rendering.display.has_levels_of(state.display)
    return FigureRequest(
        activations=state.rendering.activations,
        channel=state.channel,
        pixel=state.explained,
        is_pinned=state.pinned is not None and state.explained == state.pinned,
        display=state.display,
        theme=theme,
        scale=scale,
        known_levels=state.rendering.levels if has_levels else None,
        alteration=state.rendering.alteration,
        experiment=state.experiment,
        finding=state.latest_finding,
        versions=state.versions,
    )


def check_scale(scale: float) -> None:
    """Raise `ExportError` for a scale that no figure can have."""
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise ExportError(
            f"The scale must lie between {SMALLEST_SCALE:g} and {LARGEST_SCALE:g}, "
            f"and {scale:g} does not."
        )
