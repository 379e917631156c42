"""What belongs to a figure, how large it is, and what stands in its title and caption."""

from dataclasses import dataclass
from math import ceil
from typing import Literal, get_args

from poolviewer.core.budget import default_budget, in_megabytes
from poolviewer.core.errors import ExportError
from poolviewer.core.numbers import format_plainly
from poolviewer.core.templates import check_template

FigurePart = Literal[
    "title", "input", "feature", "pooled", "gallery", "trace", "laboratory", "legend", "caption"
]
LayoutName = Literal["free", "slide", "column", "page"]

PARTS: tuple[FigurePart, ...] = get_args(FigurePart)
USUAL_PARTS: tuple[FigurePart, ...] = tuple(part for part in PARTS if part != "gallery")
LAYOUTS: tuple[LayoutName, ...] = get_args(LayoutName)
USUAL_WIDTH = 1280
USUAL_TITLE = "{headline}"
USUAL_CAPTION = "{details}"
SMALLEST_TEXT, LARGEST_TEXT = 0.5, 3.0
SMALLEST_WIDTH, LARGEST_WIDTH = 240, 8192
SMALLEST_HEIGHT, LARGEST_HEIGHT = 180, 8192
LONGEST_SIDE = 32_000  # in device pixels; Qt's painter loses its way beyond 32,767
BYTES_OF_A_PIXEL = 4


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """What a figure shows, whatever it is made of and wherever it goes.

    Parameters
    ----------
    parts
        What it holds, in the order of `PARTS`; ``laboratory`` is what an experiment showed, its
        colours over the maps included.
    has_outlines, has_winner, has_values, has_colour_bars
        Whether windows and receptive fields are outlined, the winner is marked, numbers stand on
        pixels that are large enough, and a colour bar stands under each map.
    title, caption
        Templates; see `core.templates` for the names that can stand in braces.
    text_scale
        How much larger than usual text is.
    layout
        ``"slide"`` is 16:9; ``"column"`` and ``"page"`` are as wide as one column and as two
        columns of a paper; ``"free"`` has the size below.
    width, height
        Of a free figure in logical pixels (96 to the inch); a height of 0 follows the content.
    """

    parts: tuple[FigurePart, ...] = USUAL_PARTS
    has_outlines: bool = True
    has_winner: bool = True
    has_values: bool = True
    has_colour_bars: bool = True
    title: str = USUAL_TITLE
    caption: str = USUAL_CAPTION
    text_scale: float = 1.0
    layout: LayoutName = "free"
    width: int = USUAL_WIDTH
    height: int = 0

    def has(self, part: FigurePart) -> bool:
        """Whether a part is shown."""
        return part in self.parts


def check_spec(spec: FigureSpec) -> None:
    """Raise `ExportError`, with one sentence, for what no figure can be."""
    _check_parts(spec.parts)
    if spec.layout not in LAYOUTS:
        raise ExportError(f"There is no layout {spec.layout}: choose one of {', '.join(LAYOUTS)}.")
    _check_within("size of the text", spec.text_scale, SMALLEST_TEXT, LARGEST_TEXT)
    if spec.layout == "free":
        _check_within("width of the figure", spec.width, SMALLEST_WIDTH, LARGEST_WIDTH)
        if spec.height != 0:
            _check_within("height of the figure", spec.height, SMALLEST_HEIGHT, LARGEST_HEIGHT)
    for template in (spec.title, spec.caption):
        check_template(template)


def check_pixels(width: float, height: float, scale: float) -> None:
    """Raise `ExportError` where a picture has more pixels than memory is there for.

    Parameters
    ----------
    width, height
        In logical pixels.
    scale
        Device pixels for each of them.
    """
    if max(width, height) * scale > LONGEST_SIDE:
        raise ExportError(
            f"A picture of {ceil(width * scale):,} × {ceil(height * scale):,} pixels is too large "
            f"to draw: choose a smaller scale or size, so that no side exceeds {LONGEST_SIDE:,}."
        )
    needed = ceil(width * scale) * ceil(height * scale) * BYTES_OF_A_PIXEL
    if needed > default_budget():
        raise ExportError(
            f"There is not enough memory for the figure, which takes {in_megabytes(needed)}: "
            "choose a smaller scale or size."
        )


def _check_parts(parts: tuple[str, ...]) -> None:
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise ExportError(f"A figure has no part {unknown[0]}: choose from {', '.join(PARTS)}.")
    if not parts:
        raise ExportError("The figure would be empty: choose at least one part.")


def _check_within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # neither is NaN
        raise ExportError(
            f"The {name} must lie between {low:g} and {high:g}, "
            f"and {format_plainly(value)} does not."
        )
