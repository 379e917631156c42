"""Which files will be made of a source, as far as that is known before it is read."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from poolviewer.batch.naming import Names
from poolviewer.batch.patterns import Single
from poolviewer.batch.wish import BatchWish
from poolviewer.core.network import PRESETS, network_name
from poolviewer.core.text import printable
from poolviewer.export.fields import stem


def foreseen(
    wish: BatchWish, names: Names, source: Single, n: int, index: int
) -> Iterator[Path | None]:
    """Give the path of each file, or None where it depends on what the source holds."""
    common = _common(wish, source, n, index)
    for channel in _channels(wish, source):
        for place in _places(wish, source):
            fields = common | channel | place
            yield names.path(fields) if names.needs <= fields.keys() else None


def _common(wish: BatchWish, source: Single, n: int, index: int) -> dict[str, str]:
    fields = {
        "frame": str(index),
        "n": str(n),
        "date": wish.moment.strftime("%Y-%m-%d"),
        "time": wish.moment.strftime("%H%M%S"),
    }
    if not source.is_live:
        fields["source"] = stem(printable(PurePath(source.location).name))
    if not source.may_hold_session and wish.view.model is None:
        tutorial = PRESETS["tutorial"]
        fields |= {"model": stem(network_name(tutorial)), "layer": tutorial.stage.name}
    if not source.may_hold_session or wish.look.overlay:
        fields["mode"] = wish.look.overlay
    return fields


def _channels(wish: BatchWish, source: Single) -> Sequence[dict[str, str]]:
    if wish.channels is None and wish.view.model is None and not source.may_hold_session:
        return [{"channel": str(c)} for c in range(PRESETS["tutorial"].stage.channels)]
    if wish.channels:
        return [{"channel": str(channel)} for channel in wish.channels]
    is_first = wish.channels == () and not source.may_hold_session
    return [{"channel": "0"} if is_first else {}]


def _places(wish: BatchWish, source: Single) -> Sequence[dict[str, str]]:
    if wish.pins:
        return [{"row": str(r), "col": str(c), "map": "pooled"} for r, c in wish.pins]
    return [{} if source.may_hold_session else {"row": "", "col": "", "map": ""}]
