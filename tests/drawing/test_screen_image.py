"""The screen's own format shows what the images of files show."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from poolviewer.core.display import COLOUR_MAP_NAMES
from poolviewer.core.geometry import Rect
from poolviewer.drawing.colour_maps import colour_table
from poolviewer.drawing.images import draw_picture, pixels_to_image
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.screen_image import ScreenImage
from tests.drawing.painting import indexed, painted

WORLD = Rect(0, 0, 10, 10)
RNG = np.random.default_rng(0)


def mapping_of(size, *, is_mirrored=False, ratio=1.0):
    return DeviceMapping.filling(
        WORLD, QRectF(3, 2, size, size), is_mirrored=is_mirrored, ratio=ratio
    )


def assert_alike(screen, image, mapping, ratio=1.0, tolerance=0):
    """Draw both ways and compare."""
    ours, theirs = (
        painted(lambda p, draw=draw: draw(p), 90, 90, ratio).astype(int)
        for draw in (
            lambda p: screen.draw(p, WORLD, mapping),
            lambda p: draw_picture(p, image, WORLD, mapping),
        )
    )
    assert len(np.unique(theirs)) > 4
    assert np.abs(ours - theirs).max() <= tolerance


@pytest.mark.parametrize("colours", COLOUR_MAP_NAMES)
@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("shape", [(10, 10), (7, 13), (1, 9)])
@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_enlarged_shades_are_the_same_to_the_pixel(colours, is_mirrored, shape, ratio):
    shades = RNG.integers(0, 256, (*shape, 2), np.uint8)[:, :, 0]  # not contiguous
    mapping = mapping_of(80, is_mirrored=is_mirrored, ratio=ratio)
    image = indexed(shades, colour_table(colours))
    assert_alike(ScreenImage.of_shades(shades, colours), image, mapping, ratio)


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_reduced_shades_are_as_smooth(is_mirrored):
    shades = RNG.integers(0, 256, (200, 200), np.uint8)
    image = indexed(shades, colour_table("viridis"))
    mapping = mapping_of(80, is_mirrored=is_mirrored)
    assert_alike(ScreenImage.of_shades(shades, "viridis"), image, mapping, tolerance=3)


@pytest.mark.parametrize(("order", "depth"), [("bgr", 3), ("rgb", 3), ("grey", 1)])
def test_pictures_keep_their_colours(order, depth):
    pixels = RNG.integers(0, 256, (9, 11, depth), np.uint8)
    image = pixels_to_image(pixels, order)
    assert_alike(ScreenImage.of_pixels(pixels, order), image, mapping_of(80))


def test_an_image_owns_its_pixels():
    pixels = np.zeros((4, 4), np.uint8)
    screen = ScreenImage.of_shades(pixels, "grey")
    pixels[:] = 255
    assert screen.image.pixelColor(2, 2).red() == 0
    assert screen.image.format() == QImage.Format.Format_RGB32


def test_an_image_that_was_mirrored_turns_back():
    shades = RNG.integers(0, 256, (8, 8), np.uint8)
    screen, image = (
        ScreenImage.of_shades(shades, "grey"),
        indexed(shades, colour_table("grey")),
    )
    for is_mirrored in (False, True, False):
        assert_alike(screen, image, mapping_of(80, is_mirrored=is_mirrored))
