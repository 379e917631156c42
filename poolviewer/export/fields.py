"""What the words in braces of a template stand for, for one figure."""

from datetime import datetime
from pathlib import PurePath

from poolviewer.core.network import network_name
from poolviewer.core.numbers import format_number
from poolviewer.core.origin import origin_of
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.core.trace import FeatureTrace, PooledTrace
from poolviewer.export.request import FigureRequest
from poolviewer.export.words import caption, headline


def fields_of(request: FigureRequest, now: datetime | None = None) -> dict[str, str]:
    """Return every field of `core.templates.FIELDS`; of one line each, and not empty by chance.

    Parameters
    ----------
    now
        The local time to be written; the present one if it is not given.
    """
    activations, pixel, trace = request.activations, request.pixel, request.trace
    moment = now or datetime.now().astimezone()
    value = trace.value if isinstance(trace, FeatureTrace | PooledTrace) else None
    origin = origin_of(activations.frame)
    return {
        "headline": headline(request),
        "details": caption(request),
        "source": stem(origin.picture),
        "frame": str(origin.index),
        "model": stem(network_name(activations.network)),
        "layer": printable(activations.stage.name, MAX_NAME),
        "channel": str(request.channel),
        "row": str(pixel.row) if pixel else "",
        "col": str(pixel.col) if pixel else "",
        "map": pixel.map_name.value if pixel else "",
        "value": "" if value is None else format_number(value),
        "mode": request.experiment.mode if request.experiment else "",
        "date": moment.strftime("%Y-%m-%d"),
        "time": moment.strftime("%H%M%S"),
    }


def stem(name: str) -> str:
    """Return a name without the ending of a file."""
    return printable(PurePath(name).stem or name, MAX_NAME)
