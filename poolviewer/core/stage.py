"""A stage: one pooling layer of a network, and all that lies between it and the input."""

from dataclasses import dataclass

from poolviewer.core.geometry import MapGeometry, PixelBox, WindowGrid
from poolviewer.core.pooling import Pooling


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
    layers
        The sliding windows from the input to the feature map, in the order of the network.
    pooling
        The pooling layer itself.
    """

    name: str
    source_layer: str
    input_shape: tuple[int, int, int]
    channels: int
    layers: tuple[WindowGrid, ...]
    pooling: Pooling

    @property
    def input_geometry(self) -> MapGeometry:
        return MapGeometry.of_input(*self.input_shape[:2])

    @property
    def feature_geometry(self) -> MapGeometry:
        geometry = self.input_geometry
        for layer in self.layers:
            geometry = layer.output_geometry(geometry)
        return geometry

    @property
    def pooled_geometry(self) -> MapGeometry:
        return self.pooling.grid.output_geometry(self.feature_geometry)

    @property
    def feature_shape(self) -> tuple[int, int]:
        """``(rows, columns)`` of the map that enters the pooling."""
        return self.pooling.grid.source_shape

    @property
    def pooled_shape(self) -> tuple[int, int]:
        """``(rows, columns)`` of the map that leaves the pooling."""
        return self.pooling.grid.shape

    def receptive_field(self, box: PixelBox) -> PixelBox:
        """Return the input pixels that a box of feature-map pixels is made from."""
        for layer in reversed(self.layers):
            box = layer.sources(box)
        return box
