"""All channels as tiles: pages, order, and what is told while the gallery is resized."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from poolviewer.core.display import DisplaySpec
from poolviewer.core.ordering import TILE_ORDERS
from poolviewer.core.rendering import render
from poolviewer.core.tiles import LEAST_LONG_SIDE, Room
from poolviewer.views.gallery import ORDERS, ROOM_STEP, Gallery
from tests.drawing.painting import pixels_of
from tests.export.cases import activations_of, network
from tests.views.renderings import SMALL, constant, rendering_of

COUNTS = [1, 7, 64, 100, 512]
LEFT = Qt.MouseButton.LeftButton
SIZE = (960, 340)


class Shown:
    """A gallery whose wishes are fulfilled at once, as controller and inference would."""

    def __init__(self, gallery, activations, display, channel):
        self.gallery, self.activations = gallery, activations
        self.channel, self.wishes, self.chosen = channel, [], []
        self.rendering = None
        gallery.display_changed.connect(self.set_display)
        gallery.channel_selected.connect(self.set_channel)
        self.show_display(display)

    @property
    def page(self):
        return self.rendering.mosaics.page

    @property
    def channels(self):
        return self.rendering.mosaics.channels.tolist()

    def show_display(self, display):
        self.display = display
        self.gallery.show_display(display)
        self.rendering = render(self.activations, display, self.rendering)
        self.gallery.show_rendering(self.rendering, self.channel)

    def set_display(self, display):
        self.wishes.append(display)
        self.show_display(display)

    def set_channel(self, channel):
        self.chosen.append(channel)
        self.channel = channel
        self.gallery.show_rendering(self.rendering, channel)

    def wheel(self, delta):
        position = QPointF(self.gallery.feature.geometry().center())
        QTest.wheelEvent(self.gallery.windowHandle(), position, QPoint(0, delta))


@pytest.fixture
def shown(show, qtbot):
    """Show a gallery of a number of channels, and wait until it has told its size."""

    def shown(count, *, channel=0, display=None, size=SIZE, **parameters):
        gallery = show(Gallery(), *size)
        activations = activations_of(network(16, 16, filters=count, **parameters))
        made = Shown(gallery, activations, display or DisplaySpec(), channel)
        timers = gallery._settled, gallery._follow
        qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))
        made.wishes.clear()
        return made

    return shown


def room_of(gallery):
    height, width = (
        side // ROOM_STEP * ROOM_STEP
        for side in (gallery.feature.height(), gallery.feature.width())
    )
    return Room(height, width, gallery.devicePixelRatioF())


def middle(mosaic, channel):
    return mosaic.tile_rect(channel).center().toPoint()


# Pages


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("size", [SIZE, (500, 600), (2400, 700)])
def test_tiles_are_readable_and_hold_their_channels(shown, count, size):
    it = shown(count, size=size)
    for mosaic in (it.gallery.feature, it.gallery.pooled):
        for channel in it.channels:
            rect = mosaic.tile_rect(channel)
            assert mosaic.channel_at(rect.center()) == channel
            assert rect.width() >= LEAST_LONG_SIDE
        assert rect.right() <= mosaic.width()
        assert rect.bottom() <= mosaic.height()


def test_up_to_64_channels_need_no_page(shown):
    it = shown(64)
    assert it.page.pages == 1
    assert it.page.columns == it.page.rows == 8
    assert not it.gallery.pager.isVisible()


@pytest.mark.parametrize("kind", ["button", "key", "wheel"])
def test_pages_are_turned(shown, qtbot, kind):
    it = shown(512)

    def turn(step):
        if kind == "button":
            button = it.gallery.pager.next if step > 0 else it.gallery.pager.previous
            qtbot.mouseClick(button, LEFT)
        elif kind == "key":
            key = Qt.Key.Key_PageDown if step > 0 else Qt.Key.Key_PageUp
            qtbot.keyClick(it.gallery.feature, key)
        else:
            it.wheel(-120 * step)

    pages = it.page.pages
    assert pages > 1
    seen = list(it.channels)
    for number in range(1, pages):
        turn(1)
        assert it.page.number == number
        assert it.gallery.pager.text == f"{number + 1}/{pages}"
        seen += it.channels
    assert seen == list(range(512))
    turn(1)
    assert it.page.number == pages - 1
    for _ in range(pages):
        turn(-1)
    assert it.page.number == 0
    assert len(it.wishes) == 2 * (pages - 1)
    assert it.channel == 0  # whose tile is left behind


def test_buttons_end_with_the_pages(shown):
    it = shown(512)
    pager = it.gallery.pager
    assert pager.isVisible()
    assert (pager.previous.isEnabled(), pager.next.isEnabled()) == (False, True)
    it.gallery.turn(it.page.pages - 1)
    assert (pager.previous.isEnabled(), pager.next.isEnabled()) == (True, False)


def test_pages_that_have_not_come_yet_are_counted(shown):
    """Two turns while the network is slow are two pages."""
    it = shown(4096)
    it.gallery.display_changed.disconnect(it.set_display)
    it.gallery.display_changed.connect(it.gallery.show_display)
    for _ in range(3):
        it.gallery.turn(1)
    it.show_display(it.gallery._display)
    assert it.page.number == 3


def test_a_touchpad_turns_a_page_for_a_whole_notch(shown):
    it = shown(512)
    for _ in range(7):
        it.wheel(-15)
    assert it.page.number == 0
    it.wheel(-15)
    assert it.page.number == 1


def test_other_keys_go_on_to_the_window(shown, qtbot):
    it = shown(512)
    qtbot.keyClick(it.gallery.feature, Qt.Key.Key_A)
    assert not it.wishes


# The chosen channel


def test_a_channel_chosen_elsewhere_is_turned_to(shown, qtbot):
    it = shown(512)
    it.set_channel(500)
    qtbot.waitUntil(lambda: 500 in it.channels)
    assert not it.gallery.feature.tile_rect(500).isEmpty()
    assert len(it.wishes) == 1


def test_a_first_channel_on_another_page_is_turned_to(shown, qtbot):
    it = shown(512, channel=511)
    qtbot.waitUntil(lambda: 511 in it.channels)


def test_a_channel_on_the_page_turns_nothing(shown, qtbot):
    it = shown(512)
    it.set_channel(5)
    it.gallery._follow.timeout.emit()
    assert not it.wishes


def test_a_new_frame_does_not_turn_back(shown, qtbot):
    it = shown(512)
    it.gallery.turn(1)
    it.gallery.show_rendering(it.rendering, 0)
    assert not it.gallery._follow.isActive()


def test_another_network_shows_the_page_of_the_channel(shown, qtbot):
    it = shown(512)
    it.gallery.turn(1)
    it.activations = replace(it.activations, generation=7)
    it.show_display(it.display)
    qtbot.waitUntil(lambda: 0 in it.channels)


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_Down])
def test_arrows_turn_the_page_at_its_end(shown, qtbot, key):
    it = shown(512, channel=0)
    last = it.page.stop - 1
    it.set_channel(last)
    qtbot.keyClick(it.gallery.feature, key)
    qtbot.waitUntil(lambda: it.page.number == 1)
    assert it.channel == last + (1 if key == Qt.Key.Key_Right else it.page.columns)
    assert it.channel in it.channels


@pytest.mark.parametrize("which", ["feature", "pooled"])
def test_a_click_chooses_a_channel(shown, qtbot, which):
    it = shown(512, display=DisplaySpec(order="mean"))
    mosaic = getattr(it.gallery, which)
    channel = it.channels[37]
    qtbot.mouseClick(mosaic, LEFT, pos=middle(mosaic, channel))
    assert it.chosen == [channel]


# Order


@pytest.mark.parametrize("order", TILE_ORDERS)
def test_the_order_is_chosen_and_begins_at_its_first_page(shown, qtbot, order):
    it = shown(512, display=DisplaySpec(order="mean" if order != "mean" else "index"))
    it.gallery.turn(1)
    box = it.gallery.orders
    box.setFocus()
    number = box.findData(order)
    box.setCurrentIndex(number)
    box.activated.emit(number)
    assert it.display.order == order
    assert it.page.number == 0
    values = it.rendering.ordering.values[it.rendering.ordering.channels]
    ascending = values if order == "index" else -values
    assert (np.diff(ascending) >= 0).all()


def test_every_order_is_offered_and_explained(shown):
    box = shown(7).gallery.orders
    assert [box.itemData(number) for number in range(box.count())] == list(TILE_ORDERS)
    assert set(ORDERS) == set(TILE_ORDERS)
    for number in range(box.count()):
        assert box.itemData(number, Qt.ItemDataRole.ToolTipRole)
    assert box.accessibleName() == "Sort"
    assert box.toolTip()


def test_the_order_is_shown_without_being_wished_for(shown, qtbot):
    it = shown(7)
    with qtbot.assertNotEmitted(it.gallery.display_changed):
        it.gallery.show_display(DisplaySpec(order="zeros"))
    assert it.gallery.orders.currentData() == "zeros"


# Size


def test_a_larger_gallery_shows_more_tiles(shown, qtbot):
    it = shown(512)
    before = it.page.count
    it.gallery.resize(1900, 700)
    qtbot.waitUntil(lambda: it.display.room == room_of(it.gallery))
    assert it.page.count > before
    assert len(it.wishes) == 1


def test_a_gallery_that_is_being_resized_asks_once(shown, qtbot):
    it = shown(512)
    for width in range(970, 1500, 10):
        it.gallery.resize(width, 500)
        QApplication.sendPostedEvents()
    qtbot.waitUntil(lambda: it.display.room == room_of(it.gallery))
    assert len(it.wishes) == 1


def test_a_few_pixels_make_no_difference(shown, qtbot):
    it = shown(512)
    room = it.display.room
    it.gallery.resize(SIZE[0], SIZE[1] - it.gallery.feature.height() % ROOM_STEP)
    with qtbot.waitSignal(it.gallery._settled.timeout):
        pass
    assert it.display.room == room
    assert not it.wishes


def test_the_chosen_tile_stays_in_sight_when_the_size_changes(shown, qtbot):
    it = shown(512)
    it.set_channel(it.page.stop - 1)
    it.gallery.resize(500, 200)
    qtbot.waitUntil(lambda: it.display.room == room_of(it.gallery))
    assert it.channel in it.channels
    assert it.page.number > 0


def test_a_page_without_the_chosen_tile_stays_too(shown, qtbot):
    it = shown(512)
    it.gallery.turn(1)
    first = it.channels[0]
    it.gallery.resize(500, 200)
    qtbot.waitUntil(lambda: it.display.room == room_of(it.gallery))
    assert first in it.channels


# What it says and how it looks


def test_headers_tell_number_and_size(show):
    gallery = show(Gallery(), *SIZE)
    gallery.show_rendering(rendering_of(network(8, 8, filters=7)), 0)
    texts = {label.text() for label in gallery.findChildren(QLabel)}
    assert {"Legend", "Feature maps", "Pooled maps", "7 × 6×6", "7 × 3×3"} <= texts


@pytest.mark.parametrize("spec", [network(32, 90, filters=5), network(90, 9, filters=5)])
def test_tiles_keep_the_shape_of_their_maps(show, spec):
    gallery = show(Gallery(), 900, 300)
    gallery.show_rendering(rendering_of(spec), 0)
    rows, cols = spec.stage.feature_shape
    rect = gallery.feature.tile_rect(0)
    assert rect.width() / rect.height() == pytest.approx(cols / rows, rel=0.15)


@pytest.mark.parametrize("spec", [network(3, 3, filters=4096, pool_size=(1, 1)),
                                  network(34, 2050, filters=64)])  # fmt: skip
def test_maps_of_one_pixel_and_very_wide_ones_can_be_pointed_at(show, spec):
    gallery = show(Gallery(), *SIZE)
    rendering = rendering_of(spec)
    gallery.show_rendering(rendering, 0)
    for mosaic in (gallery.feature, gallery.pooled):
        for channel in rendering.mosaics.channels.tolist():
            assert mosaic.channel_at(mosaic.tile_rect(channel).center()) == channel
        assert mosaic.tile_rect(channel).bottom() <= mosaic.height()


def test_colour_map_reaches_the_tiles(show):
    gallery = show(Gallery(), 900, 300)
    gallery.show_rendering(constant(rendering_of(SMALL, DisplaySpec("viridis")), 0.0), 0)
    point = middle(gallery.feature, 3)
    pixels = pixels_of(gallery.feature.grab().toImage())
    assert tuple(pixels[point.y(), point.x()]) == (0x44, 0x01, 0x54)
