"""A pooled pixel as data for programs: exact, complete, and nothing that JSON cannot hold."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.geometry import PixelBox
from poolviewer.core.operations import (
    Activation,
    Convolution,
    ElementFunction,
    Identity,
    Merge,
    Normalisation,
    Pad,
    Pool,
    Scaling,
    Unknown,
)
from poolviewer.core.pooling import Pooling
from poolviewer.core.trace_report import as_data, kind_of, report_on
from poolviewer.core.trace_table import as_text
from poolviewer.core.windows import WindowGrid

from .cases import SEEDS, random_maps
from .chains import activations_of, layer

KEYS = [
    "pooled", "window", "values", "winner", "receptive_field", "gradient", "products", "bias",
    "preactivation", "map_value", "steps",
]  # fmt: skip
NAN, INF = float("nan"), float("inf")


def network(seed=1, channels=2, kind="max", function=None):
    """Return a 3×3 convolution of 6×6 pixels, pooled 2×2, that a `function` may stand behind."""
    grid = WindowGrid.over((6, 6), (3, 3), (1, 1), "valid")
    values = random_maps(seed, 6, 6, channels)
    kernel = random_maps(seed + 1, 9, channels, 2).reshape(3, 3, channels, 2)
    bias = np.array([0.5, -1.5])
    maps = np.empty((4, 4, 2), np.float32)
    for row, col in np.ndindex(4, 4):
        window = values[grid.window(row, col).slices].astype(np.float64)
        maps[row, col] = np.tensordot(window, kernel, 3) + bias
    if function:
        maps = np.maximum(maps, 0)
    pooling = Pooling(kind, WindowGrid.over((4, 4), (2, 2), (2, 2), "valid"))
    operation = Convolution(grid, kernel, bias, function)
    return activations_of(values, layer(operation, maps, name="conv"), pooling=pooling)


def written(activations, row=0, col=0, channel=0):
    """Return the data after a passage through JSON, which must be valid."""
    data = as_data(report_on(activations, channel, row, col))
    return json.loads(json.dumps(data, allow_nan=False))


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, row=st.integers(0, 1), col=st.integers(0, 1), channel=st.integers(0, 1))
def test_numbers_are_exact_and_fit_together(seed, row, col, channel):
    activations = network(seed)
    data = written(activations, row, col, channel)
    features, pooled = activations.feature_maps, activations.pooled_maps
    assert list(data) == KEYS
    assert data["pooled"] == float(pooled[row, col, channel])
    top, left, bottom, right = data["window"]
    assert (top, left, bottom, right) == (2 * row, 2 * col, 2 * row + 2, 2 * col + 2)
    np.testing.assert_array_equal(data["values"], features[top:bottom, left:right, channel])
    winner = tuple(data["winner"])
    assert data["map_value"] == features[(*winner, channel)] == data["pooled"]
    assert data["gradient"] == [[*winner, 1.0]]
    assert data["receptive_field"] == [top, left, bottom + 2, right + 2]
    patch = activations.prepared.values[winner[0] : winner[0] + 3, winner[1] : winner[1] + 3]
    kernel = activations.operations[0].kernel[..., channel].astype(np.float64)
    np.testing.assert_array_equal(data["products"], patch * kernel)
    assert data["bias"] == activations.operations[0].bias[channel]
    assert data["preactivation"] == pytest.approx(
        np.sum(data["products"]) + data["bias"], abs=1e-12
    )
    assert data["preactivation"] == pytest.approx(data["map_value"], abs=1e-4)


def test_steps_hold_all_that_a_script_needs():
    data = written(network(function=ElementFunction("relu")), 1, 0, 1)
    pooling, convolution = data["steps"]
    assert set(pooling) == set(convolution)
    assert (pooling["layer"], pooling["kind"], pooling["source"]) == ("pool", "max pooling", "conv")
    assert pooling["values"] == data["values"]
    assert pooling["followed"] == convolution["pixel"] == [*data["winner"], 1]
    assert pooling["box"] == data["window"]
    assert (pooling["agrees"], convolution["agrees"]) == (True, True)
    assert (convolution["kind"], convolution["source"]) == ("convolution", "input")
    assert convolution["parameters"] == {"function": "relu"}
    assert convolution["map_value"] == data["map_value"]
    assert convolution["products"] == data["products"]
    products = np.multiply(convolution["values"], convolution["kernel"])
    np.testing.assert_array_equal(products, data["products"])
    assert convolution["sum"] + convolution["bias"] == convolution["preactivation"]
    assert convolution["computed"] == max(convolution["preactivation"], 0)
    assert abs(convolution["computed"] - convolution["map_value"]) <= convolution["tolerance"]
    assert (convolution["precision"], convolution["ending"]) == ("float32", None)


def test_average_has_no_winner_and_so_nothing_that_made_it():
    data = written(network(kind="average"))
    for name in ("winner", "products", "bias", "preactivation", "map_value"):
        assert data[name] is None
    assert data["gradient"] == [[r, c, 0.25] for r in (0, 1) for c in (0, 1)]
    assert [step["kind"] for step in data["steps"]] == ["average pooling", "convolution"]


def test_stage_without_convolution_has_no_products():
    data = written(activations_of(random_maps(3, 4, 4, 1)), 3, 1)
    assert (data["products"], data["bias"], data["preactivation"]) == (None, None, None)
    assert data["map_value"] == data["pooled"]
    assert data["steps"][0]["source"] == "input"


def test_layer_of_which_nothing_is_known_says_why_the_chain_ends():
    activations = replace(network(), operations=(Unknown(),))
    step = written(activations)["steps"][-1]
    assert (step["kind"], step["computed"], step["agrees"]) == ("unknown", None, None)
    assert step["ending"].startswith("Layer conv: nothing is known")


def test_numbers_that_json_has_no_word_for_are_strings():
    values = np.array([[NAN, -INF], [NAN, -INF]], np.float32)[..., np.newaxis]
    data = written(activations_of(values, pooling=Pooling.over_all("max", (2, 2))))
    assert data["values"] == [["NaN", "-Infinity"], ["NaN", "-Infinity"]]
    assert data["winner"] == [0, 1]
    assert data["map_value"] == "-Infinity"
    assert np.isnan(float(data["values"][0][0]))
    nothing = written(activations_of(values[:, :1], pooling=Pooling.over_all("max", (2, 1))))
    assert (nothing["winner"], nothing["map_value"], nothing["products"]) == (None, None, None)
    infinite = written(activations_of(np.full((1, 1, 1), INF)))
    assert (infinite["pooled"], infinite["steps"][0]["computed"]) == ("Infinity", "Infinity")


ONES = np.ones(2)
KINDS = [
    (Normalisation(0 * ONES, ONES, ONES, 0 * ONES, 0.0), "normalisation",
     {"mean": 0, "variance": 1, "gamma": 1, "beta": 0, "epsilon": 0}),
    (Scaling(ONES, 0 * ONES), "scaling", {"factor": 1, "offset": 0}),
    (Activation(ElementFunction("leaky_relu", (("negative_slope", 1.0),))), "activation",
     {"function": "leaky_relu", "negative_slope": 1}),
    (Activation(ElementFunction("prelu", (("alpha", ONES),))), "activation",
     {"function": "prelu", "alpha": 1}),
    (Pad((0, 0)), "padding", {"before": [0, 0]}),
    (Merge("maximum"), "merge", {"merge": "maximum"}),
    (Identity(), "identity", {}),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "kind", "parameters"), KINDS)
def test_every_layer_is_named_with_its_numbers(operation, kind, parameters):
    values = random_maps(4, 2, 2, 2)
    step = written(activations_of(values, layer(operation, values)), 0, 1, 1)["steps"][1]
    assert (step["kind"], step["parameters"]) == (kind, parameters)
    assert step["agrees"]


def test_kinds_of_pooling_are_told_apart():
    kinds = [kind_of(Pool(Pooling.over_all(kind, (1, 1)))) for kind in ("max", "average")]
    assert kinds == ["max pooling", "average pooling"]


def test_table_to_read():
    text = as_text(report_on(network(channels=1), 0, 0, 1))
    lines = text.splitlines()
    assert lines[0].split() == ["pooled", *lines[0].split()[1:]]
    starts = {line.split("  ")[0]: line for line in lines}
    assert starts["window"].endswith("rows 0–1, columns 2–3")
    assert starts["pixel"].endswith("row 0, column 1, channel 0")
    assert "9 products + bias = " in starts["made of"]
    assert "3×3×1 products of conv" in lines
    assert text.count("[") == 1
    assert lines[-1] == "It ends in the input."
    head = next(index for index, line in enumerate(lines) if line.startswith("layer"))
    assert lines[head + 1].startswith("pool ")
    assert lines[head + 2].startswith("conv ")
    column = lines[head].index("agrees")
    assert {lines[head + row][column : column + 3] for row in (1, 2)} == {"yes"}


def test_table_names_a_coarse_precision():
    activations = replace(network(), precisions=("float16",))
    text = as_text(report_on(activations, 0, 0, 0))
    assert [
        line.split("  ")[-2].strip() for line in text.splitlines() if "convolution " in line
    ] == ["yes at float16"]
    assert "at float32" not in as_text(report_on(network(), 0, 0, 0))


def test_table_of_a_large_window_shows_a_part_around_the_winner():
    values = np.zeros((40, 30, 1), np.float32)
    values[20, 20] = 1
    text = as_text(
        report_on(activations_of(values, pooling=Pooling.over_all("max", (40, 30))), 0, 0, 0)
    )
    assert "values in the window, rows 16–23, columns 16–23 of them" in text
    assert "[1.000]" in text
    assert len(max(text.splitlines(), key=len)) < 100


def test_table_of_many_channels_shows_those_that_count_most():
    activations = network(channels=20)
    text = as_text(report_on(activations, 0, 0, 0))
    assert "3×3×20 products of conv, of the 8 channels that count most" in text
    assert text.count("  channel ") == 8


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("average", [[1.0, 2.0]], "none: every pixel counts the same"),
        ("max", [[NAN, NAN]], "none: all NaN"),
        ("max", [[3.0, 3.0]], "row 0, column 0 (2 tie; the first in reading order wins)"),
    ],
)
def test_table_says_why_nothing_won_or_that_pixels_tie(kind, values, words):
    values = np.array(values, np.float32)[..., np.newaxis]
    activations = activations_of(values, pooling=Pooling.over_all(kind, (1, 2)))
    assert words in as_text(report_on(activations, 0, 0, 0))


def test_receptive_field_that_is_not_known_is_said_to_be():
    activations = network()
    report = report_on(activations, 0, 0, 0)
    unknown = replace(report, trace=replace(report.trace, receptive_field=None))
    assert as_data(unknown)["receptive_field"] is None
    assert any(line.split() == ["receptive", "field", "not", "known"]
               for line in as_text(unknown).splitlines())  # fmt: skip
    assert report.trace.receptive_field == PixelBox(0, 0, 4, 4)
