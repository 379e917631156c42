"""JSON of which every parser reads the same, of bounded size."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from poolviewer.model.findings import Unsound, quoted, size_in_words

JSON_LIMIT = 16 * 2**20
NODE_LIMIT = 500_000
DEPTH_LIMIT = 100
_LARGEST = 2**63


def parse(data: bytes, what: str) -> dict[str, Any]:
    """Parse an object in strict JSON.

    Parameters
    ----------
    data
        UTF-8, whose length the caller has held under `JSON_LIMIT` where it comes from a file.
    what
        What it is part of the file, such as ``config.json``: it stands in the sentence.

    Raises
    ------
    Unsound
        No UTF-8, no JSON or no object; a name given twice; too large, too deep or too much of it;
        an integer of more than 64 bits.
    """
    if len(data) > JSON_LIMIT:
        raise Unsound(
            f"has {size_in_words(len(data))} of {what} and the limit is 16 MB: simplify it"
        )
    # Counted before they are made: a million empty lists fit into two size_in_words of text.
    if sum(map(data.count, (b",", b"[", b"{"))) > NODE_LIMIT:
        raise Unsound(f"has more than {NODE_LIMIT:,} entries in its {what}: simplify the network")
    try:
        tree = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_int=_integer)
    except RecursionError:
        raise Unsound(f"has a {what} nested too deeply: simplify the network") from None
    except ValueError:  # UnicodeDecodeError and JSONDecodeError are such
        raise Unsound(f"has a damaged {what}: save or fetch it again") from None
    if not isinstance(tree, dict):
        raise Unsound(f"has a damaged {what}: save or fetch it again")
    for _ in walk(tree, what):
        pass
    return tree


def walk(tree: object, what: str = "config.json") -> Iterator[tuple[str, Any]]:
    """Yield every value with the key it stands under, parents first; raises `Unsound` if deep."""
    pending: list[tuple[str, Any, int]] = [("", tree, 0)]
    while pending:
        key, value, depth = pending.pop()
        if depth > DEPTH_LIMIT:
            raise Unsound(f"has a {what} nested too deeply: simplify the network")
        yield key, value
        if isinstance(value, dict):
            pending.extend((name, item, depth + 1) for name, item in reversed(value.items()))
        elif isinstance(value, list):
            pending.extend((key, item, depth + 1) for item in reversed(value))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise Unsound(f"gives {quoted(twice)} twice in one place: save it again with Keras")
    return found


def _integer(digits: str) -> int:
    number = int(digits) if len(digits) < 25 else _LARGEST
    if not -_LARGEST <= number < _LARGEST:
        raise Unsound(f"holds the number {quoted(digits)}, which is too large: correct it")
    return number
