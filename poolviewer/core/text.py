"""Names from files and from people, made fit to be shown."""

from collections.abc import Sequence

MAX_NAME = 64
GAP = "  "


def printable(text: str, most: int | None = None) -> str:
    """Replace what cannot be shown, such as a newline or half a character.

    What is longer than ``most`` is shortened in its middle.
    """
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    if most is None or len(shown) <= most:
        return shown
    half = most // 2
    return f"{shown[: half - 1]}…{shown[-half:]}"


def in_columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Write rows of words so that each column begins at one place."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        GAP.join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
