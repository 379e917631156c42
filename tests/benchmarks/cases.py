"""The networks that are measured, at the sizes of the targets."""

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.network import NetworkSpec


def network(rows: int, cols: int, filters: int = 64) -> NetworkSpec:
    """Return the tutorial's network at another input size."""
    return NetworkSpec(InputSpec(rows, cols), filters=filters)


NETWORKS = {
    "32×32": network(32, 32),
    "224×224×64": network(224, 224),
    "640×480×64": network(480, 640),
}


def plain(name: str) -> str:
    """Return a name in ASCII, for the names of the tests."""
    return name.replace("×", "x")
