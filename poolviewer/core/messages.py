"""The immutable messages that cross threads; their arrays are read-only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.device import CPU, Device
from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.layer_graph import INPUT
from poolviewer.core.network import Network
from poolviewer.core.operations import Operation
from poolviewer.core.precision import Precision
from poolviewer.core.stage import Stage

if TYPE_CHECKING:
    from poolviewer.core.session import Session

SourceKind = Literal["picture", "folder", "video", "stream", "camera", "synthetic"]


@dataclass(frozen=True, slots=True, eq=False)
class SourceRequest:
    """A wish to see something.

    Parameters
    ----------
    location
        A path, a stream's URL, ``camera:N`` (see `poolviewer.core.camera_format`) or
        ``synthetic:``; for a pasted picture its name.
    picture
        A pasted picture, uint8 of shape (H, W, 3) in BGR order.
    """

    location: str
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a person is told about the source of a frame.

    Parameters
    ----------
    name
        Short name for the status bar and captions, such as a file's name without its folder.
    kind
        What it is; cameras, streams and synthetic sources are live.
    count
        Number of pictures or frames where it is known and can be trusted.
    remark
        What a camera delivers, and what it was asked for in vain.
    session
        The view that the source was saved from, to be restored; None for all others.
    """

    name: str
    kind: SourceKind
    count: int | None = None
    remark: str = ""
    session: "Session | None" = field(default=None, compare=False, repr=False)

    @property
    def is_live(self) -> bool:
        """Whether frames arrive on their own and those not taken are lost."""
        return self.kind in ("camera", "stream", "synthetic")

    @property
    def is_moving(self) -> bool:
        """Whether another frame follows without being asked for."""
        return self.is_live or self.kind == "video"


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """What a network received of a picture before, kept so that it gets the very same again.

    Parameters
    ----------
    spec
        How it was made of the picture.
    pixels, placement
        As in `PreparedInput`; its values follow from the pixels.
    """

    spec: InputSpec
    pixels: NDArray[np.uint8]
    placement: Rect


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from a source.

    Parameters
    ----------
    picture
        uint8 of shape (H, W, 3), BGR, read-only.
    source
        Where it came from.
    index
        Number of the frame or picture in its source, from 0.
    captured_s
        `time.perf_counter` when the frame had been read.
    generation
        Number of the source it came from; frames of an older source are dropped.
    name
        Name of this very picture (in a folder, the file's).
    received
        What is prepared of it for one kind of input, where that is known exactly.
    """

    picture: NDArray[np.uint8]
    source: SourceInfo
    index: int = 0
    captured_s: float = 0.0
    generation: int = 0
    name: str = ""
    received: Received | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PreparedInput:
    """A frame made ready for the network.

    Parameters
    ----------
    values
        float32 of shape (H, W, C), exactly what the network receives.
    pixels
        uint8 of shape (H, W, 3) or (H, W, 1), the same before scaling and before channels are
        repeated, for display.
    placement
        Where the whole picture lies in the world, in network-input pixels; the part outside
        ``[0, H) × [0, W)`` was cropped away.
    """

    values: NDArray[np.float32]
    pixels: NDArray[np.uint8]
    placement: Rect


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """All maps of one frame at one stage.

    Parameters
    ----------
    frame, prepared
        The picture and what the network received of it.
    network
        The network that ran, at the size that it ran at.
    stage
        Geometry of the pooling layer.
    feature_maps
        float32 (float64 where the network computes so) of shape (H, W, C): the tensor that enters
        the pooling layer.
    pooled_maps
        The same of shape (h, w, C): the tensor that leaves it.
    model_s
        Seconds that the network took.
    generation
        Number of the network's configuration; those of an older one are dropped.
    operations
        What each step of ``stage.graph`` does to numbers, in the same order; empty where that is
        not known.
    precisions
        In which format each of these steps computes: what it reads is rounded to it first, and
        its weights are given as they are then. Empty where operations are.
    step_maps
        What leaves each of these steps, of shape (H, W, C), channels last; None for a step
        whose output is no map. Empty unless it was asked for.
    is_short_of_memory
        Whether they were asked for, but would take more memory than may be used.
    """

    frame: Frame
    prepared: PreparedInput
    network: Network
    stage: Stage
    feature_maps: NDArray[np.floating]
    pooled_maps: NDArray[np.floating]
    model_s: float = 0.0
    generation: int = 0
    operations: tuple[Operation, ...] = ()
    precisions: tuple[Precision, ...] = ()
    step_maps: tuple[NDArray[np.floating] | None, ...] = ()
    is_short_of_memory: bool = False

    def map_of(self, step: int) -> NDArray[np.floating] | None:
        """Return what leaves a step of the graph, or the input for `INPUT`; None if not at hand.

        The last step's is the feature map.
        """
        if step == INPUT:
            return self.prepared.values
        if step == len(self.stage.graph.steps) - 1:
            return self.feature_maps
        return self.step_maps[step] if step < len(self.step_maps) else None

    @property
    def lacks_steps(self) -> bool:
        """Whether the maps of the layers on the way could be had, and are not here."""
        return len(self.operations) > 1 and not self.step_maps


@dataclass(frozen=True, slots=True)
class Failure:
    """Something went wrong: where, and one sentence for a person.

    Parameters
    ----------
    is_going_on
        Whether it was told before, and this only says how it goes on.
    """

    where: Literal["source", "network", "model", "export", "recording"]
    sentence: str
    generation: int = 0
    is_going_on: bool = False


@dataclass(frozen=True, slots=True)
class Versions:
    """What made the numbers: written into captions and metadata.

    Parameters
    ----------
    device
        Name of the device that runs the network.
    devices
        All that could.
    """

    packages: Mapping[str, str] = field(default_factory=dict)
    device: str = "CPU"
    devices: tuple[Device, ...] = (CPU,)


@dataclass(frozen=True, slots=True)
class CameraList:
    """The cameras that the system knows: ``(location, name)`` of each."""

    cameras: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FoundModel:
    """What a search for a model by the hash of its content came to; no path if it was in vain."""

    digest: str
    path: str | None
