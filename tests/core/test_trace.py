"""Traces of drawn activations, whose pooled maps TensorFlow made."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Role, outlines_of
from poolviewer.core.axis_rules import ShiftAxis, WholeAxis
from poolviewer.core.explanation import explain
from poolviewer.core.geometry import PixelBox
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.layer_graph import INPUT, LayerGraph, Link, Step
from poolviewer.core.network import NetworkSpec
from poolviewer.core.pooling import NO_WINNER, Pooling, winners
from poolviewer.core.trace import MOST_FEEDS, trace_feature, trace_input, trace_pooled

from .cases import activations_of, drawn_activations, pixels_of

LOWEST = np.finfo(np.float32).min
NAN = np.nan
# One 1×1 convolution in front of the pooling: the feature map is as large as the input.
PLAIN = {"filters": 1, "kernel_size": (1, 1)}


def activations_over(maps, **parameters):
    """Return activations of one channel whose feature map is the given list of rows."""
    maps = np.array(maps, np.float32)[:, :, np.newaxis]
    return activations_of(NetworkSpec(InputSpec(*maps.shape[:2]), **PLAIN, **parameters), maps)


@settings(max_examples=400, deadline=None)
@given(st.data(), drawn_activations(kinds=st.just("max")))
def test_a_pooled_pixel_is_traced_to_its_winner(data, activations):
    row, col = data.draw(pixels_of(activations.stage.pooled_shape))
    channel = data.draw(st.integers(0, activations.stage.channels - 1))
    trace = trace_pooled(activations, channel, row, col)
    assert (trace.row, trace.col, trace.channel, trace.kind) == (row, col, channel, "max")
    assert trace.window == activations.stage.pooling.grid.window(row, col)
    assert trace.receptive_field == activations.stage.receptive_field(trace.window)
    np.testing.assert_array_equal(
        trace.values, activations.feature_maps[(*trace.window.slices, channel)]
    )
    assert trace.value == activations.pooled_maps[row, col, channel]
    flat = winners(activations.feature_maps, activations.stage.pooling)[row, col, channel]
    if flat == NO_WINNER:
        assert (trace.winner, trace.ties, trace.value) == (None, 0, LOWEST)
    else:
        assert trace.winner == divmod(flat, activations.stage.feature_shape[1])
        assert activations.feature_maps[(*trace.winner, channel)] == trace.value
        assert trace.ties == sum(value == trace.value for value in trace.values.flat)


@settings(max_examples=200, deadline=None)
@given(st.data(), drawn_activations(kinds=st.just("average"), nan_shares=st.just(0.0)))
def test_an_averaged_pixel_has_a_window_and_no_winner(data, activations):
    row, col = data.draw(pixels_of(activations.stage.pooled_shape))
    trace = trace_pooled(activations, 0, row, col)
    assert (trace.winner, trace.ties, trace.kind) == (None, 0, "average")
    assert trace.value == pytest.approx(trace.values.mean(dtype=np.float64), abs=1e-5)


@settings(max_examples=200, deadline=None)
@given(st.data(), drawn_activations())
def test_both_directions_agree(data, activations):
    channel = data.draw(st.integers(0, activations.stage.channels - 1))
    pools = {
        pixel: trace_pooled(activations, channel, *pixel)
        for pixel in np.ndindex(activations.stage.pooled_shape)
    }
    row, col = data.draw(pixels_of(activations.stage.feature_shape))
    trace = trace_feature(activations, channel, row, col)
    assert (trace.row, trace.col, trace.channel) == (row, col, channel)
    assert trace.kind == activations.stage.pooling.kind
    np.testing.assert_equal(trace.value, float(activations.feature_maps[row, col, channel]))
    assert trace.receptive_field == activations.stage.receptive_field(PixelBox.of_pixel(row, col))
    holding = [pixel for pixel, pool in pools.items() if pool.window.contains(row, col)]
    assert [(feed.row, feed.col) for feed in trace.feeds] == holding
    for feed in trace.feeds:
        pool = pools[feed.row, feed.col]
        np.testing.assert_equal(feed.value, pool.value)
        assert feed.winner == pool.winner
        assert feed.has_won == (pool.winner == (row, col))


def test_a_tie_is_counted_and_the_first_wins():
    trace = trace_pooled(activations_over([[1, 3], [3, 2]]), 0, 0, 0)
    assert (trace.value, trace.winner, trace.ties) == (3, (0, 1), 2)


def test_a_window_of_nothing_but_nan_has_no_winner():
    activations = activations_over([[NAN, NAN], [NAN, NAN]])
    trace = trace_pooled(activations, 0, 0, 0)
    assert (trace.winner, trace.ties) == (None, 0)
    assert trace.arithmetic == "max(NaN, NaN, NaN, NaN) = −3.403e38"  # TensorFlow's own answer
    assert not trace_feature(activations, 0, 1, 1).feeds[0].has_won


def test_pixels_that_no_window_covers_feed_nothing():
    activations = activations_over(np.zeros((5, 5)))
    assert trace_feature(activations, 0, 4, 0).feeds == ()
    assert trace_feature(activations, 0, 0, 4).feeds == ()
    assert len(trace_feature(activations, 0, 3, 3).feeds) == 1


def test_a_pixel_under_overlapping_windows_feeds_them_all():
    maps = np.zeros((5, 5))
    maps[2, 2] = 1
    trace = trace_feature(activations_over(maps, pool_size=(3, 3)), 0, 2, 2)
    assert [(feed.row, feed.col) for feed in trace.feeds] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert all(feed.has_won and feed.value == 1 and feed.winner == (2, 2) for feed in trace.feeds)


def test_the_arithmetic_in_words():
    activations = activations_over([[0.125, 0.5], [-0.25, 0]])
    assert trace_pooled(activations, 0, 0, 0).arithmetic == (
        "max(0.1250, 0.5000, −0.2500, 0) = 0.5000"
    )
    activations = activations_over([[1, 2], [3, 4]], pool_kind="average")
    assert trace_pooled(activations, 0, 0, 0).arithmetic == (
        "mean(1.000, 2.000, 3.000, 4.000) = 2.500"
    )


def test_the_arithmetic_of_a_large_window_is_cut_short():
    activations = activations_over(np.ones((5, 5)), pool_size=(5, 5))
    terms = trace_pooled(activations, 0, 0, 0).arithmetic
    assert terms == "max(" + "1.000, " * 16 + "… 9 more) = 1.000"
    activations = activations_over(np.ones((4, 4)), pool_size=(4, 4))
    assert "more" not in trace_pooled(activations, 0, 0, 0).arithmetic


@pytest.mark.parametrize(
    ("order", "names"), [("bgr", ("B", "G", "R")), ("rgb", ("R", "G", "B")), ("grey", ("grey",))]
)
def test_an_input_pixel_is_read_as_the_network_received_it(order, names):
    spec = NetworkSpec(InputSpec(4, 5, channel_order=order), **PLAIN)
    activations = activations_of(spec, np.zeros((4, 5, 1)))
    trace = trace_input(activations, 2, 3)
    assert (trace.row, trace.col) == (2, 3)
    first = (2 * 5 + 3) * len(names)  # the prepared values count up from 0
    assert trace.values == tuple((name, first + i) for i, name in enumerate(names))


def test_a_pixel_that_feeds_thousands_is_traced_in_part_and_outlined_as_a_whole():
    maps = np.random.default_rng(0).normal(size=(62, 62))
    activations = activations_over(maps, pool_size=(40, 40), pool_strides=(1, 1))
    trace = trace_feature(activations, 0, 31, 31)
    assert trace.feed_count == 23 * 23
    assert len(trace.feeds) == MOST_FEEDS
    (outline,) = outlines_of(activations.stage, trace)[MapName.POOLED]
    assert outline.rect == activations.stage.pooled_geometry.extent


def behind(step):
    """Return activations of a 4×4 map that this layer made of the input."""
    activations = activations_over(np.arange(16.0).reshape(4, 4))
    stage = replace(activations.stage, graph=LayerGraph((4, 4), (step,)))
    return replace(activations, stage=stage)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (
            Step("mystery", (Link(INPUT),), (4, 4), is_undefined=True),
            "Receptive field: undefined, because nothing is known of layer mystery.",
        ),
        (
            Step("a\nb", (), (4, 4), is_undefined=True),
            "Receptive field: undefined, because nothing is known of layer a\ufffdb.",
        ),
        (
            Step("pad", (Link(INPUT, ShiftAxis(4, 4, -4)),), (4, 4)),
            "Receptive field: none; it is made of padding alone.",
        ),
    ],
)
def test_why_there_is_no_receptive_field_is_said(step, reason):
    activations = behind(step)
    for trace in (trace_pooled(activations, 0, 1, 1), trace_feature(activations, 0, 2, 2)):
        assert trace.receptive_field is None
        assert reason in explain(trace).sentences
        marks = outlines_of(activations.stage, trace)
        assert Role.FIELD not in {mark.role for outlines in marks.values() for mark in outlines}
        assert marks[MapName.POOLED]


def test_a_pixel_behind_a_global_layer_sees_the_whole_input():
    whole = WholeAxis(4, 4)
    trace = trace_pooled(behind(Step("whole", (Link(INPUT, whole, whole),), (4, 4))), 0, 1, 1)
    assert trace.receptive_field == PixelBox(0, 0, 4, 4)
    assert "Receptive field: rows 0–3, columns 0–3 (4×4) of the input." in explain(trace).sentences


@pytest.mark.parametrize("pooling", [Pooling.over_all("max", (5, 6)),
                                     Pooling.adaptive("max", (5, 6), (2, 4))])  # fmt: skip
def test_other_poolings_are_traced(pooling):
    maps = np.random.default_rng(0).normal(size=(5, 6))
    activations = activations_over(maps)
    stage = replace(activations.stage, pooling=pooling)
    pooled = np.zeros((*pooling.grid.shape, 1), np.float32)
    activations = replace(activations, stage=stage, pooled_maps=pooled)
    fed = {feed.winner for feed in trace_feature(activations, 0, 4, 5).feeds}
    last = trace_pooled(activations, 0, pooled.shape[0] - 1, pooled.shape[1] - 1)
    assert fed == {last.winner}
    assert last.window.contains(4, 5)
    assert last.window.shape == last.values.shape


def test_a_large_window_is_traced_in_few_words():
    activations = activations_over(np.arange(224.0 * 224).reshape(224, 224), pool_size=(224, 224))
    trace = trace_pooled(activations, 0, 0, 0)
    assert trace.winner == (223, 223)
    assert trace.arithmetic.endswith("… 50160 more) = 5.018e4")
    assert trace.part_of_window(5) == PixelBox(219, 219, 224, 224)


def test_a_field_that_unites_branches_says_so():
    step = Step("concatenate", (Link(INPUT), Link(INPUT)), (4, 4))
    for trace in (trace_pooled(behind(step), 0, 0, 0), trace_feature(behind(step), 0, 0, 0)):
        assert explain(trace).sentences[-1].endswith("of the input, for all branches together.")
    single = trace_pooled(behind(Step("relu", (Link(INPUT),), (4, 4))), 0, 0, 0)
    assert explain(single).sentences[-1].endswith("of the input.")
