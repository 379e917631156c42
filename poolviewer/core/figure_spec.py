"""What belongs to a figure, how large it is, and what stands in its title and caption."""

from dataclasses import dataclass
from typing import Literal, get_args

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
