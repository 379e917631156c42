"""What the window shows, as one frozen snapshot, and what follows from it."""

from dataclasses import dataclass, field

from poolviewer.core.annotation import (
    MapName,
    Outline,
    Outlines,
    Pixel,
    Role,
    geometry_of,
    outlines_of,
    trace_of,
    united,
)
from poolviewer.core.chain_focus import ChainFocus
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.concealment import belonging
from poolviewer.core.laboratory.experiment import Experiment, Finding, Inquiry
from poolviewer.core.laboratory.related import Beside, Related
from poolviewer.core.messages import Activations, Failure, Frame, SourceInfo, Versions
from poolviewer.core.meters import Meters
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import Network, NetworkSpec, Problem, tutorial_info
from poolviewer.core.pin_history import PinHistory
from poolviewer.core.recording import RecordingProgress
from poolviewer.core.rendering import Rendering
from poolviewer.core.timeline import Timeline, Transport
from poolviewer.core.trace import FeatureTrace, InputTrace, Trace


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence in the window's message bar.

    Parameters
    ----------
    where
        What it is about, as in `Failure.where`; empty for what a person did. It goes when that
        works again.
    generation
        Number of the source that it is about, for one about a source.
    """

    sentence: str
    is_error: bool = False
    where: str = ""
    generation: int = field(default=0, compare=False)

    def is_continued_by(self, failure: Failure) -> bool:
        """Return whether a failure says how that goes on which this tells of."""
        return (self.where, self.generation) == (failure.where, failure.generation)


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything that decides what the window shows.

    Parameters
    ----------
    rendering
        The newest maps; None until the first frame has run.
    preview
        A frame that waits for the first maps, shown alone meanwhile.
    channel
        The channel of the feature map and of the pooled map.
    hovered, pinned
        Pixels under the mouse and pinned; a pinned one is traced instead of a hovered one.
    hovered_beside, pinned_beside
        The point of a map beside the three that was hovered or pinned; it only counts for the
        pixel that belongs to it.
    history
        What became of a pinned pooled pixel; it follows from the others, frame by frame.
    network, problems
        The parameters as the person set them, and why they cannot be used.
    model
        The model that was opened last; it stays at hand while the tutorial's network is used.
    recent_models
        Paths of models that were opened before, the newest first.
    question
        A model whose input shape the person is asked for.
    timeline
        Where in the source the newest frame lies; None until it has told.
    is_looping
        Whether a video begins again after its last frame.
    phase
        What the window waits for; empty when it waits for nothing.
    is_opening
        Whether it waits for a model to open, which can be called off.
    recording
        How far the recording has come; None while nothing is recorded.
    experiment
        What is tried in the laboratory; None while it is closed.
    has_chain
        Whether the chain of a traced pixel can be seen, so that the maps of all layers are wanted
        as soon as there is time for them.
    chain_focus
        What was chosen along it; `core/chain_scene.py` tells what of that still counts.
    """

    rendering: Rendering | None = None
    preview: Frame | None = None
    channel: int = 0
    hovered: Pixel | None = None
    pinned: Pixel | None = None
    hovered_beside: Beside | None = None
    pinned_beside: Beside | None = None
    history: PinHistory = field(default_factory=PinHistory)
    display: DisplaySpec = field(default_factory=DisplaySpec)
    network: Network = field(default_factory=NetworkSpec)
    problems: tuple[Problem, ...] = ()
    model: ModelInfo | None = None
    recent_models: tuple[str, ...] = ()
    question: ModelFile | None = None
    source: SourceInfo | None = None
    is_frozen: bool = False
    timeline: Timeline | None = None
    is_looping: bool = True
    phase: str = ""
    is_opening: bool = False
    notice: Notice | None = None
    recording: RecordingProgress | None = None
    experiment: Experiment | None = None
    has_chain: bool = False
    chain_focus: ChainFocus = field(default_factory=ChainFocus)
    meters: Meters = field(default_factory=Meters)
    versions: Versions = field(default_factory=Versions)

    @property
    def listed(self) -> ModelInfo | None:
        """The network whose layers are listed: one that cannot be drawn, or the one in use."""
        if self.model and (self.model.obstacle or isinstance(self.network, ModelSpec)):
            return self.model
        if isinstance(self.network, NetworkSpec) and not self.problems:
            return tutorial_info(self.network)
        return None

    @property
    def transport(self) -> Transport:
        """What the transport bar shows."""
        return Transport(self.source, self.timeline, self.is_frozen, self.is_looping)

    @property
    def finding(self) -> Finding | None:
        """What the present experiment showed on the newest maps; None until it has."""
        finding = self.rendering.finding if self.rendering else None
        return finding if finding and finding.experiment == self.experiment else None

    @property
    def latest_finding(self) -> Finding | None:
        """What the present mode showed on the newest maps, though its settings may be newer."""
        finding = self.rendering.finding if self.rendering else None
        return belonging(finding, self.experiment, self.channel)

    @property
    def conceals(self) -> bool:
        """Whether pooled values and the winner must not be seen now."""
        return self.experiment is not None and self.experiment.conceals

    @property
    def explained(self) -> Pixel | None:
        """The pixel that is explained: the experiment's own, else the traced one."""
        if self.conceals:
            return None
        finding = self.latest_finding
        return finding.traced if finding and finding.traced else self.traced

    @property
    def inquiry(self) -> Inquiry:
        """What the inference thread shall find out besides the maps.

        The maps of all layers make a large network slower: they wait until a picture stands still
        or a pixel is pinned.
        """
        experiment = self.experiment
        is_moving = self.source is not None and self.source.is_moving and not self.is_frozen
        has_time = self.pinned is not None or not is_moving
        is_needed = experiment is not None and experiment.needs_steps
        has_steps = has_time and (self.has_chain or is_needed)
        if experiment is None:
            return Inquiry(has_steps=has_steps)
        pixel = self.traced if experiment.needs_pixel else None
        conducted = experiment.while_moving() if is_moving else experiment
        return Inquiry(conducted, self.channel, pixel, has_steps)

    @property
    def traced(self) -> Pixel | None:
        """The pixel that is explained: the pinned one, else the hovered one."""
        return self.pinned or self.hovered

    @property
    def beside(self) -> Beside | None:
        """Which point of the maps beside the three the explained pixel was chosen at, if any."""
        point = self.pinned_beside if self.pinned else self.hovered_beside
        return point if point is not None and point.pixel == self.traced else None


@dataclass(frozen=True, slots=True, eq=False)
class TraceScene:
    """A trace with its outlines, ready to be shown by every view.

    Parameters
    ----------
    trace
        None where nothing is traced.
    outlines
        What to draw over each map.
    is_pinned
        Whether it stays when the mouse leaves.
    hovered
        The pixel under the mouse while another is explained; its value goes to the status bar.
    is_concealed
        Whether nothing is explained, because the values are a question.
    related
        What the maps beside the three show of it; None where the experiment explains none.
    """

    trace: Trace | None = None
    outlines: Outlines = field(default_factory=dict)
    is_pinned: bool = False
    hovered: Trace | None = None
    is_concealed: bool = False
    related: Related | None = None


def trace_scene(state: ViewState) -> TraceScene:
    """Trace the pixel that is to be explained on the newest maps."""
    if state.rendering is None:
        return TraceScene()
    if state.experiment is not None and state.experiment.conceals:
        return _concealed_scene(state.rendering.activations, state, state.experiment)
    activations, explained = state.rendering.activations, state.explained
    hovered = trace_of(activations, state.channel, state.hovered) if state.hovered else None
    is_pinned = explained is not None and explained == state.pinned
    trace = trace_of(activations, state.channel, explained) if explained else None
    outlines = outlines_of(activations.stage, trace, is_pinned=is_pinned)
    finding = state.latest_finding
    if finding is None:
        return TraceScene(trace, outlines, is_pinned, hovered)
    outlines = united(finding.outlines, outlines)
    related = finding.experiment.related(
        finding, activations, trace, state.beside, is_pinned=is_pinned
    )
    if related is not None:
        outlines = united(outlines, related.outlines)
    return TraceScene(trace, outlines, is_pinned, hovered, related=related)


def _concealed_scene(
    activations: Activations, state: ViewState, experiment: Experiment
) -> TraceScene:
    """Show where the mouse is, but nothing that tells what won, and no number to be guessed."""
    finding, pixel = state.latest_finding, state.hovered
    hovered = trace_of(activations, state.channel, pixel) if pixel else None
    own: Outlines = {}
    if pixel is not None and hovered is not None:
        tile = geometry_of(activations.stage, pixel.map_name).tile(pixel.row, pixel.col)
        own = {pixel.map_name: (Outline(tile, Role.PIXEL),)}
    is_read = isinstance(hovered, InputTrace) or (
        isinstance(hovered, FeatureTrace) and not experiment.conceals_source
    )
    return TraceScene(
        outlines=united(finding.outlines, own) if finding else own,
        hovered=hovered if is_read else None,
        is_concealed=True,
    )


def moved_pin(state: ViewState, rows: int, cols: int) -> Pixel | None:
    """Return the pin moved by whole pixels and kept on its map; a first pin starts in the middle.

    The arrow keys move what is seen: in a mirrored window, right is towards smaller columns.
    """
    if state.rendering is None:
        return None
    stage = state.rendering.activations.stage
    start = state.traced
    if start is None:
        height, width = stage.pooled_shape
        return Pixel(MapName.POOLED, height // 2, width // 2)
    height, width = geometry_of(stage, start.map_name).shape
    step = -cols if state.display.is_mirrored else cols
    row = min(max(start.row + rows, 0), height - 1)
    return Pixel(start.map_name, row, min(max(start.col + step, 0), width - 1))
