"""Names from files and from people, made fit to be shown."""

MAX_NAME = 64


def printable(text: str, most: int | None = None) -> str:
    """Replace what cannot be shown, such as a newline or half a character.

    What is longer than ``most`` is shortened in its middle.
    """
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    if most is None or len(shown) <= most:
        return shown
    half = most // 2
    return f"{shown[: half - 1]}…{shown[-half:]}"
