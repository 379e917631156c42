"""The parts of a figure, put together for its layout.

Where the height is free, parts stand under each other. Where it is fixed, every arrangement is
tried, and the one with the largest maps is taken: the trace under the maps or beside them, the maps
in one row or in several. What leaves the maps too small gives way, the least important first
(`CONCESSIONS`): the caption is cut off and left out, then the picture beside the trace, then
what made each map, then the legend. What cannot be shown even so is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from poolviewer.core.annotation import MapName, uncovered_rects
from poolviewer.core.errors import ExportError
from poolviewer.core.figure_spec import USUAL_TITLE
from poolviewer.core.templates import fill
from poolviewer.drawing.legend import legend_entries
from poolviewer.drawing.overlay_legend import overlay_entries
from poolviewer.export.elements import (
    SMALL_PX,
    Column,
    Element,
    Legend,
    Line,
    OverlayLegend,
    Paragraph,
    Row,
    Rule,
    Sheet,
    Stack,
)
from poolviewer.export.fields import fields_of
from poolviewer.export.gallery import Gallery
from poolviewer.export.map_grid import MapGrid, flowing_grid
from poolviewer.export.maps import MapCell, cells_of
from poolviewer.export.request import FigureRequest
from poolviewer.export.step_legend import step_legend
from poolviewer.export.style import Style
from poolviewer.export.trace_panel import trace_panel
from poolviewer.export.words import finding_words, subline

GOOD_MAP, LEAST_MAP = 120.0, 32.0
GOOD_TILE, LEAST_TILE = 8.0, 1.0
SIDE_SHARE, NARROWEST_SIDE, WIDEST_SIDE = 0.27, 200.0, 320.0
GALLERY_SHARE = 0.4
NO_LIMIT = 0


@dataclass(frozen=True, slots=True)
class Concession:
    """What of a figure gives way.

    Parameters
    ----------
    caption_lines
        At most; `NO_LIMIT` for all, and None for no caption.
    """

    caption_lines: int | None = NO_LIMIT
    has_preview: bool = True
    has_making: bool = True
    has_legend: bool = True


CONCESSIONS = (
    Concession(),
    Concession(2),
    Concession(1),
    Concession(None),
    Concession(None, has_preview=False),
    Concession(None, has_preview=False, has_making=False),
    Concession(None, has_preview=False, has_making=False, has_legend=False),
)


def compose(request: FigureRequest, style: Style) -> Element:
    """Put a figure together; raises `ExportError` where a fixed height is too small for it."""
    composer = Composer(request, style, cells_of(request))
    return composer.flowing() if style.height is None else composer.fitted()


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """One arrangement within a fixed height, and how good it is: 1 is large enough."""

    element: Element
    quality: float


@dataclass(frozen=True, slots=True, eq=False)
class Composer:
    """What all arrangements of one figure have in common."""

    request: FigureRequest
    style: Style
    cells: Sequence[MapCell]

    def flowing(self) -> Element:
        """Put all parts under each other."""
        style, width = self.style, self.style.inner_width
        parts = [self._head(), *self._pictures(width)]
        if self._has_trace:
            parts += [Rule(), trace_panel(self.request, style, width)]
        parts += [*self._notes(Concession()), *self._foot(Concession())]
        return Stack(_without_outer_rules(parts), gap=style.step)

    def fitted(self) -> Element:
        """Fill a fixed height as well as it can be."""
        found: list[Fitted] = []
        for concession in CONCESSIONS:
            found += self._candidates(concession)
            best = max(found, key=lambda each: each.quality, default=None)
            if best is not None and best.quality >= 1:
                return best.element
        best = max(found, key=lambda each: each.quality, default=None)
        if best is None:
            raise ExportError(
                "The figure does not fit its size: make it larger, its text smaller, "
                "or leave parts out."
            )
        return best.element

    @property
    def _has_trace(self) -> bool:
        return self.request.spec.has("trace") and self.request.trace is not None

    def _candidates(self, concession: Concession) -> Iterator[Fitted]:
        for columns in range(len(self.cells) or 1, 0, -1):
            for is_side in (False, True) if self._has_trace else (False,):
                fitted = self._fit(concession, columns, is_side=is_side)
                if fitted is not None:
                    yield fitted

    def _fit(self, concession: Concession, columns: int, *, is_side: bool) -> Fitted | None:
        """Return one arrangement, if all of it fits."""
        style, width = self.style, self.style.inner_width
        height = style.inner_height or 0.0
        foot = Stack(self._foot(concession), gap=style.step / 2)
        body_height = height - _taken(foot, width, style) - _taken(self._head(), width, style)
        if is_side:
            body = self._beside(concession, columns, body_height)
        else:
            body = self._below(concession, columns, width, body_height)
        if body is None or body_height <= 0:
            return None
        content = Stack([self._head(), body.element], gap=style.step)
        return replace(body, element=Sheet(content, foot, height))

    def _beside(self, concession: Concession, columns: int, height: float) -> Fitted | None:
        """Put the trace on the right of everything else."""
        style, width = self.style, self.style.inner_width
        side = min(max(width * SIDE_SHARE, NARROWEST_SIDE), WIDEST_SIDE)
        left = width - side - style.gap
        panel = trace_panel(self.request, style, side, has_preview=concession.has_preview)
        if left < NARROWEST_SIDE or panel.height(side) > height:
            return None
        body = self._filled(concession, columns, left, height, [])
        if body is None:
            return None
        row = [Column(0, left, body.element), Column(left + style.gap, side, panel)]
        return replace(body, element=Row(row))

    def _below(
        self, concession: Concession, columns: int, width: float, height: float
    ) -> Fitted | None:
        """Put the trace under the maps."""
        panel: list[Element] = []
        if self._has_trace:
            has_preview = concession.has_preview
            panel = [trace_panel(self.request, self.style, width, has_preview=has_preview)]
        return self._filled(concession, columns, width, height, panel)

    def _filled(
        self,
        concession: Concession,
        columns: int,
        width: float,
        height: float,
        below: list[Element],
    ) -> Fitted | None:
        """Give maps and gallery what the other parts leave of a height."""
        style = self.style
        others = Stack([*below, *self._notes(concession)], gap=style.step)
        room = height - _taken(others, width, style)
        if room < 0:
            return None
        has_gallery = self.request.spec.has("gallery")
        qualities: list[float] = []
        pictures: list[Element] = []
        if has_gallery:
            share = GALLERY_SHARE if self.cells else 1.0
            gallery = Gallery(self.request, style, max(share * room - 2 * style.step, 1.0))
            tile = gallery.tile(width)
            room -= _taken(gallery, width, style)
            qualities.append(tile / GOOD_TILE if tile >= LEAST_TILE and room >= -style.step else 0)
            pictures.append(gallery)
        if self.cells:
            grid = MapGrid(
                self.request, style, self.cells, columns, width, has_making=concession.has_making
            )
            scale = grid.scale(room)
            side = scale * max(grid.world.height, grid.world.width)
            qualities.append(side / GOOD_MAP if side >= LEAST_MAP else 0)
            pictures.insert(0, grid.element(scale) if scale > 0 else Stack([]))
        quality = min(qualities, default=1.0)
        if quality <= 0:
            return None
        return Fitted(Stack([*pictures, *others.elements], gap=style.step), quality)

    def _head(self) -> Element:
        """Return the title; under the usual one, the picture and the network are named."""
        request, spec = self.request, self.request.spec
        if not spec.has("title"):
            return Stack([])
        title = fill(spec.title, fields_of(request))
        lines = [Line(title, self.style.headline_px, is_bold=True)]
        if spec.title == USUAL_TITLE:
            lines.append(Line(subline(request), tone="muted"))
        return Stack(lines, gap=2)

    def _pictures(self, width: float) -> list[Element]:
        request, style = self.request, self.style
        pictures: list[Element] = []
        if self.cells:
            grid, scale = flowing_grid(request, style, self.cells, width)
            pictures.append(grid.element(scale))
        if request.spec.has("gallery"):
            pictures.append(Gallery(request, style, style.tallest_gallery))
        return pictures

    def _notes(self, concession: Concession) -> list[Element]:
        """Return what the laboratory found, and what colours and marks mean."""
        request = self.request
        notes: list[Element] = []
        if request.shown_finding is not None:
            notes.append(Paragraph(finding_words(request.shown_finding)))
        if request.spec.has("legend") and concession.has_legend:
            notes += [_overlay_legend(request), _legend(request), step_legend(request)]
        return notes

    def _foot(self, concession: Concession) -> list[Element]:
        request = self.request
        lines = concession.caption_lines
        if not request.spec.has("caption") or lines is None:
            return []
        caption = fill(request.spec.caption, fields_of(request))
        if not caption:
            return []
        return [Rule(), Paragraph(caption, SMALL_PX, "muted", most=lines)]


def _taken(element: Element, width: float, style: Style) -> float:
    """Return the height of an element with its gap; nothing for one that is empty."""
    height = element.height(width)
    return height + style.step if height > 0 else 0.0


def _without_outer_rules(parts: Sequence[Element]) -> list[Element]:
    """Leave out a rule that nothing stands above."""
    first = next((i for i, part in enumerate(parts) if not _is_empty(part)), 0)
    return [part for i, part in enumerate(parts) if i > first or not isinstance(part, Rule)]


def _is_empty(part: Element) -> bool:
    return isinstance(part, Stack) and not part.elements


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
