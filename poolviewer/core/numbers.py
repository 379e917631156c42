"""The one way in which numbers are written, everywhere."""

from math import isinf, isnan

MINUS = "\N{MINUS SIGN}"
DIGITS = 4


def format_number(value: float) -> str:
    """Write a number with four significant digits and a true minus sign.

    Very large and very small numbers are written as ``1.235e6`` and ``1.235e−7``; a zero, which
    has no significant digits, as ``0``.
    """
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    digits, e, exponent = f"{value:#.{DIGITS}g}".partition("e")
    text = digits.removesuffix(".") + (e and f"e{int(exponent)}")
    return text.replace("-", MINUS)


def format_plainly(value: float) -> str:
    """Write a number that a person gave, without an exponent as far as that can be read."""
    return f"{value:,.10g}"


def format_milliseconds(seconds: float) -> str:
    """Write a duration in milliseconds, with a tenth below ten."""
    milliseconds = seconds * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 9.95 else f"{milliseconds:.0f} ms"


def format_rate(per_second: float) -> str:
    """Write how many frames come per second, with a tenth below ten."""
    digits = 1 if 0 < per_second < 9.95 else 0
    return f"{per_second:.{digits}f} fps"


def times(*lengths: int) -> str:
    """Write the lengths of several axes, such as ``30×30×64``."""
    return "×".join(map(str, lengths))
