"""What an export is about to give and has given; and how its choices are remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import FORMATS, ExportChoices, Extent, MapChoice
from poolviewer.core.figure_spec import LARGEST_WIDTH, LAYOUTS, PARTS, SMALLEST_WIDTH, FigureSpec
from poolviewer.core.templates import check_template

SCALES: tuple[float, ...] = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
TEXT_SCALES: tuple[float, ...] = (0.75, 1.0, 1.25, 1.5, 2.0)
LEAST_SIDE, MOST_SIDE = SMALLEST_WIDTH, LARGEST_WIDTH
THEME_NAMES = ("", "light", "dark")
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True, eq=False)
class ExportPreview:
    """How the file would come out now.

    Parameters
    ----------
    image
        The figure (a QImage), as large as there is room for; None for numbers and where the
        sentence says why there is none.
    sentence
        Why it cannot be made; empty where it can.
    name
        The file's name with its ending; empty where the template gives none.
    width, height
        Of the figure in logical pixels (96 to the inch); 0 without one.
    text_scale
        The size of its text where it had to become smaller than chosen to fit; else 0.
    left_out
        What of it had no room, named for a person.
    """

    image: object = None
    sentence: str = ""
    name: str = ""
    width: float = 0.0
    height: float = 0.0
    text_scale: float = 0.0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ExportOutcome:
    """What came of an export: a file, a picture for the clipboard, or why there is none."""

    choices: ExportChoices
    path: str = ""
    image: object = None
    sentence: str = ""


def template_problem(template: str) -> str:
    """Return what is wrong with a template; empty where it is sound."""
    try:
        check_template(template)
    except ExportError as error:
        return str(error)
    return ""


def size_words(preview: ExportPreview, scale: float) -> str:
    """Return how large a figure is: in pixels at a scale, and in millimetres on paper.

    Text that had to become smaller is remarked upon.
    """
    if not preview.width:
        return ""
    width, height = (round(side * scale) for side in (preview.width, preview.height))
    millimetres = (f"{side * 25.4 / 96:.0f}" for side in (preview.width, preview.height))
    size = f"{width} × {height} pixels, {' × '.join(millimetres)} mm"
    return f"{size}\ntext at {preview.text_scale:.0%} to fit" if preview.text_scale else size


def left_out_words(names: Sequence[str]) -> str:
    """Say what of a figure its height has no room for; empty where it has for all."""
    return f"Left out to fit: {', '.join(names)}." if names else ""


def numbers_words(choices: ExportChoices) -> str:
    """Say what a file without a picture holds."""
    if choices.ending == "npz":
        return (
            "All arrays of this frame: the input, every feature map and pooled map, who won, "
            "and the metadata."
        )
    if choices.ending == "json":
        return "The traced pixel with its window and arithmetic, and the metadata."
    if choices.ending == "poolview":
        return (
            "This view with its frame: PoolViewer opens it again, with the same channel, pin, "
            "colours and mode."
        )
    names = {"input": "the input", "feature": "the feature map", "pooled": "the pooled map"}
    extents = {
        "window": "The pool window of the traced pixel, as the numbers of {}.",
        "map": "The numbers of {}: the channel that is shown.",
        "all": "The numbers of {}: every channel.",
    }
    kind = "A table" if choices.ending == "csv" else "One array"
    return f"{kind}. {extents[choices.extent].format(names[choices.map_name])}"


def choices_to_json(choices: ExportChoices) -> dict[str, Any]:
    """Return choices as plain data."""
    return asdict(choices)


def choices_from_json(data: object) -> ExportChoices | None:
    """Return choices from plain data, each that makes no sense as it usually is.

    None where there are none at all.
    """
    if not isinstance(data, dict):
        return None
    usual = ExportChoices()
    sound = {name: data[name] for name, fits in _CHOICES.items() if fits(data.get(name))}
    return replace(usual, spec=_spec_from(data.get("spec")), **sound)


def _spec_from(data: object) -> FigureSpec:
    if not isinstance(data, dict):
        return FigureSpec()
    sound = {name: data[name] for name, fits in _SPEC.items() if fits(data.get(name))}
    parts = data.get("parts")
    if isinstance(parts, list):
        sound["parts"] = tuple(part for part in PARTS if part in parts)
    return FigureSpec(**sound)


def _is_among(value: object, known: tuple[object, ...]) -> bool:
    return isinstance(value, str) and value in known


def _is_number_among(value: object, known: tuple[float, ...]) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value in known


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_template(value: object) -> bool:
    return _is_text(value) and not template_problem(str(value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _is_side(value: object) -> bool:
    return type(value) is int and LEAST_SIDE <= value <= MOST_SIDE


_ENDINGS = tuple(known.ending for known in FORMATS)
_CHOICES: Mapping[str, Any] = {
    "ending": lambda value: _is_among(value, _ENDINGS),
    "theme": lambda value: _is_among(value, THEME_NAMES),
    "scale": lambda value: _is_number_among(value, SCALES),
    "extent": lambda value: _is_among(value, get_args(Extent)),
    "map_name": lambda value: _is_among(value, get_args(MapChoice)),
    "folder": _is_text,
    "template": _is_template,
}
_SPEC: Mapping[str, Any] = {
    "has_outlines": _is_switch,
    "has_winner": _is_switch,
    "has_values": _is_switch,
    "has_colour_bars": _is_switch,
    "title": _is_template,
    "caption": _is_template,
    "text_scale": lambda value: _is_number_among(value, TEXT_SCALES),
    "layout": lambda value: _is_among(value, LAYOUTS),
    "width": _is_side,
    "height": lambda value: value == 0 or _is_side(value),
}
