"""From what was typed to single pictures, videos and live sources."""

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from poolviewer.batch.numbers_in_words import FrameRange
from poolviewer.core.errors import PoolViewerError, SourceError
from poolviewer.core.local_files import is_folder
from poolviewer.core.text import printable
from poolviewer.sources.formats import PICTURE_ENDINGS
from poolviewer.sources.listing import list_pictures, natural_key
from poolviewer.sources.location import parse_location

SESSION_ENDINGS = (".png", ".svg", ".pdf", ".poolview")


@dataclass(frozen=True, slots=True)
class Single:
    """A picture, a video or a live source.

    Parameters
    ----------
    is_chosen
        Whether it is the frame of a folder that was asked for, so that it has no others.
    """

    location: str
    is_chosen: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it is no file."""
        return parse_location(self.location).kind != "path"

    @property
    def may_hold_session(self) -> bool:
        """Whether it may bring a channel, a pin and a network of its own, by its ending."""
        return self.location.lower().endswith(SESSION_ENDINGS)

    @property
    def may_have_frames(self) -> bool:
        """Whether it is a file that is not named like a picture or a saved view."""
        is_picture = os.path.splitext(self.location)[1].lower() in PICTURE_ENDINGS  # noqa: PTH122
        return not (is_picture or self.may_hold_session or self.is_live or self.is_chosen)


Found = Single | SourceError


def expand(sources: tuple[str, ...], frames: FrameRange | None) -> Iterator[Found]:
    """Name every single source; one that gives none is told by its error, in its place.

    Parameters
    ----------
    frames
        Which pictures of a folder are wanted; None for all.
    """
    for source in sources:
        try:
            yield from _expanded(source, frames)
        except PoolViewerError as error:
            yield error if isinstance(error, SourceError) else SourceError(str(error))


def files_of(found: Iterable[Found]) -> Iterator[str]:
    """Give the paths of those sources that are files."""
    for one in found:
        location = parse_location(one.location) if isinstance(one, Single) else None
        if location is not None and location.kind == "path":
            yield location.value


def may_hold_sessions(found: Iterable[Found]) -> bool:
    """Say whether any of the sources may bring a channel, a pin and a network of its own."""
    return any(isinstance(one, Single) and one.may_hold_session for one in found)


def _expanded(source: str, frames: FrameRange | None) -> Iterator[Single]:
    location = parse_location(source)
    if location.kind != "path":
        yield Single(source)
    elif is_folder(Path(location.value)):
        yield from _pictures(Path(location.value), frames)
    elif glob.has_magic(source) and not os.path.lexists(location.value):
        yield from _matches(location.value)
    else:
        yield Single(source)


def _pictures(folder: Path, frames: FrameRange | None) -> Iterator[Single]:
    pictures = list_pictures(folder)
    if frames is None:
        yield from (Single(str(picture), is_chosen=True) for picture in pictures)
        return
    stop = len(pictures) if frames.stop is None else min(frames.stop, len(pictures))
    chosen = [index for index in range(frames.start, stop, frames.step) if index >= 0]
    for index in chosen:
        yield Single(str(pictures[index]), is_chosen=True)
    wanted = len(chosen) if frames.stop is None else frames.count
    if not chosen or wanted != len(chosen):
        name = printable(folder.name or str(folder))
        raise SourceError(
            f"{name} has {len(pictures)} pictures, and others were asked for: "
            f"choose 0 to {len(pictures) - 1}."
        )


def _matches(pattern: str) -> Iterator[Single]:
    everything = glob.iglob(pattern, recursive=True)  # noqa: PTH207  # Path has no absolute ones
    found = [path for path in everything if not is_folder(Path(path))]
    if not found:
        raise SourceError(f"No file matches {printable(pattern)}: check the pattern.")
    yield from map(Single, sorted(found, key=_natural_path))


def _natural_path(path: str) -> tuple[object, ...]:
    return [natural_key(part) for part in Path(path).parts], path
