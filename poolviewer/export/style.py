"""How large a figure and its parts are: one for each layout."""

from dataclasses import dataclass, replace

from poolviewer.core.figure_spec import FigureSpec
from poolviewer.drawing.values import SMALLEST_PX

MM = 96 / 25.4
COLUMN_MM, PAGE_MM = 85, 174
SLIDE = (1280.0, 720.0)
# Text of 14 units becomes 8.2 pt and text of 12 becomes 7 pt on paper, and 18 pixels on a slide.
PAPER_UNIT, SLIDE_UNIT = 0.78, 1.25


@dataclass(frozen=True, slots=True)
class Style:
    """The measures of a figure; all but the first are in units, as are all lengths in it.

    Parameters
    ----------
    unit
        Logical pixels of the figure in one unit.
    width, height
        Of the whole figure; a height of None follows the content.
    margin, gap, step
        Around everything, between columns, and between parts under each other.
    headline_px, number_px, title_px
        Sizes of text.
    smallest_px
        Of the numbers on pixels; where they would be smaller, they are left out.
    tag_px
        Of the numbers on tiles.
    narrowest_tile
        Of the places of numbers in a table.
    line_width
        Factor for the lines over the maps.
    steps
        Into how many parts a logical pixel is cut for the size of a map's pixels.
    tallest_map, tallest_stacked
        Of maps beside each other and of those under each other, where the height is free.
    tallest_gallery
        Where the height is free.
    preview_height
        Of the whole picture in the trace's panel, at most.
    """

    unit: float
    width: float
    height: float | None = None
    margin: float = 32.0
    gap: float = 32.0
    step: float = 24.0
    headline_px: float = 22
    number_px: float = 28
    title_px: float = 16
    smallest_px: int = SMALLEST_PX
    tag_px: float = 10
    narrowest_tile: float = 50.0
    line_width: float = 1.0
    steps: int = 1
    tallest_map: float = 640.0
    tallest_stacked: float = 176.0
    tallest_gallery: float = 320.0
    preview_height: float = 136.0

    @property
    def is_dense(self) -> bool:
        """Whether nothing is written large."""
        return self.number_px <= self.title_px

    @property
    def inner_width(self) -> float:
        return self.width - 2 * self.margin

    @property
    def inner_height(self) -> float | None:
        return None if self.height is None else self.height - 2 * self.margin


def style_of(spec: FigureSpec) -> Style:
    """Return the measures of a specification that `core.figure_spec.check_spec` let pass."""
    if spec.layout == "slide":
        return _sized(SLIDE_UNIT * spec.text_scale, *SLIDE, _SLIDE)
    if spec.layout in ("column", "page"):
        width = MM * (COLUMN_MM if spec.layout == "column" else PAGE_MM)
        return _sized(PAPER_UNIT * spec.text_scale, width, None, _PAPER)
    return _sized(spec.text_scale, spec.width, spec.height or None, _FREE)


def _sized(unit: float, width: float, height: float | None, style: Style) -> Style:
    """Return a style for a size in logical pixels; larger text has no larger margins."""
    return replace(
        style,
        unit=unit,
        width=width / unit,
        height=None if height is None else height / unit,
        margin=style.margin * style.unit / unit,
        tallest_map=style.tallest_map * style.unit / unit,
        tallest_stacked=style.tallest_stacked * style.unit / unit,
        tallest_gallery=style.tallest_gallery * style.unit / unit,
    )


_FREE = Style(1.0, 0)
_SLIDE = Style(
    SLIDE_UNIT, 0, margin=28.0, gap=24.0, step=16.0, headline_px=26, smallest_px=11, tag_px=11,
    narrowest_tile=60.0, steps=2, preview_height=104.0,
)  # fmt: skip
_PAPER = Style(
    PAPER_UNIT, 0, margin=10.0, gap=16.0, step=14.0, headline_px=15, number_px=15, title_px=15,
    smallest_px=12, tag_px=12, narrowest_tile=68.0, line_width=0.6, steps=4, preview_height=104.0,
)  # fmt: skip
