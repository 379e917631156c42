"""A view that can be opened again: what was seen, of which network, and how."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import Received, SourceKind
from poolviewer.core.network import Network

MOST_PICTURE_PIXELS = 2**20  # of the picture that is kept, beside what the network received


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One frame with the view of it.

    Parameters
    ----------
    source, kind, index, name
        Where the frame came from; see `SourceInfo` and `Frame`. Words only: nothing is read there.
    picture
        The frame's picture, uint8 of shape (H, W, 3), BGR; a large one is kept reduced.
    received
        What the network received of it, exactly.
    network
        The tutorial's network by its parameters, or a model by its name and the hash of its
        content.
    channel, pin
        The channel and the traced pixel.
    display
        Colour map, levels, mirror and order.
    experiment
        The laboratory's mode and its settings; None while it is closed.
    note
        What of a saved view cannot be restored, in one sentence; empty if all of it can.
    """

    source: str
    kind: SourceKind
    picture: NDArray[np.uint8]
    received: Received
    network: Network
    index: int = 0
    name: str = ""
    channel: int = 0
    pin: Pixel | None = None
    display: DisplaySpec = field(default_factory=DisplaySpec)
    experiment: Experiment | None = None
    note: str = ""
