"""One use of a layer in a network: the maps that it reads and the one that leaves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import keras

from poolviewer.core.axis_rules import AxisRule, WholeAxis

Layout = Literal["channels_last", "channels_first"]
Shape = tuple[int, ...]
MapShape = tuple[int, int]
Axes = int | Sequence[int] | None
Rules = tuple[AxisRule | None, AxisRule | None]

ONE_PIXEL = (1, 1)
AS_IT_IS: Rules = (None, None)


def layout_of(layer: keras.Layer, layout: Layout = "channels_last") -> Layout:
    """Return where a layer has the channels of its maps; most take them as they come."""
    own: Layout | None = getattr(layer, "data_format", None)
    return own or layout


def map_shape(shape: Shape, layout: Layout = "channels_last") -> MapShape | None:
    """Return the ``(rows, columns)`` of a tensor whose shape is without the batch.

    A vector or a number is a map of one pixel. None where the tensor is no map.
    """
    if len(shape) <= 1:
        return ONE_PIXEL
    if len(shape) != 3:
        return None
    return (shape[1], shape[2]) if layout == "channels_first" else (shape[0], shape[1])


@dataclass(frozen=True, slots=True)
class Use:
    """A layer with the maps that it reads and the one that leaves it.

    Parameters
    ----------
    layer
        The layer or the operation.
    layout
        Where the maps have their channels.
    shapes
        Shapes of the tensors that it reads, without the batch.
    sources, output
        ``(rows, columns)`` of these maps, and of the one that leaves it.
    output_shape
        Shape of the tensor that leaves it, without the batch.
    """

    layer: keras.Layer
    layout: Layout
    shapes: tuple[Shape, ...]
    sources: tuple[MapShape, ...]
    output: MapShape
    output_shape: Shape

    @classmethod
    def of(
        cls, layer: keras.Layer, shapes: Sequence[Shape], output_shape: Shape, layout: Layout
    ) -> "Use | None":
        """Return a use of a layer; None where one of its tensors is no map."""
        layout, shapes = layout_of(layer, layout), tuple(shapes)
        sources = tuple(map_shape(shape, layout) for shape in shapes)
        output = map_shape(output_shape, layout)
        if output is None or None in sources:
            return None
        known = tuple(source for source in sources if source is not None)
        return cls(layer, layout, shapes, known, output, output_shape)

    @property
    def source(self) -> MapShape:
        """``(rows, columns)`` of the only or the first map that it reads."""
        return self.sources[0]

    @property
    def axes(self) -> tuple[int, int]:
        """The axes of rows and columns in a batch of maps."""
        return (2, 3) if self.layout == "channels_first" else (1, 2)

    def spatial(self, axis: Axes) -> tuple[bool, bool] | None:
        """Say whether rows and columns are among the axes that a layer names.

        None where they reach beyond the tensor or into its batch; a layer that names none means
        all, the batch as well.
        """
        if axis is None:
            return None
        rank = len(self.shapes[0]) + 1
        named = [axis] if isinstance(axis, int) else axis
        axes = {one + rank if one < 0 else one for one in named}
        if not axes <= set(range(1, rank)):
            return None
        return self.axes[0] in axes, self.axes[1] in axes

    def mixing(self, axis: Axes) -> tuple[Rules] | None:
        """Return the rules of a layer in which all positions along some axes take part."""
        if len(self.shapes[0]) != 3:
            return (AS_IT_IS,) if self.source == self.output else None
        mixed = self.spatial(axis)
        if mixed is None:
            return None
        rows, cols = (
            WholeAxis(self.source[i], self.output[i]) if mixed[i] else None for i in (0, 1)
        )
        return ((rows, cols),)

    def whole(self) -> Rules:
        """Return the rules of an output that is made of every pixel of the first source."""
        return WholeAxis(self.source[0], self.output[0]), WholeAxis(self.source[1], self.output[1])
