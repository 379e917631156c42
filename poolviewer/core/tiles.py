"""How many tiles a gallery can show readably in its room, and in which grid."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

Shape = tuple[int, int]

LEAST_LONG_SIDE, LEAST_SHORT_SIDE = 18, 8
MOST_UNEVEN = 16.0
WORTH_A_CHANGE = 1.25
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Room:
    """Where the tiles of one map are painted; the default is that of the window's first size.

    Parameters
    ----------
    height, width
        In logical pixels.
    ratio
        Physical pixels in a logical one.
    """

    height: int = 288
    width: int = 304
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """A part of all tiles, in a grid that is the same on every page.

    Parameters
    ----------
    columns, rows
        The grid; the last page may not fill it.
    number, pages
        Which page, from 0, and how many there are.
    start, stop
        The places in the order, half-open, of the tiles that it holds.
    """

    columns: int
    rows: int
    number: int
    pages: int
    start: int
    stop: int

    @property
    def size(self) -> int:
        """How many tiles a full page holds."""
        return self.columns * self.rows

    @property
    def count(self) -> int:
        """How many tiles this page holds."""
        return self.stop - self.start


@lru_cache(maxsize=32)  # the same for every frame
def page_of(count: int, shapes: tuple[Shape, Shape], room: Room, place: int) -> Page:
    """Return the page that holds a place in the order of ``count`` tiles.

    Parameters
    ----------
    shapes
        ``(rows, columns)`` of the feature map and of the pooled map, whose grids are alike.
    place
        From 0; one behind the last tile stands for the last.
    """
    columns, rows = _grid(count, shapes, room)
    size = columns * rows
    number = min(place, count - 1) // size
    start = number * size
    return Page(columns, rows, number, ceil(count / size), start, min(start + size, count))


def whole_page(count: int, shape: Shape, room: Room) -> Page:
    """Return a page that holds all tiles of a map's shape, however small they get."""
    columns, rows = _grid_of_all(count, shape, room, (count, count))
    return Page(columns, rows, 0, 1, 0, count)


def tile_size(page: Page, shape: Shape, height: float, width: float) -> Shape:
    """Return ``(height, width)`` at which every tile of a map fits into a room, in whole pixels.

    A tile has the shape of its map, but no side is more than `MOST_UNEVEN` times the other.
    """
    aspect = _aspect(shape)
    most_height, most_width = height / page.rows, width / page.columns
    if aspect < 1:  # the longer side first, because whole pixels are coarse for the shorter one
        long = max(int(min(most_height, most_width / aspect)), 1)
        return long, max(int(long * aspect + ROUNDING), 1)
    long = max(int(min(most_width, most_height * aspect)), 1)
    return max(int(long / aspect + ROUNDING), 1), long


def _aspect(shape: Shape) -> float:
    """Return width by height of a map's tile."""
    return min(max(shape[1] / shape[0], 1 / MOST_UNEVEN), MOST_UNEVEN)


def _least_tile(shape: Shape) -> Shape:
    """Return the smallest readable ``(height, width)`` of a map's tile."""
    aspect = _aspect(shape)
    unevenness = max(aspect, 1 / aspect)
    long = ceil(max(LEAST_LONG_SIDE, LEAST_SHORT_SIDE * unevenness))
    short = ceil(long / unevenness)
    return (short, long) if aspect > 1 else (long, short)


def _grid(count: int, shapes: tuple[Shape, Shape], room: Room) -> Shape:
    """Return how many columns and rows of tiles: for all of them if they are readable so."""
    least = [_least_tile(shape) for shape in shapes]
    most_rows = max(room.height // max(height for height, _ in least), 1)
    most_columns = max(room.width // max(width for _, width in least), 1)
    if count > most_rows * most_columns:
        return most_columns, most_rows
    return _grid_of_all(count, shapes[0], room, (most_columns, most_rows))


def _grid_of_all(count: int, shape: Shape, room: Room, most: Shape) -> Shape:
    """Return the columns and rows, of at most so many, in which the tiles are largest."""
    aspect = _aspect(shape)
    most_columns, most_rows = most
    widths = {
        columns: min(room.width / columns, room.height / ceil(count / columns) * aspect)
        for columns in range(1, min(count, most_columns) + 1)
        if ceil(count / columns) <= most_rows
    }
    columns = max(widths, key=widths.__getitem__)
    # A full grid that looks square (8×8 for 64 square tiles) stays until another gains enough.
    square = min(max(ceil(sqrt(count / aspect) - 1e-9), 1), count)
    is_worth_it = widths[columns] > widths.get(square, 0) * WORTH_A_CHANGE
    if count % square == 0 and not is_worth_it:
        columns = square
    return columns, ceil(count / columns)
