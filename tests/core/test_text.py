"""Names are made fit to be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviewer.core.text import MAX_NAME, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("größe 1.keras", "größe 1.keras"),
        ("a\nb\tc", "a�b�c"),
        ("\x1b[31mred", "�[31mred"),
        ("\u202egnp.keras", "�gnp.keras"),  # right to left
        ("half \ud800", "half �"),
        ("", ""),
    ],
)
def test_what_cannot_be_shown_is_replaced(text, shown):
    assert printable(text) == shown


def test_long_names_lose_their_middle():
    assert printable("a" * 40 + "b" * 40, 10) == "aaaa…bbbbb"
    assert printable("0123456789", 10) == "0123456789"


@given(st.text(), st.integers(2, MAX_NAME))
def test_names_stay_short_and_printable(text, most):
    shown = printable(text, most)
    assert len(shown) <= most
    assert shown.isprintable()
    assert printable(shown, most) == shown
