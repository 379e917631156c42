"""All channels as tiles: pointing at them, choosing one, and how they are painted."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip

from poolviewer.core.display import DisplaySpec
from poolviewer.drawing.images import to_indexed_image
from poolviewer.drawing.palette import DARK
from poolviewer.views.gallery import Gallery, MosaicView
from tests.drawing.painting import is_colour, pixels_of
from tests.export.cases import network
from tests.views.renderings import SMALL, constant, rendering_of

COUNTS = [1, 7, 64, 100]
LEFT = Qt.MouseButton.LeftButton


def gallery_of(show, filters=64, channel=0, width=900, height=300, **parameters):
    gallery = show(Gallery(), width, height)
    rendering = rendering_of(network(8, 8, filters=filters, **parameters))
    gallery.show_rendering(rendering, channel)
    return gallery


def middle(mosaic, channel):
    return mosaic.tile_rect(channel).center().toPoint()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("size", [(900, 300), (400, 600)])
def test_a_tile_holds_its_channel(show, count, size):
    gallery = gallery_of(show, count, width=size[0], height=size[1])
    for mosaic in (gallery.feature, gallery.pooled):
        for channel in range(count):
            rect = mosaic.tile_rect(channel)
            corner = rect.bottomRight() - QPointF(0.01, 0.01)
            for point in (rect.topLeft(), rect.center(), corner):
                assert mosaic.channel_at(point) == channel
        last = mosaic.tile_rect(count - 1)
        assert last.right() <= mosaic.width()
        assert last.bottom() <= mosaic.height()


@pytest.mark.parametrize("count", COUNTS)
def test_beside_the_tiles_is_no_channel(show, count):
    mosaic = gallery_of(show, count).feature
    for x, y in ((-1, 5), (5, -1), (mosaic.width() + 400, 5), (5, mosaic.height() + 400)):
        assert mosaic.channel_at(QPointF(x, y)) == -1
    assert mosaic.channel_at(mosaic.tile_rect(count).center()) == -1


def test_an_empty_gallery_has_no_channel(show):
    assert show(MosaicView(), 200, 200).channel_at(QPointF(5, 5)) == -1


@pytest.mark.parametrize("which", ["feature", "pooled"])
def test_a_click_chooses_a_channel(show, qtbot, which):
    gallery = gallery_of(show)
    mosaic = getattr(gallery, which)
    with qtbot.waitSignal(gallery.channel_selected) as selected:
        qtbot.mouseClick(mosaic, LEFT, pos=middle(mosaic, 37))
    assert selected.args == [37]


def test_a_click_beside_the_tiles_or_with_another_button_chooses_nothing(show, qtbot):
    gallery = gallery_of(show, 7)
    with qtbot.assertNotEmitted(gallery.channel_selected):
        qtbot.mouseClick(gallery.feature, LEFT, pos=middle(gallery.feature, 8))
        qtbot.mouseClick(
            gallery.feature, Qt.MouseButton.RightButton, pos=middle(gallery.feature, 1)
        )


@pytest.mark.parametrize(
    ("channel", "key", "chosen"),
    [
        (9, Qt.Key.Key_Left, [8]),
        (9, Qt.Key.Key_Right, [10]),
        (9, Qt.Key.Key_Up, [1]),
        (9, Qt.Key.Key_Down, [17]),
        (0, Qt.Key.Key_Left, []),
        (3, Qt.Key.Key_Up, []),
        (63, Qt.Key.Key_Right, []),
        (60, Qt.Key.Key_Down, []),
        (9, Qt.Key.Key_A, []),
    ],
)
def test_arrows_choose_a_neighbour(show, qtbot, channel, key, chosen):
    gallery = gallery_of(show, 64, channel)
    found = []
    gallery.channel_selected.connect(found.append)
    qtbot.keyClick(gallery.feature, key)
    assert found == chosen


def test_a_tip_names_the_channel(show, qtbot):
    mosaic = gallery_of(show).feature
    point = middle(mosaic, 12)
    QApplication.sendEvent(
        mosaic, QHelpEvent(QEvent.Type.ToolTip, point, mosaic.mapToGlobal(point))
    )
    assert "12" in QToolTip.text()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


@pytest.mark.parametrize("channel", [0, 9, 63])
def test_the_shown_channel_is_framed(show, channel):
    gallery = gallery_of(show, 64, channel)
    for mosaic in (gallery.feature, gallery.pooled):
        rows, cols = np.nonzero(is_colour(pixels_of(mosaic.grab().toImage()), DARK.accent))
        rect = mosaic.tile_rect(channel)
        found = [cols.min(), rows.min(), cols.max() + 1, rows.max() + 1]
        assert np.abs(np.array(found) - rect.getCoords()).max() <= 1.5


def test_the_tile_under_the_mouse_is_framed(show, qtbot):
    mosaic = gallery_of(show).feature
    before = pixels_of(mosaic.grab().toImage())
    qtbot.mouseMove(mosaic, middle(mosaic, 20))
    after = pixels_of(mosaic.grab().toImage())
    rows, cols = np.nonzero((before != after).any(axis=2))
    rect = mosaic.tile_rect(20)
    assert rect.top() <= rows.min() <= rows.max() < rect.bottom()
    assert rect.left() <= cols.min() <= cols.max() < rect.right()
    QApplication.sendEvent(mosaic, QEvent(QEvent.Type.Leave))
    assert (pixels_of(mosaic.grab().toImage()) == before).all()


def test_tiles_have_the_shades_of_their_channels(show):
    mosaic = show(MosaicView(), 200, 200)
    shades = np.repeat(np.repeat(np.arange(9, dtype=np.uint8).reshape(3, 3) * 20, 4, 0), 4, 1)
    mosaic.show_mosaic(
        to_indexed_image(shades, [0xFF000000 | i * 0x10101 for i in range(256)]), 3, 8, 8
    )
    pixels = pixels_of(mosaic.grab().toImage())
    for channel in range(8):
        point = middle(mosaic, channel)
        assert (pixels[point.y(), point.x()] == channel * 20).all()
    behind = middle(mosaic, 8)
    assert is_colour(pixels[behind.y(), behind.x()], DARK.background)


@pytest.mark.parametrize("spec", [network(32, 90, filters=5), network(90, 9, filters=5)])
def test_tiles_keep_the_shape_of_their_maps(show, spec):
    gallery = show(Gallery(), 900, 300)
    gallery.show_rendering(rendering_of(spec), 0)
    rows, cols = spec.stage.feature_shape
    rect = gallery.feature.tile_rect(0)
    assert rect.width() / rect.height() == pytest.approx(cols / rows, rel=0.15)


def test_headers_tell_number_and_size(show):
    gallery = gallery_of(show, 7)
    texts = {label.text() for label in gallery.findChildren(QLabel)}
    assert {"Legend", "Feature maps", "Pooled maps", "7 × 6×6", "7 × 3×3"} <= texts


def test_colour_map_reaches_the_tiles(show):
    gallery = show(Gallery(), 900, 300)
    gallery.show_rendering(constant(rendering_of(SMALL, DisplaySpec("viridis")), 0.0), 0)
    point = middle(gallery.feature, 3)
    pixels = pixels_of(gallery.feature.grab().toImage())
    assert tuple(pixels[point.y(), point.x()]) == (0x44, 0x01, 0x54)
