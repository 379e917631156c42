"""A mouse that goes to and fro over the pooled map, and the time until that is seen."""

from time import perf_counter

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.geometry import MapGeometry
from poolviewer.runtime.controller import Controller
from poolviewer.views.main_window import MainWindow

INTERVAL_MS = 37  # shares no rhythm with frames
PATIENCE_S = 1.0


class Pointer(QObject):
    """Sends real mouse events to the window's own `QWindow` and times the painted highlight.

    A move counts once another pixel is hovered than before and the map has been painted with it.

    Parameters
    ----------
    window, controller
        The application's.
    """

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__()
        self._window = window
        self._controller = controller
        self._times: list[float] = []
        self._turn = 0
        self._is_waiting = False
        self._before: Pixel | None = None
        self._sent_s = 0.0
        self._has_painted = False
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        window.maps.pooled.view.painted.connect(self._on_map_painted)
        window.paints.updated.connect(self._on_window_updated)

    def start(self, times: list[float]) -> None:
        """Move from now on, and leave the seconds from each move to its highlight in a list."""
        self._times = times
        self._is_waiting = False
        self._timer.start()

    def stop(self) -> None:
        """Move no more."""
        self._timer.stop()
        self._is_waiting = False

    @Slot()
    def _on_timer_timeout(self) -> None:
        state = self._controller.state
        if state.rendering is None or (self._is_waiting and not self._is_lost()):
            return
        self._turn += 1
        event = self._move_over(state.rendering.activations.stage.pooled_geometry)
        self._is_waiting, self._has_painted, self._before = True, False, state.hovered
        self._sent_s = perf_counter()
        QCoreApplication.sendEvent(self._window.windowHandle(), event)

    @Slot()
    def _on_map_painted(self) -> None:
        self._has_painted = True

    @Slot()
    def _on_window_updated(self) -> None:
        hovered = self._controller.state.hovered
        is_shown = hovered is not None and hovered != self._before
        if self._is_waiting and is_shown and self._has_painted:
            self._times.append(perf_counter() - self._sent_s)
            self._is_waiting = False

    def _is_lost(self) -> bool:
        """Whether a move has led to nothing, such as when a real mouse came between."""
        return perf_counter() - self._sent_s > PATIENCE_S

    def _move_over(self, geometry: MapGeometry) -> QMouseEvent:
        pixel = _pixel_of(geometry, self._turn)
        y, x = geometry.tile(pixel.row, pixel.col).centre
        pooled = self._window.maps.pooled
        point = pooled.world_to_widget(y, x)
        place = QPointF(pooled.view.mapTo(self._window, point.toPoint()))
        screen = self._window.mapToGlobal(place)
        no_button = Qt.MouseButton.NoButton
        return QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            screen,
            no_button,
            no_button,
            Qt.KeyboardModifier.NoModifier,
        )


def _pixel_of(geometry: MapGeometry, turn: int) -> Pixel:
    """Return one of two pixels, a third and two thirds along the map's diagonal."""
    rows, cols = geometry.shape
    third = 1 + turn % 2
    return Pixel(MapName.POOLED, rows * third // 3, cols * third // 3)
