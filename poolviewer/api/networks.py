"""One engine for the process: what runs networks for those who call from Python."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from poolviewer.api.arguments import check_text
from poolviewer.core.budget import default_budget
from poolviewer.core.device import is_device_wish
from poolviewer.core.errors import ArgumentError, ArgumentTypeError, NetworkError
from poolviewer.core.input_spec import SHORT_NAMES
from poolviewer.core.laboratory.experiment import Finding
from poolviewer.core.messages import Activations, Frame, Versions
from poolviewer.core.model_choice import restored_network
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import PRESETS, Network, NetworkSpec
from poolviewer.core.placement import sized
from poolviewer.factories import create_engine, prepare
from poolviewer.inspecting import load_info
from poolviewer.known_models import KnownModels
from poolviewer.model.importing import be_guest

if TYPE_CHECKING:
    from poolviewer.model.engine import KerasEngine

# ruff: noqa: PLC0415 - TensorFlow is imported with the first network


class LivingModel(Protocol):
    """What is seen of a `keras.Model`, whose own types are not known here."""

    @property
    def name(self) -> str:
        """Its name."""

    def get_config(self) -> Any:  # noqa: ANN401
        """Return what its layers are."""


Model: TypeAlias = str | os.PathLike[str] | LivingModel | None
Rerun = Callable[[NDArray[np.float32]], Activations]
Inquire = Callable[[Activations, Rerun], Finding | None]


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is asked to run.

    Parameters
    ----------
    model
        None for the tutorial's network or a session's, the name of a preset, the path of a file,
        or a Keras model.
    pool, size, preprocess
        The stage, and the input, as in `ModelFile`.
    device
        ``auto``, ``cpu`` or ``gpu:N``.
    """

    model: object = None
    pool: str = ""
    size: tuple[int, ...] | None = None
    preprocess: str | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        if self.preprocess is not None and self.preprocess not in SHORT_NAMES:
            names = ", ".join(SHORT_NAMES)
            raise ArgumentError(f"There is no preprocessing {self.preprocess}: use {names}.")
        check_text(self.device, "device")
        if not is_device_wish(self.device):
            raise ArgumentError(f"There is no device {self.device}: use auto, cpu or gpu:0.")
        if self.size is not None and (len(self.size) not in (2, 3) or min(self.size) < 1):
            raise ArgumentError(f"{self.size} is no size: give (rows, columns), both 1 or more.")

    @property
    def is_living(self) -> bool:
        """Whether the model is in memory; Keras must have been imported to make one."""
        keras = sys.modules.get("keras")
        return keras is not None and isinstance(self.model, keras.Model)

    @property
    def path(self) -> str | None:
        """The path of the model's file, whole; None where no file is meant."""
        model = self.model
        if model is None or (isinstance(model, str) and model in PRESETS) or self.is_living:
            return None
        path = os.fspath(model) if isinstance(model, str | os.PathLike) else None
        if not isinstance(path, str):
            raise ArgumentTypeError(
                f"A model cannot be made of an object of type {type(model).__name__}: give None "
                "for the tutorial's network, a path, or a model of Keras 3."
            )
        return str(Path(path).absolute())


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The maps of one frame, with what made them.

    Parameters
    ----------
    notes
        What a person should know of the model and the device, one sentence each.
    """

    activations: Activations
    versions: Versions
    notes: tuple[str, ...] = ()
    finding: Finding | None = None


class Networks:
    """Runs one network at a time, for any thread; the last one stays, so that it runs at once.

    A model from a file is opened again when its file changed, and a model in memory is compiled
    again when its weights or its layers did.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._engine: KerasEngine | None = None
        self._present: object = None
        self._listed: tuple[object, ModelInfo] | None = None
        self._known = KnownModels("give the model, too.")

    def run(
        self,
        wish: Wish,
        frame: Frame,
        *,
        has_steps: bool = False,
        inquire: Inquire = lambda *_: None,
    ) -> Run:
        """Run the network that is wished on a frame; raises `PoolViewerError`.

        Parameters
        ----------
        has_steps
            Whether the maps of all layers on the way are wanted, too.
        inquire
            Makes an experiment on the maps, for which it may run the network again.
        """
        with self._lock:
            engine = self._ready_engine()
            from poolviewer.model.living import undisturbed

            with undisturbed():
                return self._run(engine, wish, frame, inquire, has_steps=has_steps)

    def _run(
        self, engine: "KerasEngine", wish: Wish, frame: Frame, inquire: Inquire, *, has_steps: bool
    ) -> Run:
        remark = engine.use_device(wish.device)
        network, notes = self._network(engine, wish, frame)
        network = sized(network, (frame.picture.shape[0], frame.picture.shape[1]))
        versions = engine.versions
        present = network, versions.device, id(wish.model) if wish.is_living else None
        if present != self._present:
            self._present = None
            engine.configure(network, 0, default_budget())
            self._present = present
        prepared = prepare(frame, network.input)
        activations = engine.run(frame, prepared, has_steps=has_steps)

        def rerun(values: NDArray[np.float32]) -> Activations:
            return engine.run(frame, replace(prepared, values=values), has_steps=has_steps)

        finding = inquire(activations, rerun)
        return Run(activations, versions, tuple(filter(None, (remark, *notes))), finding)

    def _network(
        self, engine: "KerasEngine", wish: Wish, frame: Frame
    ) -> tuple[Network, tuple[str, ...]]:
        """Return the network to run, and what a person should know of it."""
        session = frame.source.session
        saved = session.network if session else None
        path = wish.path
        if path is None and not wish.is_living:
            known = saved if wish.model is None else None
            if not isinstance(known, ModelSpec):
                return _without_file(wish, known), ()
            path = self._known.path_of(known)
        file = ModelFile(path or "", wish.pool, wish.size, wish.preprocess)
        info = self._info(engine, wish, file)
        return restored_network(info, file, saved), info.notes

    def _info(self, engine: "KerasEngine", wish: Wish, file: ModelFile) -> ModelInfo:
        """List a model, unless it is the very one that was listed last."""
        from poolviewer.model.living import digest_of, list_living

        if wish.is_living:
            digest = digest_of(wish.model)
            key: object = id(wish.model), digest
        else:
            key = _file_key(Path(file.path)), file.input_shape
        if self._listed is not None and self._listed[0] == key:
            return self._listed[1]
        self._listed = self._present = None
        if wish.is_living:
            opened = list_living(wish.model, digest, default_budget())
            engine.hold(opened)
            info = opened.info
        else:
            info = load_info(engine, file)
        self._listed = key, info
        return info

    def _ready_engine(self) -> "KerasEngine":
        if self._engine is None:
            _check_backend()
            be_guest()
            engine: Any = create_engine()
            self._engine = engine
        assert self._engine is not None  # noqa: S101
        return self._engine


NETWORKS = Networks()


def _without_file(wish: Wish, known: NetworkSpec | None) -> NetworkSpec:
    """Return a preset, or the network of a session that needs no file."""
    if wish.size or wish.preprocess:
        raise ArgumentError("Size and preprocess go with a model: give one, too.")
    network = known or PRESETS[str(wish.model or "tutorial")]
    if wish.pool not in ("", network.stage.name):
        raise NetworkError(f"There is no pooling layer {wish.pool}: choose {network.stage.name}.")
    return network


def _file_key(path: Path) -> object:
    """Return what changes when a file does; folders and what is missing are always looked at."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return object()
    is_file = path.is_file()
    return (str(path), found.st_ino, found.st_size, found.st_mtime_ns) if is_file else object()


def _check_backend() -> None:
    """Refuse a Keras that the process has, but on something else."""
    keras = sys.modules.get("keras")
    backend = keras.backend.backend() if keras else "tensorflow"
    if backend != "tensorflow":
        raise NetworkError(
            f"Keras runs on {backend} in this process, and PoolViewer needs TensorFlow: set "
            "KERAS_BACKEND to tensorflow before Keras is imported."
        )
