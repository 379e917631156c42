"""What a figure shall show."""

from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from poolviewer import __version__
from poolviewer.core.annotation import (
    MapName,
    Outlines,
    Pixel,
    Role,
    outlines_of,
    trace_of,
    united,
)
from poolviewer.core.chain_scene import ChainQuestion, ChainScene, StepMark, chain_question
from poolviewer.core.display import DisplaySpec, Levels, levels_of
from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.figure_spec import FigureSpec, check_spec
from poolviewer.core.laboratory.concealment import conceals_numbers, seen_overlays
from poolviewer.core.laboratory.experiment import Experiment, ExtraMap, Finding, Overlay
from poolviewer.core.laboratory.related import Beside, Related
from poolviewer.core.messages import Activations, PreparedInput, Versions
from poolviewer.core.numbers import format_plainly
from poolviewer.core.ordering import Ordering, ordering_of
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
    known_ordering
        The order of the gallery's tiles where it is known already.
    alteration
        Why the maps are not the network's, in a few words; empty where they are.
    experiment
        The mode of the laboratory that is on; what it conceals is not in the figure.
    finding
        What it showed on these maps; it is drawn over them.
    beside
        The point of a map beside the three at which the pixel was chosen, if it was there.
    chain
        The chain that is followed back from the pixel; its steps are outlined in every map.
    versions, poolviewer
        What made the numbers, for the caption.
    person_pixel
        The pixel that the person chose, where an experiment explains one of its own.
    pristine
        What the network received before an experiment changed it, for opening the view again;
        None where nothing was changed.
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
    known_ordering: Ordering | None = None
    alteration: str = ""
    experiment: Experiment | None = None
    finding: Finding | None = None
    beside: Beside | None = None
    chain: ChainQuestion | ChainScene = field(default_factory=ChainScene)
    versions: Versions = field(default_factory=Versions)
    poolviewer: str = __version__
    person_pixel: Pixel | None = None
    pristine: PreparedInput | None = None

    def __post_init__(self) -> None:
        check_scale(self.scale)
        check_spec(self.spec)
        channels = self.activations.stage.channels
        if not 0 <= self.channel < channels:
            raise ExportError(
                f"There is no channel {self.channel}: the channels are 0 to {channels - 1}."
            )
        if self.pixel and trace_of(self.activations, self.channel, self.pixel) is None:
            raise ExportError(
                f"The {self.pixel.map_name.value} map has no pixel in row {self.pixel.row}, "
                f"column {self.pixel.col}."
            )

    @property
    def is_concealed(self) -> bool:
        """Whether pooled values and winners are a question that has not been answered."""
        return self.experiment is not None and self.experiment.conceals

    @property
    def trace(self) -> Trace | None:
        """What the pixel was made from and became; nothing of it while it must not be seen."""
        if self.pixel is None or self.is_concealed:
            return None
        return trace_of(self.activations, self.channel, self.pixel)

    def conceals(self, name: MapName) -> bool:
        """Whether the numbers of one of the three maps must not be seen."""
        return conceals_numbers(self.experiment, name)

    def conceals_levels(self, name: MapName) -> bool:
        """Whether the range of a map must not be seen; shared levels are those of both maps."""
        if name is MapName.INPUT:
            return False
        is_told = name is MapName.POOLED or self.display.levels_mode == "shared"
        return is_told and self.conceals(MapName.POOLED)

    @property
    def shown_finding(self) -> Finding | None:
        """What the laboratory shows, if that belongs to the figure."""
        return self.finding if self.spec.has("laboratory") else None

    @property
    def extra_maps(self) -> tuple[ExtraMap, ...]:
        """The maps that the laboratory puts beside the three."""
        return self.shown_finding.maps if self.shown_finding else ()

    def overlay_of(self, name: MapName) -> Overlay | None:
        """Return the colours over one of the three maps; what is concealed is always covered."""
        return seen_overlays(self.experiment, self.shown_finding).get(name)

    @property
    def marks(self) -> Outlines:
        """What to outline in the three maps."""
        marks = outlines_of(self.activations.stage, self.trace, is_pinned=self.is_pinned)
        if self.shown_finding:
            marks = united(self.shown_finding.outlines, marks)
        if self.related:
            marks = united(marks, self.related.outlines)
        return self.chosen(marks)

    @property
    def related(self) -> Related | None:
        """What the laboratory's own maps show of the traced pixel."""
        finding = self.shown_finding
        if finding is None or self.is_concealed:
            return None
        return finding.experiment.related(
            finding, self.activations, self.trace, self.beside, is_pinned=self.is_pinned
        )

    def chosen(self, marks: Outlines) -> Outlines:
        """Keep the outlines that the figure shall have."""
        spec = self.spec
        return {
            name: tuple(
                mark
                for mark in found
                if (spec.has_winner if mark.role is Role.WINNER else spec.has_outlines)
            )
            for name, found in marks.items()
        }

    @property
    def step_marks(self) -> tuple[StepMark, ...]:
        """What is outlined of the chain; a question must have been answered (`ready`)."""
        is_shown = self.spec.has_outlines and not self.is_concealed
        return self.chain.marks if is_shown and isinstance(self.chain, ChainScene) else ()

    @property
    def all_levels(self) -> Levels:
        """The levels of all channels."""
        maps = self.activations.feature_maps, self.activations.pooled_maps
        return self.known_levels or levels_of(*maps, self.display)

    @property
    def levels(self) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """The levels of the channel's feature map and pooled map, of shape (2,) each."""
        levels = self.all_levels
        return levels.feature[self.channel], levels.pooled[self.channel]

    @property
    def ordering(self) -> Ordering:
        """All channels in the order of the gallery's tiles."""
        if self.known_ordering and self.known_ordering.by == self.display.order:
            return self.known_ordering
        return ordering_of(self.activations.feature_maps, self.display.order)


def ready(request: FigureRequest) -> FigureRequest:
    """Work out once what a figure asks for again and again: levels, and the chain."""
    chain = request.chain
    if request.known_levels is not None and isinstance(chain, ChainScene):
        return request
    scene = chain.answer() if isinstance(chain, ChainQuestion) else chain
    return replace(request, known_levels=request.all_levels, chain=scene)


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
        known_ordering=state.rendering.ordering,
        alteration=state.rendering.alteration,
        experiment=state.experiment,
        finding=state.latest_finding,
        beside=state.beside,
        chain=chain_question(state),
        person_pixel=state.traced,
        versions=state.versions,
        pristine=state.rendering.pristine,
    )


def chosen_request(state: ViewState, theme: ThemeName, choices: ExportChoices) -> FigureRequest:
    """Return the wish for a figure of what the window shows, as a person chose it.

    Parameters
    ----------
    theme
        The window's own.
    """
    own = cast("ThemeName", choices.theme) if choices.theme else theme
    return replace(figure_request(state, own, choices.scale), spec=choices.spec)


def check_scale(scale: float) -> None:
    """Raise `ExportError` for a scale that no figure can have."""
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise ExportError(
            f"The scale must lie between {SMALLEST_SCALE:g} and {LARGEST_SCALE:g}, "
            f"and {format_plainly(scale)} does not."
        )
