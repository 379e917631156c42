"""Pixels changed by hand, held against TensorFlow: what follows, what flips, what undo leaves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.input_spec import GREY_PREPROCESSINGS, PREPROCESSINGS, with_preprocessing
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.poke import MOST_EDITS, Poke
from poolviewer.core.laboratory.poke_words import HINT
from poolviewer.core.laboratory.poking import (
    Edit,
    altered_by,
    edited,
    picture_pixels,
    pooled_value,
    raised,
)
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.network import NetworkSpec
from poolviewer.core.pooling import winners
from poolviewer.model.engine import KerasEngine
from poolviewer.sources.prepare import prepare
from tests.core import tensorflow_reference as reference
from tests.core.cases import KINDS, SEEDS, activations_of, maps_over, network_specs

INPUT, FEATURE = MapName.INPUT, MapName.FEATURE
CHANNELS = 4


def no_rerun(values):
    raise AssertionError("an edit of the feature map runs no network")


def subject_of(activations, channel=0, rerun=no_rerun):
    return Subject(activations, channel, None, rerun)


def same(first, second):
    return first.dtype == second.dtype and np.array_equal(first, second, equal_nan=True)


def frame_of(seed):
    picture = np.random.default_rng(seed).integers(0, 256, (20, 24, 3), np.uint8)
    return Frame(picture, SourceInfo("drawn", "picture"))


class Network:
    """A real network of the tutorial's kind, on a random picture."""

    def __init__(self, spec, seed=0):
        self.engine = KerasEngine()
        self.engine.configure(spec, 1, 2**30)
        self.prepared = prepare(frame_of(seed), spec.input)
        self.activations = self.engine.run(frame_of(seed), self.prepared)

    def rerun(self, values):
        return self.engine.run(frame_of(0), replace(self.prepared, values=values))

    def found(self, poke, channel=0):
        return poke.conduct(subject_of(self.activations, channel, self.rerun))


@pytest.fixture(scope="module", params=["max", "average"])
def network(request):
    return Network(NetworkSpec(filters=CHANNELS, pool_kind=request.param))


@st.composite
def edits(draw, shapes=((32, 32), (30, 30))):
    """Draw an edit of the tutorial's input or of its feature map."""
    name = draw(st.sampled_from([INPUT, FEATURE]))
    rows, cols = shapes[0] if name is INPUT else shapes[1]
    channel = draw(st.none() | st.integers(0, 2)) if name is INPUT else draw(st.integers(0, 3))
    by = draw(st.floats(-300, 300) | st.sampled_from([1e-30, -1e300, 3e38]))
    return Edit(name, draw(st.integers(0, rows - 1)), draw(st.integers(0, cols - 1)), channel, by)


STEPS = st.lists(st.one_of(edits(), st.just("undo"), st.just("redo")), max_size=12)


# Undo and redo


def taken(poke, step):
    return poke.edited(step) if isinstance(step, Edit) else getattr(poke, step)()


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_undo_and_redo_bring_the_same_arrays_back_bit_for_bit(network, steps):
    """Whatever way led to a list of edits, it shows the arrays that it showed before."""
    seen = {}
    poke = Poke()
    for step in [*steps, *["undo"] * len(steps)]:
        poke = taken(poke, step)
        shown = network.found(poke).altered or network.activations
        arrays = shown.prepared.values, shown.prepared.pixels, shown.feature_maps, shown.pooled_maps
        for array, before in zip(arrays, seen.setdefault(poke.done, arrays), strict=True):
            assert same(array, before)
    assert not poke.done
    assert network.found(poke).altered is None


@given(steps=STEPS)
def test_undo_and_redo_walk_along_one_line(steps):
    poke = Poke()
    for step in steps:
        poke = taken(poke, step)
        if poke.can_undo:
            assert poke.undo().redo() == poke
        if poke.can_redo:
            assert poke.redo().undo() == poke
        if isinstance(step, Edit):
            assert poke.done[-1:] == ((step,) if step.by else poke.done[-1:])
            assert not poke.can_redo or not step.by
    cleared = poke.cleared()
    assert not cleared.can_undo
    for _ in poke.done:
        cleared = cleared.redo()
    assert cleared == poke


def test_redo_is_gone_after_another_edit():
    first, second = Edit(FEATURE, 0, 0, 0, 1.0), Edit(FEATURE, 0, 1, 0, 1.0)
    poke = Poke().edited(first).undo().edited(second)
    assert poke.done == (second,)
    assert not poke.can_redo
    assert poke.redo() == poke


def test_no_more_edits_are_taken_than_are_kept(network):
    full = Poke(tuple(Edit(FEATURE, 0, 0, 0, 1.0) for _ in range(MOST_EDITS)))
    assert full.dragged(Pixel(FEATURE, 1, 1), 0, 2.0) == full
    assert f"No more than {MOST_EDITS} changes are kept" in network.found(full).sentences[-1]
    assert not full.undo().is_full


def test_a_drag_changes_the_chosen_channels_of_the_input_and_the_shown_one_of_the_map():
    poke = Poke(channel=2)
    assert poke.dragged(Pixel(INPUT, 3, 4), 7, 5.0).done == (Edit(INPUT, 3, 4, 2, 5.0),)
    assert poke.dragged(Pixel(FEATURE, 3, 4), 7, 5.0).done == (Edit(FEATURE, 3, 4, 7, 5.0),)
    assert poke.dragged(Pixel(MapName.POOLED, 3, 4), 7, 5.0) is None
    assert poke.dragged(Pixel(INPUT, 3, 4), 7, 0.0) == poke
    assert poke.with_channel(None).dragged(Pixel(INPUT, 0, 0), 7, 1.0).done[0].channel is None


# The feature map


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_windows_over_a_changed_pixel_are_pooled_as_tensorflow_pools_them(data):
    spec = data.draw(network_specs())
    maps = data.draw(maps_over(spec.stage.pooling.grid, 1))
    maps = np.repeat(maps[:, :, :1], spec.filters, axis=2)
    activations = activations_of(spec, maps)
    (rows, cols), numbers = maps.shape[:2], st.floats(-5, 5, width=32)
    poke = Poke()
    for _ in range(data.draw(st.integers(1, 4))):
        row, col = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, cols - 1))
        channel = data.draw(st.integers(0, spec.filters - 1))
        poke = poke.dragged(Pixel(FEATURE, row, col), channel, data.draw(numbers))
    shown = poke.conduct(subject_of(activations)).altered or activations
    wanted = maps.copy()
    for edit in poke.done:
        wanted[edit.row, edit.col, edit.channel] += np.float64(edit.by)
    assert np.array_equal(shown.feature_maps, wanted)
    pooled = reference.pool(wanted, spec.stage.pooling)
    assert shown.pooled_maps.dtype == np.float32
    if spec.stage.pooling.has_winner:
        assert np.array_equal(shown.pooled_maps, pooled)
    else:
        scale = np.abs(wanted).max()
        assert np.abs(shown.pooled_maps - pooled).max() <= 1e-6 * scale
    is_touched = np.zeros(pooled.shape, np.bool_)
    for edit in poke.done:
        for place in spec.stage.pooling.grid.windows_over(edit.row, edit.col):
            is_touched[(*place, edit.channel)] = True
    assert same(shown.pooled_maps[~is_touched], activations.pooled_maps[~is_touched])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_flips_are_tensorflows(data):
    spec = data.draw(network_specs(kinds=st.just("max")))
    grid = spec.stage.pooling.grid
    maps = np.repeat(data.draw(maps_over(grid, 1))[:, :, :1], spec.filters, axis=2)
    activations = activations_of(spec, maps)
    row = data.draw(st.integers(0, maps.shape[0] - 1))
    col = data.draw(st.integers(0, maps.shape[1] - 1))
    by = data.draw(st.floats(-1e7, 1e7, width=32))
    finding = Poke((Edit(FEATURE, row, col, 0, by),)).conduct(subject_of(activations))
    after = finding.altered.feature_maps
    flips = (reference.argmax(maps, grid) != reference.argmax(after, grid))[:, :, 0]
    marked = finding.overlays[MapName.POOLED].codes if finding.overlays else np.zeros(flips.shape)
    assert np.array_equal(marked > 0, flips)
    outlined = finding.outlines[MapName.POOLED]
    assert len(outlined) == flips.sum()
    assert all(outline.role is Role.FLIPPED for outline in outlined)


@settings(max_examples=60)
@given(seed=SEEDS, by=st.floats(allow_nan=False, allow_infinity=False), kind=st.booleans())
def test_no_drag_makes_a_nan_or_an_infinity(seed, by, kind):
    dtype = np.float64 if kind else np.float32
    values = np.random.default_rng(seed).normal(size=9).astype(dtype)
    values[:5] = np.finfo(dtype).max, -np.finfo(dtype).max, np.nan, np.inf, -np.inf
    after = raised(values, by)
    assert after.dtype == dtype
    assert np.array_equal(np.isfinite(after), np.isfinite(values))
    assert same(after[2:5], values[2:5])


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize("by", [0.3, 1e6, -1e6])
def test_a_network_of_half_precision_keeps_to_numbers_that_it_has(kind, by):
    maps = np.random.default_rng(2).normal(size=(30, 30, 1)).astype(np.float16).astype(np.float32)
    activations = activations_of(NetworkSpec(filters=1, pool_kind=kind), maps)
    halves = replace(activations, precisions=("float16",))
    shown = Poke((Edit(FEATURE, 4, 5, 0, by),)).conduct(subject_of(halves)).altered
    for array in (shown.feature_maps[4, 5], shown.pooled_maps[2, 2]):
        assert np.isfinite(array).all()
        assert (array == array.astype(np.float16)).all()
    wanted = np.float16(np.clip(np.float64(maps[4, 5, 0]) + by, -65504, 65504))
    assert shown.feature_maps[4, 5, 0] == wanted


def test_a_pixel_that_is_no_number_stays_and_says_so():
    spec = NetworkSpec(filters=1)
    maps = np.zeros((30, 30, 1), np.float32)
    maps[4, 4] = np.nan
    activations = activations_of(spec, maps)
    finding = Poke((Edit(FEATURE, 4, 4, 0, 5.0),)).conduct(subject_of(activations))
    assert same(finding.altered.feature_maps, maps)
    assert same(finding.altered.pooled_maps, activations.pooled_maps)
    assert "This pixel is NaN, and stays so." in finding.sentences


def test_nothing_of_the_networks_arrays_is_written(network):
    maps = network.activations.feature_maps
    before = maps.copy()
    finding = network.found(Poke((Edit(FEATURE, 3, 3, 1, 50.0), Edit(INPUT, 3, 3, None, 9.0))))
    assert same(maps, before)
    assert not finding.altered.feature_maps.flags.writeable
    assert not finding.altered.pooled_maps.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        edited(maps, [])[0, 0, 0] = 1


# The input


@settings(max_examples=20, deadline=None)
@given(changes=st.lists(edits(), min_size=1, max_size=4))
def test_an_edited_input_goes_through_the_network(network, changes):
    of_input = [edit for edit in changes if edit.map_name is INPUT and abs(edit.by) < 1e6]
    finding = network.found(Poke(tuple(of_input)))
    values = network.prepared.values.copy()
    for edit in of_input:
        part = slice(None) if edit.channel is None else edit.channel
        values[edit.row, edit.col, part] += np.float64(edit.by)
    wanted = network.rerun(values)
    shown = finding.altered or network.activations
    assert same(shown.prepared.values, values)
    assert same(shown.feature_maps, wanted.feature_maps)
    assert same(shown.pooled_maps, wanted.pooled_maps)
    is_other = shown.feature_maps[:, :, 0] != network.activations.feature_maps[:, :, 0]
    if of_input:
        assert f"{is_other.sum():,} of 900 feature-map pixels changed" in " ".join(
            finding.sentences
        )


def test_input_flips_are_counted_for_the_channel_that_is_shown():
    network = Network(NetworkSpec(filters=CHANNELS))
    pooling = network.activations.stage.pooling
    poke = Poke(tuple(Edit(INPUT, row, col, None, 200.0) for row in (3, 9, 20) for col in (4, 20)))
    for channel in range(CHANNELS):
        finding = network.found(poke, channel)
        maps = network.activations.feature_maps, finding.altered.feature_maps
        old, new = (winners(each, pooling)[:, :, channel] for each in maps)
        marked = finding.overlays[MapName.POOLED].codes
        assert np.array_equal(marked > 0, old != new)
        assert f"{(old != new).sum()} winners flipped" in " ".join(finding.sentences)


PRESETS = [*PREPROCESSINGS.values(), *GREY_PREPROCESSINGS.values()]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("channels", [None, 1, 5])
def test_the_picture_is_got_back_from_what_the_network_receives(preset, channels):
    spec = with_preprocessing(replace(NetworkSpec().input, channels=channels), preset)
    spec = replace(spec, channels=channels)
    prepared = prepare(frame_of(5), spec)
    count = min(spec.shape[2], prepared.pixels.shape[2])
    shown = picture_pixels(prepared.values[:, :, :count], spec)
    assert np.array_equal(shown, prepared.pixels[:, :, :count])


def test_the_input_is_shown_clipped_as_it_is_received():
    network = Network(NetworkSpec(filters=1))
    finding = network.found(Poke((Edit(INPUT, 2, 3, 1, 1000.0), Edit(INPUT, 5, 5, None, -1000.0))))
    before, after = network.prepared.pixels, finding.altered.prepared.pixels
    assert after[2, 3].tolist() == [before[2, 3, 0], 255, before[2, 3, 2]]
    assert after[5, 5].tolist() == [0, 0, 0]
    assert (after != before).any(axis=2).sum() == 2
    assert not after.flags.writeable
    assert [outline.role for outline in finding.outlines[INPUT]] == [Role.EDITED] * 2


# Words


def words(poke, activations, channel=0):
    return poke.conduct(subject_of(activations, channel)).sentences


def counting():
    """Return maps that count up: the winner is the last pixel of each window."""
    maps = np.arange(900, dtype=np.float32).reshape(30, 30, 1)
    return activations_of(NetworkSpec(filters=1), maps)


def test_a_flip_is_told_with_its_pixels_and_numbers():
    poke = Poke().dragged(Pixel(FEATURE, 0, 0), 0, 100.0)
    assert words(poke, counting()) == (
        "Feature-map pixel (0, 0) +100.0: 1 winner flipped, pooled (0, 0) 31.00 → 100.0.",
    )
    two = poke.dragged(Pixel(FEATURE, 2, 2), 0, -1.0)
    assert words(two, counting()) == (
        "Last: Feature-map pixel (2, 2) −1.000.",
        "2 changes together: 1 winner flipped, pooled (0, 0) 31.00 → 100.0.",
    )


def test_what_does_nothing_is_told():
    assert words(Poke(), counting()) == (HINT,)
    away = Poke((Edit(FEATURE, 40, 2, 0, 1.0), Edit(FEATURE, 2, 2, 9, 1.0)))
    assert "2 changes lie outside the maps" in words(away, counting())[0]
    assert away.conduct(subject_of(counting())).altered is None
    loser = Poke((Edit(FEATURE, 2, 2, 0, 1.0),))
    assert "no winner flipped, no pooled value changed" in words(loser, counting())[0]
    odd = activations_of(
        NetworkSpec(filters=1, kernel_size=(2, 2)), np.zeros((31, 31, 1), np.float32)
    )
    assert "No window covers this pixel." in words(Poke((Edit(FEATURE, 30, 2, 0, 1.0),)), odd)


def test_a_change_of_another_channel_is_made_and_told():
    maps = np.zeros((30, 30, 3), np.float32)
    activations = activations_of(NetworkSpec(filters=3), maps)
    finding = Poke((Edit(FEATURE, 0, 0, 2, 5.0),)).conduct(subject_of(activations))
    assert finding.altered.pooled_maps[0, 0].tolist() == [0, 0, 5]
    assert "nothing changed in channel 0" in finding.sentences[0]
    assert "The last change is in channel 2." in finding.sentences
    assert not finding.outlines[FEATURE]


def test_an_average_has_no_winner_and_follows():
    maps = np.zeros((30, 30, 1), np.float32)
    activations = activations_of(NetworkSpec(filters=1, pool_kind="average"), maps)
    finding = Poke((Edit(FEATURE, 1, 1, 0, 8.0),)).conduct(subject_of(activations))
    assert finding.altered.pooled_maps[0, 0, 0] == 2
    assert finding.sentences[0].endswith("pooled (0, 0) 0 → 2.000.")
    assert "Average pooling has no winner" in finding.sentences[1]
    assert not finding.overlays


def test_many_flips_are_told_by_colour_alone():
    maps = np.random.default_rng(1).normal(size=(62, 62, 1)).astype(np.float32)
    spec = replace(NetworkSpec(filters=1), input=replace(NetworkSpec().input, height=64, width=64))
    activations = activations_of(spec, maps)
    turned = replace(activations, feature_maps=-maps)
    poke = Poke((Edit(INPUT, 0, 0, None, 1.0),))
    finding = poke.conduct(subject_of(activations, rerun=lambda _: turned))
    assert finding.overlays[MapName.POOLED].codes.sum() > 256
    assert MapName.POOLED not in finding.outlines


def test_edits_come_before_the_windows_are_pooled_once():
    """Two edits in one window: the second is pooled with the first."""
    poke = Poke((Edit(FEATURE, 0, 0, 0, 50.0), Edit(FEATURE, 0, 1, 0, 60.0)))
    finding = poke.conduct(subject_of(counting()))
    assert finding.altered.pooled_maps[0, 0, 0] == 61


@given(row=st.integers(0, 29), col=st.integers(0, 29), seed=SEEDS, kind=KINDS)
def test_an_edit_and_its_opposite_leave_the_networks_pooled_values(row, col, seed, kind):
    spec = NetworkSpec(filters=1, pool_kind=kind)
    maps = np.random.default_rng(seed).integers(-9, 9, (30, 30, 1)).astype(np.float32)
    activations = activations_of(spec, maps)
    there = Poke().dragged(Pixel(FEATURE, row, col), 0, 4.0)
    back = there.dragged(Pixel(FEATURE, row, col), 0, -4.0)
    shown = back.conduct(subject_of(activations)).altered
    assert same(shown.feature_maps, maps)
    assert same(shown.pooled_maps, activations.pooled_maps)


def test_nothing_added_leaves_the_sign_of_a_zero():
    assert np.signbit(raised(np.array([-0.0], np.float32), 0.0)).all()


def test_edits_that_add_up_to_nothing_leave_the_pooled_value_that_the_network_gave():
    activations = counting()
    marked = replace(activations, pooled_maps=np.full_like(activations.pooled_maps, 999))
    there_and_back = Poke((Edit(FEATURE, 1, 1, 0, 4.0), Edit(FEATURE, 1, 1, 0, -4.0)))
    shown = there_and_back.conduct(subject_of(marked)).altered
    assert (shown.pooled_maps == 999).all()


def test_the_input_view_shows_what_a_network_that_casts_received():
    network = Network(NetworkSpec(filters=1))

    def rerun(values):
        altered = network.rerun(values)
        received = np.full_like(altered.prepared.values, 7)
        return replace(altered, prepared=replace(altered.prepared, values=received))

    poke = Poke((Edit(INPUT, 2, 3, None, 50.0),))
    shown = poke.conduct(subject_of(network.activations, rerun=rerun)).altered
    assert shown.prepared.pixels[2, 3].tolist() == [7, 7, 7]


def test_a_window_that_holds_many_edits_is_pooled_once(monkeypatch):
    network = NetworkSpec(filters=1, pool_size=(9, 9), pool_strides=(1, 1))
    activations = activations_of(network, np.zeros((30, 30, 1), np.float32))
    pooled = []

    def counted(*arguments):
        pooled.append(arguments)
        return pooled_value(*arguments)

    monkeypatch.setattr("poolviewer.core.laboratory.poking.pooled_value", counted)
    edits = tuple(Edit(MapName.FEATURE, 10 + k % 5, 10 + k // 5, 0, 9.0) for k in range(25))
    altered_by(edits, activations, rerun=None)
    assert len(pooled) == 13 * 13
