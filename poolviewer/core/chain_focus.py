"""What a person chose along a chain."""

from dataclasses import dataclass

from poolviewer.core.annotation import Pixel


@dataclass(frozen=True, slots=True)
class ChainFocus:
    """The step that is unfolded, and the taps that are followed.

    Parameters
    ----------
    step
        The step that is unfolded, as `ChainStep.step`; None where all are folded. It stays while
        another pixel is traced.
    choices
        For some steps which tap the chain goes on with, as ``(step, tap)``.
    pixel, channel
        Where these were chosen: they count for that pixel alone.
    stage
        Name of the stage that all of it belongs to.
    """

    step: int | None = None
    choices: tuple[tuple[int, int], ...] = ()
    pixel: Pixel | None = None
    channel: int = 0
    stage: str = ""
