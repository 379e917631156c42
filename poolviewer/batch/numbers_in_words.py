"""Frames and channels as a person writes them on the command line."""

from collections.abc import Iterator
from dataclasses import dataclass

MOST_FRAMES = 10_000_000
MOST_CHANNELS = 65_536


@dataclass(frozen=True, slots=True)
class FrameRange:
    """Which frames of a video are wanted: from one, up to one that is left out, in steps.

    Parameters
    ----------
    stop
        None for as many as there are.
    """

    start: int = 0
    stop: int | None = 1
    step: int = 1

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, MOST_FRAMES if self.stop is None else self.stop, self.step))

    @property
    def count(self) -> int | None:
        """How many there are; None where the video's end decides."""
        return None if self.stop is None else len(range(self.start, self.stop, self.step))


def parse_frames(text: str) -> FrameRange:
    """Read ``5``, ``0:300``, ``0:300:10`` or ``::30``; raises `ValueError` with a sentence."""
    parts = text.split(":")
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        numbers = [None] * 4
    if len(numbers) == 1 and numbers[0] is not None:
        return FrameRange(numbers[0], numbers[0] + 1)
    if len(numbers) not in (2, 3):
        raise ValueError(f"{text!r} names no frames: write 5, 0:300 or 0:300:10, from 0")
    start, stop, step = (*numbers, None)[:3]
    chosen = FrameRange(start or 0, stop, 1 if step is None else step)
    if chosen.step == 0 or chosen.count == 0:
        raise ValueError(f"{text!r} names no frame at all: write 0:300:10, the first one first")
    return chosen


def parse_channels(text: str) -> tuple[int, ...] | None:
    """Read ``0,3,5-8``, each once and in this order, or ``all``, which is None.

    Raises
    ------
    ValueError
        With a sentence.
    """
    if text.strip().lower() == "all":
        return None
    return tuple(dict.fromkeys(channel for part in text.split(",") for channel in _span(part)))


def _span(part: str) -> range:
    first, dash, last = part.strip().partition("-")
    if dash and not first:  # a negative number, which the network will say is not there
        first, dash, last = part.strip(), "", ""
    try:
        span = range(int(first), int(last if dash else first) + 1)
    except ValueError:
        raise ValueError(f"{part!r} is no whole number: write 3, 0,3,5-8 or all") from None
    if not span or len(span) > MOST_CHANNELS:
        raise ValueError(f"{part!r} names no channels: write the smaller number first, as in 5-8")
    return span


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdecimal()) or int(text) > MOST_FRAMES:
        raise ValueError
    return int(text)
