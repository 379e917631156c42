"""The engine of a process and the networks that it runs, each opened and built once."""

import sys
from dataclasses import replace

from poolviewer.core.budget import default_budget
from poolviewer.core.device import AUTOMATIC
from poolviewer.core.errors import NetworkError, PoolViewerError
from poolviewer.core.messages import Activations, Frame, PreparedInput, Versions
from poolviewer.core.model_choice import chosen_network
from poolviewer.core.model_info import ModelInfo, ModelSpec
from poolviewer.core.network import PRESETS, Network, NetworkSpec
from poolviewer.core.placement import sized
from poolviewer.core.protocols import Engine
from poolviewer.core.session import Session
from poolviewer.core.text import printable
from poolviewer.core.view_wish import ViewWish
from poolviewer.factories import create_engine, prepare
from poolviewer.headless import tell_notes
from poolviewer.inspecting import load_info


class UnfitBatchError(PoolViewerError):
    """What no file of the batch can do without is missing: there is no use in going on."""


class Networks:
    """Finds the network for each frame and runs it; TensorFlow is loaded for the first.

    Parameters
    ----------
    view
        The model, its stage and its input, and the device.
    """

    def __init__(self, view: ViewWish) -> None:
        self._view = view
        self._made: Engine | None = None
        self._chosen: tuple[ModelInfo, ModelSpec] | None = None
        self._built: Network | None = None

    @property
    def versions(self) -> Versions:
        return self._engine().versions

    def network_for(self, frame: Frame) -> Network:
        """Return the network that a frame goes through, at the frame's size.

        Raises
        ------
        NetworkError
            There is no such stage, or the model of a saved view is not at hand.
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
        if self._view.model is not None:
            info, chosen = self._model()
            own = session.network if session else None
            return chosen if own is None else self._restored(own, info, chosen)
        network = session.network if session else PRESETS["tutorial"]
        if isinstance(network, ModelSpec):
            raise NetworkError(
                f"It was made with the model {printable(network.name)}, which is not at hand: "
                "give its file with --model."
            )
        _check_stage(network, self._view.stage)
        return network

    def _restored(self, own: Network, info: ModelInfo, chosen: ModelSpec) -> Network:
        """Return a saved view's own network where it is of the model that was given."""
        if not isinstance(own, ModelSpec) or own.digest != info.digest:
            return chosen
        stage = chosen.stage if self._view.stage else own.stage
        is_same_input = self._view.size is None and self._view.preprocessing is None
        return replace(own, stage=stage, input=own.input if is_same_input else chosen.input)

    def _model(self) -> tuple[ModelInfo, ModelSpec]:
        file = self._view.model_file
        if self._chosen is None and file is not None:
            engine = self._engine()
            try:
                info = load_info(engine, file)
                self._chosen = info, chosen_network(info, file)
            except NetworkError as error:
                raise UnfitBatchError(str(error)) from error
            tell_notes(info)
        assert self._chosen is not None  # noqa: S101 - asked for only with a model
        return self._chosen

    def _engine(self) -> Engine:
        if self._made is None:
            try:
                self._made = create_engine()
            except NetworkError as error:
                raise UnfitBatchError(str(error)) from error
            remark = self._made.use_device(self._view.device or AUTOMATIC)
            if remark:
                sys.stderr.write(f"poolviewer: {remark}\n")
        return self._made


def _check_stage(network: Network, wish: str) -> None:
    if isinstance(network, NetworkSpec) and wish not in ("", network.stage.name):
        raise NetworkError(f"There is no pooling layer {wish}: choose {network.stage.name}.")
