"""Where in its source the shown frame lies, where one can go from there, and the words for it."""

from dataclasses import dataclass, replace

from poolviewer.core.messages import SourceInfo
from poolviewer.core.ring import FrameRing


@dataclass(frozen=True, slots=True)
class Seek:
    """A wish to see another frame.

    Parameters
    ----------
    index
        The frame's number; None for the one that is shown, or is on its way.
    steps
        How many frames further on from there.
    """

    index: int | None = None
    steps: int = 0

    def further(self, steps: int) -> "Seek":
        """Return this wish and a further step as one wish."""
        return replace(self, steps=self.steps + steps)

    def target(self, present: int) -> int:
        """Return the number of the wanted frame, which need not exist."""
        return (present if self.index is None else self.index) + self.steps


@dataclass(frozen=True, slots=True)
class ReplayLimits:
    """How much of a live source is kept to look back: seconds (0 for nothing) and bytes."""

    seconds: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is known of a video so far.

    Parameters
    ----------
    count
        Number of frames, at least 1.
    is_complete
        Whether there are no more than that, as far as the file can be trusted.
    position_s, length_s
        Seconds to the frame that was read last, and to the end.
    """

    count: int
    is_complete: bool
    position_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """What can be shown of a source, and what is.

    Parameters
    ----------
    first, last
        Numbers of the first and the last frame that can be gone to; those of a live source are
        the kept ones, those of a video what is known of it so far.
    position
        Number of the shown frame; of a live source it may be kept no longer.
    position_s, length_s
        Seconds from the beginning of a video to the shown frame, and to its end. Of a live source,
        from the shown frame to the newest, and from the oldest kept to the newest.
    is_complete
        Whether a video's number of frames is known; it may have more than ``last`` otherwise.
    generation
        Number of the source.
    """

    first: int = 0
    last: int = 0
    position: int = 0
    position_s: float = 0.0
    length_s: float = 0.0
    is_complete: bool = True
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Transport:
    """Everything that the transport bar shows.

    Parameters
    ----------
    source
        None where nothing is open.
    timeline
        None until the source has told one.
    """

    source: SourceInfo | None = None
    timeline: Timeline | None = None
    is_frozen: bool = False
    is_looping: bool = True

    @property
    def is_useful(self) -> bool:
        """Whether there is more than one frame to go to."""
        source = self.source
        if source is None or self.timeline is None:
            return False
        return source.is_moving or (source.kind == "folder" and (source.count or 0) > 1)

    @property
    def is_live(self) -> bool:
        """Whether the newest frame of a live source is shown as it arrives."""
        return self.source is not None and self.source.is_live and not self.is_frozen


def live_timeline(ring: FrameRing, position: int, generation: int) -> Timeline:
    """Return the timeline of a live source of which these frames are kept."""
    first, last, shown = ring.first, ring.last, ring.at(position)
    if first is None or last is None or shown is None:
        return Timeline(position, position, position, generation=generation)
    back_s = last.captured_s - shown.captured_s
    length_s = last.captured_s - first.captured_s
    return Timeline(first.index, last.index, position, back_s, length_s, generation=generation)


def film_timeline(extent: Extent, position: int, generation: int) -> Timeline:
    """Return the timeline of a video of which so much is known."""
    last = max(extent.count - 1, position)
    times = extent.position_s, extent.length_s
    return Timeline(0, last, position, *times, extent.is_complete, generation)


def transport_words(transport: Transport) -> str:
    """Say where the shown frame lies; frames count from 0, pictures of a folder from 1."""
    source, timeline = transport.source, transport.timeline
    if source is None or timeline is None:
        return ""
    if source.kind == "folder":
        return f"picture {timeline.position + 1} of {timeline.last + 1}"
    if source.is_live:
        return _live_words(timeline, is_frozen=transport.is_frozen)
    frames = (
        f"frame {timeline.position} of {timeline.last + 1}{'' if timeline.is_complete else '+'}"
    )
    length = f" / {clock(timeline.length_s)}" if timeline.is_complete else ""
    return f"{frames}  ·  {clock(timeline.position_s)}{length}"


def clock(seconds: float) -> str:
    """Write a time as ``0:04.4`` or ``1:02:03.4``."""
    tenths = round(max(seconds, 0.0) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    before = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{before}:{rest // 10:02}.{rest % 10}"


def _live_words(timeline: Timeline, *, is_frozen: bool) -> str:
    if not is_frozen:
        return f"live  ·  last {timeline.length_s:.0f} s kept" if timeline.length_s >= 1 else "live"
    if timeline.position >= timeline.last:
        return f"frame {timeline.position}"
    if timeline.position < timeline.first:
        return f"frame {timeline.position}  ·  no longer kept"
    return f"frame {timeline.position}  ·  {timeline.position_s:.1f} s back"
