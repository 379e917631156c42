"""Pages of tiles: every tile once, large enough to be read, and in the best grid."""

from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.tiles import (
    LEAST_LONG_SIDE,
    LEAST_SHORT_SIDE,
    MOST_UNEVEN,
    Page,
    Room,
    page_of,
    tile_size,
)

SQUARE = ((30, 30), (15, 15))
LARGE_SCREEN = Room(784, 1152)
sides = st.integers(1, 40) | st.sampled_from([224, 1024, 2048])
shapes = st.tuples(sides, sides)
rooms = st.builds(Room, st.integers(16, 1200), st.integers(16, 1200))
counts = st.integers(1, 300) | st.sampled_from([512, 4096])


@settings(max_examples=500, deadline=None)
@given(counts, shapes, shapes, rooms)
def test_pages_hold_every_place_once(count, feature, pooled, room):
    first = page_of(count, (feature, pooled), room, 0)
    pages = [
        page_of(count, (feature, pooled), room, number * first.size)
        for number in range(first.pages)
    ]
    assert [page.number for page in pages] == list(range(first.pages))
    assert [place for page in pages for place in range(page.start, page.stop)] == list(range(count))
    assert {(page.columns, page.rows, page.pages) for page in pages} == {
        (first.columns, first.rows, first.pages)
    }


@settings(max_examples=500, deadline=None)
@given(counts, shapes, shapes, rooms, st.integers(0, 5000))
def test_a_place_is_on_its_page(count, feature, pooled, room, place):
    page = page_of(count, (feature, pooled), room, place)
    assert page.start <= min(place, count - 1) < page.stop
    assert 1 <= page.count <= page.size


@settings(max_examples=500, deadline=None)
@given(counts, shapes, rooms)
def test_tiles_are_readable_and_fit_into_the_room(count, shape, room):
    page = page_of(count, (shape, shape), room, 0)
    height, width = tile_size(page, shape, room.height, room.width)
    is_one_row, is_one_column = page.rows == 1, page.columns == 1
    assert width * page.columns <= room.width
    assert height * page.rows <= room.height or height == 1
    if not (is_one_row or is_one_column):  # where not even one fits, it is as large as can be
        assert max(height, width) >= LEAST_LONG_SIDE - 1
        assert min(height, width) >= LEAST_SHORT_SIDE - 1


@settings(max_examples=300, deadline=None)
@given(shapes, rooms)
def test_tiles_have_the_shape_of_their_maps(shape, room):
    tile = tile_size(Page(1, 1, 0, 1, 0, 1), shape, room.height, room.width)
    unevenness = min(max(shape) / min(shape), MOST_UNEVEN)
    assert min(tile) == max(int(max(tile) / unevenness + 1e-9), 1)
    assert (tile[0] >= tile[1]) == (shape[0] >= shape[1]) or tile[0] == tile[1]
    # One pixel more in length would not fit.
    long, short = (0, 1) if shape[0] > shape[1] else (1, 0)
    sides = room.height, room.width
    assert tile[long] + 1 > min(sides[long], int(sides[short] * unevenness))


@pytest.mark.parametrize(
    ("count", "room", "grid", "pages"),
    [
        (64, Room(), (8, 8), 1),
        (64, Room(208, 304), (8, 8), 1),  # ten columns would gain less than a quarter
        (64, Room(150, 600), (16, 4), 1),
        (64, LARGE_SCREEN, (8, 8), 1),
        (1, Room(), (1, 1), 1),
        (7, Room(), (3, 3), 1),
        (8, Room(208, 304), (4, 2), 1),
        (256, Room(), (16, 16), 1),
        (512, Room(), (16, 16), 2),
        (512, LARGE_SCREEN, (27, 19), 1),
        (4096, Room(), (16, 16), 16),
        (4096, LARGE_SCREEN, (64, 43), 2),
    ],
)
def test_grids_of_square_maps(count, room, grid, pages):
    page = page_of(count, SQUARE, room, 0)
    assert (page.columns, page.rows) == grid
    assert page.pages == pages


def test_maps_of_one_pixel_are_squares():
    page = page_of(4096, ((1, 1), (1, 1)), Room(), 0)
    height, width = tile_size(page, (1, 1), 288, 304)
    assert height == width >= LEAST_LONG_SIDE


def test_a_very_wide_map_is_a_strip_that_can_be_seen():
    page = page_of(64, ((32, 2048), (16, 1024)), Room(), 0)
    assert page.columns == 2
    assert tile_size(page, (32, 2048), 288, 304)[0] >= LEAST_SHORT_SIDE
    assert page.pages == 1
    assert page.rows == ceil(64 / 2)


def test_the_pooled_maps_have_to_be_readable_too():
    """A global pooling makes squares of strips."""
    page = page_of(100, ((10, 40), (1, 1)), Room(), 0)
    assert tile_size(page, (1, 1), 288, 304)[0] >= LEAST_LONG_SIDE
