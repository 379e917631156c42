"""One page of tiles: pointing at them, choosing one, and how they are painted."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from poolviewer.core.ordering import Ordering
from poolviewer.core.tiles import Page
from poolviewer.drawing.palette import DARK
from poolviewer.views.mosaic_view import MosaicView
from tests.drawing.painting import indexed, is_colour, pixels_of

LEFT = Qt.MouseButton.LeftButton
SHADES = [0xFF000000 | i * 0x10101 for i in range(256)]
# Two rows of three tiles; 20 channels in reverse make four pages.
SECOND = Page(columns=3, rows=2, number=1, pages=4, start=6, stop=12)
LAST = Page(columns=3, rows=2, number=3, pages=4, start=18, stop=20)
REVERSED = Ordering("index", np.arange(20)[::-1], np.arange(20))


def image_of(page, side=4):
    """Return a mosaic of square tiles, each of the shade 10 · (its number on the page + 1)."""
    numbers = np.arange(1, page.size + 1, dtype=np.uint8).reshape(page.rows, page.columns) * 10
    return indexed(numbers.repeat(side, axis=0).repeat(side, axis=1), SHADES)


@pytest.fixture
def mosaic(show):
    """Return a mosaic of the second page, whose tiles are channels 13 to 8; 12 is chosen."""
    mosaic = show(MosaicView(), 300, 200)
    mosaic.show_mosaic(image_of(SECOND), (30, 30), SECOND, REVERSED, 12)
    return mosaic


def middle(mosaic, channel):
    return mosaic.tile_rect(channel).center().toPoint()


def test_tiles_stand_in_the_order_of_their_page(mosaic):
    for number, channel in enumerate(range(13, 7, -1)):
        row, column = divmod(number, 3)
        assert mosaic.tile_rect(channel).getRect() == (column * 100, row * 100, 100, 100)


@pytest.mark.parametrize("channel", [14, 7, 0, 19])
def test_a_channel_of_another_page_has_no_tile(mosaic, channel):
    assert mosaic.tile_rect(channel).isEmpty()


def test_a_tile_holds_its_channel(mosaic):
    for channel in range(8, 14):
        rect = mosaic.tile_rect(channel)
        for point in (
            rect.topLeft(),
            rect.center(),
            rect.bottomRight() - QPointF(0.01, 0.01),
        ):
            assert mosaic.channel_at(point) == channel


@pytest.mark.parametrize("point", [(-1, 5), (5, -1), (301, 5), (5, 201)])
def test_beside_the_tiles_is_no_channel(mosaic, point):
    assert mosaic.channel_at(QPointF(*point)) == -1


def test_behind_the_last_tile_is_no_channel(mosaic):
    mosaic.show_mosaic(image_of(LAST), (30, 30), LAST, REVERSED, 12)
    assert mosaic.channel_at(QPointF(50, 50)) == 1
    assert mosaic.channel_at(QPointF(150, 50)) == 0
    assert mosaic.channel_at(QPointF(250, 50)) == -1
    assert mosaic.channel_at(QPointF(50, 150)) == -1


def test_an_empty_mosaic_has_no_channel(show, qtbot):
    mosaic = show(MosaicView(), 200, 200)
    assert mosaic.channel_at(QPointF(5, 5)) == -1
    assert mosaic.tile_rect(0).isEmpty()
    with qtbot.assertNotEmitted(mosaic.channel_selected):
        qtbot.keyClick(mosaic, Qt.Key.Key_Right)
        qtbot.mouseClick(mosaic, LEFT)


def test_a_click_chooses_a_channel(mosaic, qtbot):
    with qtbot.waitSignal(mosaic.channel_selected) as selected:
        qtbot.mouseClick(mosaic, LEFT, pos=middle(mosaic, 9))
    assert selected.args == [9]


def test_a_click_with_another_button_chooses_nothing(mosaic, qtbot):
    with qtbot.assertNotEmitted(mosaic.channel_selected):
        qtbot.mouseClick(mosaic, Qt.MouseButton.RightButton, pos=middle(mosaic, 9))


@pytest.mark.parametrize(
    ("channel", "key", "chosen"),
    [
        (12, Qt.Key.Key_Left, [13]),
        (12, Qt.Key.Key_Right, [11]),
        (12, Qt.Key.Key_Down, [9]),
        (9, Qt.Key.Key_Up, [12]),
        (12, Qt.Key.Key_Up, [15]),  # on the page before
        (13, Qt.Key.Key_Left, [14]),
        (8, Qt.Key.Key_Right, [7]),  # on the next
        (9, Qt.Key.Key_Down, [6]),
        (0, Qt.Key.Key_Left, [13]),  # from another page, the first tile that is seen
        (12, Qt.Key.Key_A, []),
    ],
)
def test_arrows_choose_a_neighbour_in_the_order(mosaic, qtbot, channel, key, chosen):
    mosaic.show_mosaic(image_of(SECOND), (30, 30), SECOND, REVERSED, channel)
    found = []
    mosaic.channel_selected.connect(found.append)
    qtbot.keyClick(mosaic, key)
    assert found == chosen


@pytest.mark.parametrize(("channel", "key"), [(0, Qt.Key.Key_Right), (1, Qt.Key.Key_Down)])
def test_arrows_stop_at_the_last_tile(mosaic, qtbot, channel, key):
    mosaic.show_mosaic(image_of(LAST), (30, 30), LAST, REVERSED, channel)
    with qtbot.assertNotEmitted(mosaic.channel_selected):
        qtbot.keyClick(mosaic, key)


@pytest.mark.parametrize(
    ("by", "tip"),
    [
        ("index", "Channel 12: click to show it large"),
        ("mean", "Channel 12, mean 0.2500: click to show it large"),
        ("maximum", "Channel 12, maximum 0.2500: click to show it large"),
        ("zeros", "Channel 12, 25.00 % zeros: click to show it large"),
    ],
)
def test_a_tip_names_the_channel_and_why_it_stands_there(mosaic, qtbot, by, tip):
    values = np.full(20, 0.25)
    ordering = Ordering(by, REVERSED.channels, values)
    mosaic.show_mosaic(image_of(SECOND), (30, 30), SECOND, ordering, 12)
    point = middle(mosaic, 12)
    QApplication.sendEvent(
        mosaic, QHelpEvent(QEvent.Type.ToolTip, point, mosaic.mapToGlobal(point))
    )
    assert QToolTip.text() == tip
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


@pytest.mark.parametrize("channel", [8, 10, 13])
def test_the_shown_channel_is_framed(mosaic, channel):
    mosaic.show_mosaic(image_of(SECOND), (30, 30), SECOND, REVERSED, channel)
    rows, cols = np.nonzero(is_colour(pixels_of(mosaic.grab().toImage()), DARK.accent))
    rect = mosaic.tile_rect(channel)
    found = [cols.min(), rows.min(), cols.max() + 1, rows.max() + 1]
    assert np.abs(np.array(found) - rect.getCoords()).max() <= 1.5


def test_a_channel_of_another_page_is_not_framed(mosaic):
    mosaic.show_mosaic(image_of(SECOND), (30, 30), SECOND, REVERSED, 0)
    assert not is_colour(pixels_of(mosaic.grab().toImage()), DARK.accent).any()


def test_the_tile_under_the_mouse_is_framed(mosaic, qtbot):
    before = pixels_of(mosaic.grab().toImage())
    qtbot.mouseMove(mosaic, middle(mosaic, 9))
    after = pixels_of(mosaic.grab().toImage())
    rows, cols = np.nonzero((before != after).any(axis=2))
    rect = mosaic.tile_rect(9)
    assert rect.top() <= rows.min() <= rows.max() < rect.bottom()
    assert rect.left() <= cols.min() <= cols.max() < rect.right()
    QApplication.sendEvent(mosaic, QEvent(QEvent.Type.Leave))
    assert (pixels_of(mosaic.grab().toImage()) == before).all()


def test_a_tile_under_a_still_mouse_may_leave_with_its_page(mosaic, qtbot):
    qtbot.mouseMove(mosaic, middle(mosaic, 9))
    mosaic.show_mosaic(image_of(LAST), (30, 30), LAST, REVERSED, 12)
    pixels = pixels_of(mosaic.grab().toImage())
    assert is_colour(pixels[:, 200:], DARK.background).all()
    assert is_colour(pixels[100:], DARK.background).all()
    mosaic.show_mosaic(image_of(SECOND), (30, 30), SECOND, REVERSED, 0)
    hovered = is_colour(pixels_of(mosaic.grab().toImage()), DARK.text)
    assert hovered[100:, 100:200].any()
    assert not hovered[:100].any()


def test_tiles_have_the_shades_of_their_channels(mosaic):
    mosaic.show_mosaic(image_of(SECOND), (30, 30), SECOND, REVERSED, 0)
    pixels = pixels_of(mosaic.grab().toImage())
    for number, channel in enumerate(range(13, 7, -1)):
        point = middle(mosaic, channel)
        assert (pixels[point.y(), point.x()] == 10 * (number + 1)).all()
    assert is_colour(pixels[:, 99], DARK.background).all()  # a gap
    assert is_colour(pixels[99], DARK.background).all()


@pytest.mark.parametrize("shape", [(30, 88), (88, 7), (1, 1), (32, 2048), (300, 1)])
@pytest.mark.parametrize("size", [(300, 200), (120, 500)])
def test_tiles_stay_inside_the_widget(show, shape, size):
    mosaic = show(MosaicView(), *size)
    mosaic.show_mosaic(image_of(SECOND), shape, SECOND, REVERSED, 12)
    last = mosaic.tile_rect(8)
    assert last.right() <= mosaic.width()
    assert last.bottom() <= mosaic.height()
    assert mosaic.channel_at(last.center()) == 8
    assert last.width() >= 1
    assert last.height() >= 1
