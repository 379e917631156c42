"""A convolution with all that stands behind it, in one line that proves the map's number."""

from dataclasses import replace

import numpy as np
import pytest

from poolviewer.core.chain_words import convolved, in_words, made_of
from poolviewer.core.operations import (
    Activation,
    Convolution,
    ElementFunction,
    Identity,
    Normalisation,
    Pad,
    Pool,
    Scaling,
    Unknown,
)
from poolviewer.core.pooling import Pooling
from poolviewer.core.windows import WindowGrid

from .cases import random_maps
from .chains import activations_of, feature_chain, layer, pooled_chain

GRID = WindowGrid.over((3, 3), (3, 3), (1, 1), "valid")
NAN = float("nan")


def words(activations):
    return in_words(made_of(feature_chain(activations, 0, 0)))


def convolution(number=41.307, bias=True, function=None, weight=1.5):
    """Return activations whose one feature is 27 products of 1 and a weight, and a bias."""
    kernel = np.full((3, 3, 3, 1), weight, np.float32)
    offset = np.array([41.307 - 27 * 1.5]) if bias else None
    operation = Convolution(GRID, kernel, offset, function)
    return activations_of(
        np.ones((3, 3, 3)), layer(operation, np.full((1, 1, 1), number, np.float32))
    )


def test_the_sentence_of_the_tutorials_convolution():
    assert words(convolution()) == "27 products + bias = 41.31, map says 41.31"
    assert words(convolution(40.5, bias=False)) == "27 products = 40.50, map says 40.50"
    relu = convolution(function=ElementFunction("relu"))
    assert words(relu) == "27 products + bias, relu = 41.31, map says 41.31"
    linear = convolution(function=ElementFunction("linear"))
    assert words(linear) == words(convolution())


def test_numbers_that_differ_are_said_to_with_all_their_digits():
    activations = convolution(41.3072)
    assert words(activations) == (
        "27 products + bias = 41.307, but the map says 41.3072: more than rounding explains"
    )
    assert words(convolution(NAN)) == (
        "27 products + bias = 41.307, but the map says NaN: not the same"
    )
    negative = convolution(-1.0, bias=False, weight=-1.0)
    assert "= −27.0, but the map says −1.0:" in words(negative)


def test_a_number_that_was_altered_is_no_mistake():
    made = made_of(feature_chain(convolution(50.0), 0, 0))
    assert in_words(made, "pixels were changed by hand").endswith(
        "but the map says 50.0: pixels were changed by hand"
    )
    agreeing = made_of(feature_chain(convolution(), 0, 0))
    assert in_words(agreeing, "pixels were changed by hand") == words(convolution())


def test_nan_on_both_sides_is_the_same():
    activations = convolution(NAN, bias=False, weight=NAN)
    assert words(activations) == "27 products = NaN, map says NaN"


def test_the_precision_is_named_where_it_is_coarse():
    activations = replace(convolution(41.3), precisions=("float16",))
    assert words(activations) == "27 products + bias = 41.31, map says 41.30 at float16"
    mixed = replace(group(), precisions=("bfloat16", *4 * ("float32",)))
    assert words(mixed).endswith(" at bfloat16")


def test_a_function_that_is_not_known_is_said_to_be():
    activations = convolution(function=ElementFunction("odd"))
    assert words(activations) == (
        "27 products + bias, odd: nothing is known of the last, map says 41.31"
    )
    assert made_of(pooled_chain(activations, 0, 0)).agrees is None


def group(change=0.0):
    """Return a convolution with a normalisation, a scaling, an identity and a ReLU behind it."""
    values, kernel = random_maps(1, 3, 3, 2), random_maps(2, 3, 3, 2).reshape(3, 3, 2, 1)
    first = np.float32((values[..., None] * kernel).sum()).reshape(1, 1, 1)
    mean, variance, gamma, beta = (np.array([n]) for n in (0.5, 2.0, -3.0, 9.0))
    second = gamma * (first - mean) / np.sqrt(variance + 0.001) + beta
    third = second * 2 + 1
    last = np.maximum(third, 0) + change
    operations = (
        Convolution(GRID, kernel),
        Normalisation(mean, variance, gamma, beta, 0.001),
        Scaling(np.array([2.0]), np.array([1.0])),
        Identity(),
        Activation(ElementFunction("relu")),
    )
    maps = (first, second, third, third, last)
    layers = [
        layer(operation, held.astype(np.float32), (index - 1,))
        for index, (operation, held) in enumerate(zip(operations, maps, strict=True))
    ]
    return activations_of(values, *layers)


def test_what_stands_behind_the_convolution_is_worked_out_to_the_end():
    activations = group()
    chain = pooled_chain(activations, 0, 0)
    made = made_of(chain)
    assert made.agrees
    assert (made.products, made.has_bias) == (18, False)
    assert made.behind == ("normalised", "scaled", "relu")
    assert made.computed == pytest.approx(chain.steps[1].map_value, rel=1e-6)
    assert [step.step for step in convolved(chain)] == [4, 3, 2, 1, 0]
    assert in_words(made).startswith("18 products, normalised, scaled, relu = ")
    assert made_of(feature_chain(activations, 0, 0)) == made


def test_error_anywhere_in_the_group_is_seen_at_its_end():
    assert made_of(pooled_chain(group(change=1e-3), 0, 0)).agrees is False


def test_padding_behind_the_convolution_changes_no_number_of_it():
    """As in ResNet50: zeros stand around the map that its first pooling reads."""
    maps = np.zeros((3, 3, 1), np.float32)
    maps[1, 1] = -27
    kernel = np.full((3, 3, 3, 1), -1.0)
    activations = activations_of(
        np.ones((3, 3, 3)),
        layer(Convolution(GRID, kernel), maps[1:2, 1:2]),
        layer(Pad((1, 1)), maps, (0,)),
    )
    assert (
        in_words(made_of(feature_chain(activations, 1, 1)))
        == "27 products = −27.00, map says −27.00"
    )
    assert made_of(feature_chain(activations, 0, 1)) is None


def test_stage_whose_source_is_no_convolution_has_no_such_line():
    values = random_maps(3, 4, 4, 1)
    pooling = Pooling("max", WindowGrid.over((4, 4), (2, 2), (2, 2), "valid"))
    pooled = values[::2, ::2]
    for operation, maps in ((Unknown(), values), (Pool(pooling), pooled)):
        activations = activations_of(values, layer(operation, maps))
        for chain in (pooled_chain(activations, 0, 0), feature_chain(activations, 0, 0)):
            assert made_of(chain) is None
    assert made_of(pooled_chain(activations_of(values), 0, 0)) is None


def test_maps_that_are_not_at_hand_leave_no_line():
    assert made_of(pooled_chain(replace(group(), step_maps=()), 0, 0)) is None
