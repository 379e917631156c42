"""The pinned pooled pixel over time: its value, and which position of its window won."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from poolviewer.core.annotation import MapName, Pixel, trace_of
from poolviewer.core.messages import Activations
from poolviewer.core.trace import PooledTrace

MOST_FRAMES = 1000

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """The pinned pixel in one frame.

    Parameters
    ----------
    index
        Number of the frame in its source.
    captured_s
        When the frame was read, by `time.perf_counter`.
    value
        The pooled value.
    winner
        ``(row, col)`` of the winner within its window, from 0; None where nothing wins.
    """

    index: int
    captured_s: float
    value: float
    winner: Position | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is followed; with another subject a history begins anew.

    Parameters
    ----------
    pixel, channel
        The pinned pooled pixel.
    source, network
        Generation numbers of the source and of the network's configuration.
    window_shape
        ``(rows, columns)`` of its window, clipped to the map.
    kind
        ``"max"`` or ``"average"``.
    is_altered
        Whether the maps are not the network's, but were changed by hand.
    """

    pixel: Pixel
    channel: int
    source: int
    network: int
    window_shape: tuple[int, int]
    kind: str
    is_altered: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PinHistory:
    """What became of the pinned pixel in the last frames that were shown.

    Parameters
    ----------
    subject
        None while no pooled pixel is pinned.
    moments
        In the order of their frames, at most `MOST_FRAMES`; frames that were dropped are not
        among them.
    current
        Number of the frame on the screen.
    """

    subject: Subject | None = None
    moments: tuple[Moment, ...] = ()
    current: int = 0

    def last(self, count: int) -> tuple[Moment, ...]:
        """Return the last ``count`` moments."""
        return self.moments[-count:]


def followed(
    history: PinHistory,
    activations: Activations | None,
    channel: int,
    pixel: Pixel | None,
    *,
    is_altered: bool = False,
) -> PinHistory:
    """Return a history with the present frame in it.

    A frame that is shown again, by stepping or by a video that begins anew, is not counted twice.
    A frame from before all that is kept begins a new history once no more can be kept. So do maps
    that are altered by hand; of those the present frame's moment follows every change.
    """
    is_pooled = pixel is not None and pixel.map_name is MapName.POOLED
    if activations is None or pixel is None or not is_pooled:
        return PinHistory() if history.subject else history
    frame, subject = activations.frame, history.subject
    is_same_frame = frame.index == history.current
    may_differ = is_altered or (subject is not None and subject.is_altered)
    is_known = subject is not None and _is_of(subject, activations, channel, pixel)
    if is_same_frame and is_known and not may_differ:
        return history
    trace = trace_of(activations, channel, pixel)
    if not isinstance(trace, PooledTrace):
        return PinHistory() if history.subject else history
    subject = Subject(
        pixel,
        channel,
        frame.generation,
        activations.generation,
        trace.window.shape,
        trace.kind,
        is_altered,
    )
    moment = Moment(frame.index, frame.captured_s, trace.value, _position(trace))
    before = history.moments if subject == history.subject else ()
    if is_altered:
        before = tuple(kept for kept in before if kept.index != moment.index or kept == moment)
    if is_same_frame and moment in before:
        return history
    return PinHistory(subject, _with(before, moment), frame.index)


def switches(moments: tuple[Moment, ...]) -> int:
    """Count how often another position won than in the frame before."""
    return sum(before.winner != after.winner for before, after in pairwise(moments))


def as_table(moments: tuple[Moment, ...]) -> str:
    """Return moments as tab-separated text with a header, times in seconds from the first."""
    lines = ["frame\ttime_s\tpooled\twinner_row\twinner_col"]
    for moment in moments:
        seconds = moment.captured_s - moments[0].captured_s
        row, col = moment.winner or ("", "")
        lines.append(f"{moment.index}\t{seconds:.6f}\t{moment.value!r}\t{row}\t{col}")
    return "\n".join(lines) + "\n"


def _is_of(subject: Subject, activations: Activations, channel: int, pixel: Pixel) -> bool:
    now = pixel, channel, activations.frame.generation, activations.generation
    return now == (subject.pixel, subject.channel, subject.source, subject.network)


def _position(trace: PooledTrace) -> Position | None:
    if trace.winner is None:
        return None
    return trace.winner[0] - trace.window.row_start, trace.winner[1] - trace.window.col_start


def _with(moments: tuple[Moment, ...], moment: Moment) -> tuple[Moment, ...]:
    place = bisect_left(moments, moment.index, key=lambda kept: kept.index)
    if place < len(moments) and moments[place].index == moment.index:
        return moments
    if place == 0 and len(moments) == MOST_FRAMES:
        return (moment,)
    return (*moments[:place], moment, *moments[place:])[-MOST_FRAMES:]
