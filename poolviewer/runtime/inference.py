"""Run the network in a background thread and make its maps ready for the screen."""

from dataclasses import dataclass

from PySide6.QtCore import QThread, Signal, Slot

from poolviewer.core.display import DisplaySpec
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Activations, Failure, Frame
from poolviewer.core.network import NetworkSpec
from poolviewer.core.protocols import Engine, EngineFactory, Preparer
from poolviewer.core.rendering import Rendering, render
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.threads import Worker


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """A wish for a network; ``generation`` numbers the wishes."""

    network: NetworkSpec
    generation: int


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The one-slot boxes between the threads: of each kind of message only the newest counts."""

    frames: Latest[Frame]
    previews: Latest[Frame]
    networks: Latest[NetworkRequest]
    displays: Latest[DisplaySpec]
    renderings: Latest[Rendering]

    @classmethod
    def empty(cls) -> "Mailboxes":
        return cls(Latest(), Latest(), Latest(), Latest(), Latest())


class InferenceWorker(Worker):
    """Takes the newest frame, network and display settings, and leaves the newest rendering.

    A frame stays at hand, so that another network or another colour map is shown at once on a
    picture or a frozen camera.

    Parameters
    ----------
    create_engine
        Makes the engine; runs in the worker's thread, where it imports TensorFlow.
    prepare
        Makes a frame ready for a network's input.
    boxes
        Where messages are taken from and left.
    """

    engine_ready = Signal(object)
    ready = Signal()
    failed = Signal(object)
    recovered = Signal()

    def __init__(self, create_engine: EngineFactory, prepare: Preparer, boxes: Mailboxes) -> None:
        super().__init__()
        self._create_engine = create_engine
        self._prepare = prepare
        self._boxes = boxes
        self._engine: Engine | None = None
        self._network: NetworkSpec | None = None
        self._display = DisplaySpec()
        self._frame: Frame | None = None
        self._activations: Activations | None = None
        self._rendering: Rendering | None = None
        self._told = ""

    def set_up(self) -> None:
        """Import TensorFlow and make the engine; takes seconds."""
        try:
            engine = self._create_engine()
            versions = engine.versions
        except Exception as error:  # noqa: BLE001 - packages that do not fit raise anything
            self._fail(error, "TensorFlow cannot be loaded")
            return
        self._engine = engine
        self.engine_ready.emit(versions)

    @Slot()
    def process(self) -> None:
        """Do what the newest messages ask for; one short step."""
        if self._engine is None or QThread.currentThread().isInterruptionRequested():
            return
        try:
            self._step(self._engine)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail_to_run(error)

    def _step(self, engine: Engine) -> None:
        request = self._boxes.networks.take()
        display = self._boxes.displays.take()
        frame = self._boxes.frames.take()
        self._display = display or self._display
        self._frame = frame or self._frame
        is_new_network = request is not None and self._configure(engine, request)
        if frame is not None or is_new_network:
            self._run(engine)
        # A refused network too: what the one before it gave was dropped for its sake.
        if frame is not None or request is not None or display is not None:
            self._render()

    def _configure(self, engine: Engine, request: NetworkRequest) -> bool:
        try:
            engine.configure(request.network, request.generation)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail(error, "This network cannot be built", request.generation)
            return False
        self._network = request.network
        return True

    def _run(self, engine: Engine) -> None:
        if self._frame is not None and self._network is not None:
            prepared = self._prepare(self._frame, self._network.input)
            self._activations = engine.run(self._frame, prepared)
            if self._told:
                self._told = ""
                self.recovered.emit()

    def _render(self) -> None:
        if self._activations is None:
            return
        self._rendering = render(self._activations, self._display, self._rendering)
        if self._boxes.renderings.put(self._rendering):
            self.ready.emit()

    def _fail_to_run(self, error: Exception) -> None:
        """Say why a frame gave no maps, but not again while the same goes on failing."""
        sentence = sentence_of(error, "The network could not run on this picture")
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(Failure("network", sentence))

    def _fail(self, error: Exception, what: str, generation: int = 0) -> None:
        self.failed.emit(Failure("network", sentence_of(error, what), generation))
