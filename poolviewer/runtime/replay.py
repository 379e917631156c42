"""Going back and forth: what the capture thread keeps for it, and the boxes for its wishes."""

import time
from dataclasses import dataclass, replace

from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Frame
from poolviewer.core.protocols import Film, FrameSource
from poolviewer.core.ring import FrameRing
from poolviewer.core.timeline import (
    Extent,
    Seek,
    Timeline,
    film_timeline,
    live_timeline,
)


@dataclass(frozen=True, slots=True)
class TransportBoxes:
    """Wishes for other frames, and the news of what is shown: of each only the newest counts."""

    seeks: Latest[Seek]
    timelines: Latest[Timeline]

    @classmethod
    def empty(cls) -> "TransportBoxes":
        return cls(Latest(), Latest())


class Replay:
    """What one can go back to; used by the capture thread only.

    Attributes
    ----------
    ring
        The last frames of a live source.
    is_looping
        Whether a video begins again after its last frame.
    has_played
        Whether a frame was shown since playing was begun.
    """

    def __init__(self) -> None:
        self.ring = FrameRing()
        self.is_looping = True
        self.has_played = False

    def begin(self, source: FrameSource) -> None:
        """Let go of what belongs to the source before."""
        self.ring.clear()
        self.loop(source)

    def loop(self, source: FrameSource | None) -> None:
        """Tell a video whether it begins again after its last frame."""
        if isinstance(source, Film):
            source.is_looping = self.is_looping

    def look_back(self, wish: Seek, present: int) -> Frame | None:
        """Return the kept frame that is wished for; None for the next one that arrives."""
        start = self.ring.at(present if wish.index is None else wish.index)
        if start is None:
            return None
        begin = present if wish.index is None else start.index
        kept, last = self.ring.beside(begin, wish.steps), self.ring.last
        if kept is None and last is not None and last.index != begin:
            kept = last
        # As a film's: what counts as its capture is that it was fetched now.
        return None if kept is None else replace(kept, captured_s=time.perf_counter())

    def timeline(self, source: FrameSource, position: int, generation: int) -> Timeline:
        """Return what can be gone to in a source, and where the shown frame lies."""
        if source.info.is_live:
            return live_timeline(self.ring, position, generation)
        if isinstance(source, Film):
            return film_timeline(source.extent, position, generation)
        return film_timeline(Extent(source.info.count or 1, True, 0.0, 0.0), position, generation)
