"""A window as text that proves its pooled value: what is copied runs, in a process of its own."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.literals import array_literal
from poolviewer.core.operations import Convolution, ElementFunction
from poolviewer.core.pooling import Pooling, pool
from poolviewer.core.proof import MOST_VALUES, NO_WINDOW, ProofError, proof_of
from poolviewer.core.trace import trace_pooled
from tests.export.cases import activations_of, network
from tests.processes import run

LOWEST = np.finfo(np.float32).min
CASES = ("max", "average", "ties", "NaN", "infinite", "nothing", "same", "global", "precise")


def corner(activations):
    """Return the last pooled pixel: where padding clips windows, it clips this one's."""
    rows, cols = activations.stage.pooled_shape
    return Pixel(MapName.POOLED, rows - 1, cols - 1)


def pooled_again(activations, maps):
    """Return the same frame with other feature maps, pooled as TensorFlow does on the CPU."""
    pooled = pool(maps, activations.stage.pooling).astype(maps.dtype)
    if activations.stage.pooling.has_winner:
        pooled = np.fmax(pooled, np.finfo(np.float32).min)
    return replace(activations, feature_maps=maps, pooled_maps=pooled)


def case_of(name):
    """Return maps whose last window is of some kind."""
    options = {
        "average": {"pool_kind": "average", "pool_size": (3, 3)},
        "same": {"pool_size": (3, 3), "pool_padding": "same"},
    }.get(name, {})
    activations = activations_of(network(8, 9, filters=2, **options))
    maps = activations.feature_maps.copy()
    if name == "global":
        stage = replace(activations.stage, pooling=Pooling.over_all("max", maps.shape[:2]))
        return pooled_again(replace(activations, stage=stage), maps)
    if name == "precise":
        return pooled_again(activations, maps.astype(np.float64) / 3)
    special = {
        "ties": [[2, 2], [-1, 2]],
        "NaN": [[np.nan, 2], [-np.inf, 1e-42]],
        "infinite": [[np.nan, np.inf], [-np.inf, -0.0]],
        "nothing": [[np.nan, -np.inf], [np.nan, np.nan]],
    }.get(name)
    if special is not None:
        pixel = corner(activations)
        window = activations.stage.pooling.grid.window(pixel.row, pixel.col)
        maps[(*window.slices, 0)] = special
    return pooled_again(activations, maps)


def proof(activations, form):
    return proof_of(activations, 0, corner(activations), form)


def changed(script, value):
    """Return a script that claims another pooled value."""
    head, _, rest = script.partition("shown = np.float32(")
    assert rest
    return f"{head}shown = np.float32(1 + {rest}"


@pytest.mark.parametrize("case", CASES)
def test_numpy_gives_the_window_bit_for_bit_and_asserts_its_pooled_value(case):
    activations = case_of(case)
    pixel = corner(activations)
    names = {}
    exec(proof(activations, "numpy"), names)
    trace = trace_pooled(activations, 0, pixel.row, pixel.col)
    assert names["window"].dtype == trace.values.dtype
    assert names["window"].tobytes() == np.ascontiguousarray(trace.values).tobytes()
    assert names["pooled"] == pytest.approx(trace.value, rel=1e-6)


@pytest.mark.parametrize("case", ["max", "average", "NaN"])
def test_numpy_fails_for_another_value(case):
    script = changed(proof(case_of(case), "numpy"), 1)
    with pytest.raises(AssertionError):
        exec(script, {})


@pytest.mark.parametrize("seed", range(8))
def test_every_float_comes_back_from_its_literal(seed):
    bits = np.random.default_rng(seed).integers(0, 2**32, (40, 5), np.uint32)
    for values in (bits.view(np.float32), bits[:, :4].copy().view(np.float64)):
        again = eval(array_literal(values), {"np": np})
        assert again.dtype == values.dtype
        assert again.shape == values.shape
        same = (again == values) | (np.isnan(again) & np.isnan(values))
        assert same.all()


def test_a_table_is_what_a_spreadsheet_takes():
    activations = case_of("max")
    pixel = corner(activations)
    rows = [line.split("\t") for line in proof(activations, "tsv").split("\n")]
    values = trace_pooled(activations, 0, pixel.row, pixel.col).values
    assert np.array_equal(np.array(rows, np.float32), values)


@pytest.mark.parametrize("form", ["tsv", "numpy", "keras"])
def test_what_has_no_window_says_so(form):
    activations = case_of("max")
    for pixel in (None, Pixel(MapName.FEATURE, 1, 1), Pixel(MapName.POOLED, 99, 0)):
        with pytest.raises(ProofError) as refusal:
            proof_of(activations, 0, pixel, form)
        assert str(refusal.value) == NO_WINDOW


def test_a_window_that_is_too_large_says_so():
    spec = network(300, 300, filters=1, kernel_size=(1, 1), pool_size=(300, 300))
    with pytest.raises(ProofError, match=f"holds 90,000 values and at most {MOST_VALUES:,}"):
        proof(activations_of(spec), "numpy")


def convolved(spec, *, function=None, seed=3):
    """Return maps that a convolution really made, with its weights."""
    rng = np.random.default_rng(seed)
    activations = activations_of(spec)
    grid = activations.stage.source_window
    kernel = rng.normal(size=(*grid.size, spec.input.shape[2], spec.filters)).astype(np.float32)
    bias = rng.normal(size=spec.filters).astype(np.float32)
    layer = Convolution(grid, kernel, bias, ElementFunction(function) if function else None)
    source = activations.prepared.values.astype(np.float64)
    maps = np.zeros(activations.feature_maps.shape)
    for row, col in np.ndindex(*grid.shape):
        top = row * grid.strides[0] - grid.rows.pad_before
        left = col * grid.strides[1] - grid.cols.pad_before
        for down, across in np.ndindex(*grid.size):
            r, c = top + down, left + across
            if 0 <= r < source.shape[0] and 0 <= c < source.shape[1]:
                maps[row, col] += source[r, c] @ kernel[down, across]
    maps += bias
    maps = np.maximum(maps, 0) if function == "relu" else maps
    return pooled_again(
        replace(activations, operations=(layer,), precisions=("float32",)), maps.astype(np.float32)
    )


WITH_CONVOLUTION = {
    "plain": (network(8, 9, filters=2), None),
    "relu and padding": (network(8, 9, filters=2, padding="same", pool_padding="same"), "relu"),
    "strides": (network(12, 13, filters=2, strides=(2, 3), kernel_size=(2, 3)), None),
    "average": (network(8, 9, filters=2, pool_kind="average"), "relu"),
}


def run_script(script, folder):
    """Run a script as a person would, in a folder of its own."""
    path = folder / "proof.py"
    path.write_text(script, "utf-8")
    return run([sys.executable, str(path)], cwd=folder)


def test_every_keras_script_runs_and_passes(tmp_path):
    """All in one process: Keras takes seconds to be imported."""
    cases = {name: case_of(name) for name in CASES}
    cases |= {name: convolved(spec, function=f) for name, (spec, f) in WITH_CONVOLUTION.items()}
    scripts = {name: proof(activations, "keras") for name, activations in cases.items()}
    for name in WITH_CONVOLUTION:
        assert "conv.set_weights" in scripts[name]
    parts = [f"exec({script!r}, {{}})" for script in scripts.values()]
    ended = run_script("\n".join(parts), tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("values =") == len(cases)


def test_a_keras_script_that_is_wrong_fails(tmp_path):
    ended = run_script(changed(proof(case_of("max"), "keras"), 1), tmp_path)
    assert ended.returncode == 1
    assert "AssertionError" in ended.stderr


def test_a_keras_script_leaves_out_a_convolution_that_did_not_make_the_map():
    activations = convolved(network(8, 9, filters=2))
    poked = pooled_again(activations, activations.feature_maps + 1)
    assert "Conv2D" not in proof(poked, "keras")
    assert "assert pooled == shown" in proof(poked, "keras")
