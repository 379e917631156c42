"""What a comparison of two poolings found, for the views that explain its pixels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from poolviewer.core.geometry import MapGeometry
from poolviewer.core.laboratory.second_pooling import Places, SecondKind, Values
from poolviewer.core.windows import WindowGrid

if TYPE_CHECKING:
    from poolviewer.core.laboratory.compare import Compare

KIND_WORDS: dict[SecondKind, str] = {
    "max": "maximum",
    "average": "average",
    "first": "first pixel, no pooling",
}
# In arithmetic, as the trace writes it.
KIND_NAMES: dict[SecondKind, str] = {"max": "max", "average": "mean", "first": "first"}


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The second map, its windows, and where it lies beside the first.

    Parameters
    ----------
    settings
        How the second pooling works, with nothing left open.
    values
        The second pooled map.
    geometry
        Where its pixels lie in the world.
    places
        For each of its rows and columns, that of the first map under its centre.
    """

    settings: "Compare"
    grid: WindowGrid
    values: Values
    geometry: MapGeometry
    places: tuple[Places, Places]
