"""What an experiment is: settings that a person chose, and what they show on one frame.

An experiment is a frozen dataclass, compared by value, that is part of the window's state. It is
conducted in the inference thread on every frame, and again when it, or what it needs, changes;
what it finds is frozen too, and the views only draw it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName, Outlines, Pixel
from poolviewer.core.geometry import MapGeometry
from poolviewer.core.laboratory.related import Beside, Related
from poolviewer.core.messages import Activations
from poolviewer.core.trace import Trace

OverlayColours = Literal["veil", "offsets", "flips", "cover", "viridis", "diverging"]
MapColours = Literal["grey", "viridis", "diverging"]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What an experiment is made on.

    Parameters
    ----------
    activations
        The maps of one frame, as the network gave them.
    channel
        The channel that is shown large.
    pixel
        The pinned or hovered pixel, for experiments that need one; it may lie outside the maps of
        another network.
    rerun
        Runs the network on other input values, float32 of shape (H, W, C), and returns its maps.
    """

    activations: Activations
    channel: int
    pixel: Pixel | None
    rerun: Callable[[NDArray[np.float32]], Activations]


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Colours over the pixels of one map.

    Parameters
    ----------
    codes
        uint8 of the map's shape (H, W); 0 leaves a pixel as it is.
    colours
        Which table of `drawing/overlay_image.py` gives a code its colour.
    legend
        What the codes 1, 2, 3 … mean; empty for those that need no words.
    limits
        Which numbers the codes 1 and 255 stand for, where the codes are a scale; its only word
        in the legend then says of what.
    marks
        uint8 of the same shape: flags that are signs beside the colours where there is room, and
        take the colours' place where there is not; 0 for none.
    mark_legend
        What the marks 1, 2, 3 … mean.
    """

    codes: NDArray[np.uint8]
    colours: OverlayColours
    legend: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    marks: NDArray[np.uint8] | None = None
    mark_legend: tuple[str, ...] = ()

    @property
    def hidden(self) -> NDArray[np.bool_] | None:
        """Which pixels are covered, numbers and all; None for none."""
        return self.codes > 0 if self.colours == "cover" else None


@dataclass(frozen=True, slots=True, eq=False)
class ExtraMap:
    """A map beside the three, shown in the laboratory and linked with them.

    Parameters
    ----------
    title
        What stands above it.
    geometry
        Where its pixels lie in the world.
    values
        Of shape (rows, columns).
    shades
        uint8 of the same shape, made of the values with ``levels``.
    levels
        The values of the darkest and the brightest shade.
    making
        What made it, in the words of a figure.
    """

    title: str
    geometry: MapGeometry
    values: NDArray[np.floating]
    shades: NDArray[np.uint8]
    levels: tuple[float, float]
    colours: MapColours = "grey"
    making: str = "made in the laboratory"


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What an experiment showed on one frame.

    Parameters
    ----------
    experiment, channel, pixel
        What was asked for.
    obstacle
        One sentence that says why the experiment does not apply here; all else is then empty.
    sentences
        The result in words.
    overlays
        Colours over the three maps.
    outlines
        What to outline in the three maps besides the trace.
    maps
        Maps to be shown beside the three.
    altered
        The maps that the experiment changed; they are shown, traced and drawn instead.
    traced
        The pixel that is explained, instead of the pinned or hovered one.
    details
        What only the mode's own panel understands.
    """

    experiment: "Experiment"
    channel: int
    pixel: Pixel | None = None
    obstacle: str = ""
    sentences: tuple[str, ...] = ()
    overlays: Mapping[MapName, Overlay] = field(default_factory=dict)
    outlines: Outlines = field(default_factory=dict)
    maps: tuple[ExtraMap, ...] = ()
    altered: Activations | None = None
    traced: Pixel | None = None
    details: object = None


class Experiment:
    """The settings of one mode; subclasses are frozen dataclasses.

    Attributes
    ----------
    mode
        Name of the mode whose settings they are.
    needs_pixel
        Whether the finding depends on the pinned or hovered pixel.
    needs_steps
        Whether it reads the maps of all layers, `Activations.step_maps`, as soon as there is time
        for them; without them it does what it can.
    needs_still
        Whether a moving picture is to stand still whenever its settings change.
    conceals
        Whether pooled values and the winner must not be seen now.
    conceals_source
        Whether the feature map's numbers must not be seen either.
    draggable
        The maps whose pixels can be dragged up and down.
    alteration
        Why maps that it altered are not the network's, in a few words for captions.
    can_undo, can_redo
        Whether `undo` and `redo` lead anywhere.
    """

    __slots__ = ()
    mode = ""
    needs_pixel = False
    needs_steps = False
    needs_still = False
    conceals = False
    conceals_source = False
    draggable: tuple[MapName, ...] = ()

    @property
    def alteration(self) -> str:
        return ""

    @property
    def can_undo(self) -> bool:
        return False

    @property
    def can_redo(self) -> bool:
        return False

    def while_moving(self) -> "Experiment":
        """Return what is conducted instead as long as the picture moves."""
        return self

    def conduct(self, subject: Subject) -> Finding:
        """Make the experiment; runs in the inference thread, and may run the network."""
        raise NotImplementedError

    def clicked(
        self,
        pixel: Pixel,  # noqa: ARG002 - for those that take clicks
        finding: Finding | None,  # noqa: ARG002
    ) -> "Experiment | None":
        """Return what a click on a pixel makes of the settings; None where it pins as ever."""
        return None

    def beside(
        self,
        row: int,  # noqa: ARG002 - for those whose extra maps are explained pixel by pixel
        col: int,  # noqa: ARG002
        finding: Finding,  # noqa: ARG002
    ) -> Beside | None:
        """Return what a pixel of an extra map is in the world; None where it means nothing."""
        return None

    def related(
        self,
        finding: Finding,  # noqa: ARG002 - as above
        activations: Activations,  # noqa: ARG002
        trace: Trace | None,  # noqa: ARG002
        beside: Beside | None,  # noqa: ARG002
        *,
        is_pinned: bool,  # noqa: ARG002
    ) -> Related | None:
        """Return what belongs to a trace, or to a point of an extra map; pure, for every hover."""
        return None

    def dragged(
        self,
        pixel: Pixel,  # noqa: ARG002 - for those that take drags
        channel: int,  # noqa: ARG002
        by: float,  # noqa: ARG002
    ) -> "Experiment | None":
        """Return what a drag that adds a number to a pixel makes of the settings; None: nothing."""
        return None

    def undo(self) -> "Experiment":
        """Return the settings before the last change."""
        return self

    def redo(self) -> "Experiment":
        """Return the settings with the change again that was undone last."""
        return self

    def moved(
        self,
        rows: int,  # noqa: ARG002 - for those that take the arrow keys
        cols: int,  # noqa: ARG002
        finding: Finding | None,  # noqa: ARG002
    ) -> "Experiment | None":
        """Return what the arrow keys make of the settings; None where they move the pin."""
        return None

    def confirmed(
        self,
        finding: Finding | None,  # noqa: ARG002 - for those that take the key
    ) -> "Experiment | None":
        """Return what the Enter key makes of the settings; None where it means nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the inference thread shall find out besides the maps of the stage.

    Parameters
    ----------
    channel, pixel
        For the experiment; 0 and None as long as it does not depend on them.
    has_steps
        Whether the maps of all layers on the way are wanted, for the chain of a traced pixel.
    """

    experiment: Experiment | None = None
    channel: int = 0
    pixel: Pixel | None = None
    has_steps: bool = False


def conducted(inquiry: Inquiry, subject: Subject) -> Finding | None:
    """Make the experiment that is asked for; one that fails says so in its place."""
    experiment = inquiry.experiment
    if experiment is None:
        return None
    try:
        return experiment.conduct(subject)
    except Exception as error:  # noqa: BLE001 - the maps themselves are as good as ever
        sentence = f"This experiment could not be made on this picture ({error})."
        return Finding(experiment, subject.channel, subject.pixel, obstacle=sentence)
