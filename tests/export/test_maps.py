import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.export.map_grid import flowing_grid
from poolviewer.export.maps import LARGEST_PIXEL, cells_of, even_scale, visible_world
from poolviewer.export.request import ready
from poolviewer.export.style import style_of
from poolviewer.export.trace_panel import MOST_TILES

from .cases import activations_of, network, odd_networks, request_of


@given(st.floats(1e-4, 1e4))
def test_scales_are_even_and_do_not_enlarge(scale):
    even = even_scale(scale)
    assert 0 < even <= min(scale, LARGEST_PIXEL)
    assert even >= scale * 0.8 or even == LARGEST_PIXEL
    parts = 1 if even >= 4 else 2 if even >= 2 else 4
    if even >= 1:
        assert parts * even == round(parts * even)
    else:
        assert even == scale


@pytest.mark.parametrize("width", [451, 400, 353, 150, 99])
def test_large_maps_leave_little_of_their_column_empty(width):
    grid, scale = grid_of(width, width)
    assert 0.8 * grid.cell_width < grid.world.width * scale <= grid.cell_width


STYLE = style_of(FigureSpec())


def grid_of(height, width):
    spec = network(height, width, kernel_size=(1, 1), pool_padding="same")
    request = ready(request_of(activations_of(spec), None))
    return flowing_grid(request, STYLE, cells_of(request), STYLE.inner_width)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.integers(1, 600))
def test_maps_fit_beside_or_under_each_other(height, width):
    grid, scale = grid_of(height, width)
    assert grid.world.width * scale <= grid.cell_width + 1e-6
    assert grid.world.height * scale <= STYLE.tallest_map + 1e-6


@pytest.mark.parametrize(
    ("shape", "columns"),
    [((32, 32), 3), ((32, 512), 1), ((512, 32), 3), ((30, 45), 3)],
)
def test_only_very_wide_maps_are_stacked(shape, columns):
    assert grid_of(*shape)[0].columns == columns


@settings(max_examples=60, deadline=None)
@given(odd_networks())
def test_the_visible_world_holds_the_input_and_little_more(spec):
    activations = activations_of(spec)
    world, (height, width) = visible_world(activations), spec.stage.input_shape[:2]
    assert -height / 4 <= world.top <= 0
    assert height <= world.bottom <= height * 1.25
    assert -width / 4 <= world.left <= 0
    assert width <= world.right <= width * 1.25


def test_the_visible_world_holds_all_maps_of_the_tutorial():
    activations = activations_of()
    for map_name in MapName:
        extent = geometry_of(activations.stage, map_name).extent
        assert visible_world(activations).united(extent) == visible_world(activations)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["max", "average"]))
def test_a_large_window_is_shown_in_part_around_its_winner(rows, cols, kind):
    spec = network(22, 22, pool_size=(rows, cols), pool_kind=kind)
    trace = request_of(activations_of(spec, seed=rows * cols), Pixel(MapName.POOLED, 0, 0)).trace
    part = trace.part_of_window(MOST_TILES)
    assert part.shape == (min(rows, MOST_TILES), min(cols, MOST_TILES))
    assert trace.window.row_start <= part.row_start < part.row_stop <= trace.window.row_stop
    assert trace.window.col_start <= part.col_start < part.col_stop <= trace.window.col_stop
    assert trace.winner is None or part.contains(*trace.winner)
    assert np.isfinite(trace.value)


@pytest.mark.parametrize(("width", "columns"), [(1216.0, 4), (800.0, 2), (380.0, 2), (150.0, 1)])
def test_four_maps_are_never_three_and_one(width, columns):
    request = ready(request_of(pixel=None))
    cells = cells_of(request)
    grid, _ = flowing_grid(request, STYLE, [*cells, cells[0]], width)
    assert grid.columns == columns
