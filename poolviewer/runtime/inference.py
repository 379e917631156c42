"""Run the network in a background thread and make its maps ready for the screen."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QThread, Signal, Slot

from poolviewer.core.device import AUTOMATIC
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.experiment import Finding, Inquiry, Subject, conducted
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Activations, Failure, Frame
from poolviewer.core.model_info import ModelFile
from poolviewer.core.network import Network
from poolviewer.core.placement import sized
from poolviewer.core.protocols import Engine, EngineFactory, Preparer
from poolviewer.core.rendering import Rendering, render
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.threads import Worker


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """A wish for a network; ``generation`` numbers the wishes."""

    network: Network
    generation: int
    budget_bytes: int


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A wish to open a model, or without a file, to call off the one before."""

    file: ModelFile | None
    generation: int
    budget_bytes: int


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The one-slot boxes between the threads: of each kind of message only the newest counts."""

    frames: Latest[Frame]
    previews: Latest[Frame]
    networks: Latest[NetworkRequest]
    openings: Latest[OpenRequest]
    displays: Latest[DisplaySpec]
    renderings: Latest[Rendering]
    channels: Latest[int] = field(default_factory=Latest)
    devices: Latest[str] = field(default_factory=Latest)
    inquiries: Latest[Inquiry] = field(default_factory=Latest)

    @classmethod
    def empty(cls) -> "Mailboxes":
        return cls(Latest(), Latest(), Latest(), Latest(), Latest(), Latest())


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

    engine_made = Signal(object)
    engine_ready = Signal(object)
    device_refused = Signal(str)
    ready = Signal()
    failed = Signal(object)
    recovered = Signal()

    def __init__(self, create_engine: EngineFactory, prepare: Preparer, boxes: Mailboxes) -> None:
        super().__init__()
        self._create_engine = create_engine
        self._prepare = prepare
        self._boxes = boxes
        self._engine: Engine | None = None
        self._request: NetworkRequest | None = None
        self._configured: Network | None = None
        self._display = DisplaySpec()
        self._frame: Frame | None = None
        self._activations: Activations | None = None
        self._rendering: Rendering | None = None
        self._channel = 0
        self._inquiry = Inquiry()
        self._told = ""
        self._is_owed = False

    def set_up(self) -> None:
        """Import TensorFlow and make the engine; takes seconds."""
        try:
            engine = self._create_engine()
            remark = engine.use_device(self._boxes.devices.take() or AUTOMATIC)
            versions = engine.versions
        except Exception as error:  # noqa: BLE001 - packages that do not fit raise anything
            self._fail(error, "TensorFlow cannot be loaded")
            return
        self._engine = engine
        self.engine_made.emit(engine)
        self.engine_ready.emit(versions)
        if remark:
            self.device_refused.emit(remark)

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
        # While a model opens, nothing else is built: the network goes on as it is.
        request = None if engine.is_building else self._boxes.networks.take()
        display = self._boxes.displays.take()
        frame = self._boxes.frames.take()
        self._display = display or self._display
        self._frame = frame or self._frame
        inquiry = self._boxes.inquiries.take()
        self._inquiry = inquiry or self._inquiry
        was_owed = self._is_owed
        is_other_device = self._change_device(engine)
        is_new_network = request is not None and self._configure(engine, request)
        is_new_run = frame is not None or is_new_network or is_other_device or self._is_owed
        lacked_steps = self._lacks_steps()
        if is_new_run or lacked_steps:
            self._run(engine)
        # They are refused while a model opens; the end of the opening is heard here, too.
        has_got_steps = lacked_steps and not self._lacks_steps()
        # A refused network too: what the one before it gave was dropped for its sake.
        is_new = frame is not None or request is not None or display is not None
        if is_new or is_other_device or was_owed or inquiry is not None or has_got_steps:
            self._render(engine)

    def _change_device(self, engine: Engine) -> bool:
        """Build the present network again if another device is wished for."""
        wish = None if engine.is_building else self._boxes.devices.take()
        if wish is None:
            return False
        remark = engine.use_device(wish)
        self._configured = None
        self.engine_ready.emit(engine.versions)
        if remark:
            self.device_refused.emit(remark)
        return True

    def _configure(self, engine: Engine, request: NetworkRequest) -> bool:
        try:
            self._fit(engine, request)
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self._fail(error, "This network cannot be built", request.generation)
            return False
        self._request = request
        return True

    def _fit(self, engine: Engine, request: NetworkRequest) -> Network:
        """Build a network at the size that the present picture asks for."""
        network = self._sized(request.network)
        if request is not self._request or network != self._configured:
            engine.configure(network, request.generation, request.budget_bytes)
            self._configured = network
        return network

    def _sized(self, network: Network) -> Network:
        if self._frame is None:
            return network
        rows, cols = self._frame.picture.shape[:2]
        return sized(network, (rows, cols))

    def _run(self, engine: Engine) -> None:
        """Run on the present frame; one of another size waits until no model is being opened."""
        if self._frame is None or self._request is None:
            return
        is_other = self._sized(self._request.network) != self._configured
        self._is_owed = is_other and engine.is_building
        if self._is_owed:
            return
        network = self._fit(engine, self._request)
        prepared = self._prepare(self._frame, network.input)
        self._activations = engine.run(self._frame, prepared, has_steps=self._inquiry.has_steps)
        if self._told:
            self._told = ""
            self.recovered.emit()

    def _lacks_steps(self) -> bool:
        """Whether the present frame must run again for the maps of all layers."""
        activations = self._activations
        return self._inquiry.has_steps and activations is not None and activations.lacks_steps

    def _render(self, engine: Engine) -> None:
        if self._activations is None:
            return
        channel = self._boxes.channels.take()
        self._channel = self._channel if channel is None else channel
        finding = self._find(engine, self._activations)
        shown = finding.altered if finding and finding.altered else self._activations
        rendering = self._rendering
        if (
            rendering is None
            or rendering.activations is not shown
            or rendering.display != self._display
            or channel is not None
        ):
            rendering = render(shown, self._display, rendering, self._channel)
        pristine = self._activations.prepared
        self._rendering = replace(rendering, finding=finding, pristine=pristine)
        if self._boxes.renderings.put(self._rendering):
            self.ready.emit()

    def _find(self, engine: Engine, activations: Activations) -> Finding | None:
        inquiry = self._inquiry
        channel = min(inquiry.channel, activations.stage.channels - 1)

        def rerun(values: NDArray[np.float32]) -> Activations:
            prepared = replace(activations.prepared, values=values)
            has_steps = bool(activations.step_maps)  # for the chain of what is shown instead
            return engine.run(activations.frame, prepared, has_steps=has_steps)

        return conducted(inquiry, Subject(activations, channel, inquiry.pixel, rerun))

    def _fail_to_run(self, error: Exception) -> None:
        """Say why a frame gave no maps, but not again while the same goes on failing."""
        sentence = sentence_of(error, "The network could not run on this picture")
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(Failure("network", sentence))

    def _fail(self, error: Exception, what: str, generation: int = 0) -> None:
        self.failed.emit(Failure("network", sentence_of(error, what), generation))
