"""The parts of a figure that are words and signs: title, legends, and caption."""

from dataclasses import dataclass

from poolviewer.core.annotation import MapName, uncovered_rects
from poolviewer.core.figure_spec import USUAL_TITLE
from poolviewer.drawing.legend import legend_entries
from poolviewer.drawing.overlay_legend import overlay_entries
from poolviewer.export.elements import (
    SMALL_PX,
    Element,
    Legend,
    Line,
    OverlayLegend,
    Paragraph,
    Rule,
    Stack,
)
from poolviewer.export.request import FigureRequest
from poolviewer.export.step_legend import step_legend
from poolviewer.export.style import Style
from poolviewer.export.words import finding_words, subline

NO_LIMIT = 0


@dataclass(frozen=True, slots=True, eq=False)
class WordParts:
    """What is above, between and below the pictures of a figure.

    Parameters
    ----------
    title, caption
        Their templates, filled in.
    """

    request: FigureRequest
    style: Style
    title: str
    caption: str

    def head(self) -> Element:
        """Return the title; under the usual one, the picture and the network are named."""
        request, spec = self.request, self.request.spec
        if not spec.has("title"):
            return Stack([])
        lines: list[Element] = [Paragraph(self.title, self.style.headline_px, most=2, is_bold=True)]
        if spec.title == USUAL_TITLE:
            lines.append(Line(subline(request), tone="muted"))
        return Stack(lines, gap=2)

    def notes(self, *, has_legend: bool = True) -> list[Element]:
        """Return what the laboratory found, and what colours and marks mean."""
        request = self.request
        notes: list[Element] = []
        if request.shown_finding is not None:
            notes.append(Paragraph(finding_words(request.shown_finding)))
        if request.spec.has("legend") and has_legend:
            notes += [_overlay_legend(request), _legend(request), step_legend(request)]
        return notes

    def foot(self, lines: int | None = NO_LIMIT, px: float = SMALL_PX) -> list[Element]:
        """Return the caption in so many lines at most; none at all for None."""
        request = self.request
        if not request.spec.has("caption") or lines is None:
            return []
        if not self.caption:
            return []
        return [Rule(), Paragraph(self.caption, px, "muted", most=lines)]


def _overlay_legend(request: FigureRequest) -> Element:
    shown = (name for name in MapName if request.spec.has(name.value))
    overlays = map(request.overlay_of, shown)
    return OverlayLegend(overlay_entries(overlay for overlay in overlays if overlay))


def _legend(request: FigureRequest) -> Element:
    """Return what the marks mean that are seen, in the maps or in the trace's panel."""
    spec, stage = request.spec, request.activations.stage
    has_trace = spec.has("trace") and request.trace is not None
    in_trace = (MapName.INPUT, MapName.FEATURE) if has_trace else ()
    shown = {name for name in MapName if spec.has(name.value) or name in in_trace}
    marks = {name: found for name, found in request.marks.items() if name in shown}
    has_uncovered = spec.has("feature") and bool(uncovered_rects(stage))
    return Legend(legend_entries(marks, has_uncovered=has_uncovered))
