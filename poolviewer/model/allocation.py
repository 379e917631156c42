"""What Keras would allocate for a network, compared with what the file holds."""

from typing import Any

from poolviewer.model.findings import Unsound
from poolviewer.model.strict_json import walk
from poolviewer.model.weights_process import HeldWeights

# Keys of layers that become a side of an array of weights.
_SIDES = (
    "units",
    "filters",
    "input_dim",
    "output_dim",
    "depth_multiplier",
    "key_dim",
    "value_dim",
    "head_dim",
)


def check_allocation(config: dict[str, Any], held: HeldWeights, budget_bytes: int) -> None:
    """Refuse a network that is larger than its weights, or than the budget if it has none."""
    if held.arrays:
        for key, value in walk(config):
            if key in _SIDES and isinstance(value, int) and value > held.largest_side:
                raise Unsound(
                    f"asks for {key}={value:,} and its weights hold {held.largest_side:,} at most: "
                    "save or fetch it again"
                )
