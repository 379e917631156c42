"""The numbers of a moment as files: NPZ, NPY, CSV and JSON; needs no Qt."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.annotation import MapName
from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import FileOptions
from poolviewer.core.pooling import winners
from poolviewer.core.trace import PooledTrace
from poolviewer.core.trace_report import as_data, report_on
from poolviewer.export.files import json_text
from poolviewer.export.metadata import metadata
from poolviewer.export.request import FigureRequest

CONCEALED = "The numbers are the answer to the open question: answer it first, or leave the mode."
NO_WINDOW = "No pooled pixel is traced, so there is no window: choose one, or write the whole map."
NO_FIELD = "The receptive field of this pixel is not known: write the whole input."
CSV_HEADER = "row,col,channel,value"


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A part of one map.

    Parameters
    ----------
    values
        Of shape (H, W, C).
    row, col, channel
        What the first of them is in the map, from 0.
    """

    values: NDArray[np.floating]
    row: int = 0
    col: int = 0
    channel: int = 0


def selection(request: FigureRequest, options: FileOptions) -> Selection:
    """Return the numbers that are asked for; raises `ExportError`.

    A window is that of the traced pooled pixel: its values in the feature map, or its receptive
    field in the input, where all channels belong to it. All channels of the input are one map.
    """
    chosen = MapName(options.map_name)
    if options.extent == "window":
        return _window(request, chosen)
    _check_open(request, chosen)
    values = _map_of(request, chosen)
    if chosen is MapName.INPUT or options.extent == "all":
        return Selection(values)
    return Selection(values[:, :, request.channel, np.newaxis], channel=request.channel)


def write_npz(file: BinaryIO, request: FigureRequest) -> None:
    """Write all numbers of a frame; `np.load` opens them without pickle.

    ``input`` (H, W, C), ``feature_maps`` (H, W, C), and ``pooled_maps`` (h, w, C) are float32;
    ``winners`` (h, w, C) is int64, the flat row-major index into H×W, -1 where nothing wins;
    ``metadata`` is JSON text. Raises `ExportError` where they are the answer to a question.
    """
    _check_open(request, MapName.FEATURE, MapName.POOLED)
    activations = request.activations
    np.savez(
        file,
        allow_pickle=False,
        input=np.asarray(activations.prepared.values, dtype=np.float32),
        feature_maps=np.asarray(activations.feature_maps, dtype=np.float32),
        pooled_maps=np.asarray(activations.pooled_maps, dtype=np.float32),
        winners=winners(activations.feature_maps, activations.stage.pooling),
        metadata=np.array(json_text(metadata(request))),
    )


def write_npy(file: BinaryIO, request: FigureRequest, options: FileOptions) -> None:
    """Write one array in the network's own precision; `np.load` opens it without pickle.

    It is of shape (H, W) for one channel, and else of (H, W, C). Raises `ExportError`.
    """
    chosen = selection(request, options).values
    has_channels = options.map_name == "input" or options.extent == "all"
    array = np.ascontiguousarray(chosen if has_channels else chosen[:, :, 0])
    np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
    # Not by NumPy, which forgets why a disk took less.
    file.write(array.data)


def write_csv(file: BinaryIO, request: FigureRequest, options: FileOptions) -> None:
    """Write a table: a line for each number, with its row, column and channel in its map.

    Every number is written with as many digits as give the same number when it is read; those
    that are none are ``nan``, ``inf`` and ``-inf``. Nothing else is in it: no name that a
    spreadsheet would take for a formula. Raises `ExportError`.
    """
    chosen = selection(request, options)
    file.write(f"{CSV_HEADER}\n".encode())
    for lines in _csv_rows(chosen):
        file.write(lines.encode())


def write_json(file: BinaryIO, request: FigureRequest) -> None:
    """Write the metadata and, of a pooled pixel, all that ``poolviewer trace --json`` tells."""
    file.write(json.dumps(as_document(request), indent=1, allow_nan=False).encode() + b"\n")


def as_document(request: FigureRequest) -> dict[str, Any]:
    """Return what `write_json` writes: a report, or a remark on why there is none."""
    report, remark = None, ""
    pixel = request.pixel
    if request.conceals(MapName.POOLED):
        remark = CONCEALED
    elif pixel is None or pixel.map_name is not MapName.POOLED:
        remark = "A report is made of a pooled pixel: choose one."
    else:
        report = as_data(report_on(request.activations, request.channel, pixel.row, pixel.col))
    return {**metadata(request), "report": report, "remark": remark}


def _window(request: FigureRequest, chosen: MapName) -> Selection:
    _check_open(request, MapName.POOLED)
    trace = request.trace
    if not isinstance(trace, PooledTrace):
        raise ExportError(NO_WINDOW)
    if chosen is not MapName.INPUT:
        maps, box, channel = request.activations.feature_maps, trace.window, request.channel
        part = maps[(*box.slices, slice(channel, channel + 1))]
        return Selection(part, box.row_start, box.col_start, channel)
    if trace.receptive_field is None:
        raise ExportError(NO_FIELD)
    box = trace.receptive_field
    return Selection(request.activations.prepared.values[box.slices], box.row_start, box.col_start)


def _map_of(request: FigureRequest, name: MapName) -> NDArray[np.floating]:
    activations = request.activations
    if name is MapName.INPUT:
        return activations.prepared.values
    return activations.feature_maps if name is MapName.FEATURE else activations.pooled_maps


def _check_open(request: FigureRequest, *names: MapName) -> None:
    if any(request.conceals(name) for name in names):
        raise ExportError(CONCEALED)


def _csv_rows(chosen: Selection) -> Iterator[str]:
    """Yield the lines of one row of the map after another."""
    _, cols, channels = chosen.values.shape
    places = [
        f"{chosen.col + col},{chosen.channel + channel}"
        for col in range(cols)
        for channel in range(channels)
    ]
    for row, values in enumerate(chosen.values, chosen.row):
        texts = values.ravel().astype(str).tolist()
        pairs = zip(places, texts, strict=True)
        yield "".join(f"{row},{place},{text}\n" for place, text in pairs)
