"""The parts of a figure, put together for its layout.

Where the height is free, parts stand under each other. Where it is fixed, every arrangement is
tried, and the one with the largest maps is taken: the trace under the maps or beside them, the maps
in one row or in several. What leaves the maps too small gives way, the least important first
(`concessions.CONCESSIONS`). What cannot be shown even so is set in smaller text, and refused if
that does not help.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil, log

from poolviewer.core.errors import ExportError
from poolviewer.core.figure_spec import SMALLEST_TEXT
from poolviewer.core.templates import fill
from poolviewer.export.concessions import CHEAP, CONCESSIONS, Concession, Offer
from poolviewer.export.elements import (
    Column,
    Element,
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
from poolviewer.export.style import Style, style_of
from poolviewer.export.trace_panel import trace_panel
from poolviewer.export.word_parts import WordParts

GOOD_MAP, LEAST_MAP = 88.0, 32.0
# How near to the best that a concession brings an arrangement without it must come.
WORTH_CONCEDING = 0.8
GOOD_TILE, LEAST_TILE = 8.0, 1.0
LEAST_FOR_SIDE = 640.0
SIDE_SHARE, NARROWEST_SIDE, WIDEST_SIDE = 0.27, 200.0, 320.0
# What maps shall have of a figure's height, and all of them together of its width.
HEIGHT_SHARE, WIDTH_SHARE = 1 / 3, 0.6
# Of the height that maps and gallery have together.
GALLERY_SHARES = (0.5, 0.35, 0.2)
TEXT_STEP = 1.2  # between sizes of text that are tried where a figure does not fit
GALLERY_HEAD = 72.0  # its title and the gaps around it, at most


def composed(request: FigureRequest) -> tuple[Element, Style]:
    """Put a figure together, with smaller text where it does not fit its height.

    Raises `ExportError` where it does not even with the smallest text.
    """
    spec = request.spec
    style = style_of(spec)
    for text_scale in (spec.text_scale, *_smaller(spec.text_scale)):
        style = style_of(replace(spec, text_scale=text_scale))
        with suppress(ExportError):
            return compose(request, style), style
    return compose(request, style), style


def _smaller(text_scale: float) -> list[float]:
    """Return the sizes of text to which a size gives way."""
    count = ceil(log(text_scale / SMALLEST_TEXT, TEXT_STEP))
    return [max(text_scale / TEXT_STEP**i, SMALLEST_TEXT) for i in range(1, count + 1)]


def compose(request: FigureRequest, style: Style) -> Element:
    """Put a figure together; raises `ExportError` where a fixed height is too small for it."""
    fields, spec = fields_of(request), request.spec
    words = WordParts(request, style, fill(spec.title, fields), fill(spec.caption, fields))
    composer = Composer(request, style, cells_of(request), words)
    return composer.flowing() if style.height is None else composer.fitted()


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """One arrangement within a fixed height, and how good it is: 1 is large enough to be read."""

    element: Element
    quality: float


@dataclass(frozen=True, slots=True, eq=False)
class Composer:
    """What all arrangements of one figure have in common."""

    request: FigureRequest
    style: Style
    cells: Sequence[MapCell]
    parts: WordParts

    def flowing(self) -> Element:
        """Put all parts under each other."""
        style, width = self.style, self.style.inner_width
        parts = [self.parts.head(), *self._traced(width)]
        parts += [*self.parts.notes(), *self.parts.foot()]
        return Stack(_without_outer_rules(parts), gap=style.step)

    def _traced(self, width: float) -> list[Element]:
        """Put the trace under the pictures, or beside a single map that would leave room there."""
        request, style = self.request, self.style
        if not self._has_trace:
            return self._pictures(width)
        if len(self.cells) != 1 or width < LEAST_FOR_SIDE:
            return [*self._pictures(width), Rule(), trace_panel(request, style, width)]
        side = self._side(width)
        left = width - side - style.gap
        pictures = Stack(self._pictures(left), gap=style.step)
        panel = trace_panel(request, style, side)
        return [Row([Column(0, left, pictures), Column(left + style.gap, side, panel)])]

    def _side(self, width: float) -> float:
        """Return the width of a trace that stands beside everything else."""
        return min(max(width * SIDE_SHARE, NARROWEST_SIDE), WIDEST_SIDE)

    def fitted(self) -> Element:
        """Fill a fixed height as well as it can be."""
        found: list[Fitted] = []
        for concession in CONCESSIONS[:CHEAP]:
            found += self._best(concession)
            if found and found[-1].quality >= self._ideal:
                return found[-1].element
        best = min(max(map(_quality, found), default=0.0), self._ideal)
        for fitted in found:
            if fitted.quality >= max(WORTH_CONCEDING * best, 1):
                return fitted.element
        for concession in CONCESSIONS[CHEAP:]:
            found += self._best(concession)
            if found and found[-1].quality >= 1:
                return found[-1].element
        if not found:
            raise ExportError(
                "The figure does not fit its size: make it larger, its text smaller, "
                "or leave parts out."
            )
        return max(found, key=_quality).element

    @property
    def _ideal(self) -> float:
        """The quality at which maps take their due share of the figure."""
        width, height = self.style.inner_width, self.style.inner_height or 0.0
        share = min(HEIGHT_SHARE * height, WIDTH_SHARE * width / max(len(self.cells), 1))
        return max(share / GOOD_MAP, 1.0)

    def _best(self, concession: Concession) -> list[Fitted]:
        """Return the best arrangement; none where nothing fits."""
        found = list(self._candidates(concession))
        return [max(found, key=_quality)] if found else []

    @property
    def _has_trace(self) -> bool:
        return self.request.spec.has("trace") and self.request.trace is not None

    def _candidates(self, concession: Concession) -> Iterator[Fitted]:
        for columns in range(len(self.cells) or 1, 0, -1):
            has_trace = self._has_trace and concession.has_trace
            for is_side in (False, True) if has_trace else (False,):
                fitted = self._fit(concession, columns, is_side=is_side)
                if fitted is not None:
                    yield fitted

    def _fit(self, concession: Concession, columns: int, *, is_side: bool) -> Fitted | None:
        """Return one arrangement, if all of it fits."""
        style, width = self.style, self.style.inner_width
        height = style.inner_height or 0.0
        foot = Stack(
            self.parts.foot(concession.caption_lines, concession.caption_px), gap=style.step / 2
        )
        body_height = height - _taken(foot, width, style) - _taken(self.parts.head(), width, style)
        if is_side:
            body = self._beside(concession, columns, body_height)
        else:
            body = self._below(concession, columns, width, body_height)
        if body is None or body_height <= 0:
            return None
        content = Stack([self.parts.head(), body.element], gap=style.step)
        offer = Offer(self.parts, self.cells, has_trace=self._has_trace)
        left_out = offer.left_out(concession, width)
        return replace(body, element=Sheet(content, foot, height, left_out))

    def _beside(self, concession: Concession, columns: int, height: float) -> Fitted | None:
        """Put the trace on the right of everything else."""
        style, width = self.style, self.style.inner_width
        side = self._side(width)
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
        if self._has_trace and concession.has_trace:
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
        others = Stack(
            [*below, *self.parts.notes(has_legend=concession.has_legend)], gap=self.style.step
        )
        room = height - _taken(others, width, self.style)
        if room < 0:
            return None
        has_both = bool(self.cells) and self.request.spec.has("gallery")
        tries = [
            self._shared(concession, columns, width, room, share)
            for share in (GALLERY_SHARES if has_both else (1.0,))
        ]
        quality, pictures = max(tries, key=_first)
        if quality <= 0:
            return None
        return Fitted(Stack([*pictures, *others.elements], gap=self.style.step), quality)

    def _shared(
        self, concession: Concession, columns: int, width: float, room: float, share: float
    ) -> tuple[float, list[Element]]:
        """Share a height between maps and gallery; tell how good both are."""
        style = self.style
        qualities: list[float] = []
        pictures: list[Element] = []
        if self.request.spec.has("gallery"):
            gallery = Gallery(self.request, style, max(share * room - GALLERY_HEAD, 1.0))
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
        return min(qualities, default=1.0), pictures

    def _pictures(self, width: float) -> list[Element]:
        request, style = self.request, self.style
        pictures: list[Element] = []
        if self.cells:
            grid, scale = flowing_grid(request, style, self.cells, width)
            pictures.append(grid.element(scale))
        if request.spec.has("gallery"):
            pictures.append(Gallery(request, style, style.tallest_gallery))
        return pictures


def _quality(fitted: Fitted) -> float:
    return fitted.quality


def _first(pair: tuple[float, list[Element]]) -> float:
    return pair[0]


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
