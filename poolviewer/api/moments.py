"""What of which frame is meant: what those who call say, else what a saved view says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from poolviewer.api.arguments import whole
from poolviewer.api.pictures import frame_of
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.errors import ArgumentError, ArgumentTypeError
from poolviewer.core.messages import Frame
from poolviewer.core.stage import Stage
from poolviewer.headless import read_frame

Pin: TypeAlias = Sequence[int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A frame, with the channel and the pixel that are looked at."""

    frame: Frame
    channel: int
    pixel: Pixel | None


def moment_of(image: object, number: int | None, channel: int | None, pin: Pin) -> Moment:
    """Read the frame that is meant; what is None follows the saved view, where it is one.

    Raises
    ------
    PoolViewerError
        With one sentence.
    """
    chosen = None if channel is None else whole(channel, "channel")
    pixel = pixel_of(pin)
    place = None if number is None else whole(number, "frame")
    frame = frame_of(image, lambda location: read_frame(location, place))
    session = frame.source.session
    if session is None:
        return Moment(frame, chosen or 0, pixel)
    return Moment(frame, session.channel if chosen is None else chosen, pixel or session.pin)


def pixel_of(pin: Pin) -> Pixel | None:
    """Return the pooled pixel ``(row, col)`` that is pinned."""
    if pin is None:
        return None
    try:
        row, col = pin
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(f"{pin!r} is no pixel: give (row, column), as (4, 7).") from error
    return Pixel(MapName.POOLED, whole(row, "pin"), whole(col, "pin"))


def check_view(stage: Stage, channel: int, pixel: Pixel | None) -> None:
    """Raise `ArgumentError` for a channel or a pooled pixel that a stage does not have."""
    if not 0 <= channel < stage.channels:
        raise ArgumentError(
            f"{stage.name} has no channel {channel}: choose 0 to {stage.channels - 1}."
        )
    if pixel is None or pixel.map_name is not MapName.POOLED:
        return
    rows, cols = stage.pooled_shape
    if not (0 <= pixel.row < rows and 0 <= pixel.col < cols):
        raise ArgumentError(
            f"{stage.name} has no pooled pixel {pixel.row},{pixel.col}: choose 0,0 to "
            f"{rows - 1},{cols - 1}."
        )
