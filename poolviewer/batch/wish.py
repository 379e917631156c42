"""What ``poolviewer export`` is asked for, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime

from poolviewer.batch.numbers_in_words import FrameRange
from poolviewer.core.display import ColourMapName, LevelsMode
from poolviewer.core.export_choices import FileOptions
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.core.messages import Frame
from poolviewer.core.view_wish import ViewWish
from poolviewer.drawing.palette import ThemeName


@dataclass(frozen=True, slots=True)
class Look:
    """How figures look, and what of the numbers is written.

    Parameters
    ----------
    colours, levels
        None for what a saved view says, or else the usual.
    is_mirrored
        Also where a saved view is not.
    overlay
        Name of a laboratory mode; empty for none, or for that of a saved view.
    """

    theme: ThemeName = "light"
    scale: float = 2.0
    spec: FigureSpec = field(default_factory=FigureSpec)
    colours: ColourMapName | None = None
    levels: LevelsMode | None = None
    is_mirrored: bool = False
    overlay: str = ""
    numbers: FileOptions = field(default_factory=FileOptions)


@dataclass(frozen=True, slots=True)
class BatchWish:
    """A batch; it travels to the worker processes as it is.

    Parameters
    ----------
    sources
        As typed: pictures, folders, patterns, videos, saved views, live sources.
    output, ending
        A template of file names or a folder, and the kind of file where it names none.
    view
        The network, stage and device; its source, channel and pin are not used.
    channels
        None for all; empty for that of a saved view, or else the first.
    pins
        Pooled pixels as ``(row, col)``, each for a file of its own; empty for that of a saved
        view, or else none.
    frames
        Of videos, or which pictures of folders; None for the first frame and for all pictures.
    moment
        The local time that file names and captions tell.
    """

    sources: tuple[str, ...]
    output: str
    view: ViewWish
    moment: datetime
    ending: str = ""
    channels: tuple[int, ...] | None = ()
    pins: tuple[tuple[int, int], ...] = ()
    frames: FrameRange | None = None
    look: Look = field(default_factory=Look)
    jobs: int = 1
    is_forced: bool = False
    skips_existing: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One moment of one source, from which one file or more are made.

    Parameters
    ----------
    n
        Its number in the batch, from 1.
    index
        Which frame to read; None for the first. Of a frame that is given, nothing is read.
    at_s
        When it is due in its source, in seconds, where that is known.
    """

    n: int
    location: str
    index: int | None = None
    frame: Frame | None = None
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A source or a file that failed, and why, in one sentence."""

    source: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: paths written and skipped, and what failed."""

    written: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
