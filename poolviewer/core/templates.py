"""Templates of titles, captions and file names: words in braces stand for what is exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from poolviewer.core.errors import ExportError

FIELDS: Mapping[str, str] = {
    "headline": "what the figure shows, with its result",
    "details": "all that is needed to make the figure again",
    "source": "name of the picture, video or camera, without its ending",
    "frame": "number of the frame, from 0",
    "model": "name of the model or of the preset, without its ending",
    "layer": "name of the pooling layer",
    "channel": "number of the channel, from 0",
    "row": "row of the traced pixel; nothing where none is traced",
    "col": "its column",
    "map": "the map that it lies on: input, feature or pooled",
    "value": "its value",
    "mode": "the laboratory's mode; nothing while it is closed",
    "date": "the day, as 2026-01-31",
    "time": "the time, as 235959",
}


def check_template(template: str) -> None:
    """Raise `ExportError` for a template that names something that is not there."""
    fill(template, dict.fromkeys(FIELDS, ""))


@dataclass(frozen=True, slots=True)
class Piece:
    """A template's own words, and the value of the field that follows them; None for no field."""

    text: str
    value: str | None


def fill(template: str, fields: Mapping[str, str]) -> str:
    """Put each field in place of its name in braces; doubled braces stand for themselves.

    Raises
    ------
    ExportError
        A brace that is left open, or a name that is not among the fields.
    """
    return "".join(piece.text + (piece.value or "") for piece in pieces(template, fields))


def pieces(template: str, fields: Mapping[str, str]) -> tuple[Piece, ...]:
    """Return what `fill` joins, apart; raises `ExportError` as it does."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ExportError(
            f"The template {template} has a brace too many: write {{{{ for a brace itself."
        ) from error
    return tuple(Piece(text, _field(fields, *field)) for text, *field in parts)


def _field(
    fields: Mapping[str, str], name: str | None, spec: str | None, conversion: str | None
) -> str | None:
    if name is None:
        return None
    whole = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
    if whole not in fields:
        names = ", ".join(f"{{{known}}}" for known in fields)
        raise ExportError(f"{{{whole}}} cannot stand in a template: use {names}.")
    return fields[name]
