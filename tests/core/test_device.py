"""Which device is used for which wish."""

import pytest

from poolviewer.core.device import CPU, Device, chosen_device, is_device_wish, numbered

CARDS = numbered("gpu", ["H200", "A2", "H200"])
ALL = (CPU, *CARDS)


def test_cards_of_one_name_are_told_apart():
    first, second, third = CARDS
    assert first == Device("gpu:0", "H200 (0)")
    assert second == Device("gpu:1", "A2")
    assert third == Device("gpu:2", "H200 (2)")


@pytest.mark.parametrize(
    ("wish", "devices", "expected"),
    [
        ("auto", (CPU,), CPU),
        ("auto", ALL, CARDS[0]),
        ("cpu", ALL, CPU),
        ("gpu:2", ALL, CARDS[2]),
    ],
)
def test_wishes_that_can_be_met_need_no_words(wish, devices, expected):
    assert chosen_device(wish, devices) == (expected, "")


@pytest.mark.parametrize(
    ("devices", "expected", "sentence"),
    [
        ((CPU,), CPU, "There is no device gpu:7: CPU is used."),
        (ALL, CARDS[0], "There is no device gpu:7: H200 (0) is used."),
    ],
)
def test_without_the_device_the_best_is_used_and_named(devices, expected, sentence):
    assert chosen_device("gpu:7", devices) == (expected, sentence)


@pytest.mark.parametrize("text", ["auto", "cpu", "gpu:0", "gpu:12"])
def test_wishes(text):
    assert is_device_wish(text)


@pytest.mark.parametrize("text", ["", "gpu", "gpu:", "gpu:-1", "gpu:x", "cpu:0", "tpu:0", "GPU:0"])
def test_what_is_no_wish(text):
    assert not is_device_wish(text)
