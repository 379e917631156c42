"""Figures and numbers without a window: the second composition root, for the command line."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.budget import default_budget
from poolviewer.core.device import AUTOMATIC
from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Activations, Frame, SourceRequest, Versions
from poolviewer.core.model_choice import restored_network
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.network import PRESETS, Network
from poolviewer.core.placement import sized
from poolviewer.core.protocols import Engine, FrameSource
from poolviewer.core.text import printable
from poolviewer.core.view_wish import ViewWish
from poolviewer.core.watchdog import START_LIMIT_S, never_came
from poolviewer.export.request import FigureRequest, check_scale
from poolviewer.export.writing import check_file, write_figure
from poolviewer.factories import create_engine, open_source, prepare
from poolviewer.inspecting import load_info
from poolviewer.known_models import KnownModels
from poolviewer.resources import SAMPLE_PICTURE, resource_path
from poolviewer.sources.video import VideoSource


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What ``poolviewer export`` is asked for."""

    view: ViewWish
    output: str
    frame: int | None = None
    scale: float = 2.0


def export(wish: ExportWish) -> str:
    """Save the figure or the numbers of one frame; return the path of the file.

    Raises
    ------
    PoolViewerError
        With one sentence; nothing half-written is left behind.
    """
    check_scale(wish.scale)
    kind = check_file(Path(wish.output))
    path = Path(wish.output).absolute()
    view = wish.view
    frame = read_frame(view.source or str(resource_path(SAMPLE_PICTURE)), wish.frame)
    activations, versions = compute(frame, view.model_file, view.device or AUTOMATIC)
    pixel = Pixel(MapName.POOLED, *view.pin) if view.pin else None
    request = FigureRequest(activations, view.channel, pixel, scale=wish.scale, versions=versions)
    if kind.is_drawn:
        _draw(path, request)
    else:
        write_figure(path, request)
    return str(path)


def read_frame(location: str, index: int | None = None) -> Frame:
    """Read one frame of a source: the first, or the one with a number."""
    source = open_source(SourceRequest(location))
    source.open()
    try:
        frame = _frame_at(source, index)
    finally:
        source.close()
    if frame is None:
        raise SourceError(f"{source.info.name} holds no picture: choose another one.")
    return frame


def compute(
    frame: Frame,
    file: ModelFile | None = None,
    device: str = AUTOMATIC,
    *,
    has_steps: bool = False,
) -> tuple[Activations, Versions]:
    """Run a model, the network of a saved view, or the tutorial's, on one frame.

    Parameters
    ----------
    has_steps
        Whether the maps of all layers on the way are wanted, too.
    """
    engine = create_engine()
    remark = engine.use_device(device)
    if remark:
        tell(remark)
    network = _network(engine, frame, file)
    rows, cols = frame.picture.shape[:2]
    network = sized(network, (rows, cols))
    engine.configure(network, 0, default_budget())
    prepared = prepare(frame, network.input)
    return engine.run(frame, prepared, has_steps=has_steps), engine.versions


def _frame_at(source: FrameSource, index: int | None) -> Frame | None:
    if index is None:
        return first_frame(source)
    if isinstance(source, VideoSource):
        return source.frame_at(index)
    if source.info.is_live:
        raise SourceError(f"{source.info.name} is live and has no numbered frames: omit --frame.")
    count = source.info.count or 1
    if not 0 <= index < count:
        raise SourceError(f"{source.info.name} has no frame {index}: choose 0 to {count - 1}.")
    source.seek(index)
    return source.read()


def first_frame(source: FrameSource) -> Frame | None:
    """Read the first frame of an open source; a live one is waited for, within bounds."""
    end_s = time.perf_counter() + START_LIMIT_S
    frame = source.read()
    while frame is None and source.info.is_live:
        if time.perf_counter() > end_s:
            raise SourceError(never_came(source.info.name))
        frame = source.read()
    return frame


def graphics() -> object:
    """Make what Qt needs to draw without a window; to be kept as long as something is drawn."""
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    return QGuiApplication.instance() or QGuiApplication(["poolviewer"])


def _draw(path: Path, request: FigureRequest) -> None:
    app = graphics()
    write_figure(path, request)
    del app


def _network(engine: Engine, frame: Frame, file: ModelFile | None) -> Network:
    """Return the network that is asked for, or that of a saved view; models are opened."""
    session = frame.source.session
    saved = session.network if session else None
    if file is None:
        if not isinstance(saved, ModelSpec):
            return saved or PRESETS["tutorial"]
        file = ModelFile(KnownModels("give its file with --model.").path_of(saved))
    info = load_info(engine, file)
    network = restored_network(info, file, saved)
    for note in info.notes:
        tell(note)
    return network


def tell(note: str) -> None:
    """Say on the error output what a person should know."""
    sys.stderr.write(f"poolviewer: {printable(note)}\n")
