"""How much memory a model may take."""

import os

import pytest

from poolviewer.core.budget import (
    LARGEST,
    SMALLEST,
    UNKNOWN_MACHINE,
    default_budget,
    in_megabytes,
)

PAGE = 4096


@pytest.mark.parametrize(
    ("memory", "budget"),
    [
        (2**34, 2**32),
        (2**20, SMALLEST),
        (2**50, LARGEST),
        (-PAGE, UNKNOWN_MACHINE),
        (0, UNKNOWN_MACHINE),
    ],
)
def test_it_is_a_quarter_of_the_memory(monkeypatch, memory, budget):
    told = {"SC_PHYS_PAGES": memory // PAGE, "SC_PAGE_SIZE": PAGE}
    monkeypatch.setattr(os, "sysconf", told.__getitem__)
    assert default_budget() == budget


def test_a_machine_that_does_not_tell(monkeypatch):
    monkeypatch.delattr(os, "sysconf_names")
    assert default_budget() == UNKNOWN_MACHINE


def test_this_machine():
    assert SMALLEST <= default_budget() <= LARGEST


def test_megabytes_are_rounded_up():
    assert in_megabytes(1) == "1 MB"
    assert in_megabytes(2**20) == "1 MB"
    assert in_megabytes(1536 * 2**20) == "1,536 MB"
