"""The gallery of a figure: every channel once, in its order, as the window shows it."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from poolviewer.core.display import DisplaySpec, quantise
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.predict import Predict
from poolviewer.drawing.palette import THEMES
from poolviewer.export.elements import Canvas
from poolviewer.export.gallery import Gallery
from poolviewer.export.request import ready
from poolviewer.export.style import style_of
from tests.drawing.painting import is_colour, pixels_of

from .cases import activations_of, network, request_of

WIDTH, TALLEST = 700.0, 300.0
ONLY = FigureSpec(parts=("gallery",))


def gallery_of(count=16, *, shape=(10, 10), seed=0, **options):
    activations = activations_of(network(*shape, filters=count), seed=seed)
    request = ready(request_of(activations, None, spec=ONLY, **options))
    return Gallery(request, style_of(ONLY), TALLEST)


def drawn(gallery, width=WIDTH):
    """Draw the gallery alone; white where nothing is."""
    image = QImage(int(width), int(gallery.height(width)), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    gallery.draw(Canvas(painter, THEMES["light"]), QPointF(0, 0), width)
    painter.end()
    return pixels_of(image)


def tiles_of(gallery, pixels, shape, left, width=WIDTH):
    """Yield what is seen in the middle of each pixel of each tile, from its place in the image."""
    plan = gallery._plan(width)
    tile = plan.tile(shape)
    top = gallery._title_height(plan.across)
    ys = top + (np.arange(shape[0]) + 0.5) * tile.height() / shape[0]
    xs = left + (np.arange(shape[1]) + 0.5) * tile.width() / shape[1]
    for place in range(plan.page.count):
        row, column = divmod(place, plan.page.columns)
        rows = (ys + row * tile.height()).astype(int)
        columns = (xs + column * tile.width()).astype(int)
        yield pixels[np.ix_(rows, columns)][:, :, 0]


@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("order", ["index", "mean", "maximum", "zeros"])
def test_every_tile_has_the_shades_of_its_channel(order, is_mirrored):
    gallery = gallery_of(display=DisplaySpec(order=order, is_mirrored=is_mirrored))
    request = gallery.request
    pixels, maps = drawn(gallery), request.activations.feature_maps
    channels = request.ordering.channels.tolist()
    assert sorted(channels) == list(range(16))
    found = tiles_of(gallery, pixels, maps.shape[:2], 0)
    for channel, seen in zip(channels, found, strict=True):
        shades = quantise(maps[:, :, channel], request.all_levels.feature[channel])
        shades = shades[:, ::-1] if is_mirrored else shades
        # The number and the chosen channel's frame cover the edge of a tile.
        assert (seen[2:-1, 2:-1] == shades[2:-1, 2:-1]).all()


def test_the_chosen_channel_is_framed_in_both_maps():
    gallery = gallery_of()
    accent = is_colour(drawn(gallery), THEMES["light"].accent)
    half = int(WIDTH / 2)
    assert accent[:, :half].sum() > 100
    assert accent[:, half:].sum() > 100
    plan = gallery._plan(WIDTH)
    tile = plan.tile((8, 8))
    columns = np.flatnonzero(accent[:, :half].any(axis=0))
    assert tile.width() <= columns[0] + 2
    assert columns[-1] < 2 * tile.width() + 2


@pytest.mark.parametrize("count", [2, 3, 64, 512, 2048])
@pytest.mark.parametrize("width", [200.0, 700.0, 1216.0])
def test_all_channels_are_on_one_page(count, width):
    gallery = gallery_of(count, shape=(6, 6))
    plan = gallery._plan(width)
    assert plan.page.count == count
    assert plan.page.size >= count
    assert plan.page.columns * plan.tile((4, 4)).width() <= plan.across + 1e-6
    assert plan.height((4, 4)) <= max(TALLEST, plan.page.rows)
    assert drawn(gallery, width).shape[1] == int(width)


def test_numbers_stand_on_tiles_that_have_room():
    few, many = gallery_of(4), gallery_of(512)
    for gallery, has_room in ((few, True), (many, False)):
        assert (gallery.tile(WIDTH) > 30) == has_room
    other = gallery_of(4, display=DisplaySpec(order="mean"))
    assert (drawn(few) != drawn(other)).any()


def test_a_question_hides_the_pooled_tiles():
    activations = activations_of(network(10, 10, filters=16))
    experiment = Predict()
    finding = experiment.conduct(Subject(activations, 1, None, None))
    seen = []
    for seed in (0, 1):
        pooled = np.random.default_rng(seed).permuted(activations.pooled_maps, axis=2)
        activations.pooled_maps[:] = pooled
        request = request_of(activations, None, experiment=experiment, finding=finding)
        seen.append(drawn(Gallery(ready(request), style_of(ONLY), TALLEST)))
    assert (seen[0] == seen[1]).all()
