"""The real window and the real workers, driven step by step in one thread.

What the application does in three threads is done here one after the other, so that a whole frame
can be timed from its capture to its paint: the same source, workers, controller and window, wired
as in `poolviewer.app`, without the threads between them.
"""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import Frame
from poolviewer.core.network import Network
from poolviewer.core.rendering import Rendering
from poolviewer.core.view_state import ViewState
from poolviewer.drawing.palette import LIGHT
from poolviewer.factories import create_engine, prepare
from poolviewer.runtime.controller import Controller
from poolviewer.runtime.inference import InferenceWorker, Mailboxes
from poolviewer.sources.synthetic import SyntheticSource
from poolviewer.views.main_window import MainWindow
from poolviewer.views.theme import apply_theme

GENERATION = 1
SIZE = (1280, 800)
PATIENCE = 10_000


class PaintWatch(QObject):
    """Sees that each of some widgets is painted."""

    def __init__(self, widgets: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._widgets = widgets
        self._waiting: set[QObject] = set()
        for widget in widgets:
            widget.installEventFilter(self)

    def expect(self) -> None:
        """Begin to wait for a paint of every widget that can be seen."""
        self._waiting = {widget for widget in self._widgets if widget.isVisible()}

    def wait(self) -> None:
        """Handle events until all are painted, and all that follows from a paint."""
        for _ in range(PATIENCE):
            QApplication.processEvents()
            if not self._waiting:
                break
        else:
            raise AssertionError(f"not painted: {[w.objectName() for w in self._waiting]}")
        QApplication.processEvents()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._waiting.discard(watched)
        return False


class Rig:
    """A window with everything behind it but the threads."""

    def __init__(self, app: QApplication) -> None:
        apply_theme(app, LIGHT)
        self.boxes = Mailboxes.empty()
        self.window = MainWindow()
        self.window.resize(*SIZE)
        self.source = SyntheticSource("0")
        self.worker = InferenceWorker(create_engine, prepare, self.boxes)
        self.controller = Controller(self.window, self.boxes, ViewState())
        self.failures: list[object] = []
        self._watch = PaintWatch(painted_widgets(self.window))
        self._wire()

    def open(self) -> None:
        """Show the window, import TensorFlow and show the first maps."""
        self.window.show()
        self.controller.begin()
        self.worker.set_up()
        self.source.open()
        self.controller.on_source_opened(self.source.info, GENERATION)
        self.use(self.controller.state.network)

    def close(self) -> None:
        self.controller.metering.stop()
        self.window.close()
        self.source.close()

    def use(self, network: Network) -> None:
        """Build another network, and show maps until the gallery has told its size."""
        self.controller.networks.set_network(network)
        for _ in range(20):
            self.frame()
        assert not self.failures, self.failures

    def experiment(self, experiment: Experiment | None) -> None:
        """Open the laboratory, or close it, and show maps until everything has settled."""
        self.controller.laboratory.set_experiment(experiment)
        for _ in range(3):
            self.frame()
        finding = self.controller.state.finding
        assert (finding is None) == (experiment is None)
        assert finding is None or not finding.obstacle, finding.obstacle

    def capture(self) -> Frame:
        frame = self.source.read()
        assert frame is not None
        return replace(frame, generation=GENERATION)

    def frame(self) -> None:
        """Show one frame, from its capture to its paint."""
        self.boxes.frames.put(self.capture())
        self.worker.process()
        self.paint()

    def frame_on_screen(self) -> None:
        """Show one frame, and wait until the X server has drawn it, too."""
        self.frame()
        QGuiApplication.sync()

    def work(self) -> Rendering:
        """Do all of a frame but its paint."""
        self.boxes.frames.put(self.capture())
        self.worker.process()
        rendering = self.boxes.renderings.take()
        assert rendering is not None, self.failures
        return rendering

    def show(self, rendering: Rendering) -> None:
        """Hand maps to the window and wait for their paint."""
        self.boxes.renderings.put(rendering)
        self.paint()

    def paint(self) -> None:
        self._watch.expect()
        self.controller.on_rendering_ready()
        self._watch.wait()

    def _wire(self) -> None:
        window, controller, worker = self.window, self.controller, self.worker
        window.display_changed.connect(controller.set_display)
        window.frame_painted.connect(controller.metering.on_frame_painted)
        controller.work_requested.connect(worker.process)
        controller.networks.work_requested.connect(worker.process)
        worker.engine_ready.connect(controller.on_engine_ready)
        worker.failed.connect(self.failures.append)


def painted_widgets(window: MainWindow) -> tuple[QWidget, ...]:
    """Return the five widgets that every new frame repaints."""
    maps = (window.maps.input, window.maps.feature, window.maps.pooled)
    return (*(view.view.viewport() for view in maps), window.gallery.feature, window.gallery.pooled)
