"""What is made of a picture, in numbers and in words."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.input_spec import (
    CUSTOM,
    GREY_PREPROCESSINGS,
    PREPROCESSINGS,
    SHORT_NAMES,
    InputSpec,
    number_problem,
    numbers_in_words,
    preprocessing_name,
    preprocessings_for,
    spread,
    with_preprocessing,
)

ALL = PREPROCESSINGS | GREY_PREPROCESSINGS
# The least and the greatest number of each, by hand.
RANGES = {
    "raw 0–255 BGR": (0, 255),
    "raw 0–255 RGB": (0, 255),
    "0–1 RGB": (0, 1),
    "−1–1 RGB": (-1, 1),
    "ImageNet mean (caffe)": (-123.68, 151.061),
    "ImageNet mean and deviation (torch)": (-0.485 / 0.229, 0.594 / 0.225),
    "raw 0–255 grey": (0, 255),
    "0–1 grey": (0, 1),
    "−1–1 grey": (-1, 1),
}


@pytest.mark.parametrize("name", ALL)
def test_a_named_preprocessing_is_known_again_and_keeps_the_size(name):
    before = InputSpec(11, 13, fit="crop", channels=1 if "grey" in name else 3, is_own_size=True)
    spec = with_preprocessing(before, ALL[name])
    assert preprocessing_name(spec) == name
    assert spec.shape == before.shape
    assert (spec.fit, spec.is_own_size) == ("crop", True)
    assert not number_problem(spec)
    assert spec.value_range == pytest.approx(RANGES[name], abs=0.05)


def test_every_short_name_means_a_preprocessing():
    assert sorted(SHORT_NAMES.values()) == sorted(PREPROCESSINGS)


def test_other_numbers_are_custom():
    assert preprocessing_name(InputSpec(mean=(1.0,))) == CUSTOM


@pytest.mark.parametrize(
    ("order", "channels", "names", "words"),
    [
        ("bgr", None, ("B", "G", "R"), "B G R"),
        ("rgb", 3, ("R", "G", "B"), "R G B"),
        ("grey", None, ("grey",), "grey"),
        ("rgb", 2, ("R", "G"), "R G"),
        ("rgb", 1, ("R",), "R"),
        ("rgb", 7, ("R", "G", "B", "R2", "G2", "B2", "R3"), "R G B repeated"),
        ("grey", 3, ("grey", "grey2", "grey3"), "grey repeated"),
    ],
)
def test_channels_have_names(order, channels, names, words):
    spec = InputSpec(channel_order=order, channels=channels)
    assert spec.channel_names == names
    assert spec.channel_words == words
    assert spec.shape == (32, 32, len(names))


@pytest.mark.parametrize(
    ("channels", "known"),
    [
        (None, PREPROCESSINGS),
        (3, PREPROCESSINGS),
        (1, GREY_PREPROCESSINGS),
        (2, ALL),
        (13, ALL),
    ],
)
def test_preprocessings_suit_the_network(channels, known):
    assert preprocessings_for(InputSpec(channels=channels)) == known


def test_a_grey_network_gets_grey():
    assert preprocessings_for(InputSpec(channel_order="grey")) == GREY_PREPROCESSINGS


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (InputSpec(), "B G R, x"),
        (InputSpec(channel_order="rgb", scaling="0-1"), "R G B, x ÷ 255"),
        (InputSpec(channel_order="grey", scaling="-1-1"), "grey, x ÷ 127.5 − 1"),
        (InputSpec(mean=(3.0,)), "B G R, x − 3"),
        (InputSpec(mean=(0.0,), deviation=(1.0, 1.0, 1.0)), "B G R, x"),
        (InputSpec(deviation=(0.5,)), "B G R, (x) ÷ 0.5"),
        (
            InputSpec(mean=(1, 2, 3), deviation=(4, 5, 6), channels=4),
            "B G R repeated, (x − (1, 2, 3)) ÷ (4, 5, 6)",
        ),
    ],
)
def test_numbers_in_words(spec, words):
    assert numbers_in_words(spec) == words


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (InputSpec(mean=(nan,)), "Mean and deviation must be finite numbers."),
        (InputSpec(deviation=(1, inf, 1)), "Mean and deviation must be finite numbers."),
        (
            InputSpec(deviation=(1, 0, 1)),
            "The deviation must not be 0: the picture is divided by it.",
        ),
        (
            InputSpec(mean=(1, 2)),
            "Mean and deviation take one number, or 3: one for each channel.",
        ),
        (
            InputSpec(channel_order="grey", mean=(1, 2, 3)),
            "Mean and deviation take one number: grey is one channel.",
        ),
        (InputSpec(mean=(1, 2, 3), deviation=(-1.0,)), ""),
    ],
)
def test_problems_of_numbers(spec, sentence):
    assert number_problem(spec) == sentence


def test_one_number_stands_for_all_channels():
    assert spread((2.0,), 3, 0) == (2.0, 2.0, 2.0)
    assert spread((), 3, 1) == (1, 1, 1)
    assert spread((1, 2, 3), 3, 0) == (1, 2, 3)


numbers = st.floats(-300, 300)
divisors = st.floats(0.01, 100) | st.floats(-100, -0.01)


@given(
    st.sampled_from(["0-255", "0-1", "-1-1"]),
    st.tuples(numbers, numbers, numbers),
    st.tuples(divisors, divisors, divisors),
    st.integers(1, 5),
)
def test_no_number_lies_out_of_the_range(scaling, mean, deviation, channels):
    spec = InputSpec(scaling=scaling, mean=mean, deviation=deviation, channels=channels)
    low, high = {"0-255": (0, 255), "0-1": (0, 1), "-1-1": (-1, 1)}[scaling]
    used = list(zip(mean, deviation, strict=True))[:channels]
    made = [(end - m) / d for m, d in used for end in (low, high)]
    assert spec.value_range == (min(made), max(made))
