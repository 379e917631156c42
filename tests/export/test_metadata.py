import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from poolviewer import __version__
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.layer_graph import LayerGraph, Step
from poolviewer.core.network import PRESETS
from poolviewer.core.pooling import Pooling
from poolviewer.export.metadata import SCHEMA, metadata

from .cases import VERSIONS, activations_of, network, odd_requests, request_of


@settings(max_examples=40, deadline=None)
@given(odd_requests())
def test_every_request_is_plain_json(request_):
    data = metadata(request_)
    again = json.loads(json.dumps(data, allow_nan=False))
    assert again["schema"] == SCHEMA
    assert again["shapes"]["feature_maps"] == list(request_.activations.feature_maps.shape)


def test_pooled_pixel_is_described_in_full():
    request = request_of(activations_of(PRESETS["tutorial"]), display=DisplaySpec("viridis"))
    data, trace = metadata(request), request.trace
    assert data["poolviewer"] == __version__
    assert data["packages"] == dict(VERSIONS.packages)
    assert data["device"] == "CPU"
    assert data["source"]["name"] == "picture.png"
    assert (data["source"]["kind"], data["source"]["frame"]) == ("picture", 3)
    assert data["network"]["preset"] == "tutorial"
    assert data["network"]["filters"] == 64
    assert data["seed"] == 0
    assert data["stage"]["pooling_layer"] == "max_pooling2d"
    assert data["stage"]["pool"]["form"] == "window"
    assert tuple(data["stage"]["pool"]["size"]) == (2, 2)
    (layer,) = data["stage"]["layers"]
    assert (layer["name"], layer["shape"], layer["size"]) == ("conv2d", [30, 30], [3, 3])
    assert data["shapes"]["pooled_maps"] == [15, 15, 64]
    assert data["channel"] == 1
    assert data["pixel"] == {"map": "pooled", "row": 2, "col": 3, "is_pinned": True}
    assert data["trace"]["window"] == {"rows": [4, 6], "cols": [6, 8]}
    assert data["trace"]["receptive_field"] == {"rows": [4, 8], "cols": [6, 10]}
    assert tuple(data["trace"]["winner"]) == trace.winner
    assert data["trace"]["value"] == trace.value == np.max(data["trace"]["values"])
    assert data["display"]["colour_map"] == "viridis"
    assert not {"order", "place", "room"} & set(data["display"])  # of the window, not the figure
    assert data["display"]["feature_levels"] == request.levels[0].tolist()


def test_other_pixels_are_described():
    feature = metadata(request_of(pixel=Pixel(MapName.FEATURE, 4, 6)))
    assert feature["trace"]["feed_count"] == 1
    assert feature["trace"]["feeds"][0]["row"] == 2
    assert set(metadata(request_of(pixel=Pixel(MapName.INPUT, 0, 0)))["trace"]["values"]) == {
        "B", "G", "R",
    }  # fmt: skip
    nothing = metadata(request_of(pixel=None))
    assert nothing["pixel"] is nothing["trace"] is None


def test_large_windows_do_not_bloat_it():
    pooled = request_of(activations_of(network(pool_size=(30, 30))), Pixel(MapName.POOLED, 0, 0))
    assert metadata(pooled)["trace"]["values"] is None
    overlapping = network(pool_size=(15, 15), pool_strides=(1, 1))
    feature = request_of(activations_of(overlapping), Pixel(MapName.FEATURE, 15, 15))
    assert metadata(feature)["trace"]["feed_count"] == 225
    assert len(metadata(feature)["trace"]["feeds"]) == 64


def test_a_missing_field_and_other_poolings_are_described():
    activations = activations_of()
    mystery = LayerGraph((32, 32), (Step("mystery", (), (30, 30), is_undefined=True),))
    pooling = Pooling.adaptive("max", (30, 30), (15, 15))
    stage = replace(activations.stage, graph=mystery, pooling=pooling)
    data = metadata(request_of(replace(activations, stage=stage)))
    assert data["trace"]["receptive_field"] is None
    assert data["trace"]["field_undefined_by"] == "mystery"
    assert data["stage"]["pool"] == {"form": "adaptive"}
    assert data["stage"]["layers"] == [{"name": "mystery", "shape": [30, 30]}]


@pytest.mark.parametrize(("value", "text"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_numbers_unknown_to_json_are_texts(value, text):
    activations = activations_of()
    activations.pooled_maps[2, 3, 1] = value
    assert metadata(request_of(activations))["trace"]["value"] == text


def test_maps_changed_by_hand_are_told_apart():
    assert metadata(request_of())["alteration"] == ""
    assert metadata(request_of(alteration="by hand"))["alteration"] == "by hand"
