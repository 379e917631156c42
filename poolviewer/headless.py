"""Figures and numbers without a window: the second composition root, for the command line."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Activations, Frame, SourceRequest, Versions
from poolviewer.core.network import PRESETS, NetworkSpec
from poolviewer.core.protocols import FrameSource
from poolviewer.export.files import check_output, save_npz, save_png
from poolviewer.export.metadata import metadata
from poolviewer.export.request import FigureRequest, check_scale
from poolviewer.factories import create_engine, open_source, prepare
from poolviewer.sources.video import VideoSource


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What ``poolviewer export`` is asked for."""

    source: str
    output: str
    frame: int | None = None
    channel: int = 0
    pin: tuple[int, int] | None = None
    scale: float = 2.0


def export(wish: ExportWish) -> str:
    """Save the figure or the numbers of one frame; return the path of the file.

    Raises
    ------
    PoolViewerError
        With one sentence; nothing half-written is left behind.
    """
    check_scale(wish.scale)
    kind = check_output(Path(wish.output))
    path = Path(wish.output).absolute()
    frame = read_frame(wish.source, wish.frame)
    activations, versions = compute(frame, PRESETS["tutorial"])
    pixel = Pixel(MapName.POOLED, *wish.pin) if wish.pin else None
    request = FigureRequest(activations, wish.channel, pixel, scale=wish.scale, versions=versions)
    if kind == "npz":
        save_npz(path, activations, metadata(request))
    else:
        _save_figure(path, request)
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


def compute(frame: Frame, network: NetworkSpec) -> tuple[Activations, Versions]:
    """Run a network on one frame."""
    engine = create_engine()
    engine.configure(network, generation=0)
    return engine.run(frame, prepare(frame, network.input)), engine.versions


def inspect(*, is_json: bool) -> str:
    """Describe the tutorial's network, for people or for programs."""
    from poolviewer.model.importing import import_tensorflow  # noqa: PLC0415

    import_tensorflow()
    from poolviewer.model.description import describe  # noqa: PLC0415
    from poolviewer.model.tutorial import build_model  # noqa: PLC0415

    network = PRESETS["tutorial"]
    description = describe(build_model(network), network, "tutorial")
    return json.dumps(description, indent=2) + "\n" if is_json else _as_text(description)


def _frame_at(source: FrameSource, index: int | None) -> Frame | None:
    if index is None:
        return source.read()
    if isinstance(source, VideoSource):
        return source.frame_at(index)
    if source.info.is_live:
        raise SourceError(f"{source.info.name} is live and has no numbered frames: omit --frame.")
    count = source.info.count or 1
    if not 0 <= index < count:
        raise SourceError(f"{source.info.name} has no frame {index}: choose 0 to {count - 1}.")
    source.seek(index)
    return source.read()


def _save_figure(path: Path, request: FigureRequest) -> None:
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    from poolviewer.export.figure import render_figure  # noqa: PLC0415

    app = QGuiApplication.instance() or QGuiApplication(["poolviewer"])
    save_png(path, render_figure(request), metadata(request))
    del app


def _as_text(description: dict[str, Any]) -> str:
    lines = [f"Network {description['model']}, seed {description['seed']}", "", "Layers"]
    lines += [
        f"  {layer['name']:<22}{layer['kind']:<18}{_times(layer['output_shape']):<12}"
        f"{layer['parameters']:>8} parameters"
        for layer in description["layers"]
    ]
    lines += ["", "Pooling stages"]
    lines += [
        f"  {stage['name']:<22}{stage['kind']} {_times(stage['pool_size'])}, strides "
        f"{_times(stage['strides'])}, {stage['padding']}: {_times(stage['source_shape'])} of "
        f"{stage['source_layer']} → {_times(stage['pooled_shape'])}"
        for stage in description["stages"]
    ]
    return "\n".join(lines) + "\n"


def _times(lengths: list[int]) -> str:
    return "×".join(map(str, lengths))
