"""What pixels changed by hand did, in words."""

from collections.abc import Sequence
from math import isfinite

from poolviewer.core.annotation import MapName
from poolviewer.core.laboratory.poke_changes import Changes
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.messages import Activations
from poolviewer.core.numbers import MINUS, format_number

MOST_NAMED = 3
HINT = "Nothing is changed yet: drag a pixel of the input or of the feature map up or down."


def edit_words(edit: Edit, channel_names: Sequence[str] = ()) -> str:
    """Write an edit, such as ``Feature-map pixel (8, 15) +12.00``.

    Parameters
    ----------
    channel_names
        Of the input; its channels are numbered where a network has too few.
    """
    place = f"({edit.row}, {edit.col})"
    if edit.map_name is MapName.FEATURE:
        return f"Feature-map pixel {place} {signed(edit.by)}"
    return f"Input pixel {place}{_input_channel(edit, channel_names)} {signed(edit.by)}"


def signed(number: float) -> str:
    """Write a number with its sign."""
    return f"{MINUS if number < 0 else '+'}{format_number(abs(number))}"


def sentences_of(
    edits: Sequence[Edit], before: Activations, after: Activations, changes: Changes
) -> tuple[str, ...]:
    """Say what edits did to one channel."""
    if not edits:
        return ()
    result = _result(edits, before, after, changes)
    last = edit_words(edits[-1], before.network.input.channel_names)
    notes = _notes(edits[-1], before, changes.channel)
    if len(edits) == 1:
        return (f"{last}: {result}.", *notes)
    return (f"Last: {last}.", f"{len(edits)} changes together: {result}.", *notes)


def rest_words(count: int, beside: int) -> tuple[str, ...]:
    """Say how many of the edits lie beside the maps, or that there are none at all."""
    if not count:
        return (HINT,)
    if not beside:
        return ()
    lie = "change lies" if beside == 1 else "changes lie"
    return (f"{beside} {lie} outside the maps of this network, and wait for others.",)


def _result(
    edits: Sequence[Edit], before: Activations, after: Activations, changes: Changes
) -> str:
    """Say what changed in the maps of a channel."""
    stage, channel = before.stage, changes.channel
    parts = []
    if any(edit.map_name is MapName.INPUT for edit in edits):
        rows, cols = stage.feature_shape
        parts.append(f"{changes.features:,} of {rows * cols:,} feature-map pixels changed")
    elif not any(edit.channel == channel for edit in edits):
        return f"nothing changed in channel {channel}"
    if stage.pooling.has_winner:
        parts.append(_flips(len(changes.flipped)))
    places = _named(changes)
    parts += [_pooled(before, after, place, channel) for place in places]
    rest = len(changes.pooled) - len(places)
    if not len(changes.pooled):
        parts.append("no pooled value changed")
    elif rest > 0:
        parts.append(f"and {rest:,} more")
    return ", ".join(parts)


def _named(changes: Changes) -> list[tuple[int, int]]:
    """Choose the pooled pixels that are named: first those whose winner flipped."""
    flipped = {tuple(place) for place in changes.flipped.tolist()}
    changed = [tuple(place) for place in changes.pooled.tolist()]
    return sorted(changed, key=lambda place: place not in flipped)[:MOST_NAMED]


def _pooled(before: Activations, after: Activations, place: tuple[int, int], channel: int) -> str:
    old, new = (
        format_number(float(maps.pooled_maps[(*place, channel)])) for maps in (before, after)
    )
    return f"pooled ({place[0]}, {place[1]}) {old} → {new}"


def _flips(count: int) -> str:
    return f"{count:,} winners flipped" if count > 1 else f"{count or 'no'} winner flipped"


def _notes(last: Edit, before: Activations, channel: int) -> list[str]:
    """Say why a change may have done less than one would think."""
    notes, pooling = [], before.stage.pooling
    if not pooling.has_winner:
        notes.append("Average pooling has no winner: every pixel of a window counts the same.")
    if last.map_name is MapName.FEATURE:
        if not pooling.grid.windows_over(last.row, last.col):
            notes.append("No window covers this pixel.")
        value = float(before.feature_maps[last.row, last.col, last.channel])
        if not isfinite(value):
            notes.append(f"This pixel is {format_number(value)}, and stays so.")
        if last.channel != channel:
            notes.append(f"The last change is in channel {last.channel}.")
    return notes


def _input_channel(edit: Edit, names: Sequence[str]) -> str:
    if edit.channel is None:
        return ""
    return f" {names[edit.channel]}" if edit.channel < len(names) else f" channel {edit.channel}"
