"""What the rooms of the house promise each other."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from poolviewer.core.chain_scene import ChainQuestion
from poolviewer.core.display import DisplaySpec
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import ExportPreview
from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import (
    Activations,
    Frame,
    PreparedInput,
    SourceInfo,
    SourceRequest,
    Versions,
)
from poolviewer.core.meters import Meters
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import Network, Problem
from poolviewer.core.pin_history import PinHistory
from poolviewer.core.recording import RecordingChoices, RecordingProgress, RecordingSpec
from poolviewer.core.rendering import Rendering
from poolviewer.core.timeline import Extent, Transport
from poolviewer.core.view_state import Notice, TraceScene


class FrameSource(Protocol):
    """A place that frames come from, opened and used by one thread only.

    Every failure is a `SourceError` whose message is one sentence for a person. After a failed
    `read` the source may be read again; a live source then connects anew.
    """

    @property
    def info(self) -> SourceInfo:
        """What a person is told about the source; complete once it is open."""

    @property
    def interval_s(self) -> float:
        """Seconds from one frame to the next at the source's own pace; 0 for live sources."""

    def open(self) -> None:
        """Open the file; a live source begins to connect, anew if need be, and returns at once."""

    def read(self) -> Frame | None:
        """Return the next frame; None where there is no further one (a picture has one).

        A video that loops starts again from its first frame after its last. A live source waits
        for its next frame, but not longer than a quarter of a second: None means that there is
        none yet.
        """

    def seek(self, index: int) -> None:
        """Make ``index`` (clipped to what exists) the next frame; live sources ignore it."""

    def close(self) -> None:
        """Let go of everything; called once, by the thread that opened."""


@runtime_checkable
class Film(FrameSource, Protocol):
    """A source of frames that can all be gone to, though the way may be long."""

    is_looping: bool

    @property
    def extent(self) -> Extent:
        """What is known of it so far."""

    def approach(self, limit_s: float) -> bool:
        """Go on towards the frame that was sought, for so long; whether `read` has it at once."""


SourceFactory = Callable[[SourceRequest], FrameSource]
Preparer = Callable[[Frame, InputSpec], PreparedInput]


class Engine(Protocol):
    """A network that runs; used by one thread only, but for `open_model`."""

    @property
    def versions(self) -> Versions:
        """Versions of the packages that make the numbers, and the device."""

    @property
    def is_building(self) -> bool:
        """Whether a model is being opened; `configure` would wait for its end."""

    def open_model(
        self,
        file: ModelFile,
        budget_bytes: int,
        report: Callable[[str], None],
        is_cancelled: Callable[[], bool],
    ) -> ModelInfo:
        """Load a model beside the present network, which goes on unless `configure` replaces it.

        May be called by a second thread, so that the first goes on with `run` meanwhile.

        What is going on is reported in words. Raises `NetworkError`, or `Cancelled` soon after
        ``is_cancelled`` turns true.
        """

    def use_device(self, wish: str) -> str:
        """Build for ``auto``, ``cpu`` or ``gpu:N`` from now on; return why it is another one."""

    def configure(self, network: Network, generation: int, budget_bytes: int) -> None:
        """Build a network; raises `NetworkError` and keeps the one before if that fails."""

    def run(self, frame: Frame, prepared: PreparedInput, *, has_steps: bool = False) -> Activations:
        """Run the network on one input that was prepared for its parameters.

        With steps, the maps of all layers on the way are kept too.
        """


EngineFactory = Callable[[], Engine]


class Recorder(Protocol):
    """A recording that is being written; created and used by one thread only.

    Every failure is an `ExportError`, after which nothing of the file is left.
    """

    @property
    def frames(self) -> int:
        """How many figures are in it."""

    @property
    def size_bytes(self) -> int:
        """How large the file is so far."""

    @property
    def is_full(self) -> bool:
        """Whether it must be finished now, because there is no room for more."""

    def add(self, request: object, time_s: float) -> None:
        """Draw and encode one figure, seen so many seconds after the start."""

    def finish(self, end_s: float) -> None:
        """Complete the file; its last picture stays until ``end_s``."""

    def abort(self) -> None:
        """Leave nothing."""


RecorderFactory = Callable[[RecordingSpec], Recorder]


class Views(Protocol):
    """The window: it shows what it is given and decides nothing."""

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show the maps of one frame, and one channel of them large."""

    def show_preview(self, frame: Frame, placement: Rect, extent: Rect) -> None:
        """Show a picture alone, placed in the world, while the network is not ready."""

    def show_trace(self, scene: TraceScene) -> None:
        """Show a trace in every view, or none."""

    def show_chain(self, question: ChainQuestion) -> None:
        """Show the chain behind the traced pixel, or none."""

    def show_history(self, history: PinHistory) -> None:
        """Show what became of the pinned pixel, frame by frame."""

    def show_network(self, network: Network, problems: tuple[Problem, ...]) -> None:
        """Show the network's parameters and what is wrong with them."""

    def show_layers(self, listed: ModelInfo | None, network: Network) -> None:
        """List the layers and stages of a network, and mark the stage in use if it is its own."""

    def show_model(self, model: ModelInfo | None) -> None:
        """Offer the model that is at hand, or none."""

    def show_recent_models(self, paths: tuple[str, ...]) -> None:
        """Offer the models that were opened before."""

    def ask_input_shape(self, file: ModelFile | None) -> None:
        """Ask for the input shape of a model that does not know its own, or stop asking."""

    def ask_model(self, network: ModelSpec) -> None:
        """Ask for the file of the model that a saved view names."""

    def show_display(self, display: DisplaySpec) -> None:
        """Show which colour map and levels are chosen, and mirror the maps or not."""

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        """Show where frames come from and whether they stand still."""

    def show_transport(self, transport: Transport) -> None:
        """Show where in its source the frame lies, and what can be gone to."""

    def show_phase(self, phase: str, *, can_cancel: bool) -> None:
        """Say what the window waits for; empty for nothing."""

    def show_notice(self, notice: Notice | None) -> None:
        """Show one sentence, or none."""

    def show_meters(self, meters: Meters, device: str) -> None:
        """Show how fast it goes, and on what."""

    def show_cameras(self, cameras: tuple[tuple[str, str], ...]) -> None:
        """Offer the cameras, each as ``(location, name)``."""

    def show_experiment(self, experiment: Experiment | None) -> None:
        """Show the settings of an experiment, or close the laboratory."""

    def show_recording(self, recording: RecordingProgress | None) -> None:
        """Show how far a recording has come, or that there is none."""

    def ask_export(self, choices: ExportChoices) -> None:
        """Ask what to export, beginning with what was chosen last."""

    def show_export_preview(self, preview: ExportPreview) -> None:
        """Show how the file would come out."""

    def end_export(self, sentence: str) -> None:
        """Close the dialog of exports, or say in it why there is no file."""

    def ask_animation(self, choices: RecordingChoices, count: int) -> None:
        """Ask how to animate a step-through of so many windows."""

    def ask_recording(self, choices: RecordingChoices) -> None:
        """Ask how to record, beginning with what was chosen last."""

    def copy_image(self, image: object) -> None:
        """Put a picture on the clipboard."""

    def copy_text(self, text: str) -> None:
        """Put text on the clipboard."""
