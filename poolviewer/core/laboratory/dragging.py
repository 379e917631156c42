"""Dragging a pixel up and down: from a share of the map's range to a number that is added."""

from dataclasses import dataclass, replace

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.rendering import Rendering
from poolviewer.core.view_state import ViewState


@dataclass(frozen=True, slots=True)
class Gesture:
    """One drag, from the press to the release: however long it goes on, it makes one change.

    Parameters
    ----------
    before, present
        The settings that it began with, and what it has made of them so far.
    pixel, channel
        What is dragged; the channel is that of the feature map.
    span
        The map's range when it began: it must not follow the changed map, or the pixel would run
        away from the mouse.
    share
        How much of the range it has come so far.
    """

    before: Experiment
    present: Experiment
    pixel: Pixel
    channel: int
    span: float
    share: float = 0.0

    @classmethod
    def begun(cls, state: ViewState, pixel: Pixel | None) -> "Gesture | None":
        """Begin to drag a pixel; None where the present experiment has no use for that."""
        experiment, rendering = state.experiment, state.rendering
        if experiment is None or rendering is None or pixel is None:
            return None
        if pixel.map_name not in experiment.draggable:
            return None
        span = span_of(rendering, pixel.map_name, state.channel)
        return cls(experiment, experiment, pixel, state.channel, span)

    def to(self, share: float) -> "Gesture":
        """Go on to a share of the map's range, from where it began."""
        answer = self.before.dragged(self.pixel, self.channel, share * self.span)
        return replace(self, present=answer or self.before, share=share)


def span_of(rendering: Rendering, map_name: MapName, channel: int) -> float:
    """Return how far apart the least and the greatest number of a map are.

    A feature map of one value takes that of all channels, and those of one value take 1.
    """
    if map_name is MapName.INPUT:
        low, high = rendering.activations.network.input.value_range
        return high - low or 1.0
    levels = rendering.levels.feature
    own = float(levels[channel, 1] - levels[channel, 0])
    return own or float(levels[:, 1].max() - levels[:, 0].min()) or 1.0
