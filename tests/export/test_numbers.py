"""Files of numbers: each gives back exactly what the network had, and conceals what is asked."""

import csv
import json
from dataclasses import replace
from io import BytesIO, StringIO

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import FileOptions
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.layer_graph import LayerGraph, Step
from poolviewer.core.messages import SourceInfo
from poolviewer.core.pooling import winners
from poolviewer.export import numbers
from poolviewer.export.metadata import metadata
from poolviewer.export.numbers import as_document, selection

from .cases import activations_of, network, request_of

INPUT = Pixel(MapName.INPUT, 5, 6)
FEATURE = Pixel(MapName.FEATURE, 5, 6)
EXTENTS = ("window", "map", "all")
MAPS = ("pooled", "feature", "input")


def written(write, *arguments):
    file = BytesIO()
    write(file, *arguments)
    file.seek(0)
    return file


def plain(data):
    """Return what is left of data in JSON."""
    return json.loads(json.dumps(data))


def options(extent="map", name="pooled"):
    return FileOptions(extent=extent, map_name=name)


def expected(request, extent, name):
    """Return what a file shall hold, worked out by slices alone."""
    activations, channel = request.activations, request.channel
    if extent == "window":
        if name == "input":
            return activations.prepared.values[4:8, 6:10]
        return activations.feature_maps[4:6, 6:8, channel]
    if name == "input":
        return activations.prepared.values
    maps = activations.pooled_maps if name == "pooled" else activations.feature_maps
    return maps if extent == "all" else maps[:, :, channel]


@pytest.mark.parametrize("kind", ["max", "average"])
def test_npz_holds_exactly_the_numbers(kind):
    request = request_of(activations_of(network(pool_kind=kind), nan_share=0.2))
    activations = request.activations
    with np.load(written(numbers.write_npz, request), allow_pickle=False) as found:
        assert set(found) == {"input", "feature_maps", "pooled_maps", "winners", "metadata"}
        assert json.loads(str(found["metadata"])) == plain(metadata(request))
        for name, values in (
            ("input", activations.prepared.values),
            ("feature_maps", activations.feature_maps),
            ("pooled_maps", activations.pooled_maps),
        ):
            assert found[name].dtype == np.float32
            assert found[name].tobytes() == values.tobytes()
            assert found[name].shape == values.shape
        won = found["winners"]
        assert won.dtype == np.int64
        assert (won == winners(activations.feature_maps, activations.stage.pooling)).all()
        assert (won == -1).all() == (kind == "average")


def test_winners_index_the_pooled_values():
    with np.load(written(numbers.write_npz, request_of())) as found:
        flat = found["feature_maps"].reshape(-1, 4)
        assert (np.take_along_axis(flat, found["winners"].reshape(-1, 4), 0)
                == found["pooled_maps"].reshape(-1, 4)).all()  # fmt: skip


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize("name", MAPS)
def test_npy_is_one_array(extent, name):
    request = request_of(activations_of(nan_share=0.1))
    found = np.load(written(numbers.write_npy, request, options(extent, name)), allow_pickle=False)
    values = expected(request, extent, name)
    assert (found.shape, found.dtype) == (values.shape, values.dtype)
    assert found.tobytes() == values.tobytes()


def test_npy_keeps_the_precision_of_the_network():
    activations = activations_of()
    pooled = activations.pooled_maps.astype(np.float64) / 3
    request = request_of(replace(activations, pooled_maps=pooled))
    found = np.load(written(numbers.write_npy, request, options("all")))
    assert (found == pooled).all()
    assert found.dtype == np.float64


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize("name", MAPS)
def test_csv_gives_every_number_back(extent, name):
    activations = activations_of(nan_share=0.1)
    activations.feature_maps[4, 6, 1] = np.inf
    activations.feature_maps[5, 7, 1] = -np.inf
    activations.feature_maps[5, 6, 1] = np.nextafter(np.float32(1), np.float32(2))
    request = request_of(activations)
    file = written(numbers.write_csv, request, options(extent, name))
    table = np.genfromtxt(file, delimiter=",", names=True)
    assert table.dtype.names == ("row", "col", "channel", "value")
    values = expected(request, extent, name)
    values = values if values.ndim == 3 else values[:, :, np.newaxis]
    found = table["value"].astype(values.dtype).reshape(values.shape)
    np.testing.assert_array_equal(found, values)
    chosen = selection(request, options(extent, name))
    rows, cols, channels = np.indices(values.shape)
    assert (table["row"].reshape(values.shape) == rows + chosen.row).all()
    assert (table["col"].reshape(values.shape) == cols + chosen.col).all()
    assert (table["channel"].reshape(values.shape) == channels + chosen.channel).all()


def test_the_places_of_a_window_are_those_of_its_map():
    chosen = selection(request_of(), options("window"))
    assert (chosen.row, chosen.col, chosen.channel) == (4, 6, 1)
    chosen = selection(request_of(), options("window", "input"))
    assert (chosen.row, chosen.col, chosen.channel) == (4, 6, 0)


def test_a_window_at_the_edge_has_no_padding():
    activations = activations_of(network(kernel_size=(3, 5), padding="same"))
    chosen = selection(
        request_of(activations, Pixel(MapName.POOLED, 0, 0)), options("window", "input")
    )
    assert (chosen.row, chosen.col) == (0, 0)
    assert (chosen.values == activations.prepared.values[:3, :4]).all()


def test_a_field_that_is_not_known_is_told():
    activations = activations_of()
    lost = LayerGraph((32, 32), (Step("mystery", (), (30, 30), is_undefined=True),))
    stage = replace(activations.stage, graph=lost)
    with pytest.raises(ExportError, match="receptive field of this pixel is not known"):
        selection(request_of(replace(activations, stage=stage)), options("window", "input"))


def test_csv_spells_what_is_no_number_and_holds_no_formula():
    activations = activations_of(source=SourceInfo("=cmd|' /C calc'!A0", "picture"))
    activations.pooled_maps[0, :3, 1] = np.nan, np.inf, -np.inf
    text = written(numbers.write_csv, request_of(activations), options()).getvalue().decode("ascii")
    lines = list(csv.reader(StringIO(text)))
    assert [line[3] for line in lines[1:4]] == ["nan", "inf", "-inf"]
    assert lines[0] == ["row", "col", "channel", "value"]
    for line in lines[1:]:
        assert len(line) == 4
        list(map(float, line))


@pytest.mark.parametrize("pixel", [None, INPUT, FEATURE])
@pytest.mark.parametrize("name", MAPS)
def test_without_a_pooled_pixel_there_is_no_window(pixel, name):
    with pytest.raises(ExportError, match="No pooled pixel is traced"):
        selection(request_of(pixel=pixel), options("window", name))


def test_json_holds_metadata_and_report():
    request = request_of(activations_of(nan_share=0.3))
    data = json.loads(
        written(numbers.write_json, request).getvalue(),
        parse_constant=lambda name: pytest.fail(f"{name} is no JSON"),
    )
    assert {**plain(metadata(request)), "report": data["report"], "remark": ""} == data
    assert data["report"]["window"] == [4, 6, 6, 8]
    assert float(data["report"]["pooled"]) == request.trace.value


@pytest.mark.parametrize("pixel", [None, INPUT, FEATURE])
def test_json_says_why_there_is_no_report(pixel):
    data = as_document(request_of(pixel=pixel))
    assert data["report"] is None
    assert data["remark"].endswith(".")


@pytest.mark.parametrize("has_numbers", [False, True])
def test_an_open_question_is_not_answered_by_a_file(has_numbers):
    request = request_of(experiment=Predict(has_numbers=has_numbers))
    with pytest.raises(ExportError, match="answer to the open question"):
        written(numbers.write_npz, request)
    for extent, name in (("map", "pooled"), ("all", "pooled"), ("window", "feature")):
        for write in (numbers.write_npy, numbers.write_csv):
            with pytest.raises(ExportError, match="answer to the open question"):
                written(write, request, options(extent, name))
    data = as_document(request)
    assert (data["report"], data["trace"]) == (None, None)
    assert "open question" in data["remark"]
    assert str(request_of().trace.value) not in json.dumps(data)
    selection(request, options("map", "input"))


def test_what_may_be_read_is_written():
    values = selection(request_of(experiment=Predict(has_numbers=True)), options("map", "feature"))
    assert values.values.shape == (30, 30, 1)
    with pytest.raises(ExportError):
        selection(request_of(experiment=Predict(has_numbers=False)), options("map", "feature"))
