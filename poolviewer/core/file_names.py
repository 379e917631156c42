"""Names of files made from templates: names that every system accepts, and no two alike."""

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from poolviewer.core.export_choices import format_of
from poolviewer.core.templates import Piece, pieces

MOST_BYTES = 255  # of a name, on nearly every file system
INSTEAD = "_"
NAMELESS = "figure"

_FORBIDDEN = frozenset('<>:"/\\|?*\N{REPLACEMENT CHARACTER}')
_UNFIT_KINDS = frozenset(("Cc", "Cn", "Cs", "Zl", "Zp"))
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")  # of letters and emoji
_SEPARATORS = "-_ ."
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_MIDDLE = "…"


def file_name(template: str, fields: Mapping[str, str], ending: str = "") -> str:
    """Return the path that a template gives, with folders only where the template itself has them.

    An empty field takes the dash before it along. What any system forbids in a name is replaced,
    names that Windows keeps for devices get a line before them, and a name that is too long is
    shortened in the middle of its longest fields.

    Parameters
    ----------
    ending
        Of the file, without its dot; one that the template has already stays as it is written.

    Raises
    ------
    ExportError
        The template is none; see `core.templates`.
    """
    ending, stem = _split_ending(template.replace(os.sep, "/"), ending)
    parts = _in_folders(pieces(stem, {name: _cleaned(text) for name, text in fields.items()}))
    *folders, last = parts
    named = (_folder(part) for part in folders)
    name = _fitted(last, len(ending.encode()))
    return "".join(f"{folder}/" for folder in named if folder is not None) + name + ending


def name_key(path: str) -> str:
    """Return what is equal for two paths that some system takes for one file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def free_path(path: Path) -> Path:
    """Return a path beside which nothing has its name yet: itself, or one with a number."""
    number, free = 1, path
    while os.path.lexists(free):  # which takes names of any length
        number += 1
        room = MOST_BYTES - len(f"-{number}{path.suffix}".encode())
        free = path.with_name(f"{_cut(path.stem, room)}-{number}{path.suffix}")
    return free


def _split_ending(template: str, ending: str) -> tuple[str, str]:
    """Return the ending with its dot as it shall be written, and the template without it."""
    known = format_of(template)
    if known is not None and ending in ("", known.ending):
        stem, dot, own = template.rpartition(".")
        return dot + own, stem
    return (f".{ending}" if ending else ""), template


def _in_folders(found: Sequence[Piece]) -> list[list[Piece]]:
    """Split a template at the separators that stand in its own words."""
    parts: list[list[Piece]] = [[]]
    for piece in found:
        first, *others = piece.text.split("/")
        for text in others:
            parts[-1].append(Piece(first, None))
            parts.append([])
            first = text
        parts[-1].append(Piece(first, piece.value))
    return parts


def _folder(part: Sequence[Piece]) -> str | None:
    """Return a folder's name: the template's own as it is written; None for one of nothing."""
    if all(piece.value is None for piece in part):
        return "".join(piece.text for piece in part)
    joined = _joined(part)
    return _fitted(part, 0) if joined else None


def _fitted(part: Sequence[Piece], ending_bytes: int) -> str:
    """Return a sound name that leaves room for an ending, its longest fields shortened."""
    most = MOST_BYTES - ending_bytes
    fitted = list(part)
    while (excess := len(_joined(fitted).encode()) - most) > 0:
        sizes = [len((piece.value or "").encode()) for piece in fitted]
        longest = max(range(len(sizes)), key=sizes.__getitem__, default=0)
        room = max(sizes[longest] - excess, 0)
        if sizes[longest] == 0:
            break
        value = _shortened(fitted[longest].value or "", room)
        fitted[longest] = Piece(fitted[longest].text, value)
    return _sound(_cut(_joined(fitted), most), most)


def _joined(part: Sequence[Piece]) -> str:
    """Join words and fields; an empty field leaves no separator of its own."""
    done: list[str] = []
    at_start, lacks = True, False
    for piece in part:
        text = _cleaned(piece.text, keeps_edges=True)
        if lacks and at_start:
            text = text.lstrip(_SEPARATORS)
        if piece.value == "":
            text = text.rstrip(_SEPARATORS)
        lacks = piece.value == ""
        done += [text, piece.value or ""]
        at_start = at_start and not (text or piece.value)
    return "".join(done).lstrip(".- ").rstrip(". ")


def _sound(name: str, most: int) -> str:
    """Give a name to what has none, and another to what Windows keeps for devices."""
    name = name.lstrip(".- ").rstrip(". ") or NAMELESS
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        name = _cut(f"{INSTEAD}{name}", most)
    return name


def _cleaned(text: str, *, keeps_edges: bool = False) -> str:
    """Replace what some system forbids in a name, or what a person cannot see in one."""
    fit = "".join(map(_fit, unicodedata.normalize("NFC", text)))
    fit = re.sub(f"{INSTEAD}*\x00[{INSTEAD}\x00]*", INSTEAD, fit)
    return fit if keeps_edges else fit.strip(" ")


def _fit(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Zs":
        return " "
    if kind == "Cf":  # without a width; it may hide or turn letters
        return sign if sign in _JOINERS else ""
    return "\x00" if sign in _FORBIDDEN or kind in _UNFIT_KINDS else sign


def _shortened(text: str, most: int) -> str:
    """Leave out a text's middle, so that its bytes are no more than ``most``."""
    if most < 2 * len(_MIDDLE.encode()):
        return _cut(text, most)
    room = most - len(_MIDDLE.encode())
    head = _cut(text, room - room // 2)
    tail = text.encode()[-(room // 2) :].decode(errors="ignore")
    return head + _MIDDLE + tail


def _cut(text: str, most: int) -> str:
    """Cut a text after its last whole sign within some bytes."""
    data = text.encode(errors="surrogatepass")
    return text if len(data) <= most else data[: max(most, 0)].decode(errors="ignore")
