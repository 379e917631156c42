"""A stage: one pooling layer of a network, and all that lies between it and the input."""

from dataclasses import dataclass

from poolviewer.core.geometry import MapGeometry, PixelBox, Rect
from poolviewer.core.layer_graph import LayerGraph
from poolviewer.core.pooling import Pooling
from poolviewer.core.windows import WindowGrid

MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class Stage:
    """The geometry of one pooling layer and its place in the world.

    Parameters
    ----------
    name, source_layer
        Names of the pooling layer and of the layer that feeds it.
    input_shape
        ``(height, width, channels)`` of the network's input.
    channels
        Number of channels of the feature map and of the pooled map.
    graph
        The layers from the input to the feature map.
    pooling
        The pooling layer itself.
    """

    name: str
    source_layer: str
    input_shape: tuple[int, int, int]
    channels: int
    graph: LayerGraph
    pooling: Pooling

    @property
    def input_geometry(self) -> MapGeometry:
        return MapGeometry.of_input(*self.input_shape[:2])

    @property
    def feature_geometry(self) -> MapGeometry:
        return self.graph.geometry

    @property
    def pooled_geometry(self) -> MapGeometry:
        return self.pooling.grid.output_geometry(self.feature_geometry)

    @property
    def extent(self) -> Rect:
        """The rectangle that all three maps fill: the tiles of a wide stride reach over the input.

        Not more than a quarter of the input on each side, however far they reach.
        """
        whole = self.input_geometry.extent
        maps = whole.united(self.feature_geometry.extent).united(self.pooled_geometry.extent)
        return maps.cut(whole.grown(MARGIN))

    @property
    def feature_shape(self) -> tuple[int, int]:
        """``(rows, columns)`` of the map that enters the pooling."""
        return self.pooling.grid.source_shape

    @property
    def pooled_shape(self) -> tuple[int, int]:
        """``(rows, columns)`` of the map that leaves the pooling."""
        return self.pooling.grid.shape

    @property
    def source_window(self) -> WindowGrid | None:
        """The sliding window of the layer that made the feature map; None where it has none."""
        return self.graph.steps[-1].window if self.graph.steps else None

    @property
    def field_undefined_by(self) -> str | None:
        """Name of the layer that makes receptive fields undefined; None where none does."""
        return self.graph.undefined_by

    @property
    def has_branches(self) -> bool:
        """Whether receptive fields unite several branches, though a channel may need but one."""
        return self.graph.has_branches

    def receptive_field(self, box: PixelBox) -> PixelBox | None:
        """Return the input pixels that a box of feature-map pixels is made from.

        None where it is made from none, and where a layer makes that undefined.
        """
        return self.graph.field(box)
