"""A trace in words: the same sentences in the window, in figures and on the command line."""

from dataclasses import dataclass

from poolviewer.core.geometry import PixelBox
from poolviewer.core.numbers import format_number
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.core.trace import FeatureTrace, Feed, InputTrace, PooledTrace, Trace

MAX_FEEDS = 6
MAX_CHANNELS = 8


@dataclass(frozen=True, slots=True)
class Explanation:
    """A headline such as ``Pooled pixel (4, 7) = 0.5500``, the arithmetic, and sentences."""

    headline: str
    arithmetic: str
    sentences: tuple[str, ...]


def explain(trace: Trace) -> Explanation:
    """Put a trace into words."""
    if isinstance(trace, PooledTrace):
        return _explain_pooled(trace)
    if isinstance(trace, FeatureTrace):
        return _explain_feature(trace)
    return _explain_input(trace)


def box_in_words(box: PixelBox) -> str:
    """Say which rows and columns a box holds, such as ``rows 8–9, columns 14–15 (2×2)``."""
    rows = _range_in_words("row", box.row_start, box.row_stop)
    cols = _range_in_words("column", box.col_start, box.col_stop)
    return f"{rows}, {cols} ({box.shape[0]}×{box.shape[1]})"


def missing_field(trace: FeatureTrace | PooledTrace) -> str:
    """Say why a traced pixel has no receptive field."""
    if trace.field_undefined_by is not None:
        layer = printable(trace.field_undefined_by, MAX_NAME)
        return f"undefined, because nothing is known of layer {layer}"
    return "none; it is made of padding alone"


def _field_in_words(trace: FeatureTrace | PooledTrace) -> str:
    box = trace.receptive_field
    words = f"{box_in_words(box)} of the input" if box else missing_field(trace)
    if box and trace.field_unites:
        words += ", for all branches together"
    return f"Receptive field: {words}."


def _range_in_words(what: str, start: int, stop: int) -> str:
    return f"{what} {start}" if stop - start == 1 else f"{what}s {start}–{stop - 1}"


def _explain_pooled(trace: PooledTrace) -> Explanation:
    sentences = [f"Window: {box_in_words(trace.window)} of the feature map."]
    if trace.winner:
        sentences.append(f"Winner: feature-map pixel {trace.winner}.")
    if trace.ties > 1:
        sentences.append(f"{trace.ties} pixels tie; the first in reading order wins.")
    if trace.kind == "max" and trace.winner is None:
        sentences.append("No winner: the window holds nothing but NaN.")
    if trace.kind == "average":
        sentences.append("Average pooling has no winner: every pixel counts the same.")
    sentences.append(_field_in_words(trace))
    headline = f"Pooled pixel ({trace.row}, {trace.col}) = {format_number(trace.value)}"
    return Explanation(headline, trace.arithmetic, tuple(sentences))


def _explain_feature(trace: FeatureTrace) -> Explanation:
    headline = f"Feature-map pixel ({trace.row}, {trace.col}) = {format_number(trace.value)}"
    sentences = [_feed_in_words(feed, trace.kind) for feed in trace.feeds[:MAX_FEEDS]]
    if trace.feed_count > MAX_FEEDS:
        sentences.append(f"… and {trace.feed_count - MAX_FEEDS} more pooled pixels.")
    if not trace.feeds:
        sentences.append("No pool window covers this pixel: its value is lost.")
    sentences.append(_field_in_words(trace))
    return Explanation(headline, "", tuple(sentences))


def _feed_in_words(feed: Feed, kind: str) -> str:
    target = f"pooled pixel ({feed.row}, {feed.col}) = {format_number(feed.value)}"
    if kind == "average":
        return f"Feeds {target}: takes part in the mean."
    if feed.has_won:
        return f"Feeds {target}: won."
    return (
        f"Feeds {target}: lost to {feed.winner}." if feed.winner else f"Feeds {target}: no winner."
    )


def _explain_input(trace: InputTrace) -> Explanation:
    values = ", ".join(channels_in_words(trace))
    return Explanation(f"Input pixel ({trace.row}, {trace.col})", values, ())


def channels_in_words(trace: InputTrace) -> list[str]:
    """Write the values of an input pixel by channel; of many channels, the first ones."""
    words = [f"{name} {format_number(value)}" for name, value in trace.values[:MAX_CHANNELS]]
    rest = len(trace.values) - MAX_CHANNELS
    return [*words, f"… {rest} more"] if rest > 0 else words
