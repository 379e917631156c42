"""A first look at the text of a session, within bounds, before its schema judges it."""

import json
import re
from typing import Any, NoReturn

# Memory is bounded by this and by the shapes: an empty list takes two bytes as text, and many
# more as an object. Nothing but pixels is long.
MOST_BYTES = 72 * 2**20
MOST_BYTES_BESIDE_PIXELS = 2**18
DEEPEST = 16
_PIXELS = re.compile(rb'"[A-Za-z0-9+/=]{512,}+"')
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{\]}]', re.DOTALL)


class UnsoundTextError(ValueError):
    """The text is no JSON that a session may be written in."""


def outline(data: bytes) -> dict[str, Any]:
    """Return the content of a session's text without its pixels.

    Raises
    ------
    UnsoundTextError
        Too long, too deep, not UTF-8, no object, a key twice, or a number that is none.
    """
    if len(data) > MOST_BYTES:
        raise UnsoundTextError
    rest = _PIXELS.sub(b'""', data)
    if len(rest) > MOST_BYTES_BESIDE_PIXELS or _depth(rest) > DEEPEST:
        raise UnsoundTextError
    try:
        text = rest.decode()
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnsoundTextError from error
    if not isinstance(found, dict):
        raise UnsoundTextError
    return found


def _depth(text: bytes) -> int:
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        bracket = found[0]
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in b"]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnsoundTextError
    return found


def _refuse(_constant: str) -> NoReturn:
    raise UnsoundTextError
