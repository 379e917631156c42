"""The tasks of a batch, one after the other: nothing is read before it is wanted."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from poolviewer.batch.numbers_in_words import FrameRange
from poolviewer.batch.patterns import Found, Single
from poolviewer.batch.wish import BatchWish, Failed, Task
from poolviewer.core.errors import PoolViewerError, SourceError
from poolviewer.core.messages import SourceRequest
from poolviewer.core.text import printable
from poolviewer.factories import open_source
from poolviewer.sources.gate import open_media
from poolviewer.sources.location import parse_location
from poolviewer.sources.video import VideoSource


def tasks_of(wish: BatchWish, found: Iterable[Found]) -> Iterator[Task | Failed]:
    """Give the tasks of all sources, and what cannot become one, in order."""
    n = 0
    for source in found:
        if isinstance(source, SourceError):
            yield Failed("", str(source))
            continue
        frames = None if source.is_chosen else wish.frames
        for made in _tasks(frames, source):
            if isinstance(made, Task):
                n += 1
                made = replace(made, n=n)  # noqa: PLW2901
            yield made


def _tasks(frames: FrameRange | None, source: Single) -> Iterator[Task | Failed]:
    location = source.location
    if frames is None or (frames.count != 1 and frames.start == 0 and not _is_video(source)):
        yield Task(0, location)
    elif frames.count == 1 or not _is_video(source):
        yield Task(0, location, frames.start)
    else:
        yield from _film(frames, location)


def _is_video(source: Single) -> bool:
    if source.is_live:
        return False
    try:
        file, found = open_media(Path(parse_location(source.location).value))
    except PoolViewerError:  # told where the file is read
        return False
    file.close()
    return found.kind == "video"


def _film(frames: FrameRange, location: str) -> Iterator[Task | Failed]:
    """Read a video once, forwards; the end of its frames is told where others were asked for."""
    name = printable(Path(location).name)
    try:
        source = open_source(SourceRequest(location))
        assert isinstance(source, VideoSource)  # noqa: S101 - judged by the same first bytes
        source.open()
    except PoolViewerError as error:
        yield Failed(name, str(error))
        return
    try:
        yield from _frames(source, frames, location)
    finally:
        source.close()


def _frames(source: VideoSource, frames: FrameRange, location: str) -> Iterator[Task | Failed]:
    name, given = source.info.name, 0
    for index in frames:
        try:
            frame = source.frame_at(index)
        except PoolViewerError as error:
            count = source.info.count
            has_ended = count is not None and index >= count
            if not has_ended:
                yield Failed(f"{name}, frame {index}", str(error))
            elif frames.stop is not None or not given:
                more = "; what there is was exported" if given else ""
                sentence = str(error).removesuffix(".")
                yield Failed(name, f"{sentence}{more}.")
            if has_ended or count is None:
                return
            continue
        given += 1
        yield Task(0, location, index, frame, source.seconds_at(index))
