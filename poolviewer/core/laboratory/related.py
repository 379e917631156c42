"""What belongs together in the three maps and in the maps that an experiment puts beside them."""

from dataclasses import dataclass, field

from poolviewer.core.annotation import Outline, Outlines, Pixel


@dataclass(frozen=True, slots=True)
class Beside:
    """A point of a map beside the three.

    A point of the world and no pixel, because other settings may give that map other pixels.

    Parameters
    ----------
    y, x
        The middle of a pixel of that map, in the world.
    pixel
        The pixel of the three maps that belongs to it; None where there is none.
    """

    y: float
    x: float
    pixel: Pixel | None


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """What the maps beside the three show of the explained pixel.

    Parameters
    ----------
    outlines
        What to outline in the three maps besides the trace.
    beside
        What to outline in each of the maps beside them.
    sentences
        The numbers in words.
    """

    outlines: Outlines = field(default_factory=dict)
    beside: tuple[tuple[Outline, ...], ...] = ()
    sentences: tuple[str, ...] = ()
