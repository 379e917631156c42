"""A session as JSON, judged by its schema before anything in it is used."""

from base64 import b64decode, b64encode
from zlib import compress, decompressobj

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from poolviewer import __version__
from poolviewer.core.annotation import Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.errors import SessionRefused
from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.laboratory.stepping import Stepping
from poolviewer.core.messages import Received, SourceKind
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import NetworkSpec
from poolviewer.core.session import Session

VERSION = 1
MOST_BYTES = 64 * 2**20  # of the text
MOST_PIXEL_BYTES = 64 * 2**20  # of one picture
EXPERIMENTS: dict[str, type[Experiment]] = {
    "lost": Lost,
    "compare": Compare,
    "shift": Shift,
    "stepping": Stepping,
    "gradient": Backpropagation,
    "poke": Poke,
    "predict": Predict,
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PixelsPart(_Part):
    """An array of bytes: its shape, and its zlib-compressed content as base64."""

    shape: tuple[int, int, int]
    zlib: str


class SourcePart(_Part):
    name: str
    kind: SourceKind
    frame: int
    picture: str


class ReceivedPart(_Part):
    input: InputSpec
    pixels: PixelsPart
    placement: Rect


class ExperimentPart(_Part):
    mode: str
    settings: dict[str, object]


class Document(_Part):
    """The whole of it."""

    poolview: int
    poolviewer: str
    source: SourcePart
    picture: PixelsPart
    received: ReceivedPart
    preset: NetworkSpec | None
    model: ModelSpec | None
    channel: int
    pin: Pixel | None
    display: DisplaySpec
    experiment: ExperimentPart | None


def encode(session: Session) -> bytes:
    """Write a session as UTF-8 JSON."""
    network, experiment = session.network, session.experiment
    part = None
    if experiment is not None:
        settings = TypeAdapter(type(experiment)).dump_python(experiment, mode="json")
        part = ExperimentPart(mode=experiment.mode, settings=settings)
    document = Document(
        poolview=VERSION,
        poolviewer=__version__,
        source=SourcePart(
            name=session.source, kind=session.kind, frame=session.index, picture=session.name
        ),
        picture=_packed(session.picture),
        received=ReceivedPart(
            input=session.received.spec,
            pixels=_packed(session.received.pixels),
            placement=session.received.placement,
        ),
        preset=network if isinstance(network, NetworkSpec) else None,
        model=network if isinstance(network, ModelSpec) else None,
        channel=session.channel,
        pin=session.pin,
        display=session.display,
        experiment=part,
    )
    return document.model_dump_json().encode()


def decode(data: bytes, name: str) -> Session:
    """Read a session that was written by `encode`, by a stranger perhaps.

    Parameters
    ----------
    name
        Of the file, for the sentence.

    Raises
    ------
    SessionRefused
        It is damaged, too large, or of another version.
    """
    try:
        document = Document.model_validate_json(data)
    except ValidationError as error:
        raise SessionRefused(f"{name} holds no sound session: save it again.") from error
    network = document.preset or document.model
    if network is None:
        raise SessionRefused(f"{name} names no network.")
    experiment: Experiment | None = None
    if document.experiment is not None:
        kind = EXPERIMENTS[document.experiment.mode]
        experiment = TypeAdapter(kind).validate_python(document.experiment.settings)
    source, received = document.source, document.received
    return Session(
        source=source.name,
        kind=source.kind,
        picture=_unpacked(document.picture),
        received=Received(received.input, _unpacked(received.pixels), received.placement),
        network=network,
        index=source.frame,
        name=source.picture,
        channel=document.channel,
        pin=document.pin,
        display=document.display,
        experiment=experiment,
    )


def _packed(pixels: NDArray[np.uint8]) -> PixelsPart:
    rows, cols, channels = pixels.shape
    data = compress(np.ascontiguousarray(pixels).tobytes())
    return PixelsPart(shape=(rows, cols, channels), zlib=b64encode(data).decode("ascii"))


def _unpacked(part: PixelsPart) -> NDArray[np.uint8]:
    size = part.shape[0] * part.shape[1] * part.shape[2]
    data = decompressobj().decompress(b64decode(part.zlib), size + 1)
    return np.frombuffer(data, np.uint8).reshape(part.shape)
