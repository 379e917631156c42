"""What is exported and in which kind of file: what a person chose, and every kind there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from poolviewer.core.figure_spec import FigureSpec

Family = Literal["picture", "drawing", "numbers", "animation", "session"]
Extent = Literal["window", "map", "all"]
MapChoice = Literal["pooled", "feature", "input"]

USUAL_TEMPLATE = "{source}-{frame}-{model}-{layer}-c{channel}-{row}-{col}"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file that can be written.

    Parameters
    ----------
    ending
        Without the dot; unique for a family only (a WebP is a picture or an animation).
    words
        What it is good for, in a few words.
    can_reopen
        Whether it carries the session.
    """

    ending: str
    family: Family
    words: str
    can_reopen: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether Qt draws it; all else needs none of the system's graphics libraries."""
        return self.family in ("picture", "drawing")


FORMATS: tuple[FileFormat, ...] = (
    FileFormat("png", "picture", "PNG picture: sharp, opens again", can_reopen=True),
    FileFormat("svg", "drawing", "SVG drawing: any size, text stays text", can_reopen=True),
    FileFormat("pdf", "drawing", "PDF page: for papers and print", can_reopen=True),
    FileFormat("jpg", "picture", "JPEG picture: small, for mail and slides"),
    FileFormat("webp", "picture", "WebP picture: exact and small, for web pages"),
    FileFormat("npz", "numbers", "NPZ arrays: all maps, for NumPy"),
    FileFormat("npy", "numbers", "NPY array: one map, for NumPy"),
    FileFormat("csv", "numbers", "CSV table: for spreadsheets"),
    FileFormat("json", "numbers", "JSON data: the trace, for programs"),
    FileFormat("poolview", "session", "Session: opens again as this view", can_reopen=True),
)
ALIASES: Mapping[str, str] = {"jpeg": "jpg"}


def format_of(name: str) -> FileFormat | None:
    """Return what kind of file a name's ending asks for, of those of a single moment."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    wanted = ALIASES.get(ending, ending)
    return next((known for known in FORMATS if known.ending == wanted), None)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What else is to be said of a file, each where its kind leaves a choice.

    Parameters
    ----------
    quality
        Of a JPEG or WebP, from 1 to 100; 0 for what suits each: a JPEG in which nothing is seen to
        be lost, a WebP in which nothing is.
    extent
        What of the numbers is written: ``"window"`` is what the traced pooled pixel was made from,
        ``"map"`` the channel, ``"all"`` every channel.
    map_name
        Of which map; the window of the pooled map is that in the feature map.
    """

    quality: int = 0
    extent: Extent = "map"
    map_name: MapChoice = "pooled"

    @property
    def jpeg_quality(self) -> int:
        return self.quality or 95

    @property
    def webp_quality(self) -> int:
        return self.quality or 100


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """What a person chose for the last export and will be offered for the next.

    Parameters
    ----------
    ending
        Of the file; one of `FORMATS`.
    theme
        ``"light"``, ``"dark"``, or empty for the window's own.
    scale
        Device pixels for each logical pixel of a picture.
    extent
        What of the numbers is written where the kind of file leaves a choice.
    map_name
        Of which map.
    folder
        Where it is put; empty for the folder of pictures.
    template
        Of the file's name, without its ending.
    """

    spec: FigureSpec = field(default_factory=FigureSpec)
    ending: str = "png"
    theme: str = ""
    scale: float = 2.0
    extent: Extent = "map"
    folder: str = ""
    template: str = USUAL_TEMPLATE
    map_name: MapChoice = "pooled"

    @property
    def options(self) -> FileOptions:
        """What `export.writing.write_figure` is told."""
        return FileOptions(extent=self.extent, map_name=self.map_name)
