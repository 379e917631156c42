"""What the reading process reads from: a connection whose pictures come one after another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from poolviewer.core.errors import SourceError
from poolviewer.sources.headers import MAX_PIXELS, too_large
from poolviewer.sources.image import Picture, as_frame_picture
from poolviewer.sources.opencv import cv2

Grabbed = Callable[[], Picture]


@dataclass(frozen=True, slots=True)
class FeedWish:
    """What the reading process is asked for.

    Parameters
    ----------
    kind
        ``"stream"`` or ``"camera"``.
    value
        The address; the number or name of the camera.
    width, height, rate
        What the camera is asked to deliver; 0 for what it likes.
    """

    kind: str
    value: str
    width: int = 0
    height: int = 0
    rate: int = 0


class Feed(Protocol):
    """An open connection; used by one thread, which may wait in `grab` for ever."""

    rate: float

    def grab(self) -> Grabbed:
        """Wait for the next picture; return what decodes it, if it is wanted, in any thread.

        Raises
        ------
        SourceError
            The connection has ended.
        """


class CaptureFeed:
    """Pictures from OpenCV.

    Parameters
    ----------
    capture
        An open capture.
    name
        What sentences call it.
    nothing, end
        The sentence for a read that failed: the first one, and any later one.
    """

    def __init__(self, capture: cv2.VideoCapture, name: str, nothing: str, end: str) -> None:
        self._capture = capture
        self._name = name
        self._why_not = nothing
        self._end = end
        self.rate = capture.get(cv2.CAP_PROP_FPS)

    def grab(self) -> Grabbed:
        has_picture, picture = self._capture.read()
        if not has_picture:
            raise SourceError(self._why_not)
        self._why_not = self._end
        return lambda: checked(picture, self._name)


def checked(picture: object, name: str) -> Picture:
    """Return a picture as frames have it; raises `SourceError` if it is too large or odd."""
    sound = as_frame_picture(picture)
    height, width = sound.shape[:2]
    if height * width > MAX_PIXELS:
        raise SourceError(too_large(name, width, height))
    return sound
