"""One person's session at a real window; run by `test_real_window` on a virtual screen.

Real mouse and key events come through the X server, and the screenshots are the X server's own.
What must be seen where is worked out here from the view's range alone, not by the drawing code.
"""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from poolviewer.app import Application
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.view_wish import ViewWish
from poolviewer.views.export_dialog import ExportDialog
from poolviewer.views.map_view import MapView
from tests.virtual_screen import xdotool

ORANGE, VERMILION, SKY_BLUE = (0xE6, 0x9F, 0x00), (0xD5, 0x5E, 0x00), (0x56, 0xB4, 0xE9)
LONG_MS = 60_000


@pytest.fixture
def application(qapp: QApplication, qtbot):
    application = Application(qapp, ViewWish())
    qtbot.addWidget(application.window)
    application.window.setGeometry(0, 0, 1280, 800)
    application.start()
    qtbot.waitUntil(lambda: application.controller.state.rendering is not None, timeout=LONG_MS)
    yield application
    assert application.stop()


def world_to_screen(view: MapView, y: float, x: float) -> QPoint:
    """Return where a point of the world is on the screen, from the view's range alone."""
    seen, box = view.view_box.viewRect(), view.view_box.sceneBoundingRect()
    widget = QPointF(
        box.left() + (x - seen.left()) / seen.width() * box.width(),
        box.top() + (y - seen.top()) / seen.height() * box.height(),
    )
    return view.view.viewport().mapToGlobal(widget.toPoint())


def screenshot(qapp: QApplication) -> np.ndarray:
    """Return the screen as uint8 RGB of shape (H, W, 3)."""
    image = qapp.primaryScreen().grabWindow(0).toImage()
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def has_colour_near(pixels: np.ndarray, point: QPoint, colour: tuple[int, int, int]) -> bool:
    """Whether a colour is seen within five pixels of a point."""
    row, col = point.y(), point.x()
    near = pixels[row - 5 : row + 6, col - 5 : col + 6]
    return bool((near == np.array(colour, np.uint8)).all(axis=2).any())


def edge_middles(top: float, left: float, bottom: float, right: float):
    """Return the middles of a rectangle's four edges, as ``(y, x)``."""
    y, x = (top + bottom) / 2, (left + right) / 2
    return ((top, x), (bottom, x), (y, left), (y, right))


def move_mouse(view: MapView, y: float, x: float) -> None:
    point = world_to_screen(view, y, x)
    xdotool("mousemove", point.x(), point.y())


def focus(widget) -> None:
    """Give a window the keyboard; there is no window manager that would."""
    xdotool("windowfocus", "--sync", int(widget.window().winId()))


def test_a_session(application: Application, qapp: QApplication, qtbot, tmp_path: Path) -> None:
    window, controller = application.window, application.controller
    qtbot.waitUntil(lambda: controller.state.meters.model_s > 0, timeout=LONG_MS)

    # Hover pooled pixel (4, 7): its tile is rows 9–11, columns 15–17 of the input.
    move_mouse(window.maps.pooled, 10, 16)
    pixel = Pixel(MapName.POOLED, 4, 7)
    qtbot.waitUntil(lambda: controller.state.hovered == pixel)
    trace = window.side.trace
    qtbot.waitUntil(lambda: "Pooled" in trace.headline)

    def outlined() -> None:
        seen = screenshot(qapp)
        feature, source = window.maps.feature, window.maps.input
        for y, x in edge_middles(9, 15, 11, 17):
            assert has_colour_near(seen, world_to_screen(feature, y, x), ORANGE)
        for y, x in edge_middles(8, 14, 12, 18):
            assert has_colour_near(seen, world_to_screen(source, y, x), SKY_BLUE)
        winner = winner_of(application, pixel)
        centre = world_to_screen(feature, winner[0] + 1.5, winner[1] + 1.5)
        assert has_colour_near(seen, centre, VERMILION)
        assert not has_colour_near(seen, world_to_screen(feature, 25, 25), ORANGE)

    qtbot.waitUntil(outlined, timeout=LONG_MS)

    # Pin it with a click, move the pin with a key.
    xdotool("click", 1)
    qtbot.waitUntil(lambda: controller.state.pinned == pixel)
    focus(window)
    xdotool("key", "Right")
    qtbot.waitUntil(lambda: controller.state.pinned == Pixel(MapName.POOLED, 4, 8))

    # Export the figure with the keyboard alone, and once more without being asked.
    xdotool("key", "ctrl+s")
    qtbot.waitUntil(lambda: bool(window.findChildren(ExportDialog)))
    dialog = window.findChildren(ExportDialog)[0]
    qtbot.waitUntil(dialog.isVisible)
    dialog.form.show_folder(str(tmp_path))
    focus(dialog)
    xdotool("key", "Return")
    qtbot.waitUntil(lambda: not window.findChildren(ExportDialog), timeout=LONG_MS)
    (path,) = tmp_path.glob("*.png")
    assert b"tEXtpoolviewer\0" in path.read_bytes()
    qtbot.waitUntil(lambda: str(path) in window.notice_bar.text)
    assert not QImage(str(path)).isNull()
    focus(window)
    xdotool("key", "ctrl+s")
    second = path.with_name(f"{path.stem}-2.png")
    qtbot.waitUntil(second.exists, timeout=LONG_MS)
    assert not window.findChildren(ExportDialog)

    # Quit with the keyboard.
    focus(window)
    xdotool("key", "ctrl+q")
    qtbot.waitUntil(lambda: not window.isVisible())


def winner_of(application: Application, pixel: Pixel) -> tuple[int, int]:
    """Find the winner in the window's numbers, independently of the trace."""
    state = application.controller.state
    assert state.rendering is not None
    maps = state.rendering.activations.feature_maps[:, :, state.channel]
    row, col = 2 * pixel.row, 2 * pixel.col
    best = int(maps[row : row + 2, col : col + 2].argmax())
    return row + best // 2, col + best % 2
