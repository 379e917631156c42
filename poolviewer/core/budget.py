"""How much memory a model may take."""

import os
from math import ceil

SMALLEST, LARGEST = 64 * 2**20, 256 * 2**30
UNKNOWN_MACHINE = 2 * 2**30


def default_budget() -> int:
    """Return a quarter of the machine's memory in bytes, or 2 GB where that is not told."""
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names or "SC_PAGE_SIZE" not in names:
        return UNKNOWN_MACHINE  # Windows
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(max(memory // 4, SMALLEST), LARGEST) if memory > 0 else UNKNOWN_MACHINE


def in_megabytes(size: float) -> str:
    """Write a number of bytes for a sentence, such as ``1,536 MB``."""
    return f"{ceil(size / 2**20):,} MB"
