"""Receptive fields through graphs against sets of pixels that are followed one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core import layer_graph
from poolviewer.core.axis_rules import (
    RepeatAxis,
    ResizeAxis,
    ShiftAxis,
    TransposedAxis,
    WholeAxis,
)
from poolviewer.core.geometry import Axis, MapGeometry, PixelBox
from poolviewer.core.layer_graph import INPUT, LayerGraph, Link, Step
from poolviewer.core.windows import AdaptiveAxis, WindowAxis, WindowGrid

from .cases import PADDINGS, bounding_box, chain, pixels_of

LARGEST = 12
SMALL = st.integers(1, 3)
THREE = WindowAxis(8, 3, 1, "same")


@st.composite
def rules_over(draw, size):
    """Draw any rule for an axis of this length."""
    kind = draw(st.sampled_from(["window", "adaptive", "whole", "shift", "grow", "resize", "none"]))
    if kind == "window":
        dilation = draw(st.integers(1, 2))
        stride = 1 if dilation > 1 else draw(SMALL)
        rule = WindowAxis(size, draw(SMALL), stride, draw(PADDINGS), dilation)
    elif kind == "adaptive":
        rule = AdaptiveAxis(size, draw(st.integers(1, LARGEST)))
    elif kind == "whole":
        rule = WholeAxis(size)
    elif kind == "shift":
        rule = ShiftAxis(size, draw(st.integers(-2, 2)), draw(st.integers(-2, 2)))
    elif kind == "grow":
        windows = WindowAxis(size * 2, draw(SMALL), 2, "same")
        rule = draw(st.sampled_from([RepeatAxis(size, 2), TransposedAxis(windows)]))
    elif kind == "resize":
        rule = ResizeAxis(size, draw(st.integers(1, LARGEST)))
    else:
        return None
    return rule if 1 <= rule.count <= 2 * LARGEST else None


@st.composite
def graphs(draw):
    """Draw a graph in which every layer reads one earlier map, or two that fit each other."""
    shape = draw(st.integers(1, LARGEST)), draw(st.integers(1, LARGEST))
    steps = []
    for index in range(draw(st.integers(0, 7))):
        shapes = [step.shape for step in steps] + [shape]  # the input's index is −1
        source = draw(st.integers(-1, index - 1))
        rows, cols = (draw(rules_over(size)) for size in shapes[source])
        made = tuple(
            rule.count if rule else size
            for rule, size in zip((rows, cols), shapes[source], strict=True)
        )
        links = [Link(source, rows, cols)]
        fitting = [i - 1 for i, other in enumerate([shapes[-1], *shapes[:-1]])
                   if all(a in (1, b) for a, b in zip(other, made, strict=True))]  # fmt: skip
        if fitting and draw(st.booleans()):
            links.append(Link(draw(st.sampled_from(fitting))))
        steps.append(Step(f"layer_{index}", tuple(links), made))
    return LayerGraph(shape, tuple(steps))


def positions(rule, index, source_size):
    """Return the source positions of one output position."""
    if rule is None:
        return {index if source_size > index else 0}
    return set(np.flatnonzero(rule.sources_of(np.arange(rule.count) == index)).tolist())


def followed(graph, index, row, col):
    """Return the set of input pixels that one pixel of one step is made from."""
    if index == INPUT:
        return {(row, col)}
    step, found = graph.steps[index], set()
    for link in step.links:
        shape = graph.input_shape if link.source == INPUT else graph.steps[link.source].shape
        rows = positions(link.rows, row, shape[0])
        cols = positions(link.cols, col, shape[1])
        for pixel in ((r, c) for r in rows for c in cols):
            found |= remembered(graph, link.source, *pixel)
    return found


def remembered(graph, index, row, col, cache={}):  # noqa: B006 - one cache for one graph
    if cache.get("graph") is not graph:
        cache.clear()
        cache["graph"] = graph
    key = index, row, col
    if key not in cache:
        cache[key] = followed(graph, *key)
    return cache[key]


def box_of(pixels):
    """Return the smallest box around a set of pixels."""
    if not pixels:
        return None
    mask = np.zeros((2 * LARGEST, 2 * LARGEST), np.bool_)
    mask[tuple(zip(*pixels, strict=True))] = True
    return bounding_box(mask)


@settings(max_examples=500, deadline=None)
@given(st.data(), graphs())
def test_the_field_is_what_the_pixel_is_made_from(data, graph):
    row, col = data.draw(pixels_of(graph.shape))
    expected = box_of(remembered(graph, len(graph.steps) - 1, row, col))
    assert graph.undefined_by is None
    assert graph.field(PixelBox.of_pixel(row, col)) == expected


@settings(max_examples=200, deadline=None)
@given(st.data(), graphs())
def test_the_field_of_a_box_is_that_of_its_pixels_together(data, graph):
    top, left = data.draw(pixels_of(graph.shape))
    bottom = data.draw(st.integers(top + 1, graph.shape[0]))
    right = data.draw(st.integers(left + 1, graph.shape[1]))
    last = len(graph.steps) - 1
    pixels = [
        remembered(graph, last, row, col)
        for row in range(top, bottom)
        for col in range(left, right)
    ]
    assert graph.field(PixelBox(top, left, bottom, right)) == box_of(set().union(*pixels))


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_every_map_lies_somewhere_with_its_own_size(graph):
    geometry = graph.geometry
    assert geometry.shape == graph.shape
    assert min(geometry.rows.stride, geometry.cols.stride) > 0


@settings(max_examples=100, deadline=None)
@given(graph=graphs())
def test_every_step_lies_where_a_graph_that_ended_with_it_would_lie(graph):
    for index in range(len(graph.steps)):
        ended = LayerGraph(graph.input_shape, graph.steps[: index + 1])
        assert graph.geometry_of(index) == ended.geometry
    assert graph.geometry_of(INPUT) == MapGeometry.of_input(*graph.input_shape)


def test_without_layers_the_map_is_the_input():
    graph = LayerGraph((8, 9))
    assert graph.shape == (8, 9)
    assert graph.geometry == MapGeometry.of_input(8, 9)
    assert graph.field(PixelBox(2, 4, 4, 6)) == PixelBox(2, 4, 4, 6)


def test_branches_are_united():
    steps = (
        Step("conv", (Link(INPUT, THREE, THREE),), (8, 8)),
        Step("wide", (Link(INPUT, None, WindowAxis(8, 5, 1, "same")),), (8, 8)),
        Step("add", (Link(0), Link(1)), (8, 8)),
    )
    assert LayerGraph((8, 8), steps).field(PixelBox.of_pixel(4, 4)) == PixelBox(3, 2, 6, 7)


def test_branches_that_read_padding_alone_do_not_meet_in_the_picture():
    """One reads above the picture and one beside it; their rows and columns cross within."""
    above = Step("above", (Link(0, ShiftAxis(10, 0, -2), ShiftAxis(10, -2, 0)),), (8, 8))
    beside = Step("beside", (Link(0, ShiftAxis(10, -2, 0), ShiftAxis(10, 0, -2)),), (8, 8))
    pad = Step("pad", (Link(INPUT, ShiftAxis(8, 2, 0), ShiftAxis(8, 2, 0)),), (10, 10))
    steps = (pad, above, beside, Step("add", (Link(1), Link(2)), (8, 8)))
    assert LayerGraph((8, 8), steps).field(PixelBox.of_pixel(0, 0)) is None
    assert LayerGraph((8, 8), steps).field(PixelBox.of_pixel(2, 2)) == PixelBox(0, 0, 3, 3)


@pytest.mark.parametrize("most", [1, 3, 8])
def test_too_many_parts_are_taken_together(monkeypatch, most):
    """Each branch reads one pixel of a diagonal; the field is right, however many there are."""
    monkeypatch.setattr(layer_graph, "MOST_PARTS", most)
    branches = [
        Step(f"branch_{i}", (Link(INPUT, *[ShiftAxis(12, -i, i - 11)] * 2),), (1, 1))
        for i in range(2, 9)
    ]
    join = Step("join", tuple(Link(i) for i in range(len(branches))), (1, 1))
    graph = LayerGraph((12, 12), (*branches, join))
    assert graph.field(PixelBox.of_pixel(0, 0)) == PixelBox(2, 2, 9, 9)


def gated(is_undefined=False):
    """Return a map that is multiplied by a vector made from the whole input."""
    steps = (
        Step("pool", (Link(INPUT, WholeAxis(8), WholeAxis(8)),), (1, 1)),
        Step("dense", (Link(0),), (1, 1), is_undefined),
        Step("conv", (Link(INPUT, THREE, THREE),), (8, 8)),
        Step("multiply", (Link(2), Link(1)), (8, 8)),
    )
    return LayerGraph((8, 8), steps)


def test_a_vector_is_used_for_every_pixel_and_moves_none():
    assert gated().field(PixelBox.of_pixel(4, 4)) == PixelBox(0, 0, 8, 8)
    assert gated().geometry == MapGeometry.of_input(8, 8)


def test_a_layer_of_which_nothing_is_known_is_named():
    assert gated().undefined_by is None
    assert gated(is_undefined=True).undefined_by == "dense"
    assert gated(is_undefined=True).field(PixelBox.of_pixel(4, 4)) is None


def test_layers_beside_the_way_do_not_count():
    steps = (
        Step("mystery", (Link(INPUT),), (3, 3), is_undefined=True),
        Step("conv", (Link(INPUT, THREE, THREE),), (8, 8)),
    )
    graph = LayerGraph((8, 8), steps)
    assert graph.undefined_by is None
    assert graph.field(PixelBox.of_pixel(0, 0)) == PixelBox(0, 0, 2, 2)


def test_a_map_behind_a_mystery_is_stretched_over_the_input():
    graph = LayerGraph((8, 8), (Step("mystery", (), (4, 2), is_undefined=True),))
    assert graph.geometry == MapGeometry(Axis(4, 1.0, 2.0), Axis(2, 2.0, 4.0))


@pytest.mark.parametrize(
    "link", [Link(INPUT), Link(INPUT, WindowAxis(9, 3), THREE), Link(INPUT, WindowAxis(8, 3))]
)
def test_rules_that_do_not_fit_their_maps_make_it_undefined(link):
    graph = LayerGraph((8, 8), (Step("odd", (link,), (7, 8)),))
    assert graph.undefined_by == "odd"
    assert graph.field(PixelBox.of_pixel(0, 0)) is None
    assert graph.geometry.shape == (7, 8)


def test_what_is_made_from_nothing_has_no_field():
    constant = LayerGraph((8, 8), (Step("constant", (), (8, 8)),))
    padded = LayerGraph((8, 8), (Step("pad", (Link(INPUT, ShiftAxis(8, 2, 0)),), (10, 8)),))
    assert constant.field(PixelBox.of_pixel(4, 4)) is None
    assert padded.field(PixelBox(0, 0, 2, 8)) is None
    assert padded.field(PixelBox(0, 0, 3, 8)) == PixelBox(0, 0, 1, 8)
    assert constant.undefined_by is padded.undefined_by is None


def test_of_several_branches_the_finest_says_where_the_map_lies():
    coarse = Step("coarse", (Link(INPUT, ResizeAxis(8, 2), None),), (2, 8))
    fine = Step("fine", (Link(INPUT, ShiftAxis(8, -3, -3), None),), (2, 8))
    graph = LayerGraph((8, 8), (coarse, fine, Step("add", (Link(0), Link(1)), (2, 8))))
    assert graph.geometry.rows == Axis(2, 3.5, 1.0)


def test_graphs_are_equal_by_value_whatever_was_asked_of_them():
    graph, same, other = (chain((8, 8), [WindowGrid(THREE, THREE)] * n) for n in (1, 1, 2))
    graph.field(PixelBox.of_pixel(0, 0))
    assert graph == same != other
    assert hash(graph) == hash(same)


def test_only_so_many_fields_are_remembered(monkeypatch):
    monkeypatch.setattr(layer_graph, "MOST_REMEMBERED", 3)
    graph = chain((8, 8), [WindowGrid(THREE, THREE)])
    for col in range(8):
        assert graph.field(PixelBox.of_pixel(4, col)) == PixelBox(
            3, max(col - 1, 0), 6, min(col + 2, 8)
        )
        assert len(graph._fields) <= 3


def test_only_a_single_sliding_window_is_a_layers_window():
    sliding = Step("conv", (Link(INPUT, THREE, THREE),), (8, 8))
    assert sliding.window == WindowGrid(THREE, THREE)
    assert Step("relu", (Link(0),), (8, 8)).window is None
    assert Step("up", (Link(0, RepeatAxis(8, 2), RepeatAxis(8, 2)),), (16, 16)).window is None
    assert Step("input", (), (8, 8)).window is None
