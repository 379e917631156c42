"""What gives way where a figure has too little height, and how that is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from poolviewer.export.elements import FINE_PX, SMALL_PX, Stack
from poolviewer.export.maps import MapCell
from poolviewer.export.word_parts import NO_LIMIT, WordParts


@dataclass(frozen=True, slots=True)
class Concession:
    """What of a figure gives way.

    Parameters
    ----------
    caption_lines
        At most; `NO_LIMIT` for all, and None for no caption.
    caption_px
        Size of the caption's text.
    """

    caption_lines: int | None = NO_LIMIT
    caption_px: float = SMALL_PX
    has_preview: bool = True
    has_making: bool = True
    has_legend: bool = True
    has_trace: bool = True


CONCESSIONS = (
    Concession(),
    Concession(caption_px=FINE_PX),
    Concession(has_preview=False),
    Concession(caption_px=FINE_PX, has_preview=False),
    Concession(2, FINE_PX, has_preview=False),
    Concession(1, FINE_PX, has_preview=False),
    Concession(None, has_preview=False),
    Concession(None, has_preview=False, has_making=False),
    Concession(None, has_preview=False, has_making=False, has_legend=False),
    Concession(None, has_preview=False, has_making=False, has_legend=False, has_trace=False),
)
# Those that are made for maps that are larger than they must be: no words are lost.
CHEAP = 4


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """What a figure has that could give way."""

    parts: WordParts
    cells: Sequence[MapCell]
    has_trace: bool

    def left_out(self, concession: Concession, width: float) -> tuple[str, ...]:
        """Name what a concession takes from a figure, which is there without it.

        Parameters
        ----------
        width
            Of the caption and the legend.
        """
        has_making = any(cell.making for cell in self.cells)
        lost = {
            "the caption": self._has_caption and concession.caption_lines is None,
            "the end of the caption": self._is_cut(concession, width),
            "the picture beside the trace": self.has_trace
            and concession.has_trace
            and not concession.has_preview,
            "what made each map": has_making and not concession.has_making,
            "the legend": self._has_legend(width) and not concession.has_legend,
            "the trace": self.has_trace and not concession.has_trace,
        }
        return tuple(name for name, is_lost in lost.items() if is_lost)

    @property
    def _has_caption(self) -> bool:
        return bool(self.parts.foot())

    def _is_cut(self, concession: Concession, width: float) -> bool:
        if not concession.caption_lines:
            return False
        cut, whole = (
            Stack(self.parts.foot(lines, concession.caption_px)).height(width)
            for lines in (concession.caption_lines, NO_LIMIT)
        )
        return cut < whole

    def _has_legend(self, width: float) -> bool:
        without = Stack(self.parts.notes(has_legend=False)).height(width)
        return Stack(self.parts.notes()).height(width) > without
