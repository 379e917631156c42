"""A session as JSON, judged by its schema before anything in it is used.

The text is one object; every number and every text in it is bounded (`poolviewer.sessions.parts`),
nothing stands in it twice, nothing that is not listed here, and nothing names code or a path::

    poolview    1: the version of this format; it comes first
    poolviewer  the version of the program that wrote it, for people
    source      name, kind, frame (its number), picture (its name): words only
    picture     shape [H, W, 3], zlib: BGR bytes, at most 1 megapixel; see below
    received    pixels (shape and zlib, as above) and placement of what the network received
    preset      the tutorial's network by all its parameters, or null
    model       name, digest (SHA-256 of its content), stage, input …, or null
    channel     from 0
    pin         map_name ("input", "feature" or "pooled"), row, col, or null
    display     colour map, levels, mirror, order, place and room of the gallery
    experiment  mode and settings of the laboratory (`poolviewer.sessions.experiments`), or null

Exactly one of preset and model is given. ``zlib`` is base64 of deflated bytes: each row of pixels
less the row above it, modulo 256. A mode that is not known here is left out, with a note.
"""

import json
from typing import Annotated, Any

from pydantic import Field, JsonValue, ValidationError

from poolviewer import __version__
from poolviewer.core.annotation import geometry_of
from poolviewer.core.errors import ExportError, SessionRefused
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import Received
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import NetworkSpec
from poolviewer.core.session import MOST_PICTURE_PIXELS, Session
from poolviewer.core.text import printable
from poolviewer.sessions.experiments import PARTS, settings_of
from poolviewer.sessions.first_look import UnsoundTextError, outline
from poolviewer.sessions.parts import (
    MOST_NAME,
    DisplayPart,
    Index,
    ModelPart,
    Name,
    Part,
    PixelPart,
    PixelsPart,
    PresetPart,
    RectPart,
    SourcePart,
    pixels_shape,
)

VERSION = 1
LATEST_VERSION = 10**6  # no program will ever have written more


class ReceivedPart(Part):
    """What the network received: its kind is the network's."""

    pixels: PixelsPart
    placement: RectPart


class ExperimentPart(Part):
    """A mode of the laboratory; its settings are judged by its own part."""

    mode: Annotated[str, Field(pattern="^[a-z_-]{1,32}$")]
    settings: dict[str, JsonValue]


class Document(Part):
    """The whole of it."""

    poolview: Annotated[int, Field(ge=VERSION, le=VERSION)]
    poolviewer: Name
    source: SourcePart
    picture: PixelsPart
    received: ReceivedPart
    preset: PresetPart | None
    model: ModelPart | None
    channel: Index
    pin: PixelPart | None
    display: DisplayPart
    experiment: ExperimentPart | None

    @property
    def network(self) -> NetworkSpec | ModelSpec:
        """The one network that is given; raises `ValueError` for none or two."""
        given = [part for part in (self.preset, self.model) if part is not None]
        if len(given) != 1:
            raise ValueError("one network is needed")
        network: NetworkSpec | ModelSpec = given[0].core()
        return network


def encode(session: Session) -> bytes:
    """Write a session as UTF-8 JSON.

    Raises
    ------
    ExportError
        It holds what no session may hold, such as an input of more than 16 megapixels.
    """
    try:
        return _document(session).model_dump_json().encode()
    except ValueError as error:
        raise ExportError(
            "This view is too large to be kept for opening again: save a plain picture or the "
            "numbers instead."
        ) from error


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
        _check_version(outline(data), name)
        document = Document.model_validate_json(data)
        _check(document)
        return _session(document)
    except (ValidationError, UnsoundTextError, ValueError, RecursionError) as error:
        raise SessionRefused(
            f"{name} carries a saved view that is damaged: save it again."
        ) from error


def _check_version(found: dict[str, Any], name: str) -> None:
    version = found.get("poolview")
    if type(version) is int and VERSION < version <= LATEST_VERSION:
        raise SessionRefused(
            f"{name} was saved by a newer PoolViewer (format {version}): update to open it."
        )
    if type(version) is not int or version != VERSION:
        raise SessionRefused(
            f"{name} carries no saved view of a format that is known: save it again."
        )


def _check(document: Document) -> None:
    """Raise `ValueError` where parts that are sound contradict each other."""
    network = document.network
    rows, cols, channels = document.picture.shape
    if channels != 3 or rows * cols > MOST_PICTURE_PIXELS:
        raise ValueError("no such picture is kept")
    if document.received.pixels.shape != pixels_shape(network.input):
        raise ValueError("not what the network received")
    if isinstance(network, NetworkSpec):
        _check_view(document, network)


def _check_view(document: Document, network: NetworkSpec) -> None:
    """Raise `ValueError` for a channel or a pin that the tutorial's network has not."""
    if document.channel >= network.filters:
        raise ValueError("no such channel")
    if document.pin is not None:
        rows, cols = geometry_of(network.stage, document.pin.map_name).shape
        if document.pin.row >= rows or document.pin.col >= cols:
            raise ValueError("no such pixel")


def _document(session: Session) -> Document:
    network, experiment = session.network, session.experiment
    part = None
    if experiment is not None:
        settings = settings_of(experiment).model_dump(mode="json")
        part = ExperimentPart(mode=experiment.mode, settings=settings)
    document = Document(
        poolview=VERSION,
        poolviewer=__version__,
        source=SourcePart(
            name=printable(session.source, MOST_NAME),
            kind=session.kind,
            frame=session.index,
            picture=printable(session.name, MOST_NAME),
        ),
        picture=PixelsPart.of(session.picture),
        received=ReceivedPart(
            pixels=PixelsPart.of(session.received.pixels),
            placement=RectPart.model_validate(session.received.placement),
        ),
        preset=PresetPart.model_validate(network) if isinstance(network, NetworkSpec) else None,
        model=ModelPart.model_validate(network) if isinstance(network, ModelSpec) else None,
        channel=session.channel,
        pin=None if session.pin is None else PixelPart.model_validate(session.pin),
        display=DisplayPart.model_validate(session.display),
        experiment=part,
    )
    _check(document)
    return document


def _session(document: Document) -> Session:
    experiment, note = _experiment(document.experiment)
    source, received, network = document.source, document.received, document.network
    return Session(
        source=source.name,
        kind=source.kind,
        picture=document.picture.array(),
        received=Received(network.input, received.pixels.array(), received.placement.core()),
        network=network,
        index=source.frame,
        name=source.picture,
        channel=document.channel,
        pin=None if document.pin is None else document.pin.core(),
        display=document.display.core(),
        experiment=experiment,
        note=note,
    )


def _experiment(part: ExperimentPart | None) -> tuple[Experiment | None, str]:
    """Return the experiment; for a mode that is not known none, and a sentence."""
    if part is None:
        return None, ""
    kind = PARTS.get(part.mode)
    if kind is None:
        return None, (
            f"It was saved in a laboratory mode that is not known here ({part.mode}), "
            "and opens without it."
        )
    experiment: Experiment = kind.model_validate_json(json.dumps(part.settings)).core()
    return experiment, ""
