"""Three maps in one world: pointing, pinning, moving, and what is painted over them."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from poolviewer.core.annotation import MapName, Pixel, Role, geometry_of
from poolviewer.core.display import DisplaySpec
from poolviewer.core.geometry import Rect
from poolviewer.core.model_info import ModelSpec
from poolviewer.drawing.colour_maps import colour_values
from poolviewer.drawing.palette import ROLE_COLOURS
from poolviewer.views.maps_panel import EMPTY_INPUT, EMPTY_MAPS, MapsPanel
from tests.drawing.painting import bounds, is_colour, pixels_of
from tests.export.cases import network
from tests.views.renderings import ODD, SMALL, constant, rendering_of, scene_of

NAMES = tuple(MapName)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(show, qtbot):
    shown = show(MapsPanel(), 999, 420)
    shown.show_rendering(rendering_of(), 0)
    settle(shown, qtbot)
    return shown


def settle(panel, qtbot):
    """Wait until what is put off to the next turn of the event loop is done."""
    qtbot.waitUntil(lambda: not (panel._refit.isActive() or panel._rehover.isActive()))


def view_of(panel, name):
    return {"input": panel.input, "feature": panel.feature, "pooled": panel.pooled}[name.value]


def centre_of(panel, stage, pixel):
    """Return where a pixel's middle is seen, in its view's viewport."""
    view = view_of(panel, pixel.map_name)
    tile = geometry_of(stage, pixel.map_name).tile(pixel.row, pixel.col)
    return view.world_to_widget(*tile.centre)


def point_at(panel, qtbot, pixel, stage=SMALL.stage):
    viewport = view_of(panel, pixel.map_name).view.viewport()
    qtbot.mouseMove(viewport, centre_of(panel, stage, pixel).toPoint())


def subtitle_of(view):
    return "".join(view._subtitle._parts)


def leave(view):
    """Take the mouse out, as the window system does."""
    QApplication.sendEvent(view.view, QEvent(QEvent.Type.Leave))


def turn_wheel(view, position, notches=1):
    viewport = view.view.viewport()
    place = QPointF(position), QPointF(viewport.mapToGlobal(position))
    turn = QPoint(), QPoint(0, 120 * notches)
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(*place, *turn, *none, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(viewport, event)


def drag(view, start, stop):
    viewport = view.view.viewport()
    QTest.mousePress(viewport, LEFT, pos=start)
    for part in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(viewport, start + (stop - start) * part)
    QTest.mouseRelease(viewport, LEFT, pos=stop)


def ranges(panel):
    """Return what each map shows: float64 of shape (3, 2, 2)."""
    return np.array([view_of(panel, name).view_box.viewRange() for name in NAMES])


def assert_linked(panel):
    shown = ranges(panel)
    size = (shown[0, :, 1] - shown[0, :, 0]).max()
    assert np.abs(shown - shown[0]).max() <= 1e-6 * size


def painted(widget):
    return pixels_of(widget.grab().toImage())


# Pointing


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_every_pixel_is_found_under_the_mouse(panel, qtbot, name, is_mirrored):
    panel.set_mirrored(is_mirrored)
    settle(panel, qtbot)
    hovered = []
    panel.pixel_hovered.connect(hovered.append)
    rows, cols = geometry_of(SMALL.stage, name).shape
    pixels = [Pixel(name, row, col) for row in range(rows) for col in range(cols)]
    for pixel in pixels:
        point_at(panel, qtbot, pixel)
    assert hovered == pixels


def test_mirrored_map_has_its_first_column_at_the_right(panel, qtbot):
    first, last = (Pixel(MapName.POOLED, 0, col) for col in (0, 2))
    assert centre_of(panel, SMALL.stage, first).x() < centre_of(panel, SMALL.stage, last).x()
    panel.set_mirrored(True)
    assert centre_of(panel, SMALL.stage, first).x() > centre_of(panel, SMALL.stage, last).x()


def test_pixels_meet_at_their_edges(panel, qtbot):
    edge = panel.pooled.world_to_widget(2.5, SMALL.stage.pooled_geometry.cols.edge(1))
    hovered = []
    panel.pixel_hovered.connect(hovered.append)
    for step in (-1, 1):
        qtbot.mouseMove(
            panel.pooled.view.viewport(), QPoint(round(edge.x()) + step, round(edge.y()))
        )
    assert [pixel.col for pixel in hovered] == [0, 1]


@pytest.mark.parametrize("name", NAMES)
def test_leaving_a_map_points_at_nothing(panel, qtbot, name):
    point_at(panel, qtbot, Pixel(name, 1, 1))
    with qtbot.waitSignal(panel.pixel_hovered) as left:
        leave(view_of(panel, name))
    assert left.args == [None]


def test_the_margin_around_a_map_is_no_pixel(panel, qtbot):
    point_at(panel, qtbot, Pixel(MapName.POOLED, 0, 0))
    with qtbot.waitSignal(panel.pixel_hovered) as moved:
        qtbot.mouseMove(panel.pooled.view.viewport(), QPoint(3, 3))
    assert moved.args == [None]


def test_the_same_pixel_is_told_once(panel, qtbot):
    hovered = []
    panel.pixel_hovered.connect(hovered.append)
    centre = centre_of(panel, SMALL.stage, Pixel(MapName.INPUT, 2, 2)).toPoint()
    for step in range(5):
        qtbot.mouseMove(panel.input.view.viewport(), centre + QPoint(step, 0))
    assert hovered == [Pixel(MapName.INPUT, 2, 2)]


@pytest.mark.parametrize("change", ["mirror", "zoom", "resize", "network"])
def test_the_pixel_under_a_resting_mouse_is_found_again(panel, qtbot, change):
    point_at(panel, qtbot, Pixel(MapName.FEATURE, 0, 0))
    with qtbot.waitSignal(panel.pixel_hovered) as hovered:
        if change == "mirror":
            panel.set_mirrored(True)
        elif change == "zoom":
            panel.zoom(0.4)
        elif change == "resize":
            panel.resize(600, 420)
        else:
            panel.show_rendering(rendering_of(ODD), 0)
    assert hovered.args[0] != Pixel(MapName.FEATURE, 0, 0)


def test_a_mouse_that_waits_for_the_first_maps_points_at_them(show, qtbot):
    panel = show(MapsPanel(), 999, 420)
    qtbot.mouseMove(panel.pooled.view.viewport(), panel.pooled.view.viewport().rect().center())
    with qtbot.waitSignal(panel.pixel_hovered) as hovered:
        panel.show_rendering(rendering_of(), 0)
    assert hovered.args[0].map_name is MapName.POOLED


# Clicking and keys


@pytest.mark.parametrize("name", NAMES)
def test_a_click_tells_its_pixel(panel, qtbot, name):
    pixel = Pixel(name, 1, 2)
    with qtbot.waitSignal(panel.pixel_clicked) as clicked:
        centre = centre_of(panel, SMALL.stage, pixel).toPoint()
        qtbot.mouseClick(view_of(panel, name).view.viewport(), LEFT, pos=centre)
    assert clicked.args == [pixel]


def test_a_drag_is_no_click(panel, qtbot):
    before = ranges(panel)
    with qtbot.assertNotEmitted(panel.pixel_clicked):
        centre = centre_of(panel, SMALL.stage, Pixel(MapName.POOLED, 1, 1)).toPoint()
        drag(panel.pooled, centre, centre + QPoint(40, 10))
    assert not np.allclose(ranges(panel), before, atol=0.1)


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_other_buttons_pin_nothing(panel, qtbot, button):
    with qtbot.assertNotEmitted(panel.pixel_clicked):
        centre = centre_of(panel, SMALL.stage, Pixel(MapName.POOLED, 1, 1)).toPoint()
        qtbot.mouseClick(panel.pooled.view.viewport(), button, pos=centre)


def test_a_click_beside_the_map_is_nothing(panel, qtbot):
    with qtbot.assertNotEmitted(panel.pixel_clicked):
        qtbot.mouseClick(panel.pooled.view.viewport(), LEFT, pos=QPoint(3, 3))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("key", "move"),
    [
        (Qt.Key.Key_Up, [-1, 0]),
        (Qt.Key.Key_Down, [1, 0]),
        (Qt.Key.Key_Left, [0, -1]),
        (Qt.Key.Key_Right, [0, 1]),
    ],
)
def test_arrows_ask_to_move_the_pin(panel, qtbot, name, key, move):
    with qtbot.waitSignal(panel.pin_move_requested) as moved:
        qtbot.keyClick(view_of(panel, name).view, key)
    assert moved.args == move


def test_arrows_with_control_belong_to_the_source(panel, qtbot):
    with qtbot.assertNotEmitted(panel.pin_move_requested):
        qtbot.keyClick(panel.pooled.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)


# One world


def move_by_drag(panel, view, qtbot):
    drag(view, QPoint(100, 100), QPoint(160, 130))


def move_by_wheel(panel, view, qtbot):
    turn_wheel(view, QPoint(90, 120), 2)


def move_by_plus(panel, view, qtbot):
    qtbot.keyClick(view.view, Qt.Key.Key_Plus)


def move_by_minus(panel, view, qtbot):
    qtbot.keyClick(view.view, Qt.Key.Key_Minus)


def move_by_zoom_and_resize(panel, view, qtbot):
    turn_wheel(view, QPoint(90, 120), 3)
    panel.resize(800, 500)


MOVES = [move_by_drag, move_by_wheel, move_by_plus, move_by_minus, move_by_zoom_and_resize]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_all_maps_follow_one(panel, qtbot, name, move, is_mirrored):
    panel.set_mirrored(is_mirrored)
    settle(panel, qtbot)
    before = ranges(panel)
    move(panel, view_of(panel, name), qtbot)
    settle(panel, qtbot)
    assert_linked(panel)
    assert np.abs(ranges(panel) - before).max() > 0.1


@pytest.mark.parametrize("width", range(900, 906))
@pytest.mark.parametrize("spec", [SMALL, ODD, network(32, 512), network(9, 4)])
def test_fitted_maps_are_alike_at_every_width(show, qtbot, width, spec):
    panel = show(MapsPanel(), width, 400)
    panel.show_rendering(rendering_of(spec), 0)
    settle(panel, qtbot)
    assert_linked(panel)
    (left, right), (top, bottom) = ranges(panel)[0]
    assert left < 0 < spec.input.width < right
    assert top < 0 < spec.input.height < bottom
    used = max(spec.input.width / (right - left), spec.input.height / (bottom - top))
    assert used == pytest.approx(1 / 1.04, rel=0.01)


def test_fit_follows_the_size_only_while_fitted(panel, qtbot):
    panel.resize(750, 700)
    settle(panel, qtbot)
    panel.fit()
    fitted = ranges(panel)
    panel.resize(999, 420)
    settle(panel, qtbot)
    assert np.abs(ranges(panel) - fitted).max() > 0.1

    panel.zoom(0.5)
    panel.resize(750, 420)
    settle(panel, qtbot)
    (left, right), _ = ranges(panel)[0]
    assert 0 < left < right < SMALL.input.width

    panel.fit()
    (left, right), _ = ranges(panel)[0]
    assert left < 0 < SMALL.input.width < right


def test_new_maps_of_the_same_size_do_not_move_the_world(panel, qtbot):
    panel.zoom(0.5)
    before = ranges(panel)
    panel.show_rendering(rendering_of(seed=5), 0)
    settle(panel, qtbot)
    assert (ranges(panel) == before).all()


def test_zoom_ends_somewhere(panel, qtbot):
    for _ in range(60):
        panel.zoom(1.25)
    (left, right), _ = ranges(panel)[0]
    assert right - left < 40 * SMALL.input.width
    for _ in range(90):
        panel.zoom(0.8)
    (left, right), _ = ranges(panel)[0]
    assert right - left > 0
    assert_linked(panel)


# What is painted


def rect_in(view, rect):
    """Return a world's rectangle as ``(top, left, bottom, right)`` of the grabbed view."""
    corners = (
        view.world_to_widget(rect.top, rect.left),
        view.world_to_widget(rect.bottom, rect.right),
    )
    offset = view.view.viewport().mapTo(view.view, QPoint())
    (y0, y1), (x0, x1) = (
        sorted(getattr(c, axis)() + getattr(offset, axis)() for c in corners) for axis in "yx"
    )
    return np.array([y0, x0, y1, x1])


def assert_outlined(view, rect, role, reach):
    found = is_colour(painted(view.view), ROLE_COLOURS[role])
    assert found.any()
    assert np.abs(np.array(bounds(found)) - rect_in(view, rect)).max() <= reach


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_outlines_of_a_pooled_pixel_lie_where_geometry_says(panel, qtbot, is_mirrored):
    panel.set_mirrored(is_mirrored)
    settle(panel, qtbot)
    rendering = constant(rendering_of(), 0.0)  # all black; the first pixel of the window wins
    panel.show_rendering(rendering, 0)
    scene = scene_of(rendering, Pixel(MapName.POOLED, 1, 2), is_pinned=True)
    panel.show_trace(scene)
    stage, trace = SMALL.stage, scene.trace
    field = stage.input_geometry.rect(trace.receptive_field)
    assert_outlined(panel.input, field, Role.FIELD, 4)
    assert_outlined(panel.feature, stage.feature_geometry.rect(trace.window), Role.WINDOW, 4)
    winner = stage.feature_geometry.tile(*trace.winner)
    assert trace.winner == (2, 4)
    assert_outlined(panel.feature, winner, Role.WINNER, 4)
    assert_outlined(panel.pooled, stage.pooled_geometry.tile(1, 2), Role.PINNED, 5)


def test_outlines_of_a_feature_pixel_go_the_other_way(panel):
    rendering = constant(rendering_of(), 0.0)
    panel.show_rendering(rendering, 0)
    panel.show_trace(scene_of(rendering, Pixel(MapName.FEATURE, 2, 4)))
    assert_outlined(panel.pooled, SMALL.stage.pooled_geometry.tile(1, 2), Role.WINNER, 4)
    assert_outlined(panel.feature, SMALL.stage.feature_geometry.tile(2, 4), Role.PIXEL, 4)
    panel.show_trace(scene_of(rendering, Pixel(MapName.FEATURE, 3, 5)))
    assert_outlined(panel.pooled, SMALL.stage.pooled_geometry.tile(1, 2), Role.WINDOW, 4)


def test_outlines_go_with_the_trace(panel):
    rendering = constant(rendering_of(), 0.0)
    panel.show_rendering(rendering, 0)
    panel.show_trace(scene_of(rendering, Pixel(MapName.POOLED, 1, 2), is_pinned=True))
    panel.show_trace(scene_of(rendering, None))
    for name, role in zip(NAMES, (Role.FIELD, Role.WINDOW, Role.PINNED), strict=True):
        assert not is_colour(painted(view_of(panel, name).view), ROLE_COLOURS[role]).any()


def test_what_no_window_covers_is_hatched(show, qtbot):
    panel = show(MapsPanel(), 999, 420)
    rendering = constant(rendering_of(ODD), 0.0)  # 31 wide: row and column 30 are left over
    panel.show_rendering(rendering, 0)
    settle(panel, qtbot)
    pixels, geometry = painted(panel.feature.view), ODD.stage.feature_geometry
    for place, is_hatched in (((30, 12), True), ((12, 30), True), ((29, 29), False)):
        top, left, bottom, right = rect_in(panel.feature, geometry.tile(*place)).round().astype(int)
        tile = pixels[top + 1 : bottom - 1, left + 1 : right - 1]
        assert (len(np.unique(tile.reshape(-1, 3), axis=0)) > 1) == is_hatched


def test_pixels_have_the_shades_of_their_values(panel, qtbot):
    rendering = rendering_of(display=DisplaySpec("viridis"))
    panel.show_rendering(rendering, 3)
    pixels, stage = painted(panel.pooled.view), SMALL.stage
    low, high = rendering.levels.pooled[3]
    for row, col in np.ndindex(stage.pooled_shape):
        value = rendering.activations.pooled_maps[row, col, 3]
        shade = round(float((value - low) / (high - low) * 255))
        top, left, *_ = (
            rect_in(panel.pooled, stage.pooled_geometry.tile(row, col)).round().astype(int)
        )
        assert (
            np.abs(pixels[top + 3, left + 3].astype(int) - colour_values("viridis")[shade]).max()
            < 6
        )


def test_numbers_appear_where_there_is_room(show, qtbot):
    panel = show(MapsPanel(), 999, 420)
    panel.show_rendering(constant(rendering_of(ODD), 0.0), 0)
    settle(panel, qtbot)
    assert not is_colour(painted(panel.pooled.view), "#FFFFFF").any()
    for _ in range(6):
        panel.zoom(0.8)
    assert is_colour(painted(panel.pooled.view), "#FFFFFF").any()


# The full picture


def plain(rendering, bgr, shape):
    """Return a rendering of a picture of one colour, with an all-black network input."""
    activations = rendering.activations
    frame = replace(activations.frame, picture=np.full((*shape, 3), bgr, np.uint8))
    prepared = replace(
        activations.prepared,
        values=np.zeros_like(activations.prepared.values),
        pixels=np.zeros_like(activations.prepared.pixels),
    )
    return replace(rendering, activations=replace(activations, frame=frame, prepared=prepared))


def test_original_shows_the_full_picture_and_back(panel, qtbot):
    panel.show_rendering(plain(rendering_of(), (0, 0, 200), (48, 64)), 0)
    inside = rect_in(panel.input, Rect(0, 0, 6, 8)).round().astype(int)
    middle = (inside[0] + inside[2]) // 2, (inside[1] + inside[3]) // 2
    assert tuple(painted(panel.input.view)[middle]) == (0, 0, 0)
    button = panel.input.findChild(QToolButton)
    qtbot.mouseClick(button, LEFT)
    assert tuple(painted(panel.input.view)[middle]) == (200, 0, 0)
    panel.show_rendering(plain(rendering_of(seed=1), (0, 200, 0), (48, 64)), 0)
    assert tuple(painted(panel.input.view)[middle]) == (0, 200, 0)
    panel.toggle_original()
    assert tuple(painted(panel.input.view)[middle]) == (0, 0, 0)


def test_a_hidden_picture_is_not_even_converted(panel, qtbot):
    painted(panel.input.view)
    assert panel.input._backdrop._screen is None
    panel.toggle_original()
    painted(panel.input.view)
    assert panel.input._backdrop._screen is not None


def test_crop_shows_what_was_cut_away_around_the_input(show, qtbot):
    panel = show(MapsPanel(), 999, 420)
    spec = network(8, 8, fit="crop")
    panel.show_rendering(
        plain(rendering_of(spec, picture_shape=(40, 80)), (0, 0, 200), (40, 80)), 0
    )
    settle(panel, qtbot)
    panel.zoom(2.5)
    found = np.array(bounds(is_colour(painted(panel.input.view), "#C80000")))
    assert np.abs(found - rect_in(panel.input, Rect(0, -4, 8, 12))).max() <= 1


def test_letterbox_places_the_picture_between_the_bars(show, qtbot):
    panel = show(MapsPanel(), 999, 420)
    spec = network(8, 8, fit="letterbox")
    panel.show_rendering(
        plain(rendering_of(spec, picture_shape=(40, 80)), (0, 0, 200), (40, 80)), 0
    )
    panel.toggle_original()
    settle(panel, qtbot)
    found = np.array(bounds(is_colour(painted(panel.input.view), "#C80000")))
    assert np.abs(found - rect_in(panel.input, Rect(2, 0, 6, 8))).max() <= 1


# Empty and waiting


def words_in(view):
    return view._placeholder.text() if view._placeholder.isVisible() else ""


def test_empty_maps_say_what_to_do(show):
    panel = show(MapsPanel(), 999, 420)
    assert words_in(panel.input) == EMPTY_INPUT
    panel.show_phase("Loading TensorFlow…")
    assert words_in(panel.feature) == words_in(panel.pooled) == "Loading TensorFlow…"
    panel.show_phase("")
    assert words_in(panel.feature) == words_in(panel.pooled) == EMPTY_MAPS


def test_a_picture_is_seen_before_its_maps(show, qtbot):
    panel = show(MapsPanel(), 999, 420)
    panel.show_phase("Loading TensorFlow…")
    picture = np.full((48, 64, 3), (0, 0, 200), np.uint8)
    panel.show_preview(picture, Rect(0, 0, 32, 32), Rect(0, 0, 32, 32))
    settle(panel, qtbot)
    found = np.array(bounds(is_colour(painted(panel.input.view), "#C80000")))
    assert np.abs(found - rect_in(panel.input, Rect(0, 0, 32, 32))).max() <= 1
    assert not words_in(panel.input)
    assert words_in(panel.pooled) == "Loading TensorFlow…"


def test_maps_take_the_place_of_words(panel):
    panel.show_phase("Loading TensorFlow…")
    assert not any(words_in(view_of(panel, name)) for name in NAMES)


def test_a_painted_map_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.painted):
        panel.show_rendering(rendering_of(seed=3), 0)


@pytest.mark.parametrize(("width", "height"), [(999, 420), (1500, 160), (600, 700)])
def test_the_picture_cannot_be_lost(show, qtbot, width, height):
    panel = show(MapsPanel(), width, height)
    panel.show_rendering(rendering_of(), 0)
    settle(panel, qtbot)
    stage = rendering_of().activations.stage
    extent = stage.input_geometry.extent
    panel.fit()
    fitted = ranges(panel)[0]
    assert fitted[0][0] <= extent.left
    assert fitted[0][1] >= extent.right
    assert fitted[1][0] <= extent.top
    assert fitted[1][1] >= extent.bottom
    panel.input.view_box.translateBy((1000 * extent.width, 0))
    panel.input.view_moved.emit()
    assert_linked(panel)
    assert ranges(panel)[0][0][0] < extent.right
    for _ in range(40):
        panel.zoom(1.25)
    seen = ranges(panel)[0]
    assert max(extent.width / np.ptp(seen[0]), extent.height / np.ptp(seen[1])) > 0.3


# The input of a model


def input_of(spec, values_shape, pixels_shape):
    """Return a rendering of an input with these channels."""
    rendering = rendering_of(SMALL)
    activations = rendering.activations
    prepared = replace(
        activations.prepared,
        values=np.arange(np.prod(values_shape), dtype=np.float32).reshape(values_shape),
        pixels=np.zeros(pixels_shape, np.uint8),
    )
    spec = replace(activations.network.input, **spec)
    used = replace(activations.network, input=spec)
    return replace(rendering, activations=replace(activations, prepared=prepared, network=used))


@pytest.mark.parametrize(
    ("spec", "channels", "colours", "labels", "subtitle"),
    [
        ({"channel_order": "rgb"}, 3, 3, ("R", "G", "B"), "6×8×3 · R G B"),
        ({"channels": 9}, 9, 3, ("B", "G", "R"), "6×8×9 · B G R repeated"),
        ({"channels": 2, "channel_order": "rgb"}, 2, 3, ("R", "G"), "6×8×2 · R G"),
        ({"channels": 1}, 1, 3, (), "6×8×1 · B"),
        ({"channels": 4, "channel_order": "grey"}, 4, 1, (), "6×8×4 · grey repeated"),
    ],
)
def test_the_input_names_its_channels_once(panel, spec, channels, colours, labels, subtitle):
    rendering = input_of(spec, (6, 8, channels), (6, 8, colours))
    panel.show_rendering(rendering, 0)
    assert any(label.text() == subtitle for label in panel.input.findChildren(QLabel))
    grid = panel.input._picture.picture.values
    assert tuple(grid.labels) == labels
    values = rendering.activations.prepared.values
    assert np.array_equal(grid.values, values[:, :, : max(len(labels), 1)])
    assert grid.is_dark.shape == (6, 8)


def test_all_of_every_map_is_in_sight_however_far_its_tiles_reach(show, qtbot):
    """The first window of a wide stride has its middle at the input's very edge."""
    sizes = {"kernel_size": (1, 1), "strides": (8, 8), "pool_size": (1, 1), "pool_strides": (1, 1)}
    spec = network(40, 40, **sizes)
    panel = show(MapsPanel(), 999, 420)
    panel.show_rendering(rendering_of(spec), 0)
    settle(panel, qtbot)
    assert spec.stage.feature_geometry.extent.top < 0
    seen = panel.feature.view_box.viewRect()
    extent = spec.stage.feature_geometry.extent
    assert seen.top() <= extent.top
    assert seen.left() <= extent.left
    assert seen.bottom() >= extent.bottom


def test_a_picture_that_was_made_smaller_for_its_memory_is_said_to_be(panel):
    rendering = rendering_of()
    activations = rendering.activations
    model = ModelSpec("net.keras", "d", "pool", replace(SMALL.input, is_own_size=True))
    panel.show_rendering(replace(rendering, activations=replace(activations, network=model)), 0)
    assert subtitle_of(panel.input).endswith("· reduced")
    rows, cols = activations.frame.picture.shape[:2]
    model = replace(model, input=replace(model.input, height=rows, width=cols))
    panel.show_rendering(replace(rendering, activations=replace(activations, network=model)), 0)
    assert "reduced" not in subtitle_of(panel.input)
