"""What `poolviewer bench` measures, and its figures as data and as a table."""

import json
import math
from dataclasses import replace

import pytest

from poolviewer.core.benchmark import (
    NETWORKS,
    RATES,
    BenchWish,
    Case,
    Samples,
    gap_figures,
    result_of,
    table,
)
from poolviewer.core.meters import PaintedFrame
from poolviewer.core.network import problems
from tests.views.renderings import rendering_of

SPREADS = ("engine_ms", "paint_ms", "latency_ms", "hover_ms")
SAMPLES = Samples(
    engine=[0.001, 0.002, 0.003],
    paint=[0.004, 0.004, 0.004],
    latency=[0.010, 0.020, 0.030],
    hover=[0.002],
    gaps=[0.005] * 99 + [0.020],
    duration=0.1,
    read=9,
    dropped_before_network=4,
    dropped_before_screen=2,
)


def test_every_network_is_measured_at_every_rate():
    cases = BenchWish().cases
    assert len(cases) == len(set(cases)) == 12
    assert {case.network for case in cases} == {"tutorial", "conv224", "vgg224", "conv640"}
    assert {case.source_fps for case in cases} == set(RATES) == {30, 60, 0}


def test_the_networks_can_be_built():
    specs = {name: spec for name, spec in NETWORKS.items() if spec is not None}
    assert not any(problems(spec) for spec in specs.values())
    assert {name: spec.input.shape for name, spec in specs.items()} == {
        "tutorial": (32, 32, 3),
        "conv224": (224, 224, 3),
        "conv640": (480, 640, 3),
    }
    assert all(spec.filters == 64 and spec.pool_size == (2, 2) for spec in specs.values())


def test_figures_are_in_milliseconds_and_per_second():
    result = result_of(Case("tutorial", 60), SAMPLES)
    assert (result["network"], result["source_fps"]) == ("tutorial", 60)
    assert result["painted_fps"] == pytest.approx(30)
    assert result["read_fps"] == pytest.approx(90)
    assert (result["dropped"], result["dropped_before_network"]) == (6, 4)
    assert result["dropped_before_screen"] == 2
    assert result["engine_ms"] == {"median": 2.0, "p95": 2.9}
    assert result["latency_ms"] == {"median": 20.0, "p95": 29.0}
    assert result["hover_ms"] == {"median": 2.0, "p95": 2.0}
    assert result["gap_ms"] == {"p99": 5.15, "max": 20.0}


def test_a_frame_gives_its_times():
    rendering = rendering_of()
    made = rendering.activations
    made = replace(made, model_s=0.001, frame=replace(made.frame, captured_s=5.0))
    samples = Samples()
    samples.add_frame(PaintedFrame(replace(rendering, activations=made), 0.002, 5.25))
    assert (samples.engine, samples.paint, samples.latency) == ([0.001], [0.002], [0.25])


@pytest.mark.parametrize(
    ("samples", "are_enough"),
    [
        (Samples(), False),
        (replace(SAMPLES, hover=[]), False),
        (replace(SAMPLES, latency=[0.1]), False),
        (SAMPLES, True),
    ],
)
def test_a_case_needs_a_sample_of_everything(samples, are_enough):
    assert samples.are_enough == are_enough


def test_without_gaps_there_is_none():
    assert gap_figures([]) == {"p99": 0, "max": 0}


def test_figures_are_finite_and_written_as_json():
    result = result_of(Case("tutorial", 0), SAMPLES)
    again = json.loads(json.dumps(result, allow_nan=False))
    assert again == result
    assert all(math.isfinite(value) for name in SPREADS for value in result[name].values())


def test_the_table_is_for_people():
    report = {
        "machine": {"cpu": "A chip", "cores": 2, "os": "Linux", "platform": "xcb", "device": "CPU"},
        "start": {"window_ms": 512.3, "first_maps_ms": 3210.0, "longest_gap_ms": 12.9},
        "cases": [result_of(Case("tutorial", 60), SAMPLES), result_of(Case("conv640", 0), SAMPLES)],
    }
    text = table(report)
    assert "A chip, 2 cores, Linux\nxcb, network on CPU\n" in text
    assert "window after 512 ms, first maps after 3210 ms, longest pause 13 ms" in text
    *_, first, second = text.splitlines()
    assert first.split()[:6] == ["tutorial", "60", "30.0", "6", "2.0", "2.9"]
    assert second.split()[:2] == ["conv640", "any"]
    assert len(first) == len(second)
