"""How long the interface thread paints: a frame, a hover, and bare pyqtgraph images beside them.

Everything drives real widgets that are on the screen. Figures of one process can be compared with
each other; interleave what is compared, because the machine's speed drifts.
"""

import os
from collections.abc import Callable, Sequence
from itertools import cycle
from time import perf_counter

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.rendering import Rendering
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.store import Store
from poolviewer.views.main_window import MainWindow
from poolviewer.views.map_view import MapView

SIZE = 1280, 800
PATIENCE_S = 10.0


class PaintWatch(QObject):
    """Counts and times what Qt paints in one window: all its dirty widgets in one event."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.count = 0
        self.seconds = 0.0
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        start = perf_counter()
        self._window.event(event)
        self.seconds += perf_counter() - start
        self.count += 1
        return True


class LiveWindow(QObject):
    """The window with its state, as the controller holds it, without the threads."""

    def __init__(self) -> None:
        super().__init__()
        self.window = MainWindow()
        self.window.resize(*SIZE)
        self.store = Store(self.window, ViewState())
        self.watch = PaintWatch(self.window)
        self.window.pixel_hovered.connect(self.hover)
        show(self.window)

    @Slot(object)
    def hover(self, pixel: Pixel | None) -> None:
        self.store.update(hovered=pixel)

    def show_rendering(self, rendering: Rendering) -> None:
        self.store.update(rendering=rendering)

    def view_of(self, name: MapName) -> MapView:
        maps = self.window.maps
        views = {
            MapName.INPUT: maps.input,
            MapName.FEATURE: maps.feature,
            MapName.POOLED: maps.pooled,
        }
        return views[name]

    def place_of(self, pixel: Pixel) -> QPoint:
        """Return where the middle of a pixel is seen, in its view's viewport."""
        rendering = self.store.state.rendering
        assert rendering is not None
        tile = geometry_of(rendering.activations.stage, pixel.map_name).tile(pixel.row, pixel.col)
        return self.view_of(pixel.map_name).world_to_widget(*tile.centre).toPoint()


class BareImages(QObject):
    """Five pyqtgraph images in five views of one window."""

    def __init__(self, count: int = 5) -> None:
        super().__init__()
        self.window = QWidget()
        self.window.resize(*SIZE)
        grid = QGridLayout(self.window)
        self.items = []
        for number in range(count):
            view, box, item = pg.GraphicsView(), pg.ViewBox(lockAspect=True), pg.ImageItem()
            box.addItem(item)
            view.setCentralItem(box)
            item.setLookupTable(np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1))
            view.setFixedSize(304, 304)
            grid.addWidget(view, number // 3, number % 3)
            self.items.append(item)
        self.watch = PaintWatch(self.window)
        show(self.window)

    def show_images(self, images: Sequence[np.ndarray]) -> None:
        for item, image in zip(self.items, images, strict=True):
            item.setImage(image, levels=(-3, 3))


def paint_without_idle_time() -> None:
    """Let Qt paint at once in this process; to be called before the first window is shown.

    Qt waits up to 5 ms, idle, for more changes. Only the bare images would have to wait: the
    application paints what it was told without that.
    """
    os.environ["QT_QPA_UPDATE_IDLE_TIME"] = "0"


def show(window: QWidget) -> None:
    """Show a window and wait until everything in it has settled."""
    window.show()
    settle(0.3)


def settle(seconds: float = 0.05) -> None:
    """Let put-off work end, so that it does not count for what is measured next."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        QApplication.processEvents()


def until_painted(watch: PaintWatch, act: Callable[[], None]) -> float:
    """Return the milliseconds from the beginning of an action to the end of its paint."""
    count, start = watch.count, perf_counter()
    act()
    while watch.count == count:
        QApplication.processEvents()
        if perf_counter() - start > PATIENCE_S:
            raise TimeoutError("Nothing was painted.")
    return (perf_counter() - start) * 1000


def paint_frame_ms(live: LiveWindow, renderings: Sequence[Rendering], count: int) -> list[float]:
    """Return the milliseconds that each of some frames took to be shown and painted."""
    times = []
    shown = live.store.state.rendering
    first = next((i + 1 for i, one in enumerate(renderings) if one is shown), 0)
    for number in range(first, first + count):
        rendering = renderings[number % len(renderings)]

        def act(rendering: Rendering = rendering) -> None:
            live.show_rendering(rendering)

        times.append(until_painted(live.watch, act))
        settle(0.004)
    return times


def bare_image_items_ms(
    bare: BareImages, images: Sequence[Sequence[np.ndarray]], count: int
) -> list[float]:
    """Return the milliseconds that each update of the bare images took, painted."""
    times = []
    for number in range(count):
        chosen = images[number % len(images)]

        def act(chosen: Sequence[np.ndarray] = chosen) -> None:
            bare.show_images(chosen)

        times.append(until_painted(bare.watch, act))
        settle(0.004)
    return times


def move_mouse(widget: QWidget, place: QPoint) -> None:
    """Send one real mouse event."""
    position = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        position,
        QPointF(widget.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def hover_ms(live: LiveWindow, pixels: Sequence[Pixel]) -> list[float]:
    """Return the milliseconds from each mouse event to the paint that shows its outlines.

    Pixels that follow each other must lie at different places of the screen.
    """
    times = []
    for pixel in pixels:
        times.append(until_painted(live.watch, mover(live, pixel)))
        settle(0.004)
    return times


def live_hover_ms(
    live: LiveWindow, renderings: Sequence[Rendering], pixels: Sequence[Pixel], fps: float = 60
) -> list[float]:
    """Return the same while frames come, from when each mouse event was due.

    What an event waits for a frame that is just being painted counts.
    """
    coming = cycle(renderings)
    frames = QTimer(interval=round(1000 / fps), timerType=Qt.TimerType.PreciseTimer)
    frames.timeout.connect(lambda: live.show_rendering(next(coming)))
    frames.start()
    times = []
    for number, pixel in enumerate(pixels):
        move, due = mover(live, pixel), perf_counter() + 0.015 + 0.0037 * (number % 5)
        while perf_counter() < due:
            QApplication.processEvents()
        until_painted(live.watch, move)
        times.append((perf_counter() - due) * 1000)
    frames.stop()
    return times


def mover(live: LiveWindow, pixel: Pixel) -> Callable[[], None]:
    """Return what moves the mouse to a pixel."""
    viewport = live.view_of(pixel.map_name).view.viewport()
    place = live.place_of(pixel)
    return lambda: move_mouse(viewport, place)
