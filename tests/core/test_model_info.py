"""What is known of a model, and what a person wishes of it."""

from dataclasses import replace

import pytest

from poolviewer.core.input_spec import PREPROCESSINGS, InputSpec, preprocessing_name
from poolviewer.core.model_info import LayerInfo, ModelFile, ModelInfo, StageInfo


def stage(name, source="conv", *, is_added=False):
    shape = (8, 8, 3)
    return StageInfo(
        name, "max", (2, 2), (2, 2), "valid", "channels_last", shape, shape, source, is_added
    )


STAGES = (stage("pool"), stage("inner/first"), stage("inner/pool"), stage("other/first"))
INFO = ModelInfo("net", "d", stages=(*STAGES, stage("inner/last"), stage("inner/last#2")))


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("", "pool"),
        ("pool", "pool"),
        ("inner/first", "inner/first"),
        ("first", None),  # there are two
        ("last", "inner/last"),
        ("last#2", "inner/last#2"),
        ("none", None),
        ("POOL", None),
    ],
)
def test_a_stage_is_found_by_what_is_unique_of_its_name(wish, found):
    assert getattr(INFO.find_stage(wish), "name", None) == found


def test_an_added_stage_is_found_by_its_convolution():
    added = stage("a/conv+max_pooling2d", "a/conv", is_added=True)
    info = replace(INFO, stages=(added,))
    for wish in ("", "conv", "a/conv", added.name):
        assert info.find_stage(wish) == added
    assert info.find_stage("conv+max_pooling2d") is None
    assert replace(INFO, stages=()).find_stage("") is None


def test_short_names():
    assert LayerInfo("a/b/c", "ReLU", 2, None, 0).short_name == "c"


FREE = ModelInfo("net", "d", free_size=(True, True), input=InputSpec(224, 224, is_own_size=True))
FIXED = ModelInfo("net", "d", input=InputSpec(32, 48))


def test_without_a_wish_it_is_as_usual():
    assert ModelFile("net").chosen_input(FREE) == FREE.input
    assert ModelFile("net").chosen_input(FIXED) == FIXED.input


def test_a_wished_size_is_taken_where_it_is_free():
    wish = ModelFile("net", input_shape=(10, 20))
    assert wish.chosen_input(FREE) == InputSpec(10, 20)
    assert wish.chosen_input(FIXED) == FIXED.input
    half = replace(FIXED, free_size=(False, True))
    assert wish.chosen_input(half) == InputSpec(32, 20)


def test_a_wished_preprocessing_is_taken():
    wish = ModelFile("net", preprocessing="torch")
    chosen = wish.chosen_input(FIXED)
    assert preprocessing_name(chosen) == "ImageNet mean and deviation (torch)"
    assert chosen.shape == FIXED.input.shape


def test_a_preprocessing_of_colours_is_made_grey_for_one_channel():
    grey = replace(FIXED, input=InputSpec(32, 48, "grey", channels=1))
    chosen = ModelFile("net", preprocessing="caffe").chosen_input(grey)
    preset = PREPROCESSINGS["ImageNet mean (caffe)"]
    assert chosen.channel_order == "grey"
    assert chosen.mean == (pytest.approx(sum(preset.mean) / 3),)
    assert chosen.deviation == ()
    assert chosen.shape == (32, 48, 1)


def test_what_is_remembered_is_taken_at_a_size_that_the_model_allows():
    remembered = InputSpec(100, 90, "rgb", "0-1", "crop", is_own_size=True)
    assert ModelFile("net").chosen_input(FREE, remembered) == remembered
    fixed = ModelFile("net").chosen_input(FIXED, remembered)
    assert fixed == replace(remembered, height=32, width=48, is_own_size=False)
    half = replace(FIXED, free_size=(True, False))
    mixed = ModelFile("net").chosen_input(half, remembered)
    assert (mixed.height, mixed.width, mixed.is_own_size) == (100, 48, False)


def test_a_wish_goes_before_what_is_remembered():
    remembered = InputSpec(100, 90, "rgb", "0-1", "crop")
    wish = ModelFile("net", input_shape=(7, 8), preprocessing="raw-bgr")
    assert wish.chosen_input(FREE, remembered) == InputSpec(7, 8, fit="crop", channels=3)


@pytest.mark.parametrize(
    "remembered", [InputSpec(channel_order="grey"), InputSpec(deviation=(0.0,))]
)
def test_what_is_remembered_of_another_kind_is_not_taken(remembered):
    assert ModelFile("net").chosen_input(FREE, remembered) == FREE.input
