from dataclasses import replace

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.geometry import PixelBox
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.layer_graph import LayerGraph, Step
from poolviewer.core.messages import SourceInfo
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import PRESETS
from poolviewer.core.numbers import format_number
from poolviewer.export.words import (
    caption,
    field_words,
    headline,
    levels_words,
    making_words,
    picture_box,
    shape_words,
    source_words,
    trace_words,
)

from .cases import activations_of, network, request_of


def test_headline_tells_the_result():
    request = request_of()
    value = format_number(request.trace.value)
    assert headline(request) == f"Channel 1: pooled pixel (2, 3) = {value}"
    assert headline(request_of(pixel=None)) == "Channel 1 through max_pooling2d"
    assert headline(request_of(pixel=Pixel(MapName.INPUT, 4, 5))) == "Input pixel (4, 5)"


def test_caption_holds_all_that_made_the_figure():
    text = caption(request_of(activations_of(PRESETS["tutorial"])))
    for part in (
        "picture.png",
        "network: tutorial, seed 0",
        "max_pooling2d after conv2d",
        "channel 1 of 64",
        "pooled pixel (2, 3)",
        "poolviewer 0.",
        "tensorflow 2.21.0",
        "keras 3.15.1",
        "numpy 2.4.6",
        "CPU",
    ):
        assert part in text
    assert "mirrored" not in text
    assert "mirrored" in caption(request_of(display=DisplaySpec(is_mirrored=True)))


@pytest.mark.parametrize(
    ("kind", "words"), [("picture", "x.mp4"), ("video", "x.mp4, frame 3"), ("camera", "frame 3")]
)
def test_source_is_named_with_its_frame_where_it_has_several(kind, words):
    assert words in source_words(activations_of(source=SourceInfo("x.mp4", kind)))


def test_maps_are_described():
    request = request_of(activations_of(network(fit="crop", pool_padding="same")))
    activations = request.activations
    assert shape_words(request, MapName.INPUT) == "32×32×3  B G R"
    assert shape_words(request, MapName.POOLED) == "15×15×4  channel\N{NO-BREAK SPACE}1"
    assert making_words(activations, MapName.INPUT) == "48×64 cropped to 32×32"
    assert making_words(activations, MapName.FEATURE) == "conv2d: 3×3, strides 1×1, valid, linear"
    assert making_words(activations, MapName.POOLED) == "max_pooling2d: 2×2, strides 2×2, same"


def test_result_is_not_torn_from_its_arithmetic():
    arithmetic = trace_words(request_of().trace)[0]
    assert arithmetic.startswith("max(")
    assert arithmetic.split(" ")[-1].count("\N{NO-BREAK SPACE}") == 2


@pytest.mark.parametrize(
    ("fit", "box", "expected"),
    [
        ("stretch", PixelBox(0, 0, 32, 32), PixelBox(0, 0, 48, 64)),
        ("stretch", PixelBox(1, 1, 2, 2), PixelBox(1, 2, 3, 4)),
        ("crop", PixelBox(0, 0, 32, 32), PixelBox(0, 8, 48, 56)),
        ("letterbox", PixelBox(0, 0, 32, 32), PixelBox(0, 0, 48, 64)),
        ("letterbox", PixelBox(0, 0, 4, 32), None),
        ("letterbox", PixelBox(3, 0, 5, 1), PixelBox(0, 0, 2, 2)),
    ],
)
def test_receptive_field_is_found_in_the_picture(fit, box, expected):
    assert picture_box(box, activations_of(network(fit=fit))) == expected


def test_field_in_the_bars_is_said_to_be_there():
    activations = activations_of(network(fit="letterbox"))
    request = request_of(activations, Pixel(MapName.FEATURE, 0, 0))
    assert field_words(request.trace, activations) == "Beside the picture, in the bars."


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (
            Step("mystery", (), (30, 30), is_undefined=True),
            "Undefined, because nothing is known of layer mystery.",
        ),
        (Step("constant", (), (30, 30)), "None; it is made of padding alone."),
    ],
)
def test_a_missing_field_is_explained(step, sentence):
    activations = activations_of()
    stage = replace(activations.stage, graph=LayerGraph((32, 32), (step,)))
    request = request_of(replace(activations, stage=stage))
    assert field_words(request.trace, request.activations) == sentence
    assert making_words(request.activations, MapName.FEATURE) == "conv2d, linear"


@pytest.mark.parametrize(
    ("pool", "mode", "words"),
    [
        ((2, 2), "channel", ("this channel", "this channel")),
        ((2, 2), "shared", ("all channels", "all channels")),
        ((30, 30), "channel", ("this channel", "all channels")),  # one pixel has no range
    ],
)
def test_levels_say_whose_they_are(pool, mode, words):
    activations = activations_of(network(pool_size=pool, pool_strides=pool))
    request = request_of(activations, None, display=DisplaySpec(levels_mode=mode))
    assert tuple(levels_words(request, name) for name in (MapName.FEATURE, MapName.POOLED)) == words


def test_a_model_is_named_with_its_hash_and_what_it_gets():
    spec = InputSpec(32, 32, "rgb", "0-1", mean=(0.5,), deviation=(0.25,))
    model = ModelSpec("net.keras", "0123456789abcdef", "pool", spec, seed=7)
    text = caption(request_of(replace(activations_of(), network=model)))
    assert "network: net.keras, SHA-256 0123456789ab, random weights of seed 7" in text
    assert "input: R G B, (x ÷ 255 − 0.5) ÷ 0.25;" in text
    assert "random weights" not in caption(
        request_of(replace(activations_of(), network=replace(model, seed=None)))
    )


def test_maps_changed_by_hand_are_said_to_be():
    assert "changed by hand" not in caption(request_of())
    text = caption(request_of(alteration="pixels were changed by hand"))
    assert "; pixels were changed by hand; " in text
