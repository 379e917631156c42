import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from poolviewer.core.geometry import Rect
from poolviewer.drawing.colour_maps import colour_table
from poolviewer.drawing.images import (
    bgr_to_image,
    draw_picture,
    image_to_bgr,
    pixels_to_image,
    reduced,
)
from poolviewer.drawing.mapping import DeviceMapping

from .painting import indexed, painted, pixels_of

SIDES = st.integers(1, 9)
SHADES = hnp.arrays(np.uint8, st.tuples(SIDES, SIDES))
PICTURES = hnp.arrays(np.uint8, st.tuples(SIDES, SIDES, st.just(3)))


@given(PICTURES)
def test_bgr_survives_the_way_there_and_back(picture):
    image = bgr_to_image(picture)
    assert (pixels_of(image) == picture[:, :, ::-1]).all()
    assert (image_to_bgr(image) == picture).all()


@given(PICTURES)
def test_rgb_pixels_keep_their_order(picture):
    assert (pixels_of(pixels_to_image(picture, "rgb")) == picture).all()


@given(SHADES)
def test_grey_pixels_have_three_equal_channels(shades):
    image = pixels_to_image(shades[:, :, np.newaxis], "grey")
    assert (pixels_of(image) == shades[:, :, np.newaxis]).all()


@given(PICTURES)
def test_views_that_are_not_contiguous_are_shown_as_they_look(picture):
    flipped = picture[:, ::-1, ::-1]
    assert (image_to_bgr(bgr_to_image(flipped)) == flipped).all()


def test_image_owns_its_pixels():
    pixels = np.full((64, 65, 1), 200, np.uint8)
    image = pixels_to_image(pixels, "grey")
    pixels[:] = 0
    del pixels
    gc.collect()
    assert (pixels_of(image) == 200).all()


def test_pixels_are_a_copy_of_the_image():
    image = bgr_to_image(np.full((3, 5, 3), 7, np.uint8))
    pixels = image_to_bgr(image)
    image.fill(QColor("white"))
    assert (pixels == 7).all()
    assert pixels.flags.writeable


@pytest.mark.parametrize(
    "pixel_format",
    [
        QImage.Format.Format_ARGB32,
        QImage.Format.Format_ARGB32_Premultiplied,
        QImage.Format.Format_RGBA8888,
        QImage.Format.Format_RGB32,
        QImage.Format.Format_RGBA64,
    ],
)
def test_pasted_picture_keeps_its_colour_and_drops_its_alpha(pixel_format):
    image = QImage(3, 2, pixel_format)
    image.fill(QColor(200, 100, 40, 128 if image.hasAlphaChannel() else 255))
    difference = np.abs(image_to_bgr(image).astype(int) - [40, 100, 200])
    assert image_to_bgr(image).shape == (2, 3, 3)
    assert difference.max() <= 1


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_enlarged_pixels_are_flat_blocks(ratio, is_mirrored):
    shades = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    world = Rect(0, 0, 3, 4)
    mapping = DeviceMapping.filling(
        world, QRectF(8, 8, 32, 24), is_mirrored=is_mirrored, ratio=ratio
    )
    image = indexed(shades, colour_table("grey"))
    pixels = painted(lambda p: draw_picture(p, image, world, mapping), ratio=ratio)
    block, start = int(8 * ratio), int(8 * ratio)
    shown = shades[:, ::-1] if is_mirrored else shades
    wanted = np.kron(shown, np.ones((block, block), np.uint8))
    part = pixels[start : start + 3 * block, start : start + 4 * block]
    assert (part == wanted[:, :, np.newaxis]).all()
    assert (pixels[:start] == 128).all()
    assert (pixels[:, start + 4 * block :] == 128).all()


def test_reduced_pixels_are_smoothed():
    shades = np.tile(np.array([[0, 255]], np.uint8), (64, 32))
    image = indexed(shades, colour_table("grey"))
    mapping = DeviceMapping.filling(Rect(0, 0, 1, 1), QRectF(0, 0, 24, 24))
    pixels = painted(lambda p: draw_picture(p, image, Rect(0, 0, 1, 1), mapping))[2:22, 2:22]
    assert 40 < pixels.mean() < 215
    assert len(np.unique(pixels)) > 2


def test_nothing_is_drawn_into_nothing():
    mapping = DeviceMapping(10, 10, 0.01, 0.01)
    image = indexed(np.zeros((4, 4), np.uint8), colour_table("grey"))
    assert (painted(lambda p: draw_picture(p, image, Rect(0, 0, 4, 4), mapping)) == 128).all()


def test_reduced_averages_only_what_gets_smaller():
    image = bgr_to_image(np.zeros((40, 60, 3), np.uint8))
    small = reduced(image, QRectF(0, 0, 15, 10), 2)
    assert (small.width(), small.height()) == (30, 20)
    assert reduced(image, QRectF(0, 0, 60, 10), 1).size() == image.size()
