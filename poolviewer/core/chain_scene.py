"""The chain behind the traced pixel as the window shows it: what is asked, chosen and outlined."""

from dataclasses import dataclass, field, replace

from poolviewer.core.annotation import Pixel
from poolviewer.core.chain import chain_of
from poolviewer.core.chain_focus import ChainFocus
from poolviewer.core.chain_step import Chain, ChainStep
from poolviewer.core.geometry import Rect
from poolviewer.core.messages import Activations
from poolviewer.core.view_state import ViewState

MOST_MARKS = 24
FEW = 2


@dataclass(frozen=True, slots=True)
class StepMark:
    """The pixels that one step of a chain reads, outlined in every map.

    Parameters
    ----------
    number
        The step's place in the chain, from 1; it stands in the list, too.
    is_strong
        Whether it is the step that is unfolded.
    """

    rect: Rect
    number: int
    is_strong: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ChainScene:
    """A chain, ready to be shown.

    Parameters
    ----------
    chain
        None where nothing is followed.
    step
        The step that is unfolded; None where none is.
    marks
        What is outlined in every map; the strong one comes last.
    input_channels
        Names of the input's channels.
    alteration
        Why the maps are not the network's own, as in `Rendering.alteration`.
    """

    chain: Chain | None = None
    step: ChainStep | None = None
    marks: tuple[StepMark, ...] = ()
    input_channels: tuple[str, ...] = ()
    alteration: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ChainQuestion:
    """A pixel to follow back to the input; to answer takes longer than to paint an outline.

    Parameters
    ----------
    activations, pixel
        None where there is nothing to follow.
    """

    activations: Activations | None = None
    channel: int = 0
    pixel: Pixel | None = None
    focus: ChainFocus = field(default_factory=ChainFocus)
    alteration: str = ""

    def answer(self) -> ChainScene:
        """Follow the pixel."""
        if self.activations is None or self.pixel is None:
            return ChainScene()
        chain = chain_of(self.activations, self.channel, self.pixel, dict(self.focus.choices))
        if chain is None:
            return ChainScene()
        step = next((each for each in chain.steps if each.step == self.focus.step), None)
        names = tuple(self.activations.network.input.channel_names)
        return ChainScene(chain, step, marks_of(chain, step), names, self.alteration)


def chain_question(state: ViewState) -> ChainQuestion:
    """Return what is to be followed in a state; nothing while no chain is seen, or is hidden."""
    pixel = state.explained
    if state.rendering is None or pixel is None or not state.has_chain or state.conceals:
        return ChainQuestion()
    rendering = state.rendering
    focus, alteration = focus_on(state), rendering.alteration
    return ChainQuestion(rendering.activations, state.channel, pixel, focus, alteration)


def focus_on(state: ViewState) -> ChainFocus:
    """Return what was chosen, as far as it belongs to what is traced now."""
    focus, stage = state.chain_focus, _stage_of(state)
    if focus.stage != stage:
        return ChainFocus(None, (), state.explained, state.channel, stage)
    if (focus.pixel, focus.channel) != (state.explained, state.channel):
        return replace(focus, choices=(), pixel=state.explained, channel=state.channel)
    return focus


def unfolded(state: ViewState, step: int | None) -> ChainFocus:
    """Unfold a step, or fold all."""
    return replace(focus_on(state), step=step)


def followed(state: ViewState, step: int, tap: int) -> ChainFocus:
    """Go on with another tap of a step; what was chosen in the steps before it no longer counts."""
    focus = focus_on(state)
    # Steps are numbered from the input on, and the chain runs towards it.
    kept = tuple(choice for choice in focus.choices if choice[0] > step)
    return replace(focus, choices=(*kept, (step, tap)))


def marks_of(chain: Chain, selected: ChainStep | None) -> tuple[StepMark, ...]:
    """Return what to outline for a chain beside the trace's own outlines.

    A convolution right before the pooling, as in the tutorial's network, adds nothing until it is
    unfolded: its receptive field is outlined already.
    """
    numbered = list(enumerate(chain.steps, 1))
    windows = [(number, rect) for number, step in numbered if (rect := _window_of(chain, step))]
    thin = windows[:MOST_MARKS] if len(windows) >= FEW else []
    marks = [
        StepMark(rect, number)
        for number, rect in thin
        if selected is None or chain.steps[number - 1] is not selected
    ]
    for number, step in numbered:
        if step is selected and (rect := _source_rect(step)):
            marks.append(StepMark(rect, number, is_strong=True))
    return tuple(marks)


def _window_of(chain: Chain, step: ChainStep) -> Rect | None:
    """Return what a step reads, if that is more than one pixel and not outlined by the trace."""
    is_own_pooling = chain.is_pooled and step is chain.steps[0]
    if is_own_pooling or step.box is None or step.box.shape == (1, 1):
        return None
    return _source_rect(step)


def _source_rect(step: ChainStep) -> Rect | None:
    if step.box is None or step.source_geometry is None:
        return None
    return step.source_geometry.rect(step.box)


def _stage_of(state: ViewState) -> str:
    if state.rendering is None:
        return ""
    activations = state.rendering.activations
    return f"{activations.generation} {activations.stage.name}"
