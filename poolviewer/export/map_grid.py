"""The maps of a figure in rows and columns, as large as they can be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from poolviewer.core.geometry import Rect
from poolviewer.drawing.palette import SPACING
from poolviewer.export.colour_bar import ColourBar
from poolviewer.export.elements import SMALL_PX, Column, Element, Line, Paragraph, Row, Stack, Title
from poolviewer.export.maps import MapCell, MapView, even_scale, visible_world
from poolviewer.export.request import FigureRequest
from poolviewer.export.style import Style

MOST_COLUMNS = 3
NARROWEST = 104.0
NARROW = 232.0
WORTH_STACKING = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class MapGrid:
    """Maps of one scale, in so many columns of a width.

    Parameters
    ----------
    has_making
        Whether it is said what made each map.
    """

    request: FigureRequest
    style: Style
    cells: Sequence[MapCell]
    columns: int
    width: float
    has_making: bool = True

    def element(self, scale: float) -> Element:
        """Return the maps at a scale, each under its title and above its colour bar."""
        map_width = self.world.width * scale
        rows = [
            Stack(
                [
                    self._row([self._head(cell) for cell in row]),
                    self._row([MapView(self.request, cell, scale) for cell in row]),
                    self._row(self._bars(row, map_width)),
                ]
            )
            for row in self._rows()
        ]
        return Stack(rows, gap=self.style.step)

    def scale(self, height: float) -> float:
        """Return the scale that fills the columns or, with all words, a height; 0 for none."""
        rows = list(self._rows())
        words = self.element(0.0).height(self.width)
        missing = SPACING * len(rows)  # before maps, which had no height
        room = (height - words - missing) / len(rows)
        if room <= 0:
            return 0.0
        return self.even(min(self.cell_width / self.world.width, room / self.world.height))

    def even(self, scale: float) -> float:
        """Return the nearest smaller scale at which pixels are equally large."""
        return even_scale(scale * self.style.unit, self.style.steps) / self.style.unit

    @property
    def world(self) -> Rect:
        return visible_world(self.request.activations)

    @property
    def cell_width(self) -> float:
        return (self.width - (self.columns - 1) * self.style.gap) / self.columns

    def _rows(self) -> Iterator[Sequence[MapCell]]:
        for start in range(0, len(self.cells), self.columns):
            yield self.cells[start : start + self.columns]

    def _row(self, elements: Sequence[Element]) -> Row:
        step = self.cell_width + self.style.gap
        return Row([Column(i * step, self.cell_width, each) for i, each in enumerate(elements)])

    def _head(self, cell: MapCell) -> Element:
        making = cell.making if self.has_making else ""
        if self._has_wide_titles:
            wide = Title(cell.title, cell.about, self.style.title_px)
            return Stack([wide, Line(making, tone="muted")], gap=0)
        title = Paragraph(cell.title, self.style.title_px, most=2, is_bold=True)
        about = Paragraph(cell.about, SMALL_PX, most=2)
        return Stack([title, about, Paragraph(making, SMALL_PX, "muted", most=3)], gap=0)

    @property
    def _has_wide_titles(self) -> bool:
        """Whether the name and the shape of every map fit into one line."""
        px = self.style.title_px
        widths = (Title(cell.title, cell.about, px).width for cell in self.cells)
        return self.cell_width >= NARROW and max(widths) <= self.cell_width

    def _bars(self, row: Sequence[MapCell], map_width: float) -> list[Element]:
        if not self.request.spec.has_colour_bars:
            return []
        return [ColourBar(cell.range, map_width) for cell in row]


def flowing_grid(
    request: FigureRequest, style: Style, cells: Sequence[MapCell], width: float
) -> tuple[MapGrid, float]:
    """Return the grid and the scale of maps where the height is free."""
    columns = _columns(len(cells), width, style.gap)
    beside = MapGrid(request, style, cells, columns, width)
    under = MapGrid(request, style, cells, 1, width)
    world = beside.world
    tallest = width if len(cells) == 1 else style.tallest_map  # nothing else could fill the width
    scale = min(beside.cell_width / world.width, tallest / world.height)
    stacked = min(width / world.width, style.tallest_stacked / world.height)
    if stacked > WORTH_STACKING * scale:
        return under, under.even(stacked)
    return beside, beside.even(scale)


def _columns(count: int, width: float, gap: float) -> int:
    """Return into how many columns maps go; four are never three and one."""
    if count == 4:
        return 4 if width >= 4 * (NARROW + gap) - gap else min(_room_for(width, gap), 2)
    return max(min(_room_for(width, gap), count, MOST_COLUMNS), 1)


def _room_for(width: float, gap: float) -> int:
    return max(int((width + gap) // (NARROWEST + gap)), 1)
