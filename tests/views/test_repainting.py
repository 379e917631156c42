"""Only what changed is painted again, and a highlight at once."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.chain_scene import StepMark
from poolviewer.core.display import DisplaySpec
from poolviewer.core.geometry import Rect
from poolviewer.core.rendering import render
from poolviewer.core.view_state import TraceScene, ViewState
from poolviewer.runtime.store import Store
from poolviewer.views.main_window import MainWindow
from tests.export.cases import network
from tests.views.paints import Paints
from tests.views.renderings import rendering_of, scene_of

LARGE = network(48, 48, filters=9)
REACH = 7  # logical pixels from a pixel's edge to the end of its outline's halo


@pytest.fixture
def window(show, qtbot):
    """Show the first channel of some maps, and wait until nothing is left to paint."""
    window = show(MainWindow(), 1280, 800)
    window.rendering = rendering_of(LARGE)
    window.show_rendering(window.rendering, 0)
    window.painting = {name: Paints(widget) for name, widget in widgets_of(window).items()}
    settle(window, qtbot)
    return window


def widgets_of(window):
    maps, gallery = window.maps, window.gallery
    return {
        "input": maps.input.view.viewport(),
        "feature": maps.feature.view.viewport(),
        "pooled": maps.pooled.view.viewport(),
        "feature levels": maps._levels[MapName.FEATURE],
        "feature mosaic": gallery.feature,
        "pooled mosaic": gallery.pooled,
    }


def settle(window, qtbot):
    """Let put-off work end, and forget what it painted."""
    maps, gallery = window.maps, window.gallery
    timers = (maps._refit, maps._rehover, gallery._settled, gallery._follow, window._texts._timer)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))
    paint(window)
    for paints in window.painting.values():
        paints.take()


def paint(window):
    """Paint what is to be painted."""
    QApplication.sendPostedEvents()
    QApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))


def painted(window):
    """Return the regions that are painted now, of the widgets that are painted at all."""
    paint(window)
    regions = {name: paints.take() for name, paints in window.painting.items()}
    return {name: region for name, region in regions.items() if not region.isEmpty()}


def tile_on(window, pixel):
    """Return where a pixel lies in its map's viewport."""
    view = getattr(window.maps, pixel.map_name.value)
    stage = window.rendering.activations.stage
    tile = geometry_of(stage, pixel.map_name).tile(pixel.row, pixel.col)
    corners = (
        view.world_to_widget(tile.top, tile.left),
        view.world_to_widget(tile.bottom, tile.right),
    )
    return QRect(corners[0].toPoint(), corners[1].toPoint()).normalized()


def around(window, pixel):
    return tile_on(window, pixel).adjusted(-REACH, -REACH, REACH, REACH)


def test_other_maps_are_painted_everywhere(window):
    window.show_rendering(rendering_of(LARGE, seed=1), 0)
    assert set(painted(window)) == set(window.painting)


def test_the_same_maps_are_painted_once(window):
    window.show_rendering(window.rendering, 0)
    assert not painted(window)


def test_maps_that_are_on_the_screen_count_as_painted(window, qtbot):
    with qtbot.waitSignal(window.maps_painted):
        window.show_rendering(replace(window.rendering), 0)


def test_another_channel_leaves_the_input_and_all_but_two_tiles(window):
    gallery = window.gallery
    tiles = [gallery.feature.tile_rect(channel).toAlignedRect() for channel in (0, 7)]
    window.show_rendering(window.rendering, 7)
    regions = painted(window)
    assert set(regions) == set(window.painting) - {"input"}
    region = regions["feature mosaic"]
    for tile in tiles:
        assert region.contains(tile)
        region -= tile.adjusted(-2, -2, 2, 2)
    assert region.isEmpty()
    assert regions["feature"].boundingRect() == window.maps.feature.view.viewport().rect()


def test_another_colour_map_leaves_the_input(window):
    activations = window.rendering.activations
    window.show_rendering(render(activations, DisplaySpec("viridis")), 0)
    assert set(painted(window)) == set(window.painting) - {"input"}


def test_another_order_leaves_the_maps(window):
    activations = window.rendering.activations
    window.show_rendering(render(activations, DisplaySpec(order="maximum")), 0)
    assert set(painted(window)) == {"feature mosaic", "pooled mosaic"}


def test_an_outline_is_painted_around_itself_alone(window):
    first, second = Pixel(MapName.POOLED, 2, 3), Pixel(MapName.POOLED, 19, 17)
    window.show_trace(scene_of(window.rendering, first))
    regions = {name: paints.take() for name, paints in window.painting.items()}
    assert regions["pooled"].contains(tile_on(window, first))
    assert around(window, first).contains(regions["pooled"].boundingRect())
    assert regions["feature"].contains(tile_on(window, Pixel(MapName.FEATURE, 4, 6)))
    assert regions["input"].contains(tile_on(window, Pixel(MapName.INPUT, 4, 6)))

    window.show_trace(scene_of(window.rendering, second))
    region = window.painting["pooled"].take()
    assert region.contains(tile_on(window, first))
    assert region.contains(tile_on(window, second))
    assert (region - around(window, first) - around(window, second)).isEmpty()

    window.show_trace(TraceScene())
    assert around(window, second).contains(window.painting["pooled"].take().boundingRect())


def test_the_same_outlines_are_painted_once(window):
    scene = scene_of(window.rendering, Pixel(MapName.POOLED, 2, 3))
    window.show_trace(scene)
    painted(window)
    window.show_trace(scene_of(window.rendering, Pixel(MapName.POOLED, 2, 3)))
    assert not painted(window)


def test_a_mouse_that_stays_on_its_pixel_paints_nothing(window):
    store = Store(window, ViewState(rendering=window.rendering))
    window.pixel_hovered.connect(lambda pixel: store.update(hovered=pixel))
    place = tile_on(window, Pixel(MapName.POOLED, 5, 5)).center()
    QTest.mouseMove(window.maps.pooled.view.viewport(), place)
    assert "feature" in painted(window)
    for step in (QPoint(1, 0), QPoint(1, 1), QPoint(0, -1)):
        QTest.mouseMove(window.maps.pooled.view.viewport(), place + step)
    assert not painted(window)


def test_a_highlight_is_on_the_screen_when_the_mouse_event_ends(window):
    store = Store(window, ViewState(rendering=window.rendering))
    window.pixel_hovered.connect(lambda pixel: store.update(hovered=pixel))
    place = tile_on(window, Pixel(MapName.POOLED, 5, 5)).center()
    QTest.mouseMove(window.maps.pooled.view.viewport(), place)
    regions = {name: paints.take() for name, paints in window.painting.items()}
    assert not any(regions[name].isEmpty() for name in ("input", "feature", "pooled"))


def test_a_tile_under_the_mouse_is_painted_alone(window):
    mosaic = window.gallery.feature
    tiles = [mosaic.tile_rect(channel).toAlignedRect() for channel in (3, 5)]
    QTest.mouseMove(mosaic, tiles[0].center())
    painted(window)
    QTest.mouseMove(mosaic, tiles[1].center())
    regions = painted(window)
    assert set(regions) == {"feature mosaic"}
    assert regions["feature mosaic"].contains(tiles[0])
    assert (
        regions["feature mosaic"]
        - tiles[0].adjusted(-2, -2, 2, 2)
        - tiles[1].adjusted(-2, -2, 2, 2)
    ).isEmpty()


@pytest.mark.parametrize("change", ["zoom", "mirror", "fit"])
def test_a_world_that_moves_is_painted_everywhere(window, qtbot, change):
    window.maps.zoom(0.5)
    settle(window, qtbot)
    {
        "zoom": lambda: window.maps.zoom(0.5),
        "mirror": lambda: window.maps.set_mirrored(True),
        "fit": window.maps.fit,
    }[change]()
    regions = painted(window)
    for name in ("input", "feature", "pooled"):
        viewport = widgets_of(window)[name]
        assert regions[name].boundingRect() == viewport.rect()


def test_a_step_of_a_chain_is_painted_around_itself_alone(window):
    tile = Rect(4, 6, 7, 9)
    window.maps.show_step_marks((StepMark(tile, 1, is_strong=True),))
    regions = painted(window)
    assert set(regions) == {"input", "feature", "pooled"}
    corner = window.maps.input.world_to_widget(tile.top, tile.left).toPoint()
    assert regions["input"].contains(corner)
    assert regions["input"].boundingRect().width() < window.maps.input.view.viewport().width() / 2
    window.maps.show_step_marks((StepMark(tile, 1, is_strong=True),))
    assert not painted(window)
