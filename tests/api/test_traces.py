"""Traces from Python are what the command line prints."""

import json

import keras
import numpy as np
import pytest

import poolviewer
from poolviewer.core.errors import ArgumentError
from poolviewer.core.view_wish import ViewWish
from poolviewer.tracing import TraceWish
from poolviewer.tracing import trace as printed
from tests.api.models import small_model
from tests.media import SAMPLES

CAT = SAMPLES / "chelsea.png"
NET = SAMPLES / "mtcnn_pnet.keras"
PICTURE = np.random.default_rng(4).integers(0, 256, (20, 24, 3), dtype=np.uint8)


@pytest.mark.parametrize("model", [None, NET], ids=["tutorial", "file"])
def test_trace_is_that_of_the_command_line(model):
    view = ViewWish(str(CAT), str(model) if model else None, channel=5, pin=(2, 3))
    found = poolviewer.trace(model, CAT, channel=5, pin=(2, 3))
    assert found.to_dict() == json.loads(printed(TraceWish(view, is_json=True)))
    assert str(found) == printed(TraceWish(view))
    assert str(found.winner[0]) in found._repr_html_()
    assert "<script" not in found._repr_html_()


def test_numbers_fit_together():
    model = small_model()
    figure = poolviewer.figure(model, PICTURE, channel=1)
    found = poolviewer.trace(model, PICTURE, channel=1, pin=(3, 4))
    data = found.to_dict()
    assert found.value == figure.pooled_map[3, 4] == data["pooled"]
    np.testing.assert_array_equal(found.values, figure.feature_map[found.window.slices])
    assert figure.feature_map[found.winner] == found.map_value == found.value
    assert (found.pixel, found.stage, found.kind) == ((3, 4, 1), "pool", "max")
    assert found.gradient == ((*found.winner, 1.0),) == tuple(map(tuple, data["gradient"]))
    assert found.receptive_field.shape == (4, 4)
    assert found.preactivation == pytest.approx(found.products.sum() + found.bias)
    assert max(found.preactivation, 0) == pytest.approx(found.map_value, abs=1e-5)
    assert [step.layer for step in found.steps] == ["pool", "conv"]
    assert found.ties >= 1
    assert repr(found).startswith("<Trace: pool, pooled pixel (3, 4, 1), max(")


def test_average_has_no_winner():
    model = small_model(pool=keras.layers.AveragePooling2D(2, name="pool"))
    found = poolviewer.trace(model, PICTURE, pin=(0, 0))
    assert (found.kind, found.winner, found.ties, found.map_value) == ("average", None, 0, None)
    assert (found.products, found.bias, found.preactivation) == (None, None, None)
    assert len(found.gradient) == 4


@pytest.mark.parametrize("pin", [None, (0, 12), (-1, 0)])
def test_pixel_that_is_not_there_is_told(pin):
    with pytest.raises(ArgumentError, match="pooled pixel"):
        poolviewer.trace(small_model(), PICTURE, pin=pin)
