"""A frame made ready: which page in which order, and how long an order is kept."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName
from poolviewer.core.display import DisplaySpec, quantise
from poolviewer.core.messages import SourceInfo
from poolviewer.core.ordering import TILE_ORDERS
from poolviewer.core.rendering import SHORTEST_ORDER_S, render, shades_of
from poolviewer.core.tiles import Room
from tests.core.cases import random_maps
from tests.export.cases import activations_of, network

CAMERA = SourceInfo("camera", "camera")
BY_MEAN = DisplaySpec(order="mean")
SMALL = network(6, 6, filters=5)


def frame(seed, captured_s=0.0, *, source=CAMERA, generation=1, network_generation=1):
    """Return other maps of one network, captured at a time."""
    made = activations_of(SMALL, seed=seed, source=source)
    made_frame = replace(made.frame, captured_s=captured_s, generation=generation)
    maps = random_maps(seed, 4, 4, 5)
    return replace(made, frame=made_frame, feature_maps=maps, generation=network_generation)


def order(rendering):
    return rendering.ordering.channels.tolist()


def true_order(activations):
    return np.argsort(-activations.feature_maps.mean(axis=(0, 1))).tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 200),
    st.sampled_from(TILE_ORDERS),
    st.builds(Room, st.integers(20, 300), st.integers(20, 300)),
    st.booleans(),
)
def test_every_channel_is_on_one_page(channels, by, room, has_nan):
    activations = activations_of(network(6, 6, filters=channels), nan_share=0.1 if has_nan else 0.0)
    display = DisplaySpec(order=by, room=room)
    first = render(activations, display)
    page = first.mosaics.page
    pages = [
        render(activations, replace(display, place=number * page.size), first)
        for number in range(page.pages)
    ]
    shown = np.concatenate([rendering.mosaics.channels for rendering in pages])
    np.testing.assert_array_equal(shown, first.ordering.channels)
    assert sorted(shown.tolist()) == list(range(channels))


def test_a_place_behind_the_last_shows_the_last_page():
    """As after a change to a network with fewer channels."""
    rendering = render(activations_of(SMALL), DisplaySpec(place=400))
    assert rendering.mosaics.channels.tolist() == [0, 1, 2, 3, 4]


def test_shared_levels_count_channels_of_other_pages():
    activations = activations_of(network(6, 6, filters=30))
    display = DisplaySpec(levels_mode="shared", room=Room(20, 40))
    rendering = render(activations, display)
    assert rendering.mosaics.page.count < 30
    assert rendering.levels.feature[0, 1] == max(
        activations.feature_maps.max(), activations.pooled_maps.max()
    )


def test_an_order_is_kept_for_a_second_of_a_moving_source():
    frames = [frame(seed, 100 + seed * SHORTEST_ORDER_S * 0.4) for seed in range(5)]
    first = render(frames[0], BY_MEAN)
    second = render(frames[1], BY_MEAN, first)
    third = render(frames[2], BY_MEAN, second)
    fourth = render(frames[3], BY_MEAN, third)
    assert order(first) == order(second) == order(third) == true_order(frames[0])
    assert order(fourth) == true_order(frames[3]) != order(third)
    assert order(render(frames[4], BY_MEAN, fourth)) == order(fourth)
    np.testing.assert_array_equal(third.mosaics.channels, order(first))


@pytest.mark.parametrize(
    "changes",
    [
        {"generation": 2},
        {"network_generation": 2},
        {"captured_s": -1.0},
        {"source": SourceInfo("folder", "folder")},
    ],
)
def test_an_order_is_not_kept_where_all_is_new(changes):
    first = render(frame(0), BY_MEAN)
    now = frame(1, **{"captured_s": 0.1, **changes})
    assert order(render(now, BY_MEAN, first)) == true_order(now) != order(first)


def test_another_order_is_made_at_once():
    now = frame(0)
    first = render(now, DisplaySpec(order="zeros"))
    assert order(render(now, BY_MEAN, first)) == true_order(now)


def test_the_same_frame_keeps_its_order_on_every_page():
    """And measures nothing again."""
    activations = frame(0, source=SourceInfo("picture", "picture"))
    first = render(activations, BY_MEAN)
    other = render(activations, replace(BY_MEAN, colour_map="viridis", place=3), first)
    assert other.ordering is first.ordering
    assert other.display.colour_map == "viridis"


def test_other_maps_with_other_channels_are_sorted_anew():
    """Even if nobody has numbered the network."""
    first = render(frame(0), BY_MEAN)
    wider = replace(
        frame(1), feature_maps=random_maps(1, 4, 4, 7), pooled_maps=random_maps(2, 2, 2, 7)
    )
    assert sorted(order(render(wider, BY_MEAN, first))) == list(range(7))


def test_float64_maps_are_rendered():
    activations = activations_of(SMALL)
    double = replace(
        activations,
        feature_maps=activations.feature_maps.astype(np.float64),
        pooled_maps=activations.pooled_maps.astype(np.float64),
    )
    for by in TILE_ORDERS:
        display = DisplaySpec(order=by)
        single, found = render(activations, display), render(double, display)
        np.testing.assert_array_equal(found.mosaics.feature, single.mosaics.feature)
        assert order(found) == order(single)


@pytest.mark.parametrize("filters", [5, 400])
@pytest.mark.parametrize("channel", [0, 3])
def test_the_shades_of_the_chosen_channel_are_made_in_advance(channel, filters):
    size = 150 if filters == 400 else 6  # so large that a second thread makes them
    activations = activations_of(network(size, size, filters=filters))
    rendering = render(activations, DisplaySpec("diverging"), channel=channel)
    assert rendering.shown.channel == channel
    for name, maps, levels in (
        (MapName.FEATURE, activations.feature_maps, rendering.levels.feature),
        (MapName.POOLED, activations.pooled_maps, rendering.levels.pooled),
    ):
        for other in (channel, 2):
            shades = shades_of(rendering, name, other)
            np.testing.assert_array_equal(shades, quantise(maps[:, :, other], levels[other]))
    assert shades_of(rendering, MapName.FEATURE, channel) is rendering.shown.feature
    assert shades_of(rendering, MapName.POOLED, channel) is rendering.shown.pooled


def test_of_fewer_channels_the_last_is_made():
    assert render(activations_of(SMALL), DisplaySpec(), channel=63).shown.channel == 4


def test_without_a_chosen_channel_its_shades_are_made_when_they_are_wanted():
    rendering = render(activations_of(SMALL), DisplaySpec())
    assert rendering.shown is None
    shades = shades_of(rendering, MapName.POOLED, 1)
    maps = rendering.activations.pooled_maps
    np.testing.assert_array_equal(shades, quantise(maps[:, :, 1], rendering.levels.pooled[1]))
