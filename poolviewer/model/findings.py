"""What the checks of a model file have in common."""

from collections.abc import Callable

from poolviewer.core.errors import Cancelled
from poolviewer.core.text import printable

LONGEST_QUOTE = 60

IsCancelled = Callable[[], bool]


class Unsound(Exception):  # a finding of the gate; it becomes a ModelRefused
    """Why a model file is refused: the sentence behind its name."""


def quoted(text: object) -> str:
    """Return a name out of a file as a person may see it: one short line, whatever it holds."""
    shown = printable(str(text)[: LONGEST_QUOTE + 1])
    return f"“{shown}”" if len(shown) <= LONGEST_QUOTE else f"“{shown[:LONGEST_QUOTE]}…”"


def size_in_words(size: int) -> str:
    """Return a size in words, such as ``1.5 MB``, in the unit that fits it."""
    for unit, words in ((2**30, "GB"), (2**20, "MB"), (2**10, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f}".removesuffix(".0") + f" {words}"
    return f"{size} bytes"


def stop_if(is_cancelled: IsCancelled) -> None:
    """Raise `Cancelled` when a person has called the opening off."""
    if is_cancelled():
        raise Cancelled("The opening of the model was cancelled.")
