"""Pixels changed by hand: what becomes of the maps behind them, and which winners flip."""

from dataclasses import dataclass, replace

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.laboratory.experiment import Experiment, Finding, Subject
from poolviewer.core.laboratory.poke_changes import (
    changes_of,
    outlines_of_changes,
    overlay_of_flips,
)
from poolviewer.core.laboratory.poke_words import rest_words, sentences_of
from poolviewer.core.laboratory.poking import Edit, altered_by, is_inside

MOST_EDITS = 300


@dataclass(frozen=True, slots=True)
class Poke(Experiment):
    """Add numbers to pixels of the input and of the feature map.

    Nothing is ever taken back from an array: every frame begins with what the network gave, and
    gets the edits that are left. So undoing and redoing bring the same numbers back bit for bit.

    Parameters
    ----------
    done
        The edits that count, in their order.
    undone
        Those that can be redone, the next one last.
    channel
        Which channel of the input a drag changes; None for all of them together.
    """

    mode = "poke"
    done: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()
    channel: int | None = None
    draggable = (MapName.INPUT, MapName.FEATURE)
    alteration = "pixels were changed by hand"

    @property
    def can_undo(self) -> bool:
        return bool(self.done)

    @property
    def can_redo(self) -> bool:
        return bool(self.undone)

    @property
    def is_full(self) -> bool:
        """Whether no other edit is taken."""
        return len(self.done) >= MOST_EDITS

    def edited(self, edit: Edit) -> "Poke":
        """Return the settings with one more edit, unless it changes nothing or they are full."""
        if edit.by == 0 or self.is_full:
            return self
        return replace(self, done=(*self.done, edit), undone=())

    def undo(self) -> "Poke":
        if not self.done:
            return self
        return replace(self, done=self.done[:-1], undone=(*self.undone, self.done[-1]))

    def redo(self) -> "Poke":
        if not self.undone:
            return self
        return replace(self, done=(*self.done, self.undone[-1]), undone=self.undone[:-1])

    def with_channel(self, channel: int | None) -> "Poke":
        """Return the settings with drags that change another channel of the input."""
        return replace(self, channel=channel)

    def cleared(self) -> "Poke":
        """Undo all edits at once; each can be redone."""
        return replace(self, done=(), undone=(*self.undone, *reversed(self.done)))

    def dragged(self, pixel: Pixel, channel: int, by: float) -> "Poke | None":
        """Return the settings with a number added to a pixel; None for a pooled pixel."""
        if pixel.map_name not in self.draggable:
            return None
        which = self.channel if pixel.map_name is MapName.INPUT else channel
        return self.edited(Edit(pixel.map_name, pixel.row, pixel.col, which, by))

    def conduct(self, subject: Subject) -> Finding:
        """Change the maps, and find what that did to the channel that is shown."""
        activations, channel = subject.activations, subject.channel
        edits = tuple(edit for edit in self.done if is_inside(edit, activations))
        rest = rest_words(len(self.done), len(self.done) - len(edits))
        if self.is_full:
            rest += (f"No more than {MOST_EDITS} changes are kept: undo some, or reset.",)
        if not edits:
            return Finding(self, channel, sentences=rest)
        altered = altered_by(edits, activations, subject.rerun)
        changes = changes_of(edits, activations, altered, channel)
        return Finding(
            self,
            channel,
            sentences=(*sentences_of(edits, activations, altered, changes), *rest),
            overlays=overlay_of_flips(changes, activations.stage),
            outlines=outlines_of_changes(edits, changes, activations.stage),
            altered=altered,
        )
