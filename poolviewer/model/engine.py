"""Run networks on frames: the tutorial's, and models from files."""

import gc
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import tensorflow as tf

from poolviewer.core.device import AUTOMATIC, chosen_device
from poolviewer.core.errors import Cancelled, NetworkError
from poolviewer.core.messages import Activations, Frame, PreparedInput, Versions
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import MAX_BYTES, Network, NetworkSpec
from poolviewer.core.stage import Stage
from poolviewer.model.devices import path_of, present_devices, trouble
from poolviewer.model.gate import admit
from poolviewer.model.opened import OpenedModel, describe_model, load_model
from poolviewer.model.picture_input import PictureInput
from poolviewer.model.runner import Runner
from poolviewer.model.tutorial import build_model

_PACKAGES = ("tensorflow", "keras", "numpy")


class KerasEngine:
    """Runs one network at a time; used by one thread only, but for `open_model`.

    Nothing else is built while a model opens: loading draws seeds and watches all layers' calls.
    The model that was opened last stays loaded, so that going back to it is instant.
    """

    def __init__(self) -> None:
        self._building = Lock()
        self._candidate: OpenedModel | None = None
        self._model: OpenedModel | None = None
        self._network: Network = NetworkSpec()
        self._stage: Stage | None = None
        self._runner: Runner | None = None
        self._generation = 0
        self._devices = present_devices()
        self._device, _ = chosen_device(AUTOMATIC, self._devices)

    @property
    def versions(self) -> Versions:
        """Versions of the packages that make the numbers, and the device that runs them."""
        packages = {name: version(name) for name in _PACKAGES}
        return Versions(packages, self._device.name, self._devices)

    def use_device(self, wish: str) -> str:
        """Build networks for a device from now on; return a sentence where it is another one."""
        self._device, remark = chosen_device(wish, self._devices)
        return remark or trouble()

    @property
    def is_building(self) -> bool:
        return self._building.locked()

    def open_model(
        self,
        file: ModelFile,
        budget_bytes: int,
        report: Callable[[str], None],
        is_cancelled: Callable[[], bool],
    ) -> ModelInfo:
        """Check, load and list a model, while the present network stays as it is.

        Raises
        ------
        NetworkError
            If the file is refused or could not be checked.
        Cancelled
            Soon after ``is_cancelled`` turned true.
        """
        with self._building:
            opened = open_model(file, budget_bytes, report, is_cancelled)
        self._candidate = opened
        return opened.info

    def hold(self, opened: OpenedModel) -> None:
        """Take a model that was listed elsewhere, to be configured next."""
        self._candidate = opened

    def configure(self, network: Network, generation: int, budget_bytes: int) -> None:
        """Build a network and run it once, so that the first frame does not pay for it.

        Raises
        ------
        NetworkError
            If the network cannot be built; the one before is kept.
        """
        before = self._model
        with self._building:
            runner, stage = self._built(network, budget_bytes)
        self._network, self._stage, self._generation = network, stage, generation
        self._runner = runner
        if before is not None and before is not self._model:
            del before
            gc.collect()  # a model is full of cycles, and nobody else collects old objects

    def run(self, frame: Frame, prepared: PreparedInput, *, has_steps: bool = False) -> Activations:
        """Run the network on one input that was prepared for its parameters.

        Raises
        ------
        NetworkError
            If no network has been configured.
        """
        runner = self._runner
        if runner is None or self._stage is None:
            raise NetworkError("No network has been built yet: choose one first.")
        return runner.run(
            frame,
            prepared,
            self._network,
            self._stage,
            self._generation,
            has_steps=has_steps and self._gives_steps(runner),
        )

    def _gives_steps(self, runner: Runner) -> bool:
        """Whether the maps of all layers can be had now: they are compiled when first wanted.

        Not while a model opens, because both watch the calls of all layers.
        """
        if runner.is_traced_with_steps:
            return True
        if not self._building.acquire(blocking=False):
            return False
        try:
            runner.trace_steps()
        finally:
            self._building.release()
        return True

    def _built(self, network: Network, budget_bytes: int) -> tuple[Runner, Stage]:
        device = path_of(self._device)
        if isinstance(network, NetworkSpec):
            return _tutorial(network, device)
        opened = self._held(network)
        built = opened.prepare(network, budget_bytes, device)
        if opened is self._candidate:
            self._candidate = None  # else it is still to come: another stage was wished for first
        self._model = opened
        return built

    def _held(self, network: ModelSpec) -> OpenedModel:
        for opened in (self._candidate, self._model):
            if opened is not None and opened.info.digest == network.digest:
                return opened
        raise NetworkError(f"{network.name} is not open any more: open it again.")


def open_model(
    file: ModelFile,
    budget_bytes: int,
    report: Callable[[str], None] = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> OpenedModel:
    """Check, load and list a model; raises `NetworkError` or `Cancelled`."""
    with admit(Path(file.path), budget_bytes, is_cancelled) as admitted:
        report(f"Opening {admitted.name}: loading its weights")
        model = load_model(admitted, budget_bytes, is_cancelled)
    if is_cancelled():
        raise Cancelled

    def on_call(count: int) -> None:
        if is_cancelled():
            raise Cancelled
        if count % 10 == 0:
            report(f"Opening {admitted.name}: layer {count}")

    base = ModelInfo(admitted.name, admitted.digest, notes=admitted.notes)
    return describe_model(model, base, budget_bytes, input_shape=file.input_shape, on_call=on_call)


def _tutorial(network: NetworkSpec, device: str) -> tuple[Runner, Stage]:
    picture = PictureInput(*network.input.shape)
    stage = network.stage
    with tf.device(device):  # its weights too
        model = build_model(network)
    runner = Runner(model, stage.name, picture, network.input.shape, device=device)
    runner.warm_up()
    runner.follow(stage, MAX_BYTES)
    return runner, stage
