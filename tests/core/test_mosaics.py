"""Mosaics: which tile shows which channel, and how much of it."""

from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.display import DisplaySpec, levels_of, quantise
from poolviewer.core.mosaics import FINENESS, MOST_SHADES, mosaics_of
from poolviewer.core.tiles import Page, Room, page_of, tile_size
from tests.core.cases import random_maps

pytestmark = pytest.mark.filterwarnings("error")

ROOM = Room()


def mosaics(maps, channels=None, page=None, room=ROOM, **options):
    """Return the mosaics of maps in the order of their channels, or of some of them."""
    levels = levels_of(*maps, DisplaySpec())
    count = maps[0].shape[2] if channels is None else len(channels)
    shapes = tuple(values.shape[:2] for values in maps)
    page = page or page_of(count, shapes, room, 0)
    channels = np.arange(page.start, page.stop) if channels is None else np.array(channels)
    return mosaics_of(maps, levels, channels, page, room, **options)


def tiles_of(mosaic, page):
    """Cut a mosaic into its tiles, row by row."""
    height, width = mosaic.shape[0] / page.rows, mosaic.shape[1] / page.columns
    assert height == int(height)
    assert width == int(width)
    return [
        mosaic[row * int(height) : (row + 1) * int(height)][:, int(col * width) :][:, : int(width)]
        for row in range(page.rows)
        for col in range(page.columns)
    ]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 20)),
    st.booleans(),
    st.booleans(),
)
def test_every_tile_is_its_channel(seed, shape, is_mirrored, is_shuffled):
    feature, pooled = random_maps(seed, *shape), random_maps(seed + 1, 2, 3, shape[2])
    levels = levels_of(feature, pooled, DisplaySpec())
    order = np.arange(shape[2])
    if is_shuffled:
        np.random.default_rng(seed).shuffle(order)
    found = mosaics((feature, pooled), order, is_mirrored=is_mirrored)
    np.testing.assert_array_equal(found.channels, order)
    for mosaic, maps, ranges in (
        (found.feature, feature, levels.feature),
        (found.pooled, pooled, levels.pooled),
    ):
        tiles = tiles_of(mosaic, found.page)
        for channel, tile in zip(order, tiles, strict=False):
            expected = quantise(maps[:, :, channel], ranges[channel])
            np.testing.assert_array_equal(tile, expected[:, ::-1] if is_mirrored else expected)
        assert not any(tile.any() for tile in tiles[shape[2] :])


def test_a_page_holds_only_its_channels():
    maps = random_maps(0, 4, 4, 10), random_maps(1, 2, 2, 10)
    page = Page(columns=2, rows=2, number=1, pages=3, start=4, stop=8)
    found = mosaics(maps, page=page)
    assert found.channels.tolist() == [4, 5, 6, 7]
    assert found.feature.shape == (8, 8)
    levels = levels_of(*maps, DisplaySpec())
    for channel, tile in zip(found.channels, tiles_of(found.feature, page), strict=True):
        np.testing.assert_array_equal(
            tile, quantise(maps[0][:, :, channel], levels.feature[channel])
        )


def test_64_channels_are_eight_by_eight():
    found = mosaics((np.zeros((30, 30, 64), np.float32), np.zeros((15, 15, 64), np.float32)))
    assert found.page.columns == found.page.rows == 8
    assert found.feature.shape == (240, 240)
    assert found.pooled.shape == (120, 120)
    assert found.feature.flags.c_contiguous


@pytest.mark.parametrize(
    ("shape", "room", "steps"),
    [
        ((30, 30, 64), ROOM, (1, 1)),
        ((222, 222, 64), ROOM, (3, 3)),
        ((1024, 1024, 8), ROOM, (6, 6)),
        ((1024, 1024, 8), Room(784, 1152), (3, 3)),  # else more shades than can be made
        ((1024, 1024, 8), Room(ratio=2.0), (3, 3)),
        ((32, 2048, 5), ROOM, (1, 4)),
    ],
)
def test_large_maps_are_decimated_to_their_tiles(shape, room, steps):
    maps = random_maps(0, *shape)
    found = mosaics((maps, maps[:2, :2]), room=room)
    expected = quantise(maps, levels_of(maps, maps, DisplaySpec()).feature)
    expected = expected[:: steps[0], :: steps[1]]
    for channel, tile in enumerate(tiles_of(found.feature, found.page)[: shape[2]]):
        np.testing.assert_array_equal(tile, expected[:, :, channel])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 64),
    st.sampled_from([1, 14, 100, 500]),
    st.sampled_from([1, 14, 100, 500]),
    st.builds(Room, st.integers(16, 1000), st.integers(16, 1000), st.sampled_from([1.0, 2.0])),
)
def test_tiles_are_fine_but_not_too_large(count, rows, cols, room):
    maps = np.zeros((rows, cols, count), np.float32)
    found = mosaics((maps, maps), room=room)
    height, width = (
        side // tiles
        for side, tiles in zip(
            found.feature.shape, (found.page.rows, found.page.columns), strict=True
        )
    )
    assert height * width * found.page.count <= MOST_SHADES * 1.6
    painted = tile_size(found.page, (rows, cols), room.height, room.width)
    wanted = found.page.count * painted[0] * painted[1] * (room.ratio * FINENESS) ** 2
    if wanted < MOST_SHADES:  # as fine as it is painted, or all that there is
        assert height >= min(rows, ceil(painted[0] * room.ratio))
        assert width >= min(cols, ceil(painted[1] * room.ratio))


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 7.0])
def test_maps_without_a_range_are_black(value):
    maps = np.full((3, 3, 5), value, np.float32)
    assert not mosaics((maps, maps)).feature.any() or value == np.inf
