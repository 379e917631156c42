"""The layers between a network's input and a map, as a graph of receptive fields."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from poolviewer.core.axis_rules import AxisRule
from poolviewer.core.geometry import Axis, MapGeometry, PixelBox
from poolviewer.core.windows import Mask, WindowAxis, WindowGrid

INPUT = -1
MOST_REMEMBERED = 4096
MOST_PARTS = 8

# Some rows and columns of a map, where they cross. A map is wanted in several parts if the layers
# that read it want different ones: taken together, they would cross where no layer reads.
_Part = tuple[Mask, Mask]


@dataclass(frozen=True, slots=True)
class Link:
    """One tensor that a layer reads.

    Parameters
    ----------
    source
        Index of an earlier step, or `INPUT`.
    rows, cols
        How the layer uses its rows and columns. None is pixel for pixel; one row or column is
        then used for all.
    """

    source: int
    rows: AxisRule | None = None
    cols: AxisRule | None = None

    @property
    def rules(self) -> tuple[AxisRule | None, AxisRule | None]:
        return self.rows, self.cols


@dataclass(frozen=True, slots=True)
class Step:
    """One layer.

    Parameters
    ----------
    name
        The layer's name.
    links
        The tensors that it reads; without any it is made from nothing of the input.
    shape
        ``(rows, columns)`` of the map that leaves it; a vector is a map of one pixel.
    is_undefined
        Whether nothing is known of what its pixels are made from.
    """

    name: str
    links: tuple[Link, ...]
    shape: tuple[int, int]
    is_undefined: bool = False

    @property
    def window(self) -> WindowGrid | None:
        """The layer's sliding window; None where it has none."""
        rules = self.links[0].rules if len(self.links) == 1 else (None, None)
        rows, cols = rules
        if isinstance(rows, WindowAxis) and isinstance(cols, WindowAxis):
            return WindowGrid(rows, cols)
        return None


@dataclass(frozen=True)
class LayerGraph:
    """The layers from the input to one map, which leaves the last of them.

    Parameters
    ----------
    input_shape
        ``(rows, columns)`` of the network's input.
    steps
        The layers, each behind those it reads; only those that the last one needs count. Without
        any, the map is the input.
    """

    input_shape: tuple[int, int]
    steps: tuple[Step, ...] = ()
    # Hover asks for the same fields again and again.
    _fields: dict[PixelBox, PixelBox | None] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def shape(self) -> tuple[int, int]:
        """``(rows, columns)`` of the map."""
        return self._shape_of(len(self.steps) - 1)

    @cached_property
    def undefined_by(self) -> str | None:
        """Name of the first layer that makes receptive fields undefined; None where none does."""
        undefined = (i for i in self._needed if not self._is_defined(self.steps[i]))
        return next((self.steps[index].name for index in undefined), None)

    @cached_property
    def has_branches(self) -> bool:
        """Whether a layer on the way reads several: fields are then those of all together."""
        return any(len(self.steps[index].links) > 1 for index in self._needed)

    @cached_property
    def geometry(self) -> MapGeometry:
        """Where the map's pixels lie; it is stretched over the input where no layer places it."""
        return self.geometry_of(len(self.steps) - 1)

    def geometry_of(self, index: int) -> MapGeometry:
        """Return where the pixels of the map lie that leaves a step, or the input's for `INPUT`."""
        return self._geometries[index]

    def field(self, box: PixelBox) -> PixelBox | None:
        """Return the smallest box of input pixels that hold all that a box of the map is made from.

        None where it is made from nothing of the input, and where it is undefined.
        """
        if self.undefined_by is not None:
            return None
        if box not in self._fields:
            if len(self._fields) >= MOST_REMEMBERED:
                self._fields.clear()
            self._fields[box] = self._find_field(box)
        return self._fields[box]

    @cached_property
    def _needed(self) -> tuple[int, ...]:
        """Indices of the steps that the last one needs, in their order."""
        needed = {len(self.steps) - 1} if self.steps else set()
        for index in range(len(self.steps) - 1, -1, -1):
            if index in needed:
                needed.update(link.source for link in self.steps[index].links)
        return tuple(sorted(needed - {INPUT}))

    def _shape_of(self, index: int) -> tuple[int, int]:
        return self.input_shape if index == INPUT else self.steps[index].shape

    def _is_defined(self, step: Step) -> bool:
        """Whether what a layer is made from is known, and its rules have the right lengths."""
        fits = all(
            _fits(rule, source, size)
            for link in step.links
            for rule, source, size in zip(
                link.rules, self._shape_of(link.source), step.shape, strict=True
            )
        )
        return fits and not step.is_undefined

    def _find_field(self, box: PixelBox) -> PixelBox | None:
        # What is wanted of each step's map, and last of the input's: its index is −1.
        wanted: list[list[_Part]] = [[] for _ in range(len(self.steps) + 1)]
        rows, cols = (np.zeros(size, np.bool_) for size in self.shape)
        rows[box.slices[0]] = cols[box.slices[1]] = True
        wanted[len(self.steps) - 1] = [(rows, cols)]
        for index in reversed(self._needed):
            parts, wanted[index] = wanted[index], []
            for part in parts:
                for source, found in self._sources(self.steps[index], part):
                    wanted[source] = _added(wanted[source], found)
        return _hull(wanted[INPUT])

    def _sources(self, step: Step, part: _Part) -> Iterator[tuple[int, _Part]]:
        """Yield what a part of a layer's map is made from, link by link."""
        for link in step.links:
            height, width = self._shape_of(link.source)
            rows = _sources_of(link.rows, part[0], height)
            cols = _sources_of(link.cols, part[1], width)
            # Padding alone in one of them is padding alone in both.
            if (link.rows is None or rows.any()) and (link.cols is None or cols.any()):
                yield link.source, (rows, cols)

    @cached_property
    def _geometries(self) -> dict[int, MapGeometry]:
        rows, cols = self._axes(0), self._axes(1)
        return {index: MapGeometry(rows[index], cols[index]) for index in rows}

    def _axes(self, dimension: int) -> dict[int, Axis]:
        """Return where the rows or the columns of every step's map lie, and of the input's."""
        whole = Axis(self.input_shape[dimension])
        axes = {INPUT: whole}
        for index, step in enumerate(self.steps):
            axes[index] = whole.stretched(step.shape[dimension])
            if not self._is_defined(step):
                continue
            placed = (
                _placed(link.rules[dimension], axes[link.source], step.shape[dimension])
                for link in step.links
            )
            # Branches may disagree: the finest of them says most.
            known = (axis for axis in placed if axis is not None)
            axes[index] = min(known, key=lambda axis: axis.stride, default=axes[index])
        return axes


def _fits(rule: AxisRule | None, source_size: int, size: int) -> bool:
    if rule is None:
        return source_size in (1, size)
    return (rule.source_size, rule.count) == (source_size, size)


def _sources_of(rule: AxisRule | None, wanted: Mask, source_size: int) -> Mask:
    if rule is not None:
        return rule.sources_of(wanted)
    return wanted if len(wanted) == source_size else np.ones(1, np.bool_)


def _placed(rule: AxisRule | None, source: Axis, size: int) -> Axis | None:
    """Return where a link places its layer's pixels; None where one pixel is used for all."""
    if rule is not None:
        return rule.output_axis(source)
    return source if source.size == size else None


def _added(parts: list[_Part], new: _Part) -> list[_Part]:
    """Add a part to others, where none holds another; they are taken together if too many."""
    if any(_holds(part, new) for part in parts):
        return parts
    kept = [part for part in parts if not _holds(new, part)]
    if len(kept) < MOST_PARTS:
        return [*kept, new]
    rows, cols = (np.logical_or.reduce(masks) for masks in zip(*kept, new, strict=True))
    return [(rows, cols)]


def _holds(part: _Part, other: _Part) -> bool:
    return not ((other[0] > part[0]).any() or (other[1] > part[1]).any())


def _hull(parts: list[_Part]) -> PixelBox | None:
    """Return the smallest box around all parts."""
    if not parts:
        return None
    rows, cols = (np.flatnonzero(np.logical_or.reduce(masks)) for masks in zip(*parts, strict=True))
    return PixelBox(int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1)
