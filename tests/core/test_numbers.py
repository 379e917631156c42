"""The one way in which numbers are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.numbers import (
    DIGITS,
    MINUS,
    format_milliseconds,
    format_number,
    format_plainly,
    format_rate,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.55, "0.5500"),
        (-0.31, "−0.3100"),
        (1, "1.000"),
        (255, "255.0"),
        (1234, "1234"),
        (-1234.4, "−1234"),
        (9999.6, "1.000e4"),
        (12345.678, "1.235e4"),
        (-1e10, "−1.000e10"),
        (3.4028235e38, "3.403e38"),
        (0.0001234, "0.0001234"),
        (1e-7, "1.000e−7"),
        (-1.5e-7, "−1.500e−7"),
        (0, "0"),
        (-0.0, "0"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_numbers_are_written_with_four_significant_digits(value, text):
    assert format_number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool))
def test_a_written_number_reads_back_to_four_digits(value):
    text = format_number(value)
    assert "-" not in text
    assert "+" not in text
    digits = text.split("e")[0].lstrip(MINUS + "0.").replace(".", "")
    assert len(digits) == DIGITS
    assert float(text.replace(MINUS, "-")) == float(f"{value:.3e}")


@given(st.floats(allow_nan=False))
def test_a_number_and_its_negative_differ_in_the_sign_only(value):
    positive, negative = format_number(abs(value)), format_number(-abs(value))
    assert negative == (MINUS + positive if value else positive)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.00064, "0.6 ms"),
        (0.0094, "9.4 ms"),
        (0.00996, "10 ms"),
        (0.0123, "12 ms"),
        (1.5, "1500 ms"),
        (0, "0.0 ms"),
    ],
)
def test_durations_are_written_in_milliseconds(seconds, text):
    assert format_milliseconds(seconds) == text


@pytest.mark.parametrize(
    ("per_second", "text"),
    [(0, "0 fps"), (0.5, "0.5 fps"), (9.94, "9.9 fps"), (9.97, "10 fps"), (29.7, "30 fps")],
)
def test_rates_are_written_per_second(per_second, text):
    assert format_rate(per_second) == text


@pytest.mark.parametrize(
    ("value", "text"), [(10**6, "1,000,000"), (1e6, "1,000,000"), (0.5, "0.5"), (-1, "-1")]
)
def test_what_a_person_gave_is_written_without_an_exponent(value, text):
    assert format_plainly(value) == text
