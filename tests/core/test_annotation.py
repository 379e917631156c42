"""What is drawn over the maps for a trace."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import (
    MapName,
    Outline,
    Pixel,
    Role,
    geometry_of,
    outlines_of,
    trace_of,
    uncovered_rects,
)
from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.network import NetworkSpec
from poolviewer.core.trace import FeatureTrace, InputTrace, PooledTrace

from .cases import activations_of, network_specs

TRACES = {
    MapName.INPUT: InputTrace,
    MapName.FEATURE: FeatureTrace,
    MapName.POOLED: PooledTrace,
}


@pytest.fixture(scope="module")
def tutorial():
    """The tutorial's network with one filter; feature-map pixel (9, 15) is the highest."""
    maps = np.zeros((30, 30, 1))
    maps[9, 15] = 1
    return activations_of(NetworkSpec(filters=1), maps)


def test_a_pooled_pixel_marks_its_window_its_winner_and_its_field(tutorial):
    trace = trace_of(tutorial, 0, Pixel(MapName.POOLED, 4, 7))
    assert outlines_of(tutorial.stage, trace) == {
        MapName.INPUT: (Outline(Rect(8, 14, 12, 18), Role.FIELD),),
        MapName.FEATURE: (
            Outline(Rect(9, 15, 11, 17), Role.WINDOW),
            Outline(Rect(10, 16, 11, 17), Role.WINNER),
        ),
        MapName.POOLED: (Outline(Rect(9, 15, 11, 17), Role.PIXEL),),
    }


@pytest.mark.parametrize(("col", "role"), [(15, Role.WINNER), (14, Role.WINDOW)])
def test_a_feature_map_pixel_marks_the_pools_that_it_feeds(tutorial, col, role):
    trace = trace_of(tutorial, 0, Pixel(MapName.FEATURE, 9, col))
    assert outlines_of(tutorial.stage, trace) == {
        MapName.INPUT: (Outline(Rect(9, col, 12, col + 3), Role.FIELD),),
        MapName.FEATURE: (Outline(Rect(10, col + 1, 11, col + 2), Role.PIXEL),),
        MapName.POOLED: (Outline(Rect(9, 15, 11, 17), role),),
    }


def test_an_input_pixel_marks_itself(tutorial):
    trace = trace_of(tutorial, 0, Pixel(MapName.INPUT, 3, 5))
    assert outlines_of(tutorial.stage, trace) == {
        MapName.INPUT: (Outline(Rect(3, 5, 4, 6), Role.PIXEL),)
    }


@pytest.mark.parametrize("map_name", MapName)
def test_a_pinned_pixel_is_marked_as_pinned(tutorial, map_name):
    trace = trace_of(tutorial, 0, Pixel(map_name, 3, 5))
    hovered = outlines_of(tutorial.stage, trace)
    pinned = outlines_of(tutorial.stage, trace, is_pinned=True)
    (before,), (after,) = hovered[map_name], pinned[map_name]
    assert (before.role, after.role) == (Role.PIXEL, Role.PINNED)
    assert before.rect == after.rect
    assert {**hovered, map_name: None} == {**pinned, map_name: None}


def test_nothing_is_marked_without_a_trace(tutorial):
    assert outlines_of(tutorial.stage, None) == {}


def test_an_average_marks_no_winner():
    activations = activations_of(NetworkSpec(filters=1, pool_kind="average"), np.ones((30, 30, 1)))
    for pixel in (Pixel(MapName.POOLED, 4, 7), Pixel(MapName.FEATURE, 9, 15)):
        outlines = outlines_of(activations.stage, trace_of(activations, 0, pixel))
        roles = {outline.role for marks in outlines.values() for outline in marks}
        assert roles == {Role.FIELD, Role.WINDOW, Role.PIXEL}


@pytest.mark.parametrize(
    ("map_name", "size"), [(MapName.INPUT, 32), (MapName.FEATURE, 30), (MapName.POOLED, 15)]
)
def test_a_pixel_that_does_not_exist_has_no_trace(tutorial, map_name, size):
    last = size - 1
    assert isinstance(trace_of(tutorial, 0, Pixel(map_name, last, last)), TRACES[map_name])
    for row, col in ((size, 0), (0, size), (-1, 0), (0, -1)):
        assert trace_of(tutorial, 0, Pixel(map_name, row, col)) is None
    for channel in (-1, 1):
        assert trace_of(tutorial, channel, Pixel(map_name, 0, 0)) is None


def test_each_map_has_its_own_geometry(tutorial):
    shapes = [geometry_of(tutorial.stage, map_name).shape for map_name in MapName]
    assert shapes == [(32, 32), (30, 30), (15, 15)]


@settings(max_examples=300, deadline=None)
@given(network_specs())
def test_uncovered_rects_cover_what_no_window_covers(spec):
    stage, geometry = spec.stage, spec.stage.feature_geometry
    rects = uncovered_rects(stage)
    for row, col in np.ndindex(stage.feature_shape):
        y, x = geometry.tile(row, col).centre
        is_dimmed = any(r.top < y < r.bottom and r.left < x < r.right for r in rects)
        assert is_dimmed == (not stage.pooling.grid.windows_over(row, col))


def test_neighbouring_uncovered_rows_are_one_rectangle():
    spec = NetworkSpec(InputSpec(9, 8), 1, (1, 1), pool_size=(2, 2), pool_strides=(4, 4))
    assert uncovered_rects(spec.stage) == (
        Rect(2, 0, 4, 8),
        Rect(6, 0, 9, 8),
        Rect(0, 2, 9, 4),
        Rect(0, 6, 9, 8),
    )
    assert uncovered_rects(NetworkSpec().stage) == ()


@settings(max_examples=100, deadline=None)
@given(st.data(), network_specs())
def test_every_outline_lies_where_its_map_lies(data, spec):
    maps = np.zeros((*spec.stage.feature_shape, spec.filters))
    activations = activations_of(spec, maps)
    map_name = data.draw(st.sampled_from(MapName))
    rows, cols = geometry_of(spec.stage, map_name).shape
    row, col = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, cols - 1))
    outlines = outlines_of(spec.stage, trace_of(activations, 0, Pixel(map_name, row, col)))
    for name, marks in outlines.items():
        extent = geometry_of(spec.stage, name).extent
        assert all(extent.united(outline.rect) == extent for outline in marks)
