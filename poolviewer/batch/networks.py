"""The engine of a process and the networks that it runs, each opened and built once."""

from collections.abc import Callable

from poolviewer.core.budget import default_budget
from poolviewer.core.device import AUTOMATIC
from poolviewer.core.errors import NetworkError, PoolViewerError
from poolviewer.core.messages import Activations, Frame, PreparedInput, Versions
from poolviewer.core.model_choice import chosen_network, restored_network
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import PRESETS, Network, NetworkSpec
from poolviewer.core.placement import sized
from poolviewer.core.protocols import Engine
from poolviewer.core.session import Session
from poolviewer.core.view_wish import ViewWish
from poolviewer.factories import create_engine, prepare
from poolviewer.headless import tell
from poolviewer.inspecting import load_info
from poolviewer.known_models import KnownModels

Note = Callable[[str], None]


class UnfitBatchError(PoolViewerError):
    """What no file of the batch can do without is missing: there is no use in going on."""


class Networks:
    """Finds the network for each frame and runs it; TensorFlow is loaded for the first.

    Parameters
    ----------
    view
        The model, its stage and its input, and the device.
    note
        Takes what a person should know, such as that pictures are made grey for the model.
    """

    def __init__(self, view: ViewWish, note: Note = tell) -> None:
        self._view, self._tell = view, note
        self._made: Engine | None = None
        self._known = KnownModels("give its file with --model.")
        self._info: ModelInfo | None = None
        self._built: Network | None = None

    @property
    def versions(self) -> Versions:
        return self._engine().versions

    def network_for(self, frame: Frame) -> Network:
        """Return the network that a frame goes through, at the frame's size.

        Raises
        ------
        NetworkError
            There is no such stage, or the model of a saved view is not found.
        UnfitBatchError
            The model cannot be opened.
        """
        network = self._network(frame.source.session)
        return sized(network, (frame.picture.shape[0], frame.picture.shape[1]))

    def run(self, frame: Frame, network: Network, *, has_steps: bool) -> Activations:
        """Run a network on a frame; it is built anew only where it is another than before."""
        engine = self._engine()
        if network != self._built:
            engine.configure(network, 0, default_budget())
            self._built = network
        return engine.run(frame, prepare(frame, network.input), has_steps=has_steps)

    def rerun(self, frame: Frame, prepared: PreparedInput, *, has_steps: bool) -> Activations:
        """Run the network of the last run on other values."""
        return self._engine().run(frame, prepared, has_steps=has_steps)

    def _network(self, session: Session | None) -> Network:
        own = session.network if session else None
        file = self._view.model_file
        if file is not None:
            return restored_network(self._given(file), file, own)
        if not isinstance(own, ModelSpec):
            network = own or PRESETS["tutorial"]
            _check_stage(network, self._view.stage)
            return network
        file = ModelFile(self._known.path_of(own), self._view.stage)
        return restored_network(self._listed_of(own, file), file, own)

    def _given(self, file: ModelFile) -> ModelInfo:
        """List the model that was asked for, without which no file can be made."""
        if self._info is None:
            try:
                self._info = self._loaded(file)
                chosen_network(self._info, file)
            except NetworkError as error:
                raise UnfitBatchError(str(error)) from error
        return self._info

    def _listed_of(self, saved: ModelSpec, file: ModelFile) -> ModelInfo:
        """List the model of a saved view, unless it is the one of the view before."""
        if self._info is None or self._info.digest != saved.digest:
            self._info = None
            self._info = self._loaded(file)
        return self._info

    def _loaded(self, file: ModelFile) -> ModelInfo:
        info = load_info(self._engine(), file)
        for note in info.notes:
            self._tell(note)
        return info

    def _engine(self) -> Engine:
        if self._made is None:
            try:
                self._made = create_engine()
            except NetworkError as error:
                raise UnfitBatchError(str(error)) from error
            remark = self._made.use_device(self._view.device or AUTOMATIC)
            if remark:
                self._tell(remark)
        return self._made


def _check_stage(network: Network, wish: str) -> None:
    if isinstance(network, NetworkSpec) and wish not in ("", network.stage.name):
        raise NetworkError(f"There is no pooling layer {wish}: choose {network.stage.name}.")
